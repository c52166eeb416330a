"""What repair does to texts whose gold is known: their token F1 before and after, and how often a removal is right."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from audit.evaluation.figures import Figure, Fixes, Repaired, Sureness
from audit.evaluation.statistics import Floats, rate_of_pages, share
from audit.finding import Finding
from audit.labelled import Labelled
from audit.marked import NOISE
from audit.repair import SURE, SURE_IN_PAGES, is_page, repair

LEAST = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.925, 0.95, 0.975, 0.99)  # confidences that are told
FELL = 0.005  # a text that lost more token F1 is worse: less is a word
_TOKEN = re.compile(r"\w+")
Tokens = Counter[str]
Look = Callable[[str], Sequence[Finding]]


@dataclass(frozen=True, slots=True)
class Removed:
    """What the first look would remove: whether the text without it is no further from the gold."""

    rule: str
    confidence: float
    in_page: bool
    right: bool


@dataclass(frozen=True, slots=True)
class Mended:
    """A text's token F1 before and after repair, and everything removable in it."""

    before: float
    after: float
    removed: tuple[Removed, ...]


def golds(documents: Iterable[Labelled]) -> dict[str, str]:
    """The text that each page should give: the shortest labelled free of defects, as some have the title before it."""
    found: dict[str, str] = {}
    for known in documents:
        if known.truth and not any(known.truth.values()):
            found[known.page] = min(found.get(known.page, known.document.text), known.document.text, key=len)
    return found


def gold_of(known: Labelled, pages: Mapping[str, str]) -> str | None:
    """A document's gold: that of its page, else its text without the marked noise; None when neither is known."""
    if known.page in pages or not known.truth:
        return pages.get(known.page)
    text, at, parts = known.document.text, 0, list[str]()
    for span in sorted((s for s in known.spans if s.family in NOISE), key=lambda s: s.start):
        parts.append(text[at : span.start])
        at = max(at, span.end)
    return " ".join([*parts, text[at:]])


def mended(text: str, gold: str, look: Look) -> Mended:
    """What repair, and each removal by itself, does to a text."""
    want, has = tokens(gold), tokens(text)
    now, _ = repair(text, look)
    found = [f for f in look(text) if f.removable and f.end > f.start]
    in_page = is_page(text, found)
    tried = [(f, tokens(text[f.start : f.end])) for f in found]
    removed = (Removed(f.rule, f.confidence, in_page, _right(has, want, part)) for f, part in tried if part)
    return Mended(token_f1(has, want), token_f1(tokens(now), want), tuple(removed))


def tokens(text: str) -> Tokens:
    """How often each word stands in a text."""
    return Counter(_TOKEN.findall(text.lower()))


def token_f1(has: Tokens, want: Tokens) -> float:
    """The harmonic mean of the share of `has` that is wanted and that of `want` that is there; 0 for two empty ones."""
    whole = has.total() + want.total()
    return 2 * (has & want).total() / whole if whole else 0.0


def _right(has: Tokens, want: Tokens, part: Tokens) -> bool:
    """Whether the token F1 does not fall without these tokens."""
    both, whole = (has & want).total(), has.total() + want.total()
    lost = sum(min(has[t], want[t]) - min(has[t] - n, want[t]) for t, n in part.items())
    return (both - lost) * whole >= both * (whole - part.total())


def figures(rows: Sequence[tuple[Labelled, Mended]], seed: int) -> Fixes:
    """The figures of each group of texts, of each confidence, and of each rule where it is sure enough for repair."""
    frame = pd.DataFrame([(k.group, k.page, m.before, m.after) for k, m in rows], columns=["group", "page", "b", "a"])
    removed = pd.DataFrame(
        [(k.page, r.rule, r.confidence, r.in_page, r.right) for k, m in rows for r in m.removed],
        columns=["page", "rule", "confidence", "in_page", "right"],
    )
    return Fixes(
        tuple(_repaired(str(name), part) for name, part in frame.groupby("group")),
        tuple(_sureness(least, removed, seed) for least in LEAST),
        {str(rule): _right_of(part, seed) for rule, part in removed[_taken(removed)].groupby("rule")},
    )


def _repaired(name: str, part: pd.DataFrame) -> Repaired:
    before, after = (_ends(part[column].to_numpy(float)) for column in ("b", "a"))
    worse = int((part["b"] - part["a"] > FELL).sum())
    return Repaired(name, len(part), int(part["page"].nunique()), before, after, share(worse, len(part)))


def _ends(values: Floats) -> tuple[float, float, float]:
    median, tenth = np.quantile(values, (0.5, 0.1))
    return round(float(median), 4), round(float(tenth), 4), round(float(values.mean()), 4)


def _sureness(least: float, removed: pd.DataFrame, seed: int) -> Sureness:
    sure = removed[removed["confidence"] >= least]
    in_page = sure["in_page"].astype(bool)
    return Sureness(least, _right_of(sure[~in_page], seed), _right_of(sure[in_page], seed))


def _taken(removed: pd.DataFrame) -> "pd.Series[bool]":
    return removed["confidence"] >= np.where(removed["in_page"].astype(bool), SURE_IN_PAGES, SURE)


def _right_of(part: pd.DataFrame, seed: int) -> Figure:
    return rate_of_pages(part["page"], part["right"].to_numpy(bool), seed)
