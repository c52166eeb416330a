"""How a site's damage went over time: its dated documents counted by a few periods of equal length."""

from collections.abc import Mapping
from datetime import date
from itertools import accumulate
from operator import add
from typing import Any

from audit.breaks import NAME_CHARS, UNDATED, Breaks
from audit.finding import FAMILIES

PERIODS, LEAST = 24, 5  # what a small chart can tell apart, and documents of a period on average
TAIL = 0.01  # documents at either end that may be left out: one date of 1970 would squeeze all others into a period


def timeline(breaks: Breaks, site: str) -> dict[str, Any] | None:
    """Counts by period for `summary.json`; None where no two days have documents.

    `since` is the first day of the first period, `days` a period's length; `periods` has, for each, the documents
    judged and damaged by family, in the order of the families. `outside` are the dated documents left out.
    """
    days = breaks.cells.get(("site", site[:NAME_CHARS], ""), {})
    sizes = {day: max(counts[::2]) for day, counts in sorted(days.items()) if day != UNDATED}
    kept = _middle(sizes)
    if len(kept) < 2:
        return None
    first, last = kept[0], kept[-1]
    wanted = min(PERIODS, max(2, sum(sizes.values()) // LEAST))
    width = (last - first) // wanted + 1
    periods = [[0] * 2 * len(FAMILIES) for _ in range((last - first) // width + 1)]
    for day in kept:
        row = periods[(day - first) // width]
        row[:] = map(add, row, days[day])
    since = date.fromordinal(max(1, first * breaks.step)).isoformat()
    outside = sum(sizes.values()) - sum(sizes[day] for day in kept)
    return {"since": since, "days": width * breaks.step, "outside": outside, "periods": periods}


def _middle(sizes: Mapping[int, int]) -> list[int]:
    """The days without those at either end that hold less than `TAIL` of the documents together."""
    least = TAIL * sum(sizes.values())
    before = list(accumulate(sizes.values(), initial=0))
    ends = zip(sizes, before, before[1:], strict=False)
    return [day for day, so_far, then in ends if then > least and before[-1] - so_far > least]
