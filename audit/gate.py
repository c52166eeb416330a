"""`crawlaudit gate`: may this crawl go in? Every condition for every group it is about, with how sure that is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

import pandas as pd

from audit.baseline import Baseline, find, versions
from audit.conditions import DEFAULT, Condition, Suppression
from audit.errors import AuditError, UsageError
from audit.intervals import difference, discoveries, tail, wilson
from audit.measures import ALL, SMALL, Measure, Measures, Suppressed
from audit.table import Results

EFFECT = 0.02  # a site this little over its limit is no news, however sure


class Status(StrEnum):
    """How a condition ended for a group."""

    PASSED = "passed"
    WARNED = "warned"
    FAILED = "failed"
    INCONCLUSIVE = "inconclusive"
    NOT_EVALUATED = "not evaluated"


ORDER = (Status.FAILED, Status.WARNED, Status.INCONCLUSIVE, Status.NOT_EVALUATED, Status.PASSED)  # worst first


@dataclass(frozen=True, slots=True)
class Check:
    """A condition and a group: what was found, its 95 % interval if it is a rate, and what follows."""

    condition: Condition
    found: Measure
    low: float | None
    high: float | None
    status: Status
    why: str

    @property
    def name(self) -> str:
        """The condition and its group in words."""
        return self.condition.title + ("" if self.found.group == ALL else f": {self.found.group}")


@dataclass(frozen=True, slots=True)
class Gate:
    """What the gate found."""

    checks: tuple[Check, ...]
    suppressed: tuple[Suppressed, ...]
    documents: int

    @property
    def status(self) -> Status:
        """The worst of what counts: failed, passed, or warned, also when something or all is not certain."""
        seen = {check.status for check in self.checks}
        if Status.FAILED in seen:
            return Status.FAILED
        doubtful = seen & {Status.WARNED, Status.INCONCLUSIVE} or Status.PASSED not in seen
        return Status.WARNED if doubtful else Status.PASSED

    def of(self, *wanted: Status) -> list[Check]:
        """The checks that ended so."""
        return [check for check in self.checks if check.status in wanted]


def judge(
    results: Results,
    conditions: Sequence[Condition] = (),
    suppressions: Sequence[Suppression] = (),
    *,
    baseline: Baseline | None = None,
    before: Results | None = None,
    today: date | None = None,
) -> Gate:
    """Hold results to conditions, the default ones when there are none.

    `baseline` is needed by regression and ratchet, `before`, an earlier audit, by new. Raises AuditError when the
    crawl is empty or nothing of it was judged, UsageError for a condition that wants what is not there.
    """
    if not (results.documents["verdict"] != "unread").any():
        raise AuditError("nothing to judge: no document of this audit could be read")
    measures = Measures(results, suppressions, today)
    checks: list[Check] = []
    for condition in conditions or DEFAULT:
        checks += _checks(condition, measures, results, baseline, before)
    return Gate(tuple(checks), tuple(measures.suppressed), len(results.documents))


def _checks(
    condition: Condition, measures: Measures, results: Results, baseline: Baseline | None, before: Results | None
) -> Iterator[Check]:
    if condition.mode in ("regression", "ratchet") and baseline is None:
        raise UsageError(f"condition “{condition.title}” needs a baseline: --baseline FILE")
    if condition.mode == "new" and before is None:
        raise UsageError(f"condition “{condition.title}” needs an earlier audit: --before DIR")
    among = _new(results, before) if condition.mode == "new" and before else None
    found = measures.of(condition, among)
    if not found and among is None:
        raise UsageError(f"condition “{condition.title}” matches nothing in this audit")
    if baseline is not None and condition.mode in ("regression", "ratchet"):
        comparable = baseline["made_by"] == versions(results.summary)
        yield from (_compared(condition, one, baseline, comparable) for one in found)
    else:
        yield from _many([_absolute(condition, one) for one in found])


def _new(results: Results, before: Results) -> pd.Series:
    """Which documents an earlier audit had neither by their text nor by their address."""
    now, then = results.documents, before.documents
    return ~now["sha256"].isin(then["sha256"].dropna()) & ~now["url"].isin(then["url"].dropna())


def _absolute(condition: Condition, one: Measure) -> Check:
    low, high = wilson(one.k, one.n) if one.k is not None else (None, None)
    if one.n < condition.min_n and condition.metric != "documents":
        return _check(
            condition, one, low, high, Status.NOT_EVALUATED, f"{one.n} documents, fewer than {condition.min_n}"
        )
    broken = one.value < condition.limit if condition.wants_more else one.value > condition.limit
    return _check(condition, one, low, high, _broken(condition) if broken else Status.PASSED, "")


def _many(checks: list[Check]) -> list[Check]:
    """Of many groups some are over a limit by chance: what their number explains is inconclusive."""
    rates = [c for c in checks if c.status in (Status.FAILED, Status.WARNED) and c.found.k is not None]
    tested = [c for c in checks if c.found.k is not None and c.status is not Status.NOT_EVALUATED]
    if len(tested) < 2:
        return checks
    chances = [tail(c.found.k or 0, c.found.n, c.condition.limit) for c in tested]
    sure = {c.found.group for c, real in zip(tested, discoveries(chances), strict=True) if real}
    return [
        replace(c, status=Status.INCONCLUSIVE, why="so far over the limit can be chance, among so many groups")
        if c in rates and (c.found.group not in sure or c.found.value - c.condition.limit < EFFECT)
        else c
        for c in checks
    ]


def _compared(condition: Condition, one: Measure, baseline: Baseline, comparable: bool) -> Check:
    low, high = wilson(one.k, one.n) if one.k is not None else (None, None)
    then = find(baseline, condition, one.group)
    if one.n < condition.min_n or then is None or not comparable:
        why = "not comparable: the baseline is of other rules, models or settings" if then and not comparable else ""
        why = why or ("the baseline does not know it" if then is None else f"fewer documents than {condition.min_n}")
        return _check(condition, one, low, high, Status.NOT_EVALUATED, why)
    worse = (then.value - one.value) if condition.wants_more else (one.value - then.value)
    why = f"the baseline has {then.value:.4g}"
    if worse <= condition.limit:
        return _check(condition, one, low, high, Status.PASSED, why)
    tested = condition.mode == "regression" and one.k is not None and then.k is not None
    if tested and difference(one.k or 0, one.n, then.k or 0, then.n)[0] <= 0:
        return _check(condition, one, low, high, Status.INCONCLUSIVE, f"{why}; the difference can be chance")
    return _check(condition, one, low, high, _broken(condition), why)


def _broken(condition: Condition) -> Status:
    return Status.FAILED if condition.level == "fail" else Status.WARNED


def _check(
    condition: Condition, one: Measure, low: float | None, high: float | None, status: Status, why: str
) -> Check:
    if one.group == SMALL and not why:
        why = f"the groups of fewer than {condition.min_n} documents together"
    return Check(condition, one, low, high, status, why)
