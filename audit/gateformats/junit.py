"""JUnit XML, as Jenkins and GitLab read it: a test case a check; what is not certain is skipped."""

from typing import TextIO
from xml.sax.saxutils import escape, quoteattr

from audit.gate import Gate
from audit.gateformats.text import line_of
from audit.holding import Check, Status
from audit.visible import visible

_SKIPPED = (Status.INCONCLUSIVE, Status.NOT_EVALUATED)


def write(gate: Gate, stream: TextIO) -> None:
    """One test suite."""
    failed, skipped = len(gate.of(Status.FAILED)), len(gate.of(*_SKIPPED))
    counts = f'tests="{len(gate.checks)}" failures="{failed}" errors="0"'
    stream.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites {counts}>\n')
    stream.write(f'<testsuite name="crawlaudit gate" {counts} skipped="{skipped}" time="0">\n')
    for check in gate.checks:
        stream.write(_case(check))
    stream.write("</testsuite>\n</testsuites>\n")


def _case(check: Check) -> str:
    name, said = quoteattr(visible(check.name)), line_of(check)
    if check.status is Status.FAILED:
        inner = f'<failure message={quoteattr(said)} type="condition">{escape(said)}</failure>'
    elif check.status in _SKIPPED:
        inner = f"<skipped message={quoteattr(said)}/>"
    else:
        inner = f"<system-out>{escape(said)}</system-out>"
    return f'<testcase classname="crawlaudit.gate" name={name} time="0">{inner}</testcase>\n'
