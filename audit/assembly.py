"""From the parts of a run to its results: put together beside them, then put in place, which may be done again.

A small audit gets single files. The tables of a large one become folders, with their parts as they are.
"""

import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq

from audit import table
from audit.finding import DOCUMENTS_FILE, EXAMPLES_FILE, FINDINGS_FILE, GATE_FILE, KEYS_FILE, SUMMARY_FILE
from audit.parts import DOCUMENTS, FINDINGS, KEYS, Parts
from audit.table import PARQUET, ROW_GROUP

FOLDER_DOCUMENTS = 2_000_000  # from so many documents on tables are folders
READY = "ready"
TABLES = (
    (DOCUMENTS, DOCUMENTS_FILE, table.DOCUMENTS),
    (FINDINGS, FINDINGS_FILE, table.FINDINGS),
    (KEYS, KEYS_FILE, table.KEYS),
)


def is_ready(parts: Parts) -> bool:
    """Whether the results are put together and only have to be put in place."""
    return (parts.folder / READY).exists()


def assemble(parts: Parts, summary: Mapping[str, Any], examples: Iterable[Mapping[str, Any]]) -> None:
    """Put the results together. `examples` are documents with their texts, one JSON line each."""
    place = parts.folder / f"{uuid4().hex}.{READY}"
    place.mkdir()
    lines = "".join(json.dumps(row, sort_keys=True) + "\n" for row in examples)  # ASCII: a text may hold surrogates
    (place / EXAMPLES_FILE).write_text(lines, encoding="ascii", newline="\n")
    told = json.dumps(summary, ensure_ascii=False, indent=1) + "\n"
    (place / SUMMARY_FILE).write_text(told, encoding="utf-8")
    if not _is_large(summary):
        for kind, name, schema in TABLES:
            _join(parts.folder / kind, place / name, schema)
    place.replace(parts.folder / READY)


def publish(parts: Parts, out: Path) -> dict[str, Any]:
    """Put the results in place of earlier ones, and forget the run. Returns the summary.

    Killed on the way it leaves no `summary.json`, and so no finished audit, until it is done again.
    """
    place = parts.folder / READY
    if not (place / SUMMARY_FILE).exists():  # killed just before the end
        place = out
    summary: dict[str, Any] = json.loads((place / SUMMARY_FILE).read_text(encoding="utf-8"))
    if place != out:
        for kind, name, _ in TABLES if _is_large(summary) else ():
            if (parts.folder / kind).exists():
                (parts.folder / kind).replace(place / name)
        for name in (SUMMARY_FILE, GATE_FILE):  # what the gate said was of other results
            (out / name).unlink(missing_ok=True)
        for name in (EXAMPLES_FILE, *(name for _, name, _ in TABLES), SUMMARY_FILE):
            _move(place / name, out / name)
    parts.remove()
    return summary


def _is_large(summary: Mapping[str, Any]) -> bool:
    return bool(summary["counts"]["seen"] > FOLDER_DOCUMENTS)


def _move(source: Path, target: Path) -> None:
    if source.exists():
        if target.is_dir():
            shutil.rmtree(target)
        source.replace(target)


def _join(folder: Path, target: Path, schema: pa.Schema) -> None:
    """One file of all parts, the same however the rows were spread over them."""
    with pq.ParquetWriter(target, schema, **PARQUET) as writer:
        for rows in _regrouped(pq.ParquetFile(file).read() for file in sorted(folder.iterdir())):
            writer.write_table(rows)


def _regrouped(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """The rows in tables of `ROW_GROUP`, the last of them smaller."""
    waiting: list[pa.Table] = []
    for rows in tables:
        waiting.append(rows)
        while sum(t.num_rows for t in waiting) >= ROW_GROUP:
            whole = pa.concat_tables(waiting)
            yield whole.slice(0, ROW_GROUP)
            waiting = [whole.slice(ROW_GROUP)]
    if rest := pa.concat_tables(waiting):
        yield rest
