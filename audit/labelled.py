"""Labelled texts: scraped documents of which it is known what is wrong with them, for `train` and `evaluate`.

A PATH is a folder of tables (`lines.parquet`, `defects.parquet`, `source.parquet`, see docs/training.md), a file of
JSON Lines marked by hand, or a folder of such files, which are turned into rows of the same tables. Every mistake in
them is an AuditError with its place.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any, Literal

import pandas as pd

from audit.document import Document, host
from audit.errors import AuditError, UsageError
from audit.finding import FAMILIES
from audit.marked import Span, line_labels, read_marked, span_flaw
from audit.sites import digest

COLUMNS = {
    "lines": ("page", "extractor", "group", "kind", "url", "title", "text", "labels"),
    "defects": ("id", "page", "text", "defects", "spans"),
    "source": ("page", "html"),
}
# A real extractor lost a beginning or an end when at least LOST tokens of it are gone, none when at most KEPT are.
LOST, KEPT = {"missing_lead": 20, "truncation": 30}, 5
LOST_COLUMN = {"missing_lead": "lead_missing", "truncation": "tail_missing"}
COVERED = 0.3  # of an article of which less was found neither beginning nor end can be told
MARKED = "marked spans"  # the group of texts whose lines are labelled by their spans

Given = Literal["text", "meta", "source"]
Keep = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A document and what is known of it.

    `page` groups the documents that share a page, so that none of them is trained on while another is measured.
    `truth` tells of families whether the document has their defect, `lost` the same of what a real extractor lost.
    `labels` has one label for each of `text.splitlines()`, of an extractor's `group`; `f1` is the true token F1.
    """

    document: Document
    page: str
    kind: str | None = None
    lang: str | None = None
    truth: Mapping[str, bool] = field(default_factory=dict)
    spans: tuple[Span, ...] = ()
    labels: tuple[str, ...] = ()
    group: str = MARKED
    lost: Mapping[str, bool] = field(default_factory=dict)
    f1: float | None = None

    def seen_as(self, given: Given) -> Document:
        """The document as far as the auditor may know it, without its site: a set of samples is no crawl."""
        if given == "text":
            return replace(self.document, site=None, url=None, title=None, description=None, html=None)
        return replace(self.document, site=None, html=self.document.html if given == "source" else None)


def load(
    paths: Sequence[Path], *, limit: int = 0, seed: int = 7, kinds: Sequence[str] = (), source: bool = False
) -> list[Labelled]:
    """The labelled documents of the paths, in their order; with `limit`, those of so many pages of each path.

    Only pages of `kinds` when some are named, and with `source` only those whose HTML is known. Raises AuditError for
    a path, table or line that is not as documented, UsageError for a kind that no page is of.
    """
    found = [d for path in paths for d in _load(path, limit, seed, source)]
    known = sorted({d.kind for d in found if d.kind})
    if unknown := set(kinds) - set(known):
        raise UsageError(f"no page is of kind {', '.join(sorted(unknown))}; the kinds are {', '.join(known)}")
    return [d for d in found if not kinds or d.kind in kinds]


def tables(paths: Sequence[Path], place: Path, keep: Keep = lambda page: True) -> list[Path]:
    """The labelled texts of the paths as folders of tables below `place`, with the pages that `keep` keeps."""
    folders = [place / f"{i:02}" for i in range(len(paths))]
    for path, folder in zip(paths, folders, strict=True):
        folder.mkdir(parents=True)
        for name, frame in _frames(path, _TURN).items():
            frame[frame["page"].map(keep).astype(bool)].to_parquet(folder / f"{name}.parquet", index=False)
    return folders


def pages_of(folders: Sequence[Path]) -> set[str]:
    """The pages of folders of tables."""
    frames = (table(folder, name) for folder in folders for name in ("lines", "defects"))
    return {page for frame in frames if frame is not None for page in frame["page"]}


def fold_of(page: str, folds: int) -> int:
    """The fold of a page, the same in every run and on every machine."""
    return digest(page) % folds


def table(path: Path, name: str) -> pd.DataFrame | None:
    """A table of a folder with `page` as text, None where it has none. AuditError when columns are missing."""
    file = path / f"{name}.parquet"
    if not file.is_file():
        return None
    try:
        frame = pd.read_parquet(file)
    except (OSError, ValueError) as error:
        raise AuditError(f"{file}: {error}") from None
    if missing := [c for c in COLUMNS[name] if c not in frame.columns]:
        known = ", ".join(map(str, frame.columns))
        raise AuditError(f"{file}: no column {', '.join(missing)}; the columns are {known}")
    return frame.assign(page=frame["page"].astype(str))


def ranked(frame: pd.DataFrame, seed: int) -> pd.DataFrame:
    """The rows in an order drawn by chance, the same in every run, with their `rank`."""
    rank = [digest(f"{seed} {page} {i}") for i, page in enumerate(frame["page"])]
    return frame.assign(rank=rank).sort_values("rank", kind="stable")


def _frames(path: Path, turned: Iterable[str]) -> dict[str, pd.DataFrame]:
    """The tables of a path, texts marked by hand being rows of those named. Raises AuditError when it holds neither."""
    if path.is_file() and path.suffix != ".jsonl":
        raise AuditError(f"{path}: labelled texts are a .jsonl file or a folder of tables")
    files = [path] if path.is_file() else sorted(path.glob("*.jsonl"))
    rows = [row for file in files for row in read_marked(file)]
    found = {name: frame for name in COLUMNS if (frame := table(path, name)) is not None}
    for name in turned if rows else ():
        made = pd.DataFrame([_TURN[name](row) for row in rows])
        found[name] = pd.concat([found[name], made], ignore_index=True) if name in found else made
    if not {"lines", "defects"} & set(found):
        raise AuditError(f"{path}: no lines.parquet, defects.parquet or .jsonl file with labelled texts")
    return found


def _line_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """A text marked by hand as what an extractor made; how much of the article it holds is not known."""
    labels = line_labels(row["text"], [Span(**s) for s in row["spans"]])
    return _about(row) | {"extractor": row["id"], "group": "article_extractors", "labels": list(labels)}


def _defect_row(row: Mapping[str, Any]) -> dict[str, Any]:
    families = {s["family"] for s in row["spans"]}
    return _about(row) | {"id": row["id"], "defects": [f for f in FAMILIES if f in families], "spans": row["spans"]}


_TURN = {"lines": _line_row, "defects": _defect_row}


def _about(row: Mapping[str, Any]) -> dict[str, Any]:
    known = {key: row.get(key) for key in ("url", "title", "description", "lang", "text")}
    return {"page": row.get("page") or row["id"], "kind": row.get("kind") or "article", **known}


def _load(path: Path, limit: int, seed: int, source: bool) -> Iterator[Labelled]:
    frames = _frames(path, ("defects",))
    html = frames.pop("source", None)
    if limit:
        pages = sorted({page for frame in frames.values() for page in frame["page"]})
        drawn = set(Random(seed).sample(pages, min(limit, len(pages))))
        frames = {name: frame[frame["page"].isin(drawn)] for name, frame in frames.items()}
    known = {} if html is None or not source else dict(zip(html["page"], html["html"], strict=True))
    for name, read in (("lines", _from_lines), ("defects", _from_defects)):
        for n, row in _rows(frames[name]) if name in frames else ():
            try:
                found = read(row, Document("", f"{name}#{n}", row["text"], html=known.get(row["page"]), **_known(row)))
            except (KeyError, TypeError, ValueError) as error:
                raise AuditError(f"{path / name}.parquet: row {n}: {error}") from None
            if not source or found.document.html is not None:
                yield found


def _from_lines(row: Mapping[str, Any], document: Document) -> Labelled:
    labels = tuple(row["labels"])
    if len(labels) != len(document.text.splitlines()):
        raise ValueError("its labels are not one a line")
    document = replace(document, id=f"{row['page']}-{row['extractor']}")
    known = {"labels": labels, "group": row["group"], "lost": _lost(row), "f1": row.get("f1")}
    return Labelled(document, row["page"], row["kind"], row.get("lang"), **known)


def _lost(row: Mapping[str, Any]) -> dict[str, bool]:
    """Which families' parts the extractor lost, where that is plain."""
    if (row.get("coverage") or 0) < COVERED:
        return {}
    gone = {f: n for f, c in LOST_COLUMN.items() if (n := row.get(c)) is not None}
    return {f: n >= LOST[f] for f, n in gone.items() if n >= LOST[f] or n <= KEPT}


def _from_defects(row: Mapping[str, Any], document: Document) -> Labelled:
    spans, defects = [dict(s) for s in row["spans"]], set(row["defects"])
    if flaw := next((f for s in spans if (f := span_flaw(s, document.text))), None):
        raise ValueError(flaw)
    if unknown := defects - set(FAMILIES):
        raise ValueError(f"no family is called {', '.join(sorted(unknown))}")
    places = tuple(Span(**s) for s in spans)
    truth, labels = {f: f in defects for f in FAMILIES}, line_labels(document.text, places)
    document = replace(document, id=str(row["id"]))
    return Labelled(document, row["page"], row.get("kind"), row.get("lang"), truth, places, labels)


def _rows(frame: pd.DataFrame) -> Iterator[tuple[int, dict[str, Any]]]:
    """Numbered rows, what pandas takes for missing being None."""
    for n, row in zip(frame.index, frame.to_dict("records"), strict=True):
        yield n + 1, {str(k): None if isinstance(v, float) and v != v else v for k, v in row.items()}


def _known(row: Mapping[str, Any]) -> dict[str, Any]:
    """What the auditor may know. The language it has to find out: the label only sorts the figures."""
    if not isinstance(row["text"], str):
        raise TypeError("its text is missing")
    return {key: row.get(key) for key in ("url", "title", "description")} | {"site": host(row.get("url"))}
