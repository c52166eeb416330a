"""GitHub: annotations on stdout, and the step summary where `GITHUB_STEP_SUMMARY` names its file."""

import os
from pathlib import Path
from typing import TextIO

from audit.gate import Gate
from audit.gateformats import markdown
from audit.gateformats.text import line_of
from audit.holding import Status

MOST = 10  # annotations that GitHub shows of one kind and step
SUMMARY_BYTES = 60_000


def write(gate: Gate, stream: TextIO) -> None:
    """One workflow command for each failed or doubtful check, the failed ones first, at most ten."""
    broken = gate.of(Status.FAILED) + gate.of(Status.WARNED, Status.INCONCLUSIVE)
    for check in broken[:MOST]:
        kind = "error" if check.status is Status.FAILED else "warning"
        stream.write(f"::{kind} title=crawlaudit gate::{_escaped(line_of(check))}\n")
    stream.write(f"Gate {gate.status}: {len(broken)} of {len(gate.checks)} checks need a look\n")
    if place := os.environ.get("GITHUB_STEP_SUMMARY"):
        with Path(place).open("a", encoding="utf-8", newline="\n") as summary:
            summary.write(markdown.table(gate, SUMMARY_BYTES))


def _escaped(text: str) -> str:
    """As the toolkit of GitHub Actions escapes a command's data."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
