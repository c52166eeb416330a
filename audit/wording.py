"""The words and number forms that terminal and report share, and the verdict in a sentence."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

FAMILY_TITLES = {
    "truncation": "Truncation",
    "chrome": "Leftover chrome",
    "missing_lead": "Missing lead",
    "link_text": "Injected link text",
}
FAMILY_MEANINGS = {
    "truncation": "the end of the text, or of a paragraph in it, is missing",
    "chrome": "menus, banners, forms and footers of the site stand in the text",
    "missing_lead": "the beginning of the article is missing",
    "link_text": "labels of links stand between or inside the paragraphs",
}
SEVERITY_WEIGHT = {"error": 3, "warning": 2, "info": 1}

# On clean documents the rules may flag 2 % (their own aim), so less than that is no sign of damage; where one document
# in ten is bad, repairing costs less than sorting out. Without a gate these are words, not promises.
FEW, MANY = 0.02, 0.10

Tone = Literal["ok", "warn", "bad", "none"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on a crawl: how it sounds, one headline, and the sentence that backs it with numbers."""

    tone: Tone
    headline: str
    detail: str


def judge(summary: Mapping[str, Any]) -> Judgement:
    """Say in words whether the audited documents can be used as they are."""
    counts = summary["counts"]
    read, seen = counts["read"], counts["seen"]
    if not read:
        what = "nothing was found to read" if not seen else f"none of {plural(seen, 'document')} could be read"
        return Judgement("none", "Nothing could be judged.", f"{sentence(what)} An empty audit is no pass.")
    bad, doubtful = counts["bad"] / read, (counts["bad"] + counts["suspect"]) / read
    detail = _drawn(summary.get("sample")) + _detail(counts)
    if bad >= MANY:
        return Judgement("bad", f"Repair this crawl before using it: {percent(bad)} of its documents are bad.", detail)
    if bad >= FEW or doubtful >= MANY or counts["unread"] >= FEW * seen:
        unread = f", {percent(counts['unread'] / seen)} unread" if counts["unread"] >= FEW * seen else ""
        headline = f"Look before using it: {percent(bad)} bad, {percent(doubtful - bad)} suspect{unread}."
        return Judgement("warn", headline, detail)
    return Judgement("ok", f"Little stands in the way: {percent(bad)} of the documents are bad.", detail)


def _drawn(sample: Mapping[str, Any] | None) -> str:
    return f"This is a sample of {plural(sample['of'], 'document')}. " if sample else ""


def by_weight(rules: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rules that found something, those first that touch most documents, weighed by severity."""
    found = [r for r in rules if r["documents"]]
    return sorted(found, key=lambda r: (-r["documents"] * SEVERITY_WEIGHT[r["severity"]], r["rule"]))


def family_title(family: str) -> str:
    """`Leftover chrome` for `chrome`."""
    return FAMILY_TITLES.get(family, family)


def number(value: float) -> str:
    """A count with separators, or a measure with one decimal.

    >>> number(12345), number(81.25)
    ('12,345', '81.2')
    """
    return f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"


def percent(rate: float | None) -> str:
    r"""A rate as a percentage with as many decimals as it needs; `not judged` for None.

    >>> percent(0), percent(0.0004), percent(0.0123), percent(0.456), percent(1)
    ('0\xa0%', '0.04\xa0%', '1.2\xa0%', '46\xa0%', '100\xa0%')
    """
    return "not judged" if rate is None else f"{_hundredth(rate)}\N{NO-BREAK SPACE}%"


def interval(low: float | None, high: float | None) -> str:
    """The two ends of a confidence interval, empty when there is none.

    >>> interval(0.011, 0.2)
    '1.1–20'
    """
    return "" if low is None or high is None else f"{_hundredth(low)}–{_hundredth(high)}"


def points(difference: float) -> str:
    """A difference of rates in percentage points, with its sign.

    >>> points(0.123), points(-0.04), points(0.0)
    ('+12.3', '−4.0', '±0.0')
    """
    shown = f"{abs(100 * difference):.1f}"
    return ("±" if shown == "0.0" else "+" if difference > 0 else "−") + shown


def plural(count: int, noun: str) -> str:
    """A count with its noun.

    >>> plural(1, "document"), plural(2000, "site")
    ('1 document', '2,000 sites')
    """
    return f"{number(count)} {noun}{'' if count == 1 else 's'}"


def sentence(text: str) -> str:
    """The text as a sentence: a capital at its beginning, a full stop at its end."""
    return text[:1].upper() + text[1:].rstrip(".") + "."


def _hundredth(rate: float) -> str:
    share = 100 * rate
    if share >= 9.95 or share < 0.005:
        return ">99" if 99.5 <= share < 100 else f"{share:.0f}"  # not all is never said to be all
    return f"{share:.1f}" if share >= 0.095 else f"{share:.2f}"


def _detail(counts: Mapping[str, int]) -> str:
    bad, suspect, ok, unread = (number(counts[name]) for name in ("bad", "suspect", "ok", "unread"))
    judged = (
        f"Of {plural(counts['read'], 'document')} read, {bad} {_are(counts['bad'])} bad, {suspect} suspect and {ok} ok"
    )
    return f"{judged}; {unread} could not be read and {_are(counts['unread'])} not judged."


def _are(count: int) -> str:
    return "is" if count == 1 else "are"
