"""Sites and what recurs on them, as rows of the report's tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from audit.finding import FAMILIES
from audit.shares import Share, share
from audit.trends import Trend, trend
from audit.visible import clip
from audit.wording import plural

NAME_CHARS, LINE_CHARS, BREAKS = 120, 240, 20
# From each rate on a table cell is one shade darker. The lower end of the interval counts: two documents of a small
# site must not outshine half of a large one.
HEATS = (0.02, 0.05, 0.10, 0.25, 0.50)


@dataclass(frozen=True, slots=True)
class Cell:
    """A site's share of one family: shade 0 to 5, and whether it is surely above the crawl's own rate."""

    share: Share
    heat: int
    above: bool


@dataclass(frozen=True, slots=True)
class SiteRow:
    """One site, or the rest of them in one row. `key` is the site as read, empty for the rest; it is never shown."""

    key: str
    name: str
    documents: int
    unread: int
    bad: int
    score: float | None
    cells: tuple[Cell, ...]
    trend: Trend | None


@dataclass(frozen=True, slots=True)
class RecurringRow:
    """A line that many documents of a site carry."""

    site: str
    line: str
    documents: int
    of: int
    rule: str


@dataclass(frozen=True, slots=True)
class Break:
    """Something far from the rest, in a sentence; with the site's trend where it jumps in time."""

    sentence: str
    family: str
    trend: Trend | None


def site_rows(summary: Mapping[str, Any]) -> tuple[SiteRow, ...]:
    """The sites that the summary names."""
    return tuple(_site(row, row["site"] or "(no site)", summary) for row in summary["sites"])


def other_sites(summary: Mapping[str, Any]) -> SiteRow | None:
    """All other sites in one row, so that columns add up."""
    rest = summary["other_sites"]
    return _site(rest, plural(rest["sites"], "other site") if rest["sites"] else "(no site)", summary) if rest else None


def breaks(summary: Mapping[str, Any]) -> tuple[Break, ...]:
    """What is far from the rest, most certain first."""
    trends = {row["site"]: row.get("timeline") for row in summary["sites"]}
    return tuple(
        Break(clip(b["message"], LINE_CHARS), b["family"], trend(trends.get(b["name"])) if b.get("since") else None)
        for b in summary.get("breaks", ())[:BREAKS]
    )


def recurring_row(row: Mapping[str, Any]) -> RecurringRow:
    """A recurring line, safe to show."""
    site, line = clip(row["site"] or "(no site)", NAME_CHARS), clip(row["line"], LINE_CHARS)
    return RecurringRow(site, line, row["documents"], row["of"], row["rule"] or "")


def _site(row: Mapping[str, Any], name: str, summary: Mapping[str, Any]) -> SiteRow:
    return SiteRow(
        row.get("site") or "",
        clip(name, NAME_CHARS),
        row["documents"],
        row["unread"],
        row["bad"],
        row.get("score"),
        tuple(_cell(row["families"][f], summary["families"][f]) for f in FAMILIES),
        trend(row.get("timeline")),
    )


def _cell(row: Mapping[str, Any], crawl: Mapping[str, Any]) -> Cell:
    above = row["low"] is not None and crawl["rate"] is not None and row["low"] > crawl["rate"]
    return Cell(share(row), sum((row["low"] or 0) >= heat for heat in HEATS), above)
