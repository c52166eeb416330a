"""Rows of Arrow tables with other texts in the column that theirs were read from."""

from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from audit.errors import UnreadableError
from audit.records import ReadOptions, from_record
from audit.rewriting.mending import Fate, Mend
from audit.rewriting.records import put_text
from audit.rows import rows
from audit.streams import InputFile

BATCH_ROWS = 32  # a dictionary can repeat one huge text in every row, so few rows are held at once


def mended(
    batch: pa.RecordBatch, numbers: Iterator[int], file: InputFile, options: ReadOptions, mend: Mend
) -> Iterator[pa.RecordBatch]:
    """The batch in small ones of the same schema, without the rows that are left out."""
    for start in range(0, batch.num_rows, BATCH_ROWS):
        yield _mended(batch.slice(start, BATCH_ROWS), numbers, file, options, mend)


def _mended(
    batch: pa.RecordBatch, numbers: Iterator[int], file: InputFile, options: ReadOptions, mend: Mend
) -> pa.RecordBatch:
    records, kept, changed = list(rows(batch)), list[bool](), set[str]()
    for record in records:
        fate = mend(from_record(record, file, options, f"#{next(numbers)}"))
        kept.append(fate is not Fate.DROPPED)
        if isinstance(fate, str):
            changed.add(put_text(record, fate, options))
    for name in sorted(changed):
        at = batch.schema.get_field_index(name)
        column = _column([record[name] for record in records], batch.schema.field(at))
        batch = pa.RecordBatch.from_arrays(
            [column if i == at else old for i, old in enumerate(batch.columns)], schema=batch.schema
        )
    return batch if all(kept) else batch.filter(pa.array(kept))


def _column(values: list[Any], field: pa.Field) -> pa.Array:
    """The values in the field's own type; UnreadableError when its bytes are no text, which no string can hold."""
    try:
        return pa.array(values, type=field.type)
    except pa.ArrowException as error:
        raise UnreadableError(f"the column {field.name!r} cannot be written again: {error}") from None
