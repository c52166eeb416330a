"""Labelled texts -> what the decisions learn from: pages, what is known to be missing in them, and their weight."""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zlib import crc32

from audit.document import Document
from audit.labelled import COVERED, KEPT, LOST, LOST_COLUMN, table

# Of one page the outputs of so many real extractors are learned from: they are much alike.
EXTRACTORS = 2
# From a whole article so many more are made that end with a paragraph, and so many that stop inside one.
ENDED, STOPPED = 3, 3
TAIL_BLOCKS = 20  # of its last paragraphs
CHROME = 0.4  # so many of them are followed by what sites leave below their articles
IN_WORD = 0.3  # so many cuts are made inside a word
MIN_LINES, MIN_CUT_CHARS = 3, 60
BARE = "bare"  # the kind of those without their last full stop
STOPS, CLOSED = (".", "。", "।", "!"), "\"'”’»)]"
WHOLE = 0.97  # of an article found to this share no paragraph can be cut


@dataclass(frozen=True, slots=True)
class Sample:
    """A document of which it is known where it is cut and whether its lead is missing.

    `cuts` are the offsets at which text is lost, None when that is not known; `whole` tells whether the paragraphs
    inside are known to be whole; `lead_lost` is None when not known. `made` is set for damage that was made on purpose.
    `injected` are the spans of link text, None when they are not known.
    """

    document: Document
    page: str
    cuts: tuple[int, ...] | None
    whole: bool
    lead_lost: bool | None
    made: bool
    clean: bool
    kind: str = ""  # of the cut
    lead_kind: str = ""
    injected: tuple[tuple[int, int], ...] | None = None


def samples(folders: Sequence[Path]) -> list[Sample]:
    """The samples of the folders' tables `defects` and `lines`, in their order."""
    return [s for folder in folders for s in (*_made(folder), *_real(folder))]


def shortened(known: Sequence[Sample], seed: int) -> list[Sample]:
    """Pieces of whole articles, one of each page, that end with a paragraph, heading or entry or inside one.

    Articles differ in how they end more than a set of them can show; every block of them is one more way to end.
    """
    footers = [f for f in map(_footer, known) if f]
    return [s for sample in whole(known) for s in _shortened(sample, footers, random.Random(f"{seed}:{sample.page}"))]


def bare(known: Sequence[Sample], seed: int) -> list[Sample]:
    """Whole articles, and beginnings of them, whose last full stop is left out, as forums, recipes and verse do.

    A text is cut where its words stop, not where only a stop is missing.
    """
    return [s for sample in whole(known) for s in _bare(sample, random.Random(f"{seed}:bare:{sample.page}"))]


def _bare(sample: Sample, rng: random.Random) -> Iterator[Sample]:
    lines = [line.rstrip() for line in sample.document.text.splitlines() if line.strip()]
    ends = [len(lines), rng.randrange(MIN_LINES, len(lines))] if len(lines) > MIN_LINES else []
    for n, end in enumerate(ends):
        last = lines[end - 1]
        core = last.rstrip(CLOSED)
        if core[-1:] in STOPS:
            unstopped = core[:-1] + last[len(core) :]
            text = "\n\n".join([*lines[max(0, end - 2 * TAIL_BLOCKS) : end - 1], unstopped])
            made = replace(sample.document, id=f"{sample.document.id}/bare{n}", text=text)
            yield Sample(made, sample.page, (), False, None, False, False, BARE)


def whole(known: Iterable[Sample]) -> list[Sample]:
    """The whole article of each page, by page; the one that is not hard-wrapped."""
    best: dict[str, Sample] = {}
    for sample in known:
        if sample.clean and (sample.page not in best or _lines(sample) < _lines(best[sample.page])):
            best[sample.page] = sample
    return [best[page] for page in sorted(best)]


def _lines(sample: Sample) -> int:
    return sample.document.text.count("\n")


def _shortened(sample: Sample, footers: Sequence[str], rng: random.Random) -> Iterator[Sample]:
    lines = [line.rstrip() for line in sample.document.text.splitlines() if line.strip()]
    for n in range(ENDED + STOPPED if len(lines) > MIN_LINES else 0):
        last = rng.randrange(MIN_LINES, len(lines))
        stops = n >= ENDED
        body = lines[max(0, last - TAIL_BLOCKS) : last]
        end = lines[last]
        if stops:
            if len(end) < MIN_CUT_CHARS:
                continue
            end = inside(end, rng)
        text = "\n\n".join([*body, end])
        footer = rng.choice(footers) if footers and rng.random() < CHROME else ""
        made = replace(sample.document, id=f"{sample.document.id}/{n}", text=text + footer)
        yield Sample(made, sample.page, (len(text),) if stops else (), False, None, False, False, "own", injected=())


def inside(text: str, rng: random.Random) -> str:
    """The text up to a place inside it, mostly the end of a word."""
    at = rng.randrange(min(24, len(text) // 4), len(text) - 1)
    while rng.random() > IN_WORD and at < len(text) - 1 and text[at].isalnum() and text[at - 1].isalnum():
        at += 1
    return text[:at].rstrip() or text


def _footer(sample: Sample) -> str:
    """What stands below the end of a text that was cut on purpose."""
    return sample.document.text[sample.cuts[-1] :] if sample.made and sample.cuts and sample.kind != "middle" else ""


def _made(folder: Path) -> Iterator[Sample]:
    frame = table(folder, "defects")
    rows: Iterable[Any] = () if frame is None else frame.itertuples()
    for row in rows:
        cuts = tuple(sorted(s["end"] for s in row.spans if s["family"] == "truncation"))
        families = set(row.defects)
        cut, lead = (_text(getattr(row, name, None)) or "" for name in ("cut_style", "lead_style"))
        lost = "missing_lead" in families
        injected = tuple((s["start"], s["end"]) for s in row.spans if s["family"] == "link_text")
        yield Sample(_document(row, str(row.id)), row.page, cuts, True, lost, True, not families, cut, lead, injected)


def _real(folder: Path) -> Iterator[Sample]:
    frame = table(folder, "lines")
    if frame is None or not {"coverage", *LOST_COLUMN.values()} <= set(frame.columns):
        return
    frame = frame[(frame.kind == "article") & (frame.coverage >= COVERED)]
    for _, group in frame.groupby("page", sort=True):
        rows: list[Any] = sorted(group.itertuples(), key=lambda r: crc32(f"{r.page}{r.extractor}".encode()))
        for row in rows[:EXTRACTORS]:
            end, lead = (_lost(getattr(row, LOST_COLUMN[f]), f) for f in ("truncation", "missing_lead"))
            document = _document(row, f"{row.page}-{row.extractor}")
            cuts = () if end is False else None
            yield Sample(document, row.page, cuts, bool(row.coverage >= WHOLE), lead, False, False, "real", "real")


def _lost(tokens: float, family: str) -> bool | None:
    """Whether a beginning or end is lost, None for a little of it or when it is not known (NaN)."""
    return True if tokens >= LOST[family] else False if tokens <= KEPT else None


def _document(row: object, name: str) -> Document:
    known = {key: _text(getattr(row, key, None)) for key in ("title", "description")}
    return Document(name, name, _text(getattr(row, "text", None)) or "", **known)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None
