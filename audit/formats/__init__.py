"""Output formats of a finished audit, one file each, and what they share: where to write, documents with findings.

A format is a function `(results, stream)` decorated with `@format("name")`; its docstring says what a reader gets.
"""

from collections.abc import Iterator
from json import loads  # the name `json` is taken here by the format
from pathlib import Path
from typing import Any, TextIO

import numpy as np
import pandas as pd

from audit.errors import AuditError
from audit.registry import find_format
from audit.table import Results

CHUNK_DOCUMENTS = 10_000
Row = dict[str, Any]


def emit(results: Results, output: str, stdout: TextIO) -> Path | None:
    """Write the results as `FORMAT` to `stdout`, or as `FORMAT:PATH` to a file (UTF-8, LF), and return its path.

    Raises UsageError for an unknown format and AuditError when the file cannot be written.
    """
    name, _, place = output.partition(":")
    write = find_format(name).write
    if place in ("", "-"):
        write(results, stdout)
        return None
    try:
        with Path(place).open("w", encoding="utf-8", newline="") as stream:
            write(results, stream)
    except OSError as error:
        raise AuditError(f"cannot write {place}: {error.strerror}") from error
    return Path(place)


def documents(results: Results) -> Iterator[tuple[Row, list[Row]]]:
    """Each document and its findings as plain values, in the order of the documents and of the places in them.

    A missing value is None. Rows are made a chunk at a time: memory does not grow with the results.
    """
    places = pd.Series(np.arange(len(results.documents)), index=results.documents["id"])
    owners = results.findings["id"].map(places).to_numpy(dtype="int64")
    order = np.lexsort((results.findings["end"].to_numpy(), results.findings["start"].to_numpy(), owners))
    found, owners = results.findings.iloc[order], owners[order]
    for first in range(0, len(results.documents), CHUNK_DOCUMENTS):
        chunk = results.documents.iloc[first : first + CHUNK_DOCUMENTS]
        bounds = np.searchsorted(owners, np.arange(first, first + len(chunk) + 1))
        findings = [_parsed(row) for row in _rows(found.iloc[bounds[0] : bounds[-1]])]
        for row, low, high in zip(_rows(chunk), bounds - bounds[0], bounds[1:] - bounds[0], strict=False):
            yield row, findings[low:high]


def _rows(frame: pd.DataFrame) -> list[Row]:
    """The rows of a frame as dicts of Python values, None for every kind of missing."""
    plain = frame.astype(object)
    return [{str(k): v for k, v in row.items()} for row in plain.where(plain.notna(), None).to_dict("records")]


def _parsed(finding: Row) -> Row:
    """A finding whose evidence, JSON text in the table, is an object."""
    evidence = finding["evidence"]
    return finding | {"evidence": loads(evidence) if isinstance(evidence, str) else evidence}
