"""Results as tables and DataFrames, and how a finished audit is read."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from audit.errors import AuditError
from audit.finding import DOCUMENTS_FILE, EXAMPLES_FILE, FAMILIES, FINDINGS_FILE, SUMMARY_FILE, Audited

if TYPE_CHECKING:  # a worker has no use for it, and it is large
    import pandas as pd

_TEXT, _WHOLE, _NUMBER = pa.string(), pa.int64(), pa.float64()
DOCUMENTS = pa.schema(
    [pa.field("id", _TEXT), pa.field("source", _TEXT)]
    + [pa.field(name, _TEXT) for name in ("url", "site", "title", "lang")]
    + [pa.field(name, _WHOLE) for name in ("chars", "words", "lines")]
    + [pa.field(name, _NUMBER) for name in ("score", *FAMILIES)]
    + [pa.field("verdict", _TEXT), pa.field("flagged_share", _NUMBER), pa.field("findings", _WHOLE)]
    + [pa.field("sha256", _TEXT), pa.field("reason", _TEXT)]
)
FINDINGS = pa.schema(
    [pa.field(name, _TEXT) for name in ("id", "rule", "name", "family")]
    + [pa.field(name, _WHOLE) for name in ("start", "end", "line")]
    + [pa.field("confidence", _NUMBER), pa.field("severity", _TEXT), pa.field("removable", pa.bool_())]
    + [pa.field(name, _TEXT) for name in ("message", "excerpt", "evidence")]
)
KEY_BYTES = 16
KEYS = pa.schema([pa.field("key", pa.binary(KEY_BYTES))])  # null where nothing was judged
_OF_EVERY_SUMMARY = {"counts", "families", "rules", "tool"}
ROW_GROUP = 50_000
MOST_TEXT = (1 << 31) - 1  # bytes that a column of text holds, as its offsets have 32 bits
PARQUET = {"compression": "zstd"}


@dataclass(frozen=True, slots=True)
class Results:
    """A finished audit: `documents` and `findings` have the columns of `docs/results.md`, in this order.

    `summary` is the object in `summary.json`.
    """

    documents: "pd.DataFrame"
    findings: "pd.DataFrame"
    summary: dict[str, Any]


def document_rows(audited: Iterable[Audited]) -> pa.Table:
    """One row a document."""
    rows = [_document_row(a) for a in audited]
    return _table({name: [row[name] for row in rows] for name in DOCUMENTS.names}, DOCUMENTS)


def finding_rows(audited: Iterable[Audited]) -> pa.Table:
    """One row a finding."""
    found = [f for a in audited for f in a.findings]
    columns: dict[str, list[Any]] = {name: list(map(attrgetter(name), found)) for name in FINDINGS.names}
    columns["evidence"] = [
        json.dumps(e, ensure_ascii=False, sort_keys=True) if e else "{}" for e in columns["evidence"]
    ]
    return _table(columns, FINDINGS)


def key_rows(keys: Sequence[bytes | None]) -> pa.Table:
    """One row a document: its key, by which `audit.reuse` knows it again."""
    there = np.array([key is not None for key in keys], bool)
    data = pa.py_buffer(b"".join(key or bytes(KEY_BYTES) for key in keys))
    column = pa.Array.from_buffers(KEYS.field("key").type, len(keys), [_bits(there), data])
    return pa.Table.from_arrays([column], schema=KEYS)


def frames(audited: Sequence[Audited]) -> "tuple[pd.DataFrame, pd.DataFrame]":
    """Documents and findings as DataFrames."""
    return document_rows(audited).to_pandas(), finding_rows(audited).to_pandas()


def load_results(out: Path | str) -> Results:
    """The results in an output folder, all in memory: a row a document, a row a finding, and `summary.json`.

    Raises AuditError when there is no finished audit, or its files cannot be read.
    """
    return load_columns(out, DOCUMENTS.names, FINDINGS.names)


def load_columns(out: Path | str, documents: Sequence[str], findings: Sequence[str]) -> Results:
    """The same with these columns only; without columns of findings no finding is read.

    Raises AuditError when there is no finished audit, or its files cannot be read.
    """
    out = Path(out)
    summary = load_summary(out)
    try:
        known = pq.read_table(out / DOCUMENTS_FILE, columns=list(documents))
        found = pq.read_table(out / FINDINGS_FILE, columns=list(findings)) if findings else FINDINGS.empty_table()
    except (OSError, pa.ArrowException) as error:
        raise AuditError(f"the results in {out} cannot be read: {error}") from None
    return Results(known.to_pandas(), found.to_pandas(), summary)


def load_summary(out: Path) -> dict[str, Any]:
    """`summary.json` of an output folder. Raises AuditError when there is no finished audit."""
    try:
        summary: Any = json.loads((out / SUMMARY_FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise AuditError(f"{out} holds no finished audit: run `crawlaudit check PATH --out {out}` first") from None
    except (OSError, ValueError) as error:
        raise AuditError(f"{out / SUMMARY_FILE} cannot be read: {error}") from None
    if not isinstance(summary, dict) or not summary.keys() >= _OF_EVERY_SUMMARY:
        raise AuditError(f"{out / SUMMARY_FILE} is no summary of an audit")
    return dict(summary)


def load_examples(out: Path) -> list[dict[str, Any]]:
    """The documents that were kept with their texts; none for an audit of an older version. Raises AuditError."""
    try:
        with (out / EXAMPLES_FILE).open(encoding="utf-8") as lines:
            return [json.loads(line) for line in lines]
    except (FileNotFoundError, NotADirectoryError):
        return []
    except (OSError, ValueError) as error:
        raise AuditError(f"{out / EXAMPLES_FILE} cannot be read: {error}") from None


def load_beside(out: Path, name: str) -> dict[str, Any] | None:
    """What another command left beside these results, such as the gate; None when it was not run. Raises AuditError."""
    try:
        found: dict[str, Any] = json.loads((out / name).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise AuditError(f"{out / name} cannot be read: {error}") from None
    return found


def batches(out: Path, name: str, columns: Sequence[str]) -> "Iterator[pd.DataFrame]":
    """The rows of a table in pieces that fit in memory; nothing when there is no such table. Raises AuditError."""
    return (batch.to_pandas() for batch in record_batches(out, name, columns))


def record_batches(out: Path, name: str, columns: Sequence[str], *, rows: int = ROW_GROUP) -> Iterator[pa.RecordBatch]:
    """The same without pandas, which takes longer to import than a small crawl to audit. Raises AuditError."""
    place = out / name
    try:
        for part in sorted(place.iterdir()) if place.is_dir() else filter(Path.exists, [place]):
            with pq.ParquetFile(part) as file:
                yield from file.iter_batches(rows, columns=list(columns))
    except (OSError, pa.ArrowException) as error:
        raise AuditError(f"the results in {out} cannot be read: {error}") from None


def _table(columns: Mapping[str, Sequence[Any]], schema: pa.Schema) -> pa.Table:
    return pa.Table.from_arrays([_column(columns[f.name], f.type) for f in schema], schema=schema)


def _column(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    """Values and None as a column, made of buffers: to look at a list pyarrow imports pandas, in every worker."""
    there = np.array([value is not None for value in values], bool)
    known = None if there.all() else _bits(there)
    if kind == _TEXT:
        texts = [(value or "").encode() for value in values]
        ends = np.cumsum([0, *map(len, texts)], dtype=np.int64)
        if ends[-1] > MOST_TEXT:
            return pa.array(values, kind)  # which makes several arrays of them
        buffers = [pa.py_buffer(ends.astype(np.int32)), pa.py_buffer(b"".join(texts))]
    elif kind == pa.bool_():
        buffers = [_bits(np.array(values, bool))]
    else:
        numbers = [0 if value is None else value for value in values]
        buffers = [pa.py_buffer(np.array(numbers, np.int64 if kind == _WHOLE else np.float64))]
    return pa.Array.from_buffers(kind, len(values), [known, *buffers])


def _bits(flags: NDArray[np.bool_]) -> pa.Buffer:
    return pa.py_buffer(np.packbits(flags, bitorder="little"))


def _document_row(a: Audited) -> dict[str, Any]:
    row = {name: getattr(a, name) for name in DOCUMENTS.names if name not in (*FAMILIES, "findings", "verdict")}
    return row | dict(a.risks) | {"findings": len(a.findings), "verdict": a.verdict.value}
