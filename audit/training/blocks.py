"""Labelled tables -> blocks with labels: what the line model learns from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from audit.columns import Columns
from audit.document import Document
from audit.engines.local import LocalEngine
from audit.features import numbers
from audit.grams import layout
from audit.labelled import fold_of, ranked
from audit.language import language_of
from audit.page import Page
from audit.segment import segment
from audit.training.written import Written, by_fold, with_lines

CONTENT, CHROME, LINK, NOISE, UNKNOWN = range(5)  # what a block is; NOISE is chrome or link text
COVERED = 0.5  # a block is what this share of its characters is
TAINTED = 0.1  # with less of a defect in it than COVERED, but more than this, a block is neither
# Documents drawn of a page, by group: the extractors of one page repeat each other, menus repeat themselves.
DRAWN = {"article_extractors": 5, "whole_page": 1, "defects": 7}
BLOCKS = 80  # a document of more blocks weighs no more than one of so many
# Worth of a document to the model: a stray line in an article matters more than the hundredth menu entry.
WORTH = {"article_extractors": 2.0, "whole_page": 0.5, "defects": 0.5, "written": 1.0}
PROSE_KINDS = ("article", "documentation", "service")
OTHER_KIND = 0.3  # worth of the other kinds of pages, whose content is itself a list of labels
TITLED = 3  # one document in so many is seen with its title, which is often not known


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """A labelled document as numbers.

    By block: its label, its `own` numbers, its words, and whether it is `prose`. `weight` is that of one block.
    """

    page: str
    group: str
    kind: str
    clean: bool
    weight: float
    texts: tuple[str, ...]
    prose: NDArray[np.bool_]
    labels: NDArray[np.int8]
    own: NDArray[np.float16]


def samples(folders: Sequence[Path], seed: int, lines: Sequence[Written], folds: int) -> list[Sample]:
    """The drawn documents of the folders' tables, in a fixed order, and articles with written lines put into them."""
    rows = [row for folder in folders for row in _drawn(folder, seed)]
    clean = [row for row in rows if row["group"] == "defects" and len(row["defects"]) == 0 and not row.get("wrapped")]
    fit = by_fold(lines, folds)
    rows += [made for row in clean if (made := with_lines(row, fit.get(_lines_of(row, folds), ()), seed))]
    units = [rows[i : i + 50] for i in range(0, len(rows), 50)]
    return [s for part in LocalEngine().map_units(_samples, units, None, _failed) for s in part]


def _drawn(folder: Path, seed: int) -> Iterator[dict[str, Any]]:
    """The rows of a folder's two tables, so many of each page and group."""
    for name in ("lines", "defects"):
        file = folder / f"{name}.parquet"
        if not file.is_file():
            continue
        table = pd.read_parquet(file)
        table["group"] = table["group"] if name == "lines" else "defects"
        table = ranked(table, seed)
        nth = table.groupby(["page", "group"]).cumcount()
        for row in table[nth < table["group"].map(DRAWN)].sort_index().to_dict("records"):
            titled = row["rank"] % TITLED == 0 and isinstance(row.get("title"), str)
            yield {str(k): v for k, v in row.items()} | {"title": row["title"] if titled else None}


def _samples(rows: Sequence[dict[str, Any]], _: None) -> list[Sample]:
    return [sample for row in rows if (sample := _sample(row)) is not None]


def _lines_of(row: dict[str, Any], folds: int) -> tuple[str | None, int]:
    """Language and fold of the lines that fit a row."""
    return language_of(row["text"]), fold_of(row["page"], folds)


def _failed(rows: Sequence[dict[str, Any]], reason: str) -> list[Sample]:
    raise RuntimeError(f"{len(rows)} documents of {rows[0]['page']} could not be read: {reason}")


def _sample(row: dict[str, Any]) -> Sample | None:
    page = segment(Document("", "", row["text"], title=row["title"]))
    if not page.blocks:
        return None
    labels = _by_spans(page, row["spans"]) if "spans" in row else _by_lines(page, row["labels"])
    known = int((labels != UNKNOWN).sum())
    kind = str(row.get("kind") or PROSE_KINDS[0])
    worth = WORTH[row["group"]] * (1.0 if kind in PROSE_KINDS else OTHER_KIND)
    columns = Columns.of((page,))
    texts = tuple(columns.texts)
    own = numbers(columns, layout(texts)).astype(np.float16)
    clean = row["group"] == "defects" and len(row["defects"]) == 0
    weight = worth * min(1.0, BLOCKS / max(1, known))
    return Sample(row["page"], row["group"], kind, clean, weight, texts, columns.prose, labels, own)


def _by_lines(page: Page, said: Sequence[str]) -> NDArray[np.int8]:
    """A block of lines that disagree is unknown. Headline, byline and date are `meta`: no chrome, so content here."""
    out = np.full(len(page.blocks), UNKNOWN, np.int8)
    for i, block in enumerate(page.blocks):
        lines = page.lines[block.first : block.last + 1]
        shares = {"content": 0, "noise": 0}
        for line in lines:
            label = "content" if said[line.number - 1] == "meta" else said[line.number - 1]
            shares[label] = shares.get(label, 0) + line.end - line.start
        if not (shares["content"] and shares["noise"]):
            most = max(shares, key=lambda k: shares[k])
            out[i] = {"content": CONTENT, "noise": NOISE}.get(most, UNKNOWN)
    return out


def _by_spans(page: Page, spans: Sequence[dict[str, Any]]) -> NDArray[np.int8]:
    """What was injected into an article is known with its family; the rest is content."""
    out = np.full(len(page.blocks), CONTENT, np.int8)
    for i, block in enumerate(page.blocks):
        share = {"chrome": 0.0, "link_text": 0.0}
        for span in spans:
            if span["family"] in share:
                inside = min(block.end, span["end"]) - max(block.start, span["start"])
                share[span["family"]] += max(0, inside) / (block.end - block.start)
        if sum(share.values()) > TAINTED:
            out[i] = CHROME if share["chrome"] >= COVERED else LINK if share["link_text"] >= COVERED else UNKNOWN
    return out
