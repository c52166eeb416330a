"""Breaks: the sites, sections and extractor versions whose rate of a family is far from the rest, or jumps in time.

Rates are compared by Chernoff's bound, which holds for any number of documents: when every document of both sides is
damaged with the same probability, that probability lies outside {p: n KL(k/n || p) <= L} of one side at least with a
probability of at most 4 exp(-L), so two such intervals without a common point are no accident. L allows for every
comparison that was made (Bonferroni, also over all days on which a rate might have jumped), so that a crawl without
breaks gets one with a probability of at most ALPHA. Documents of a day or a template are alike, which no such bound
knows; a gap of LEAST_GAP keeps small differences out.

The counts are a monoid, whatever the order: when there are too many days, days are pooled by two, four, eight, …
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from itertools import accumulate
from typing import Any
from urllib.parse import urlsplit

from audit.document import Document
from audit.finding import FAMILIES, Audited

ALPHA = 0.001
LEAST_DOCUMENTS = 20  # on either side
LEAST_GAP = 0.2
BREAKS = 50  # named at most
MAX_GROUPS, MAX_CELLS = 20_000, 200_000
NAME_CHARS = 120
LACKS = {
    "truncation": "are cut",
    "chrome": "have leftover chrome",
    "missing_lead": "lack their lead",
    "link_text": "have injected link text",
}
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
UNDATED = -1
_DAY = re.compile(r"\s*((?:19|20)\d\d)-?([01]\d)-?([0-3]\d)(?!\d)")

Group = tuple[str, str, str]  # site, path or extractor; its name; for a path the site it belongs to
Counts = list[int]  # documents judged and damaged, by family


@dataclass(slots=True)
class Breaks:
    """Counts by group and by day, or by `step` days; a monoid under `merge`."""

    cells: dict[Group, dict[int, Counts]] = field(default_factory=dict)
    all: Counts = field(default_factory=lambda: [0] * 2 * len(FAMILIES))
    step: int = 1
    forgotten: int = 0

    def add(self, a: Audited, document: Document) -> None:
        """Count one judged document."""
        hit = {f.family for f in a.findings}
        counts = [int(a.risks[f] is not None and (k == 0 or f in hit)) for f in FAMILIES for k in (0, 1)]
        ordinal = day_of(document.date)
        day = UNDATED if ordinal is None else ordinal // self.step
        _add(self.all, counts)
        for group in groups_of(document):
            _add(self.cells.setdefault(group, {}).setdefault(day, [0] * len(counts)), counts)

    def merge(self, other: "Breaks") -> None:
        """Add another part's counts."""
        step = max(self.step, other.step)
        self._pool(step)
        _add(self.all, other.all)
        self.forgotten += other.forgotten
        for group, days in other.cells.items():
            mine = self.cells.setdefault(group, {})
            for day, counts in days.items():
                pooled = day if day == UNDATED else day * other.step // step
                _add(mine.setdefault(pooled, [0] * len(counts)), counts)
        self._bound()

    def rows(self) -> list[dict[str, Any]]:
        """What breaks, most certain first: plain data for `summary.json`, each with a `message` in words."""
        limit = math.log(4 * max(1, sum(1 for _ in self._comparisons())) / ALPHA)
        jumps = [row for row in self._jumps(limit) if row]
        known = {(row["kind"], row["name"], row["family"]) for row in jumps}
        far = [row for row in self._outliers(limit) if row and (row["kind"], row["name"], row["family"]) not in known]
        rows = sorted(jumps + far, key=lambda r: (-r["certainty"], r["kind"], r["name"], r["family"]))
        return rows[:BREAKS]

    def _comparisons(self) -> Iterator[tuple[Group, int]]:
        """One item for every comparison that is made, so that their number is known."""
        for group, days in self.cells.items():
            dated = len(days) - (UNDATED in days)
            for f in range(len(FAMILIES)):
                yield group, f
                yield from ((group, f) for _ in range(dated - 1))

    def _outliers(self, limit: float) -> Iterator[dict[str, Any] | None]:
        totals = {group: [sum(column) for column in zip(*days.values(), strict=True)] for group, days in _sorted(self)}
        for group, own in totals.items():
            whole = totals.get(("site", group[2], ""), self.all) if group[0] == "path" else self.all
            for f in range(len(FAMILIES)):
                n, k = own[2 * f : 2 * f + 2]
                rest = whole[2 * f] - n, whole[2 * f + 1] - k
                yield _row(group, FAMILIES[f], (n, k), rest, limit, None)

    def _jumps(self, limit: float) -> Iterator[dict[str, Any] | None]:
        for group, days in _sorted(self):
            dated = sorted(day for day in days if day != UNDATED)
            for f in range(len(FAMILIES)):
                pairs = [(days[day][2 * f], days[day][2 * f + 1]) for day in dated]
                found = _split(pairs)
                if group[0] != "extractor" and found:
                    at, before, after = found
                    since = date.fromordinal(max(1, dated[at] * self.step))
                    yield _row(group, FAMILIES[f], after, before, limit, since)

    def _pool(self, step: int) -> None:
        """Make the days as coarse as `step`, a power of two: pooled by parts or at once, the days are the same."""
        factor, self.step = step // self.step, step
        if factor == 1:
            return
        for group, days in self.cells.items():
            pooled: dict[int, Counts] = {}
            for day, counts in days.items():
                _add(pooled.setdefault(day if day == UNDATED else day // factor, [0] * len(counts)), counts)
            self.cells[group] = pooled

    def _bound(self) -> None:
        if len(self.cells) > MAX_GROUPS:
            size = {group: sum(counts[0] for counts in days.values()) for group, days in self.cells.items()}
            ranked = sorted(self.cells, key=lambda group: (-size[group], group))
            self.forgotten += len(ranked) - MAX_GROUPS
            self.cells = {group: self.cells[group] for group in ranked[:MAX_GROUPS]}
        while sum(map(len, self.cells.values())) > MAX_CELLS and self.step < 1 << 20:
            self._pool(2 * self.step)


def groups_of(document: Document) -> Iterator[Group]:
    """The groups a document counts in: its site, the first folder of its URL's path, its extractor."""
    if document.site:
        yield "site", document.site[:NAME_CHARS], ""
        if path := section(document.url):
            yield "path", f"{document.site}/{path}"[:NAME_CHARS], document.site[:NAME_CHARS]
    if document.extractor:
        yield "extractor", document.extractor[:NAME_CHARS], ""


def section(url: str | None) -> str | None:
    """The first folder of a URL's path; None when the page lies in none, or the folder is a number such as a year.

    >>> section("https://example.com/sport/2026/final.html"), section("https://example.com/final.html")
    ('sport', None)
    """
    try:
        parts = urlsplit(url or "").path.split("/")
    except ValueError:
        return None
    return parts[1] if len(parts) > 2 and parts[1] and not parts[1].isdigit() else None


def day_of(text: str | None) -> int | None:
    """The day of a date as crawlers write it, as its proleptic ordinal; None when there is none from 1900 to 2099.

    >>> day_of("2026-03-12T08:00:00Z") == day_of("Thu, 12 Mar 2026 08:00:00 GMT") == day_of("1773302400")
    True
    """
    text = (text or "")[:60]
    try:
        if match := _DAY.match(text):
            return date(*map(int, match.groups())).toordinal()
        if re.fullmatch(r"\d{9,10}(?:\.\d+)?|\d{12,13}", text):
            seconds = float(text) / (1000 if re.fullmatch(r"\d{12,13}", text) else 1)
            return datetime.fromtimestamp(seconds, UTC).toordinal()
        return parsedate_to_datetime(text).toordinal()
    except (ValueError, TypeError, OverflowError, OSError):
        return None


def certainty(one: tuple[int, int], two: tuple[int, int]) -> float:
    """The largest L at which Chernoff's intervals of two (documents, damaged) have no common point."""
    (n, k), (m, j) = sorted((one, two), key=lambda x: x[1] / x[0])
    low, high = k / n, j / m
    for _ in range(50):  # n KL(k/n || p) rises with p between the two rates, the other falls
        p = (low + high) / 2
        if n * _divergence(k / n, p) < m * _divergence(j / m, p):
            low = p
        else:
            high = p
    return n * _divergence(k / n, low)


def _divergence(q: float, p: float) -> float:
    """The Kullback-Leibler divergence between coins that show damage with probability q and p."""
    pairs = ((q, p), (1 - q, 1 - p))
    return sum(a * math.log(a / b) if b else math.inf for a, b in pairs if a)


def _split(days: Sequence[tuple[int, int]]) -> tuple[int, tuple[int, int], tuple[int, int]] | None:
    """Where a rate rises most certainly: index of the first day after it, (documents, damaged) before and after."""
    sums = list(accumulate(days, lambda a, b: (a[0] + b[0], a[1] + b[1]), initial=(0, 0)))
    best, found = 0.0, None
    for i, (n, k) in enumerate(sums):
        m, j = sums[-1][0] - n, sums[-1][1] - k
        if min(n, m) >= LEAST_DOCUMENTS and j * n - k * m >= LEAST_GAP * n * m:
            p = (k + j) / (n + m)
            ratio = n * _divergence(k / n, p) + m * _divergence(j / m, p)
            if ratio > best:
                best, found = ratio, (i, (n, k), (m, j))
    return found


def _row(
    group: Group, family: str, own: tuple[int, int], rest: tuple[int, int], limit: float, since: date | None
) -> dict[str, Any] | None:
    """The break, None when the rates are not far enough apart or there are too few documents."""
    (n, k), (m, j) = own, rest
    if min(n, m) < LEAST_DOCUMENTS or k / n - j / m < LEAST_GAP:
        return None
    sure = certainty(own, rest)
    if sure <= limit:
        return None
    row = {
        "kind": group[0], "name": group[1], "family": family, "since": since and since.isoformat(),
        "documents": k, "of": n, "rate": round(k / n, 6),
        "rest_documents": j, "rest_of": m, "rest_rate": round(j / m, 6),
        "certainty": round(sure, 3),
    }  # fmt: skip
    return row | {"message": sentence(row)}


def sentence(row: Mapping[str, Any]) -> str:
    """A break in words; the names in it are as the crawl has them, so show it through `audit.visible`."""
    what = f"texts of extractor {row['name']}" if row["kind"] == "extractor" else row["name"]
    share, rest = (f"{_percent(row[name])} %" for name in ("rate", "rest_rate"))
    if row["since"]:
        day = date.fromisoformat(row["since"])
        when = f"From {day.day} {MONTHS[day.month - 1]} {day.year} on"
        return f"{when}, {share} of {what} {LACKS[row['family']]}; before, {rest}."
    where = "the rest of its site" if row["kind"] == "path" else "the rest of the crawl"
    return f"{share} of {what} {LACKS[row['family']]}; of {where}, {rest}."


def _percent(rate: float) -> str:
    share = 100 * rate
    return ">99" if 99.5 <= share < 100 else "<1" if 0 < share < 0.5 else f"{share:.0f}"


def _add(mine: Counts, its: Counts) -> None:
    for i, n in enumerate(its):
        mine[i] += n


def _sorted(breaks: Breaks) -> list[tuple[Group, dict[int, Counts]]]:
    return sorted(breaks.cells.items())
