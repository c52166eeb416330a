"""A site's damage over time: few periods, in which no document is lost or counted twice."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from audit.breaks import UNDATED, Breaks
from audit.finding import FAMILIES
from audit.timeline import PERIODS, timeline
from audit.trends import trend

SITE = "a.example"
DAY = date(2026, 1, 1).toordinal()


def breaks(days: dict[int, tuple[int, int]], step: int = 1) -> Breaks:
    """Documents judged and damaged (the same for each family) by day."""
    counts = {day: [n for pair in [pair] * len(FAMILIES) for n in pair] for day, pair in days.items()}
    return Breaks(cells={("site", SITE, ""): counts}, step=step)


def test_a_rise_shows_at_its_date() -> None:
    found = timeline(breaks({DAY + i: (10, 9 if i >= 60 else 1) for i in range(120)}), SITE)
    shown = trend(found)
    assert shown
    rates = dict(zip(shown.starts, shown.families["chrome"], strict=True))
    assert len(rates) <= PERIODS
    early = [k / n for start, (k, n) in rates.items() if date.fromisoformat(start) < date(2026, 2, 25)]
    late = [k / n for start, (k, n) in rates.items() if date.fromisoformat(start) >= date(2026, 3, 2)]
    assert max(early) == 0.1
    assert min(late) == 0.9


def test_a_wrong_date_does_not_squeeze_the_rest() -> None:
    days = {DAY + i: (10, 1) for i in range(30)} | {
        date(1970, 1, 1).toordinal(): (2, 0),
        date(2098, 1, 1).toordinal(): (1, 0),
    }
    found = timeline(breaks(days), SITE)
    assert found
    assert (found["since"], found["days"], found["outside"]) == ("2026-01-01", 2, 3)


def test_without_dates_there_is_none() -> None:
    assert timeline(breaks({UNDATED: (50, 5)}), SITE) is None
    assert timeline(breaks({DAY: (50, 5)}), SITE) is None
    assert timeline(Breaks(), SITE) is None
    assert trend(None) is None


@given(st.dictionaries(st.integers(0, 2000), st.integers(1, 30), min_size=2, max_size=60), st.sampled_from([1, 2, 8]))
def test_every_document_is_in_a_period_or_outside(sizes: dict[int, int], step: int) -> None:
    found = timeline(breaks({DAY // step + day: (n, n // 2) for day, n in sizes.items()}, step), SITE)
    if found is None:
        return
    assert 2 <= len(found["periods"]) <= PERIODS
    assert sum(period[0] for period in found["periods"]) + found["outside"] == sum(sizes.values())
    assert found["outside"] <= 0.02 * sum(sizes.values())
    last = date.fromisoformat(found["since"]) + timedelta(days=found["days"] * len(found["periods"]))
    assert last.toordinal() >= DAY - step
