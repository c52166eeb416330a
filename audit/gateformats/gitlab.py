"""GitLab code quality: a JSON list of issues, one a broken condition."""

from hashlib import sha256
from json import dumps
from typing import TextIO

from audit.gate import Gate
from audit.gateformats.text import line_of
from audit.holding import Status
from audit.visible import json_safe


def write(gate: Gate, stream: TextIO) -> None:
    """The issues, with fingerprints that stay the same from run to run."""
    issues = [
        {
            "description": line_of(check),
            "check_name": f"gate/{check.condition.metric}",
            "fingerprint": sha256(check.name.encode("utf-8", "replace")).hexdigest(),
            "severity": "critical" if check.status is Status.FAILED else "minor",
            "location": {"path": "crawlaudit.toml", "lines": {"begin": 1}},
        }
        for check in gate.of(Status.FAILED) + gate.of(Status.WARNED)
    ]
    stream.write(json_safe(dumps(issues, indent=1, ensure_ascii=False)) + "\n")
