"""What the report tells of the gate: each condition and group, worst first."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from audit.conditions import LEVELS_OF_TEXT
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
    """A condition and its group, what was found of how many, what the baseline has of it, and what follows."""

    name: str
    status: str
    tone: str
    found: str
    baseline: str
    interval: str
    reach: Reach | None
    why: str


@dataclass(frozen=True, slots=True)
class Promises:
    """The gate's outcome: the checks that did not pass, and those that did; `more` of either are not shown.

    `scale` is where the axis of all charts ends, and `compared` whether there is a baseline to compare with.
    """

    status: str
    tone: str
    scale: float
    compared: bool
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
        compared=any(row.baseline for row in rows),
        rows=tuple(row for row in rows if row.status != "passed"),
        passed=tuple(row for row in rows if row.status == "passed"),
        more=len(ranked) - len(rows),
        suppressed=tuple(_suppressed(row) for row in gate["suppressed"]),
    )


def _row(check: Mapping[str, Any]) -> PromiseRow:
    found, then = check["found"], check.get("baseline")  # which audits of earlier versions have not
    show = _shown_as(check["condition"]["metric"])
    ends = [show(end) for end in (check["low"], check["high"]) if end is not None and found["value"] is not None]
    return PromiseRow(
        name=clip(check["name"], CHARS),
        status=check["status"],
        tone=TONES[check["status"]],
        found=_said(found, show),
        baseline=_said(then, show) if then else "",
        interval=" to ".join(ends),
        reach=_reach(check),
        why=clip(check["why"], CHARS),
    )


def _said(one: Mapping[str, Any], show: Callable[[float], str]) -> str:
    if one["value"] is None:
        return "nothing judged"
    return show(one["value"]) + (f" ({number(one['k'])} of {number(one['n'])})" if one["k"] is not None else "")


def _shown_as(metric: str) -> Callable[[float], str]:
    """Numbers of documents are whole, scores have a decimal, and all else are shares."""
    if metric == "documents":
        return lambda value: number(int(value))
    return number if metric in LEVELS_OF_TEXT else percent


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
