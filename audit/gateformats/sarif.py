"""SARIF 2.1.0 for code scanning: a result a broken condition, and the findings in files of the repository."""

from collections.abc import Iterator
from importlib.metadata import version
from json import dumps
from typing import Any, TextIO
from urllib.parse import quote

from audit.gate import Gate
from audit.gateformats.text import line_of
from audit.holding import Check, Status
from audit.registry import rules
from audit.spots import MOST, Spot
from audit.visible import clip, json_safe

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
CHARS = 1000  # of a message
LEVELS = {"error": "error", "warning": "warning"}


def write(gate: Gate, stream: TextIO) -> None:
    """One run with a rule for each metric that was asked for and for each rule that found something."""
    broken = gate.of(Status.FAILED, Status.WARNED)
    results = [*map(_broken, broken), *map(_found, gate.spots)][:MOST]
    used = {result["ruleId"] for result in results}
    driver = {"name": "crawlaudit", "version": version("crawlaudit"), "rules": [*_rules(gate, used)]}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    stream.write(json_safe(dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1)) + "\n")


def _rules(gate: Gate, used: set[str]) -> Iterator[dict[str, Any]]:
    for metric in sorted({check.condition.metric for check in gate.checks}):
        yield {"id": f"gate/{metric}", "shortDescription": {"text": f"The gate on {metric}"}}
    for code, rule in rules().items():
        if code in used:
            yield {"id": code, "name": rule.name, "shortDescription": {"text": rule.title}}


def _broken(check: Check) -> dict[str, Any]:
    level = "error" if check.status is Status.FAILED else "warning"
    told = _result(f"gate/{check.condition.metric}", level, line_of(check), "crawlaudit.toml", 1)
    return told | {"partialFingerprints": {"condition/v1": clip(check.name, CHARS)}}


def _found(spot: Spot) -> dict[str, Any]:
    return _result(spot.rule, LEVELS.get(spot.severity, "note"), spot.message, spot.file, spot.line)


def _result(rule: str, level: str, message: str, file: str, line: int) -> dict[str, Any]:
    place = {"artifactLocation": {"uri": quote(file)}, "region": {"startLine": line}}
    locations = [{"physicalLocation": place}]
    return {"ruleId": rule, "level": level, "message": {"text": clip(message, CHARS)}, "locations": locations}
