"""Rows of Arrow tables as records."""

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa


def rows(batch: pa.RecordBatch) -> Iterator[dict[str, Any]]:
    """The rows one by one; text columns with broken UTF-8 in them as bytes, which the fields' reading mends."""
    columns = [_sound(column) for column in batch.columns]
    for index in range(batch.num_rows):
        yield {name: column[index].as_py() for name, column in zip(batch.schema.names, columns, strict=True)}


def may_hold(path: str, names: Sequence[str], *, part: bool = False) -> bool:
    """Whether a column is one of these fields or lies in it; with `part`, also whether one of them lies in it."""
    own = f"{path}.".lower()
    return any(own.startswith(f"{n}.".lower()) or (part and f"{n}.".lower().startswith(own)) for n in names)


def _sound(column: pa.Array) -> pa.Array:
    """The column, as bytes where it holds broken UTF-8. Raises pyarrow.ArrowInvalid where it points out of its data."""
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        column = column.cast(pa.large_binary() if pa.types.is_large_string(column.type) else pa.binary())
        column.validate(full=True)  # an offset out of bounds would end the process when it is followed
    return column
