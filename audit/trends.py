"""A site's damage over time as small lines, with the numbers beside them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from audit.finding import FAMILIES


@dataclass(frozen=True, slots=True)
class Trend:
    """Rates by period: of each family (documents damaged, judged), None of them judged in a period being a gap.

    `days` is the length of a period in days, `starts` their first days; `outside` documents are dated long before or
    after.
    """

    days: int
    starts: tuple[str, ...]
    outside: int
    families: Mapping[str, tuple[tuple[int, int], ...]]


def trend(row: Mapping[str, Any] | None) -> Trend | None:
    """The trend of a site from its `timeline` in `summary.json`; None without dates, or in an older summary."""
    if row is None:
        return None
    first, step = date.fromisoformat(row["since"]), timedelta(days=row["days"])
    periods = row["periods"]
    starts = tuple((first + i * step).isoformat() for i in range(len(periods)))
    families = {f: tuple((p[2 * i + 1], p[2 * i]) for p in periods) for i, f in enumerate(FAMILIES)}
    return Trend(row["days"], starts, row["outside"], families)
