"""GitLab code quality: a JSON list of issues, one a broken condition."""

from hashlib import sha256
from json import dumps
from typing import TextIO

from audit.gate import Gate
from audit.gateformats.text import line_of
from audit.holding import Check, Status
from audit.visible import json_safe


def write(gate: Gate, stream: TextIO) -> None:
    """The issues, with fingerprints that stay the same from run to run."""
    issues = [
        {
            "description": line_of(check),
            "check_name": f"gate/{check.condition.metric}",
            "fingerprint": _fingerprint(check),
            "severity": "critical" if check.status is Status.FAILED else "minor",
            "location": {"path": "crawlaudit.toml", "lines": {"begin": 1}},
        }
        for check in gate.of(Status.FAILED) + gate.of(Status.WARNED)
    ]
    stream.write(json_safe(dumps(issues, indent=1, ensure_ascii=False)) + "\n")


def _fingerprint(check: Check) -> str:
    asked = check.condition.model_dump_json(exclude={"limit", "relative", "min_n"})  # the same when a limit is moved
    return sha256(f"{asked} {check.found.group}".encode("utf-8", "replace")).hexdigest()
