"""CSV: one row a finding, for a spreadsheet."""

import csv
from typing import Any, TextIO

from audit.formats import documents
from audit.registry import format
from audit.table import Results
from audit.visible import visible

DOCUMENT = ("id", "source", "url", "site", "title", "score", "verdict", "reason")
PLACE = ("rule", "name", "family", "line", "start", "end")
FINDING = (*PLACE, "confidence", "severity", "removable", "message", "excerpt")
# What a spreadsheet takes for the beginning of a formula, also in the full-width forms that East Asian editions accept
# (OWASP, "CSV Injection"), and what a CI system takes for a command to it. A leading apostrophe makes it text.
_ACTIVE = ("::", "=", "+", "-", "@", "＝", "＋", "－", "＠")


@format("csv")
def write(results: Results, stream: TextIO) -> None:
    """One row a finding, with its document's id, source, url, site, title, score, verdict and reason.

    A document without findings has one row with the finding's cells empty, so that every document is there and nothing
    is lost in silence; rows that have a `rule` are the findings. A text that a spreadsheet would take for a formula has
    an apostrophe before it; hidden characters are spelled out.
    """
    table = csv.writer(stream, lineterminator="\n")
    table.writerow(DOCUMENT + FINDING)
    for document, findings in documents(results):
        about = [_cell(document.get(column)) for column in DOCUMENT]
        for finding in findings or [{}]:
            table.writerow(about + [_cell(finding.get(column)) for column in FINDING])


def _cell(value: Any) -> object:
    """A value as a cell: texts made visible and harmless, truth as in JSON, numbers as they are, nothing for None."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return value
    dangerous = value.lstrip().startswith(_ACTIVE) or value.startswith(("\t", "\r", "\n"))
    return ("'" if dangerous else "") + visible(value)
