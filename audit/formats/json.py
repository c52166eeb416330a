"""JSON: the whole audit in one object."""

import json
from typing import TextIO

from audit.formats import documents
from audit.registry import format
from audit.table import Results
from audit.visible import json_safe


@format("json")
def write(results: Results, stream: TextIO) -> None:
    """One JSON object: the `summary`, and `documents` each with its list of `findings`, one document a line."""
    stream.write(f'{{"summary": {json_safe(json.dumps(results.summary, ensure_ascii=False))},\n"documents": [')
    for number, (document, findings) in enumerate(documents(results)):
        row = json_safe(json.dumps(document | {"findings": findings}, ensure_ascii=False))
        stream.write((",\n" if number else "\n") + row)
    stream.write("\n]}\n")
