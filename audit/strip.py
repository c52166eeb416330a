"""The strip list: lines that a site repeats on its documents, for scripts and extractors to take out.

A `.json` file holds an object a line with its site, evidence and an XPath expression, which trafilatura takes as
`trafilatura.extract(html, prune_xpath=[...])`; any other file is plain text, one line an entry.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from audit.templates import write
from audit.visible import json_safe, visible


def write_strip_list(summary: Mapping[str, Any], place: Path) -> Path:
    """Write the strip list of a finished audit. Raises AuditError when the file cannot be written.

    Lines with hidden characters, which a terminal may obey, stand in the JSON only, as escapes and without XPath.
    """
    rows: Sequence[Mapping[str, Any]] = summary.get("strip_list", ())
    if place.suffix.lower() == ".json":
        entries = [{**row, "xpath": xpath(row["line"])} for row in rows]
        return write(json_safe(json.dumps(entries, ensure_ascii=False, indent=1)) + "\n", place)
    lines = dict.fromkeys(row["line"] for row in rows if row["line"] == visible(row["line"]))
    return write("".join(f"{line}\n" for line in lines), place)


def xpath(line: str) -> str | None:
    r"""The elements that hold a line and nothing else; None for a line that XPath cannot hold.

    >>> xpath("Don't miss it")
    '//body//*[normalize-space(.)="Don\'t miss it"]'
    """
    if line != visible(line):
        return None
    return f"//body//*[normalize-space(.)={_literal(' '.join(line.split()))}]"


def _literal(text: str) -> str:
    """XPath has no escapes: a text with both quotes is put together from parts."""
    if '"' not in text:
        return f'"{text}"'
    if "'" not in text:
        return f"'{text}'"
    parts = ", '\"', ".join(f'"{part}"' for part in text.split('"'))
    return f"concat({parts})"
