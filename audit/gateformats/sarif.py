"""SARIF 2.1.0: one result a broken condition, for code scanning."""

from importlib.metadata import version
from json import dumps
from typing import Any, TextIO

from audit.gate import Gate
from audit.gateformats.text import line_of
from audit.holding import Check, Status
from audit.visible import json_safe

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
MOST = 5000  # results that GitHub takes of a run


def write(gate: Gate, stream: TextIO) -> None:
    """One run with a rule for each metric that was asked for."""
    broken = (gate.of(Status.FAILED) + gate.of(Status.WARNED))[:MOST]
    metrics = sorted({check.condition.metric for check in gate.checks})
    driver = {
        "name": "crawlaudit",
        "version": version("crawlaudit"),
        "rules": [
            {"id": f"gate/{metric}", "shortDescription": {"text": f"The gate on {metric}"}} for metric in metrics
        ],
    }
    run = {"tool": {"driver": driver}, "results": [_result(check) for check in broken]}
    stream.write(json_safe(dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1)) + "\n")


def _result(check: Check) -> dict[str, Any]:
    place = {"artifactLocation": {"uri": "crawlaudit.toml"}, "region": {"startLine": 1}}
    return {
        "ruleId": f"gate/{check.condition.metric}",
        "level": "error" if check.status is Status.FAILED else "warning",
        "message": {"text": line_of(check)},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"condition/v1": check.name},
    }
