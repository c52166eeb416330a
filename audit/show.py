"""One document of a finished audit with its text: kept with the results, or read again from where it was read."""

import json
import re
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from audit.document import Document
from audit.errors import AuditError
from audit.finding import DOCUMENTS_FILE, FAMILIES, FINDINGS_FILE
from audit.inputs import plan, read_unit
from audit.records import ReadOptions
from audit.specimens import parts
from audit.table import batches, load_examples, load_summary
from audit.views import DocumentView, view

_DOCUMENT = ("id", "source", "url", "site", "title", "lang", "chars", "score", "verdict", "sha256", "reason", *FAMILIES)
_FINDING = (
    *("id", "rule", "name", "family", "start", "end", "line", "confidence"),
    *("severity", "removable", "message", "evidence"),
)


def find(out: Path, name: str) -> DocumentView:
    """The document of this id. Raises AuditError when there is none, or its text is not to be had any more."""
    summary = load_summary(out)
    kept = next((row for row in load_examples(out) if row["id"] == name), None)
    if kept:
        return view(kept)
    row = next(iter(_rows(out, DOCUMENTS_FILE, _DOCUMENT, name)), None)
    if row is None:
        raise AuditError(f"no document of {out} has the id {name!r}; `documents.parquet` lists them")
    if row["verdict"] == "unread":
        raise AuditError(f"{name!r} was not read: {row['reason']}")
    found = [f | {"evidence": json.loads(f["evidence"])} for f in _rows(out, FINDINGS_FILE, _FINDING, name)]
    text = _read_again(row, summary["configuration"])
    return view(row | {"risks": {f: row[f] for f in FAMILIES}, "parts": parts(text), "findings": found})


def _rows(out: Path, file: str, columns: tuple[str, ...], name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for batch in batches(out, file, columns):
        own = batch[batch["id"] == name]
        found += [
            {str(k): v for k, v in r.items()} for r in own.astype(object).where(own.notna(), None).to_dict("records")
        ]
    return found


def _read_again(row: Mapping[str, Any], configuration: Mapping[str, Any]) -> str:
    """The text at the document's source, when it is still the one that was judged."""
    source = row["source"]
    file = source if Path(source).exists() else re.sub(r"[:#]\d+$", "", source)
    if not Path(file).exists():
        raise AuditError(
            f"the text of {row['id']!r} was not kept with the results, and its source {file} does not exist"
        )
    options = ReadOptions(configuration["fields"], configuration["max_bytes"], configuration["encoding"])
    for document in (one for unit in plan([file]).units for one in read_unit(unit, options)):
        if isinstance(document, Document) and document.source == source and _digest(document.text) == row["sha256"]:
            return document.text
    raise AuditError(f"the text of {row['id']!r} was not kept with the results, and {file} has changed since the audit")


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "replace")).hexdigest()
