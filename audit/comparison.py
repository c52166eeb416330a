"""What the report tells of `crawlaudit compare`: which extractor serves the crawl and each site best."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from audit.visible import clip
from audit.wording import number, plural

SITES, NAME_CHARS = 200, 120


@dataclass(frozen=True, slots=True)
class Contender:
    """One extractor: its mean score, how far it is surely behind the best (empty for that), and why pages failed."""

    name: str
    score: float
    behind: str
    best: bool
    failed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contest:
    """Extractors on the pages of a site, or on all; `best` is None where none surely is. `key` is never shown."""

    key: str
    site: str
    pages: int
    best: str | None
    scores: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The extractors on all pages and by site; `more` sites are not listed."""

    inputs: tuple[str, ...]
    all: Contest
    contenders: tuple[Contender, ...]
    sites: tuple[Contest, ...]
    more: int

    def of(self, site: str) -> Contest | None:
        """The contest on the pages of a site."""
        return next((one for one in self.sites if one.key == site), None) if site else None


def comparison(found: Mapping[str, Any] | None) -> Comparison | None:
    """What `compare.json` tells; None without it."""
    if found is None:
        return None
    contests = tuple(map(_contest, found["sites"][:SITES]))
    return Comparison(
        inputs=tuple(clip(name, NAME_CHARS) for name in found.get("inputs", ())[:SITES]),
        all=_contest(found["all"] | {"site": ""}),
        contenders=tuple(_contender(name, found) for name in found["extractors"]),
        sites=contests,
        more=len(found["sites"]) - len(contests),
    )


def _contest(row: Mapping[str, Any]) -> Contest:
    scores = tuple((clip(name, NAME_CHARS), score) for name, score in row["scores"].items())
    best = clip(row["best"], NAME_CHARS) if row["best"] else None
    return Contest(row["site"] or "", clip(row["site"] or "(no site)", NAME_CHARS), row["pages"], best, scores)


def _contender(name: str, found: Mapping[str, Any]) -> Contender:
    low, high = found["all"]["behind"].get(name, (None, None))
    behind = "" if low is None else f"{number(low)} to {number(high)}"
    failed = [row for row in found["failures"] if row["extractor"] == name]
    why = tuple(f"{plural(row['pages'], 'page')}: {clip(row['reason'], NAME_CHARS)}" for row in failed)
    return Contender(clip(name, NAME_CHARS), found["all"]["scores"][name], behind, name == found["all"]["best"], why)
