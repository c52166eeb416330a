"""Text: one line a finding, as grep and compilers write them."""

from typing import TextIO

from audit.formats import Row, documents
from audit.registry import format
from audit.table import Results
from audit.visible import visible


@format("text")
def write(results: Results, stream: TextIO) -> None:
    """One line a finding, `source:line: CODE name message “excerpt”`, and one for each document that was not read.

    Hidden characters are spelled out, so that nothing audited can steer a terminal or a CI log.
    """
    for document, findings in documents(results):
        source = _source(document)
        if document["verdict"] == "unread":
            stream.write(f"{source}: unread: {visible(document['reason'] or 'no reason is known')}\n")
        for finding in findings:
            stream.write(f"{source}:{_finding(finding)}\n")


def _source(document: Row) -> str:
    """Where the document lies; a CI system would take leading colons for a command to it."""
    source = visible(document["source"])
    return f"./{source}" if source.startswith("::") else source


def _finding(finding: Row) -> str:
    """`12: CH201 newsletter-prompt message “excerpt”`; an empty span has no excerpt."""
    excerpt = f" “{visible(finding['excerpt'])}”" if finding["excerpt"] else ""
    return f"{finding['line']}: {finding['rule']} {finding['name']} {visible(finding['message'])}{excerpt}"
