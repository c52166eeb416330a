"""Marks -> findings, risks, score and verdict of one document."""

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce

from audit.decisions import decide
from audit.finding import EXCERPT_CHARS, FAMILIES, Finding, Mark, Verdict
from audit.page import Page
from audit.quality import f1, unfound
from audit.registry import Rule
from audit.script import is_unpunctuated
from audit.vocabulary import load, not_judged

DECIDED = ("truncation", "missing_lead")  # one decision speaks for all of their findings
UNSEEN = 0.03  # the risk of a missing lead where there is no paragraph to judge by
# A text with such a finding is taken to hold this share of the article. Articles of the WCXB development split and the
# Fundus test resources that were cut on purpose hold 0.72 and 0.94 on average. What real extractors made of them holds
# 0.99 as much with a finding of a cut end as without one, and 0.91 as much with one of a lost lead.
KEPT_SHARE = {"truncation": 0.9, "missing_lead": 0.93}
# Not all that is flagged is noise: real texts of which 0.65 or 0.85 is flagged are article to 0.44 or 0.31. So at least
# this power of the flagged share is taken to be none, and all where all is flagged.
FLAGGED_POWER = 2
BAD_SCORE = 75.0
SURE = 0.8
INDENT = " \t\u00a0\u3000"


def findings_of(page: Page, marks: Iterable[tuple[Rule, Mark]], least: float) -> tuple[Finding, ...]:
    """The findings of a page in text order: marks of at least `least` confidence, one a place.

    Where rules of one family, or chrome and link text, mark the same place, the most confident speaks for it.
    """
    ranked = sorted(
        ((m.confidence if m.confidence is not None else r.confidence, r, m) for r, m in marks),
        key=lambda x: (-x[0], -x[1].confidence, x[1].severity == "info", x[2].start, x[2].end - x[2].start, x[1].code),
    )
    taken: dict[str, _Places] = {}
    found = []
    for sure, rule, mark in ranked:
        if sure < least:
            break
        kind = "noise" if rule.removable else rule.family
        mark = _with_indent(page.text, mark) if rule.removable else mark
        if kind not in taken:
            taken[kind] = _Places(len(page.text))
        if taken[kind].take(mark):
            found.append(_finding(page, sure, rule, mark))
    return tuple(sorted(found, key=lambda f: (f.start, f.end, f.rule)))


def risks_of(
    page: Page, found: Sequence[Finding], settled: Mapping[str, float] | None = None
) -> tuple[dict[str, float | None], str | None]:
    """The risk of each family, None where it was not judged, and why not.

    Truncation and missing lead have the probability of their decision, or of a finding that is surer; chrome and link
    text that of all findings together, and of what no rule finds. `settled` are the families that the source page
    decides, with the risk that its page leaves to each: these go before what the text alone looks like.
    """
    known = {} if settled is None else settled
    reasons = {family: why for family, why in _not_judged(page) if family not in known}
    decision = decide(page)
    least = {
        **unfound(page),
        "truncation": decision.truncation,
        "missing_lead": decision.lead.probability if decision.lead else UNSEEN,
        **known,
    }
    risks: dict[str, float | None] = {}
    for family in FAMILIES:
        sure = [f.confidence for f in found if f.family == family and f.severity != "info"]
        if family in reasons and not sure:
            risks[family] = None
        elif family in DECIDED:
            risks[family] = round(max(least[family], *sure, 0.0), 6)
        else:
            risks[family] = round(1 - reduce(lambda p, c: p * (1 - c), sure, 1 - least[family]), 6)
    untold = [f"{family} not judged: {why}" for family, why in reasons.items() if risks[family] is None]
    return risks, "; ".join(untold) or None


def flagged_share(page: Page, found: Sequence[Finding]) -> float:
    """The share of the text's characters, white space apart, under a removable finding."""
    total = sum([len(line.text) for line in page.lines])
    spans = sorted((f.start, f.end) for f in found if f.removable)
    flagged, at = 0, 0
    for start, end in spans:
        flagged += max(0, end - max(start, at))
        at = max(at, end)
    return min(1.0, flagged / total) if total else 0.0


def score_of(estimated: float, found: Sequence[Finding], flagged: float) -> float:
    """100 times the estimated token F1 against a perfect extraction.

    `estimated` is what the text tells of it (`audit.quality`). It is no higher than what is flagged allows, and falls
    with what is found to be lost; a risk without a finding leaves it as it is.
    """
    kept = 1.0
    for family, share in KEPT_SHARE.items():
        kept *= 1 - max((f.confidence for f in found if f.family == family), default=0.0) * (1 - share)
    return round(100 * min(estimated, f1(1 - flagged**FLAGGED_POWER, 1.0)) * f1(1.0, kept), 2)


def verdict_of(score: float, found: Sequence[Finding]) -> Verdict:
    """`bad` for a sure error or for a low score that a finding bears out, `suspect` for anything else worth a look."""
    telling = [f for f in found if f.severity != "info"]
    if (telling and score < BAD_SCORE) or any(f.severity == "error" and f.confidence >= SURE for f in telling):
        return Verdict.BAD
    return Verdict.SUSPECT if telling or score < BAD_SCORE else Verdict.OK


def excerpt(text: str, start: int, end: int) -> str:
    """The marked characters, or what stands around an empty span, on one line of at most 200 characters."""
    if start == end:
        start, end = max(0, start - EXCERPT_CHARS // 2), min(len(text), end + EXCERPT_CHARS // 2)
    flat = " ".join(text[start : min(end, start + 2 * EXCERPT_CHARS)].split())
    return flat if len(flat) <= EXCERPT_CHARS else flat[: EXCERPT_CHARS - 1] + "…"


def _with_indent(text: str, mark: Mark) -> Mark:
    """The mark with the white space before it where it begins its line: who removes the line removes all of it."""
    start = mark.start
    if not start or text[start - 1] not in INDENT:  # as most
        return mark
    while start and text[start - 1] in INDENT:
        start -= 1
    begins = start < mark.start < mark.end and (start == 0 or text[start - 1] in "\r\n")
    return Mark(start, mark.end, mark.message, mark.confidence, mark.evidence) if begins else mark


def _finding(page: Page, sure: float, rule: Rule, mark: Mark) -> Finding:
    return Finding(  # by place, as names of so many fields take as long as all else
        page.document.id,
        rule.code,
        rule.name,
        rule.family,
        mark.start,
        mark.end,
        page.line_number(mark.start),
        round(sure, 4),
        rule.severity,
        rule.removable,
        mark.message,
        excerpt(page.text, mark.start, mark.end),
        mark.evidence,
    )


class _Places:
    """The places of a text that are marked. A byte a character, so that time does not grow with the marks squared."""

    _FREE, _SPAN, _POINT = range(3)

    def __init__(self, chars: int) -> None:
        self._taken = bytearray(chars + 1)  # one more: something can be missing after the last character

    def take(self, mark: Mark) -> bool:
        """Take the mark's place; False when it overlaps a taken one, or where either is a point, touches it."""
        start, end = mark.start, mark.end
        kind, reach = (self._POINT, 2) if start == end else (self._SPAN, 0)
        if self._has(self._SPAN, start - reach, end + reach) or self._has(self._POINT, start - 1, end + 2):
            return False
        end = max(end, start + 1)
        self._taken[start:end] = bytes([kind]) * (end - start)
        return True

    def _has(self, kind: int, start: int, end: int) -> bool:
        return self._taken.find(kind, max(0, start), end) >= 0


def _not_judged(page: Page) -> Iterable[tuple[str, str]]:
    if is_unpunctuated(page.text[:2000]):
        yield "truncation", "the script does not mark the ends of sentences"
    known = load()
    if page.lang is not None and page.lang not in known:
        for family in ("chrome", "missing_lead", "link_text"):
            yield family, f"no phrase list for the language {page.lang!r}"
    for family in sorted(not_judged(page.lang)):
        yield family, f"too few of its findings were right in the language {page.lang!r}"
