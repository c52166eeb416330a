"""Parquet: one row, one document; only the columns that can matter are read, a few rows at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count

import pyarrow as pa
import pyarrow.parquet as pq

from audit.document import Document, Unread
from audit.errors import UnreadableError
from audit.fields import FIELDS
from audit.records import ReadOptions, from_record, no_text
from audit.registry import reader
from audit.rows import may_hold, rows
from audit.streams import CHUNK_BYTES, InputFile, is_compressed, read_bytes

BATCH_ROWS = 32  # a dictionary can repeat one huge text in every row, so few rows are held at once


def split_row_groups(file: InputFile, unit_bytes: int) -> Sequence[InputFile]:
    """Ranges of row groups of about `unit_bytes`, each knowing the number of its first row."""
    ranges: list[InputFile] = []
    with pq.ParquetFile(file.path) as parquet:
        start, size, first, row = 0, 0, 1, 1
        for index in range(parquet.num_row_groups):
            group = parquet.metadata.row_group(index)
            size, row = size + group.total_byte_size, row + group.num_rows
            if size >= unit_bytes or index + 1 == parquet.num_row_groups:
                ranges.append(replace(file, start=start, end=index + 1, first=first))
                start, size, first = index + 1, 0, row
    return ranges


def _matches(head: bytes) -> bool:
    return head.startswith(b"PAR1")


@reader("parquet", extensions=(".parquet", ".pq"), matches=_matches, splits=split_row_groups)
def read_parquet(file: InputFile, options: ReadOptions) -> Iterator[Document | Unread]:
    """Read each row as a document. Fields of nested columns are found as `column.field`."""
    data = pa.BufferReader(read_bytes(file.path, options.max_bytes)) if is_compressed(file.path) else file.path
    with pq.ParquetFile(data, pre_buffer=False, buffer_size=CHUNK_BYTES) as parquet:
        end = parquet.num_row_groups if file.end is None else file.end
        columns = _columns(parquet, options)
        batches = parquet.iter_batches(BATCH_ROWS, row_groups=list(range(file.start, end)), columns=columns)
        numbers = count(file.first)
        for batch in batches:
            for row in rows(batch):
                yield from_record(row, file, options, f"#{next(numbers)}")


def _columns(parquet: pq.ParquetFile, options: ReadOptions) -> list[str]:
    """The paths of the columns that may hold a role; UnreadableError when none can be the text."""
    paths = [parquet.schema.column(index).path for index in range(len(parquet.schema))]
    found = {role: [path for path in paths if may_hold(path, options.names(role))] for role in FIELDS}
    if not found["text"] and not (options.pages and found["html"]):
        raise UnreadableError(no_text(dict.fromkeys(parquet.schema_arrow.names), options))
    return [path for path in paths if any(path in chosen for chosen in found.values())]
