"""How scores, lengths and risks are spread over the documents, as bars and the numbers beside them."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from audit.finding import DOCUMENTS_FILE, FAMILIES
from audit.table import record_batches
from audit.wording import family_title, number

VERDICTS = ("bad", "suspect", "ok")  # from the axis upwards
WORDS = (0, 25, 50, 100, 200, 400, 800, 1600, 3200)  # each bin twice as long as the one before
RISK_BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Documents from `low` to below `high` (no end where None): by verdict, or under one name.

    `height` is their share of the fullest bin.
    """

    label: str
    documents: int
    height: float
    parts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Spread:
    """One histogram; `left_out` documents have no such number."""

    title: str
    bins: tuple[Bin, ...]
    left_out: int = 0


@dataclass(slots=True)
class Counts:
    """Documents by length and verdict, and by family and risk, of which there are `RISK_BINS` bins."""

    lengths: Counter[tuple[int, str]]
    risks: dict[str, Counter[int]]
    not_judged: Counter[str]


def count(out: Path | None) -> Counts:
    """Counted from the documents in pieces, so that memory does not grow with the crawl; nothing without results."""
    counts = Counts(Counter(), {family: Counter() for family in FAMILIES}, Counter())
    for batch in record_batches(out, DOCUMENTS_FILE, ("words", "verdict", *FAMILIES)) if out else ():
        column = {name: np.array(batch[name].to_pylist()) for name in ("words", "verdict")}
        read = column["verdict"] != "unread"
        place = np.searchsorted(WORDS, column["words"][read], side="right") - 1
        counts.lengths.update(zip(place.tolist(), column["verdict"][read].tolist(), strict=True))
        for family in FAMILIES:
            risks = np.array(batch[family].to_pylist(), float)[read]  # NaN where it was not judged
            judged = risks[~np.isnan(risks)]
            counts.risks[family].update(np.minimum(judged * RISK_BINS, RISK_BINS - 1).astype(int).tolist())
            counts.not_judged[family] += len(risks) - len(judged)
    return counts


def scores(summary: Mapping[str, Any]) -> Spread:
    """Documents by score, 0 to 100."""
    counts = summary["score"]["histogram"]
    width = 100 // max(1, len(counts))
    labels = (f"{i * width}–{(i + 1) * width}" for i in range(len(counts)))
    return Spread(
        "Documents by score", _bins({label: {"documents": n} for label, n in zip(labels, counts, strict=True)})
    )


def lengths(counts: Counts) -> Spread | None:
    """Documents by number of words, bad and suspect ones apart; None without documents."""
    if not counts.lengths:
        return None
    named = {_words(i): {v: counts.lengths[i, v] for v in VERDICTS} for i in range(len(WORDS))}
    return Spread("Documents by number of words, bad and suspect ones apart", _bins(named))


def risks(counts: Counts) -> Iterator[Spread]:
    """For each family, the documents by their risk in percent."""
    for family, found in counts.risks.items():
        if found:
            width = 100 // RISK_BINS
            named = {f"{i * width}–{(i + 1) * width} %": {"documents": found[i]} for i in range(RISK_BINS)}
            yield Spread(family_title(family), _bins(named), counts.not_judged[family])


def _words(place: int) -> str:
    last = place + 1 == len(WORDS)
    return f"{number(WORDS[place])} or more" if last else f"{number(WORDS[place])}–{number(WORDS[place + 1])}"


def _bins(named: Mapping[str, Mapping[str, int]]) -> tuple[Bin, ...]:
    fullest = max((sum(parts.values()) for parts in named.values()), default=0) or 1
    totals = ((label, sum(parts.values()), parts) for label, parts in named.items())
    return tuple(Bin(label, n, n / fullest, tuple(parts.items())) for label, n, parts in totals)
