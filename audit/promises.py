"""What the report tells of the gate: each condition and group, worst first."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from audit.visible import clip
from audit.wording import number, percent

SHOWN, CHARS = 200, 200
TONES = {"failed": "bad", "warned": "warn", "inconclusive": "warn", "not evaluated": "none", "passed": "ok"}


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """A condition and its group, what was found of how many, and what follows."""

    name: str
    status: str
    tone: str
    found: str
    interval: str
    why: str


@dataclass(frozen=True, slots=True)
class Promises:
    """The gate's outcome; `more` checks are not shown."""

    status: str
    tone: str
    rows: tuple[PromiseRow, ...]
    more: int
    suppressed: tuple[str, ...]


def promises(gate: Mapping[str, Any] | None) -> Promises | None:
    """What `gate.json` tells; None without one."""
    if gate is None:
        return None
    order = list(TONES)
    ranked = sorted(gate["checks"], key=lambda check: order.index(check["status"]))
    rows = tuple(_row(check) for check in ranked[:SHOWN])
    suppressed = tuple(_suppressed(row) for row in gate["suppressed"])
    return Promises(gate["status"], TONES[gate["status"]], rows, max(0, len(ranked) - SHOWN), suppressed)


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
    return PromiseRow(name, check["status"], TONES[check["status"]], said, interval, why)


def _suppressed(row: Mapping[str, Any]) -> str:
    one = row["suppression"]
    where = ", ".join(f"{key} {one[key]}" for key in ("site", "path", "url") if one[key])
    ended = f"stale: {row['stale']}" if row["stale"] else f"{row['findings']} findings"
    return clip(f"{one['rule']} on {where}: {one['reason']} ({ended})", CHARS)
