"""What the report tells of the gate: each condition and group, worst first."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from audit.shares import scale
from audit.visible import clip
from audit.wording import number, percent

SHOWN, CHARS = 200, 200
TONES = {"failed": "bad", "warned": "warn", "inconclusive": "warn", "not evaluated": "none", "passed": "ok"}


@dataclass(frozen=True, slots=True)
class Reach:
    """A rate with its interval against the limit; no limit where it is relative."""

    rate: float
    low: float
    high: float
    limit: float | None


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """A condition and its group, what was found of how many, and what follows."""

    name: str
    status: str
    tone: str
    found: str
    interval: str
    reach: Reach | None
    why: str


@dataclass(frozen=True, slots=True)
class Promises:
    """The gate's outcome: the checks that did not pass, and those that did; `more` of either are not shown.

    `scale` is where the axis of all charts ends.
    """

    status: str
    tone: str
    scale: float
    rows: tuple[PromiseRow, ...]
    passed: tuple[PromiseRow, ...]
    more: int
    suppressed: tuple[str, ...]


def promises(gate: Mapping[str, Any] | None) -> Promises | None:
    """What `gate.json` tells; None without one."""
    if gate is None:
        return None
    order = list(TONES)
    ranked = sorted(gate["checks"], key=lambda check: order.index(check["status"]))
    rows = tuple(_row(check) for check in ranked[:SHOWN])
    return Promises(
        status=gate["status"],
        tone=TONES[gate["status"]],
        scale=scale(end for row in rows if row.reach for end in (row.reach.high, row.reach.limit)),
        rows=tuple(row for row in rows if row.status != "passed"),
        passed=tuple(row for row in rows if row.status == "passed"),
        more=len(ranked) - len(rows),
        suppressed=tuple(_suppressed(row) for row in gate["suppressed"]),
    )


def _row(check: Mapping[str, Any]) -> PromiseRow:
    found, low, high = check["found"], check["low"], check["high"]
    if found["value"] is None:
        said, interval = "nothing judged", ""
    elif found["k"] is None:
        said, interval = number(found["value"]), ""
    else:
        said = f"{percent(found['value'])} ({number(found['k'])} of {number(found['n'])})"
        interval = f"{percent(low)} to {percent(high)}"
    name, why = clip(check["name"], CHARS), clip(check["why"], CHARS)
    return PromiseRow(name, check["status"], TONES[check["status"]], said, interval, _reach(check), why)


def _reach(check: Mapping[str, Any]) -> Reach | None:
    found, condition = check["found"], check["condition"]
    if found["value"] is None or found["k"] is None:
        return None
    limit = condition["limit"] if condition["mode"] in ("absolute", "new") else None
    return Reach(found["value"], check["low"], check["high"], limit)


def _suppressed(row: Mapping[str, Any]) -> str:
    one = row["suppression"]
    where = ", ".join(f"{key} {one[key]}" for key in ("site", "path", "url") if one[key])
    ended = f"stale: {row['stale']}" if row["stale"] else f"{row['findings']} findings"
    return clip(f"{one['rule']} on {where}: {one['reason']} ({ended})", CHARS)
