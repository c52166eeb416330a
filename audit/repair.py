"""Repair of one text: what its findings mark as removable goes, and a record of every character removed stays.

A text is judged again after each round, as what surrounds a block tells much of it, until nothing more is to be
removed; so the repaired text repairs to itself. Offsets of removals index the text as read.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from audit.errors import AuditError
from audit.finding import Finding

# The least confidences from which about 98 % of the removals are right in articles, and in whole pages (of whose text
# at least PAGE_SHARE is marked) those from which their F1 gains most. `crawlaudit evaluate LABELLED --fix --fold-models
# FOLDS` measures it: by models that had not seen the pages, 97.1 and 96.2 % were right on the WCXB development split,
# 98.1 and 99.1 % on Fundus's pages. From .6 on more are right in whole pages, and fewer are better for it.
SURE, SURE_IN_PAGES, PAGE_SHARE = 0.95, 0.5, 0.1
AGGRESSIVE = 0.5  # what `--aggressive` asks for everywhere, and what counts towards PAGE_SHARE: rather noise than not
# Often wrong on all these pages taken together; at which confidence was not looked at. They go only when a
# confidence is asked for.
DOUBTFUL = frozenset({"CH403", "CH501", "LK106"})
ROUNDS = 12

Look = Callable[[str], Sequence[Finding]]


@dataclass(frozen=True, slots=True)
class Removal:
    """Characters [start, end) of the text as read, which were `text`; `rule` and `confidence` of the finding."""

    start: int
    end: int
    text: str
    rule: str
    reason: str
    confidence: float


def repair(text: str, look: Look, confidence: float | None = None) -> tuple[str, tuple[Removal, ...]]:
    """The text without what `look` finds removable in it, and what was removed, in order.

    With a `confidence` in [0, 1] everything of at least so much goes; without one, what the constants
    above allow. A text that would be left empty, or never comes to rest, stays as it is then.
    """
    places, now, found = np.arange(len(text)), text, list[Removal]()
    for _ in range(ROUNDS):
        spans = list(_tidy(now, _chosen(now, look(now), confidence)))
        gone = sum(end - start for start, end, _ in spans)
        keep = np.ones(len(now), dtype=bool)
        for start, end, _ in spans:
            keep[start:end] = False
        rest = "".join(now[start:end] for start, end in _runs(np.flatnonzero(keep)))
        if not gone or not rest.strip():
            return now, tuple(sorted(found, key=lambda r: r.start))
        found += [r for s, e, f in spans for r in _recorded(text, places[s:e], f)]
        places, now = places[keep], rest
    return text, ()


def restore(text: str, removed: Sequence[Removal]) -> str:
    """The text as it was read. Raises AuditError when these removals are not of this text."""
    parts, at, written = list[str](), 0, 0
    for removal in sorted(removed, key=lambda r: r.start):
        kept = removal.start - written
        if kept < 0 or at + kept > len(text) or len(removal.text) != removal.end - removal.start:
            raise AuditError(f"the removal at {removal.start} is not of this text")
        parts += [text[at : at + kept], removal.text]
        at, written = at + kept, removal.end
    return "".join([*parts, text[at:]])


def is_page(text: str, removable: Sequence[Finding]) -> bool:
    """Whether so much is marked as removable that this is the text of a page rather than of an article."""
    return sum(f.end - f.start for f in removable if f.confidence >= AGGRESSIVE) >= PAGE_SHARE * len(text)


def _chosen(text: str, findings: Sequence[Finding], confidence: float | None) -> list[Finding]:
    """The findings that go, in order, none of them empty or overlapping."""
    can = sorted((f for f in findings if f.removable and f.end > f.start), key=lambda f: (f.start, f.end))
    least = confidence if confidence is not None else SURE_IN_PAGES if is_page(text, can) else SURE
    sure = [f for f in can if f.confidence >= least and (confidence is not None or f.rule not in DOUBTFUL)]
    chosen, at = list[Finding](), 0
    for f in sure:
        if f.start >= at and not _glues(text, f) and not _unpairs(text[f.start : f.end]):
            chosen.append(f)
            at = f.end
    return chosen


def _glues(text: str, finding: Finding) -> bool:
    """Whether two words would become one."""
    before, after = text[: finding.start][-1:], text[finding.end : finding.end + 1]
    return before.isalnum() and after.isalnum()


def _unpairs(part: str) -> bool:
    """Whether a bracket would be left without the other, as in a link of Markdown."""
    return any(part.count(left) != part.count(right) for left, right in ("[]", "()"))


def _tidy(text: str, chosen: Sequence[Finding]) -> Iterator[tuple[int, int, Finding]]:
    """The spans with one side's white space: of what stood before and after, the wider break is kept."""
    for group in _neighbours(text, chosen):
        start, end = _seam(text, group[0].start, group[-1].end)
        bounds = [start, *(f.start for f in group[1:]), end]
        yield from ((s, e, f) for (s, e), f in zip(pairwise(bounds), group, strict=True) if e > s)


def _neighbours(text: str, chosen: Sequence[Finding]) -> Iterator[list[Finding]]:
    group: list[Finding] = []
    for f in chosen:
        if group and text[group[-1].end : f.start].strip():
            yield group
            group = []
        group.append(f)
    if group:
        yield group


def _seam(text: str, start: int, end: int) -> tuple[int, int]:
    """What to cut so that the white space around [start, end) is that of one break."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    left, right = start, end
    while left and text[left - 1].isspace():
        left -= 1
    while right < len(text) and text[right].isspace():
        right += 1
    if left == 0:
        return 0, right
    if right == len(text):
        return left, end
    wider = _width(text[left:start]) >= _width(text[end:right])
    return (start, right) if wider else (left, end)


def _width(space: str) -> tuple[int, int]:
    return len(space.splitlines()) if "\n" in space or "\r" in space else 0, len(space)


def _recorded(text: str, places: NDArray[np.intp], finding: Finding) -> Iterator[Removal]:
    """The removal in characters of the text as read: in several pieces where an earlier round cut between them."""
    for start, end in _runs(places):
        yield Removal(start, end, text[start:end], finding.rule, finding.message, finding.confidence)


def _runs(places: NDArray[np.intp]) -> Iterator[tuple[int, int]]:
    if len(places):
        for run in np.split(places, np.flatnonzero(np.diff(places) > 1) + 1):
            yield int(run[0]), int(run[-1]) + 1
