"""Markdown: a table of the checks, for a comment or a summary."""

import re
from typing import TextIO

from audit.gate import Gate
from audit.gateformats.text import baseline_of, found_of
from audit.holding import ORDER, Check
from audit.visible import clip

_SIGNS = re.compile(r"([\\`*_{}\[\]()#+!|<>~@&$:])")


def write(gate: Gate, stream: TextIO) -> None:
    """The outcome and a table, worst first."""
    stream.write(table(gate))


def table(gate: Gate, most: int = 1_000_000) -> str:
    """The table in at most `most` bytes of UTF-8; what does not fit is counted."""
    out = f"## crawlaudit gate: {gate.status}\n\n| status | condition | found | baseline | why |\n"
    out += "| --- | --- | --- | --- | --- |\n"
    rows = [_row(check) for status in ORDER for check in gate.of(status)]
    left = most - len(out) - 100
    for i, row in enumerate(rows):
        left -= len(row.encode())
        if left < 0:
            return f"{out}\n{len(rows) - i} more checks\n"
        out += row
    return out


def _row(check: Check) -> str:
    cells = (check.status, *map(safe, (check.name, found_of(check), baseline_of(check), check.why)))
    return f"| {' | '.join(cells)} |\n"


def safe(text: str) -> str:
    """Text in which nothing is markup."""
    return _SIGNS.sub(r"\\\1", clip(text, 300))
