"""Text: a line a check."""

from typing import TextIO

from audit.gate import ORDER, Check, Gate
from audit.visible import visible


def write(gate: Gate, stream: TextIO) -> None:
    """The outcome first, then what was broken or doubtful, then the rest; and suppressions that are stale."""
    stream.write(f"Gate {gate.status}: {gate.documents} documents, {len(gate.checks)} checks\n")
    for check in sorted(gate.checks, key=lambda check: ORDER.index(check.status)):
        stream.write(f"  {check.status:13}  {line_of(check)}\n")
    for one in gate.suppressed:
        about = f"{one.suppression.rule} ({visible(one.suppression.reason)})"
        stale = f"STALE, {one.stale}" if one.stale else f"{one.findings} findings"
        stream.write(f"  suppressed     {about}: {stale}\n")


def line_of(check: Check) -> str:
    """What was asked, what was found of how many, with its interval, and why it ended so; nothing hidden in it."""
    why = f"; {check.why}" if check.why else ""
    return visible(f"{check.name}: found {found_of(check)}{why}")


def found_of(check: Check) -> str:
    """`12.5 % (10 of 80, 95 % interval 6.9-21.5 %)`, or the plain value."""
    one = check.found
    if one.k is None or check.low is None or check.high is None:
        return f"{one.value:.4g} ({one.n} documents)"
    if not one.n:
        return "nothing judged"
    return f"{one.value:.1%} ({one.k} of {one.n}, 95 % interval {check.low:.1%} to {check.high:.1%})"
