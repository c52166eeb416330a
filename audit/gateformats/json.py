"""JSON: one object."""

from json import dumps
from math import isfinite
from typing import Any, TextIO

from audit.gate import Gate
from audit.measures import Measure
from audit.visible import json_safe


def write(gate: Gate, stream: TextIO) -> None:
    """Status, documents, checks and suppressions, every hidden character escaped."""
    stream.write(json_safe(dumps(as_data(gate), indent=1, ensure_ascii=False)) + "\n")


def as_data(gate: Gate) -> dict[str, Any]:
    """The gate as plain values."""
    checks = [
        {
            "name": check.name,
            "status": str(check.status),
            "why": check.why,
            "condition": check.condition.model_dump(mode="json"),
            "found": _measured(check.found, "group", "value", "k", "n"),
            "baseline": check.then and _measured(check.then, "value", "k", "n"),
            "low": _known(check.found.low),
            "high": _known(check.found.high),
        }
        for check in gate.checks
    ]
    suppressed = [
        {"suppression": s.suppression.model_dump(mode="json"), "findings": s.findings, "stale": s.stale}
        for s in gate.suppressed
    ]
    counts = {"documents": gate.documents, "population": gate.population}
    return {"status": str(gate.status), **counts, "checks": checks, "suppressed": suppressed}


def _measured(one: Measure, *keys: str) -> dict[str, Any]:
    return {key: _known(getattr(one, key)) for key in keys}


def _known(value: Any) -> Any:
    """JSON has no infinities."""
    return None if isinstance(value, float) and not isfinite(value) else value
