"""How a measure is held to a condition, and how sure what follows from it is.

The whole crawl is known, so that its value decides. Of a sample the ends of the 95 % interval do: over the limit with
both it fails, under it with both it passes, and between them it is inconclusive.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import sqrt

from audit.conditions import Condition
from audit.intervals import beyond, difference, discoveries, increase, tail
from audit.measures import ALL, SMALL, Measure

EFFECT, EFFECT_OF_SCORES = 0.02, 2.0  # a group this little over its limit is no news, however sure


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
    """A condition and a group: what was found, and what follows.

    `then` is what the baseline has of both, None where that is not known or cannot be compared. `over` is by how much
    the value is worse than the limit, or than the baseline's; `chance` how probably a group that is not worse looks so,
    None where that is no question of chance.
    """

    condition: Condition
    found: Measure
    status: Status
    why: str = ""
    over: float = 0.0
    chance: float | None = None
    then: Measure | None = None

    @property
    def name(self) -> str:
        """The condition and its group in words."""
        return self.condition.title + ("" if self.found.group == ALL else f": {self.found.group}")


def absolute(condition: Condition, one: Measure, *, sampled: bool = False) -> Check:
    """Held to the limit itself."""
    if why := _unknown(condition, one):
        return Check(condition, one, Status.NOT_EVALUATED, why)
    limit, why = condition.limit, ""
    if one.group == SMALL:
        why = f"the groups of fewer than {condition.min_n} documents together"
    return _decided(condition, one, limit, why, sampled, _chance(condition, one, limit))


def compared(condition: Condition, one: Measure, then: Measure | None, *, sampled: bool = False) -> Check:
    """Held to a baseline's measure of the same group."""
    why = "the baseline does not know it" if then is None else _unknown(condition, one)
    if then is None or why:
        return Check(condition, one, Status.NOT_EVALUATED, why)
    sign, allowed = -1 if condition.wants_more else 1, max(condition.limit, condition.relative * abs(then.value))
    limit = then.value + sign * allowed
    if condition.mode == "ratchet":
        return _decided(condition, one, limit, "", sampled, None)
    check = _decided(condition, one, limit, "", False, _chance(condition, one, then.value, then))
    if check.over > 0 and not _differs(condition, one, then):
        check = replace(check, status=Status.INCONCLUSIVE, why="the difference from the baseline can be chance")
    return replace(check, over=sign * (one.value - then.value))


def among_many(checks: Sequence[Check]) -> list[Check]:
    """Of many groups some are over a limit by chance: what their number explains is inconclusive."""
    tested = [c for c in checks if c.chance is not None]
    if len(tested) < 2:
        return list(checks)
    real = discoveries([c.chance or 0.0 for c in tested])
    sure = {c.found.group for c, real in zip(tested, real, strict=True) if real and c.over >= _effect(c.condition)}
    return [c if c.chance is None or c.found.group in sure else _doubted(c) for c in checks]


def _doubted(check: Check) -> Check:
    if check.status not in (Status.FAILED, Status.WARNED):
        return check
    why = "so far over the limit can be chance, among so many groups"
    return replace(check, status=Status.INCONCLUSIVE, why="; ".join(filter(None, (check.why, why))))


def _unknown(condition: Condition, one: Measure) -> str:
    """Why nothing can be said of a group; empty when something can."""
    if condition.metric == "documents":
        return "" if one.value == one.value else "a sample does not tell how many documents there are"
    return f"{one.n} documents, fewer than {condition.min_n}" if one.n < condition.min_n else ""


def _decided(condition: Condition, one: Measure, limit: float, why: str, sampled: bool, chance: float | None) -> Check:
    sign = -1 if condition.wants_more else 1
    over = sign * (one.value - limit)
    if sampled and one.low is not None and one.high is not None:
        least, most = sorted((sign * (one.low - limit), sign * (one.high - limit)))
    else:
        least = most = over
    broken = Status.FAILED if condition.level == "fail" else Status.WARNED
    status = broken if least > 0 else Status.PASSED if most <= 0 else Status.INCONCLUSIVE
    if status is Status.INCONCLUSIVE:
        why = "; ".join(filter(None, (why, "the sample is too small to tell")))
    return Check(condition, one, status, why, over, chance)


def _chance(condition: Condition, one: Measure, limit: float, then: Measure | None = None) -> float | None:
    """How probably the value is so bad where the group is no worse than the limit, or than it was."""
    if one.k is not None:
        before = then and then.k is not None and (then.k, then.n)
        return increase(one.k, one.n, *before) if before else tail(one.k, one.n, limit)
    over, reach = limit - one.value if condition.wants_more else one.value - limit, _reach(one, then)
    return None if reach is None else beyond(over, reach)


def _differs(condition: Condition, one: Measure, then: Measure) -> bool:
    """Whether the interval of the difference from a baseline excludes none."""
    if one.k is not None and then.k is not None:
        return difference(one.k, one.n, then.k, then.n)[0] > 0
    reach = _reach(one, then)
    return reach is None or abs(one.value - then.value) > reach


def _reach(one: Measure, then: Measure | None) -> float | None:
    """Half of the 95 % interval of a value, or of its difference from one before, taken to be spread alike."""
    if one.low is None or one.high is None:
        return None
    return (one.high - one.low) / 2 * sqrt(1 + (one.n / max(1, then.n) if then else 0))


def _effect(condition: Condition) -> float:
    return EFFECT_OF_SCORES if condition.metric in ("score", "score_p10") else EFFECT
