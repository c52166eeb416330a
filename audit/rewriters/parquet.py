"""Parquet: the same schema, metadata, row groups and compression, with other texts in their column."""

from itertools import count
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from audit.errors import UnreadableError
from audit.records import ReadOptions
from audit.rewriting.mending import Mend
from audit.rewriting.tables import mended
from audit.streams import CHUNK_BYTES, InputFile, is_compressed, read_bytes

READERS = ("parquet",)


def write(file: InputFile, options: ReadOptions, stream: BinaryIO, mend: Mend) -> None:
    """Write one row group after the other; UnreadableError when two columns share a name."""
    data = pa.BufferReader(read_bytes(file.path, options.max_bytes)) if is_compressed(file.path) else file.path
    with pq.ParquetFile(data, pre_buffer=False, buffer_size=CHUNK_BYTES) as parquet:
        schema, numbers = parquet.schema_arrow, count(1)
        if len(set(schema.names)) < len(schema.names):
            raise UnreadableError("two columns share a name")
        with pq.ParquetWriter(stream, schema, compression=_codec(parquet)) as writer:
            for group in range(parquet.num_row_groups):
                found = parquet.iter_batches(row_groups=[group])
                parts = [part for batch in found for part in mended(batch, numbers, file, options, mend)]
                table = pa.Table.from_batches(parts, schema=schema)
                writer.write_table(table, row_group_size=max(1, table.num_rows))


def _codec(parquet: pq.ParquetFile) -> str:
    """The codec of the first column, which nearly every file uses for all."""
    if not parquet.num_row_groups or not parquet.metadata.num_columns:
        return "none"
    codec = parquet.metadata.row_group(0).column(0).compression
    return "none" if codec == "UNCOMPRESSED" else str(codec).lower()
