"""Sites as pages of the report: rates, repeated lines, breaks, best and worst documents."""

from bisect import insort
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audit.comparison import Comparison, Contest
from audit.exhibits import link
from audit.finding import DOCUMENTS_FILE
from audit.site_rows import RecurringRow, SiteRow, recurring_row
from audit.table import record_batches
from audit.visible import clip

EXTREMES, NAME_CHARS, SENTENCE_CHARS = 8, 160, 400
COLUMNS = ("id", "source", "url", "site", "title", "score", "verdict")


@dataclass(frozen=True, slots=True)
class Extreme:
    """One of a site's best or worst documents."""

    id: str
    title: str
    link: str | None
    score: float
    verdict: str


@dataclass(frozen=True, slots=True)
class SiteView:
    """A site's page; `place` numbers them from 1."""

    place: int
    row: SiteRow
    recurring: tuple[RecurringRow, ...]
    breaks: tuple[str, ...]
    contest: Contest | None
    worst: tuple[Extreme, ...]
    best: tuple[Extreme, ...]


def site_views(
    summary: Mapping[str, Any], rows: Iterable[SiteRow], out: Path | None, compared: Comparison | None = None
) -> tuple[SiteView, ...]:
    """The page of each named site. Documents are read from `out` in pieces: memory does not grow with the crawl."""
    named = [row for row in rows if row.key]
    worst, best = _extremes(out, {row.key for row in named}) if out and named else ({}, {})
    views = []
    for place, row in enumerate(named, 1):
        lines = tuple(recurring_row(r) for r in summary["recurring"] if r["site"] == row.key)
        breaks = tuple(clip(b["message"], SENTENCE_CHARS) for b in summary.get("breaks", ()) if _concerns(b, row.key))
        contest, low = compared.of(row.key) if compared else None, worst.get(row.key, ())
        high = tuple(one for one in best.get(row.key, ()) if one not in low)  # a small site would have both the same
        views.append(SiteView(place, row, lines, breaks, contest, low, high))
    return tuple(views)


def _concerns(found: Mapping[str, Any], site: str) -> bool:
    """Whether a break is the site's own, or that of a section of it."""
    name = str(found["name"])
    return (found["kind"] == "site" and name == site) or (found["kind"] == "path" and name.startswith(f"{site}/"))


Extremes = dict[str, tuple[Extreme, ...]]
Ranked = dict[str, list[tuple[tuple[float, str], Extreme]]]  # by site, with what they are ranked by


def _extremes(out: Path, sites: set[str]) -> tuple[Extremes, Extremes]:
    """The worst and the best documents of each site, ties in the order of ids."""
    worst: Ranked = {}
    best: Ranked = {}
    for batch in record_batches(out, DOCUMENTS_FILE, COLUMNS):
        ranks = zip(*(batch[name].to_pylist() for name in ("site", "score", "id")), strict=True)
        for place, (site, score, name) in enumerate(ranks):
            if site not in sites or score is None:
                continue
            for kept, key in ((worst.setdefault(site, []), (score, name)), (best.setdefault(site, []), (-score, name))):
                if len(kept) < EXTREMES or key < kept[-1][0]:
                    insort(kept, (key, _extreme(batch.slice(place, 1).to_pylist()[0])), key=_key)
                    del kept[EXTREMES:]
    return _foremost(worst), _foremost(best)


def _key(ranked: tuple[tuple[float, str], Extreme]) -> tuple[float, str]:
    return ranked[0]


def _foremost(ranked: Ranked) -> Extremes:
    return {site: tuple(one for _, one in kept) for site, kept in ranked.items()}


def _extreme(row: Mapping[str, Any]) -> Extreme:
    title = row["title"] or "/".join(str(row["source"]).split("/")[-2:])
    return Extreme(row["id"], clip(title, NAME_CHARS), link(row["url"]), row["score"], row["verdict"])
