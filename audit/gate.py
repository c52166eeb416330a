"""`crawlaudit gate`: may this crawl go in? Every condition for every group it is about, with how sure that is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from audit.baseline import Baseline, find, versions
from audit.conditions import DEFAULT, Condition, Suppression
from audit.errors import AuditError, UsageError
from audit.holding import Check, Status, absolute, among_many, compared
from audit.measures import Measures, Suppressed
from audit.spots import Spot
from audit.table import Results

NOT_COMPARABLE = "not comparable: the baseline is of other rules, models or settings"


@dataclass(frozen=True, slots=True)
class Gate:
    """What the gate found.

    `population` is the number of documents that a sample was drawn from, None for a crawl; `spots` are findings in
    files of the repository.
    """

    checks: tuple[Check, ...]
    suppressed: tuple[Suppressed, ...]
    documents: int
    population: int | None = None
    spots: tuple[Spot, ...] = ()

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
        checks += among_many(list(_checks(condition, measures, results, baseline, before)))
    return Gate(tuple(checks), tuple(measures.suppressed), len(results.documents), measures.population)


def _checks(
    condition: Condition, measures: Measures, results: Results, baseline: Baseline | None, before: Results | None
) -> Iterator[Check]:
    sampled, with_baseline = measures.population is not None, condition.mode in ("regression", "ratchet")
    if with_baseline and baseline is None:
        raise UsageError(f"condition “{condition.title}” needs a baseline: --baseline FILE")
    if condition.mode == "new" and before is None:
        raise UsageError(f"condition “{condition.title}” needs an earlier audit: --before DIR")
    among = _new(results, before) if condition.mode == "new" and before else None
    found = measures.of(condition, among)
    if not found and among is None:
        raise UsageError(f"condition “{condition.title}” matches nothing in this audit")
    known = baseline if baseline and baseline["made_by"] == versions(results.summary) else None
    for one in found:
        then = find(known, condition, one.group) if known and among is None else None  # it has all, not the new ones
        if not with_baseline:
            check = absolute(condition, one, sampled=sampled)
        elif known:
            check = compared(condition, one, then, sampled=sampled)
        else:
            check = Check(condition, one, Status.NOT_EVALUATED, NOT_COMPARABLE)
        yield replace(check, then=then)


def _new(results: Results, before: Results) -> pd.Series:
    """Which documents an earlier audit had neither by their text nor by their address."""
    now, then = results.documents, before.documents
    return ~now["sha256"].isin(then["sha256"].dropna()) & ~now["url"].isin(then["url"].dropna())
