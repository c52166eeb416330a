"""JSON Lines: one document a line, with its findings."""

import json
from typing import TextIO

from audit.formats import documents
from audit.registry import format
from audit.table import Results
from audit.visible import json_safe


@format("jsonl")
def write(results: Results, stream: TextIO) -> None:
    """One JSON object a document and line; its `findings` are a list of objects instead of their number."""
    for document, findings in documents(results):
        stream.write(json_safe(json.dumps(document | {"findings": findings}, ensure_ascii=False)) + "\n")
