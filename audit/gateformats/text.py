"""Text: a line a check."""

from typing import TextIO

from audit.gate import Gate
from audit.holding import ORDER, Check
from audit.measures import Measure
from audit.visible import visible


def write(gate: Gate, stream: TextIO) -> None:
    """The outcome first, then what was broken or doubtful, then the rest; and suppressions that are stale."""
    drawn = "" if gate.population is None else f", a sample of {gate.population}"
    stream.write(f"Gate {gate.status}: {gate.documents} documents{drawn}, {len(gate.checks)} checks\n")
    for check in sorted(gate.checks, key=lambda check: ORDER.index(check.status)):
        stream.write(f"  {check.status:13}  {line_of(check)}\n")
    for one in gate.suppressed:
        about = f"{one.suppression.rule} ({visible(one.suppression.reason)})"
        stale = f"STALE, {one.stale}" if one.stale else f"{one.findings} findings"
        stream.write(f"  suppressed     {about}: {stale}\n")


def line_of(check: Check) -> str:
    """What was asked, what was found of how many, with its interval, and why it ended so; nothing hidden in it."""
    then = f"; baseline {baseline_of(check)}" if check.then else ""
    why = f"; {check.why}" if check.why else ""
    return visible(f"{check.name}: found {found_of(check)}{then}{why}")


def found_of(check: Check) -> str:
    """`12.5% (10 of 80, 95 % interval 6.9% to 21.5%)`, or the plain value."""
    return _said(check.found, check)


def baseline_of(check: Check) -> str:
    """The same of the baseline; empty where it has nothing to compare with."""
    return _said(check.then, check) if check.then else ""


def _said(one: Measure, check: Check) -> str:
    if one.value != one.value:
        return "nothing judged" if one.k is not None else "nothing known"
    show = "{:.1%}" if one.k is not None or check.condition.metric == "bad_words" else "{:.4g}"
    of = f"{one.k} of {one.n}" if one.k is not None else f"{one.n} documents"
    ends = [end for end in (one.low, one.high) if end is not None and end == end]
    interval = f", 95 % interval {' to '.join(map(show.format, ends))}" if ends else ""
    return f"{show.format(one.value)} ({of}{interval})"
