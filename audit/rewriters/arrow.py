"""Arrow IPC files and streams: the same schema and batches, with other texts in their column."""

from collections.abc import Callable
from itertools import count
from typing import BinaryIO

import pyarrow as pa

from audit.errors import UnreadableError
from audit.readers.arrow import batches, is_file, opened
from audit.records import ReadOptions
from audit.rewriting.mending import Mend
from audit.rewriting.tables import mended
from audit.streams import InputFile

READERS = ("arrow",)


def write(file: InputFile, options: ReadOptions, stream: BinaryIO, mend: Mend) -> None:
    """Write one batch after the other; UnreadableError when two columns share a name."""
    with opened(file, options) as data:
        start: Callable[..., pa.RecordBatchWriter] = pa.ipc.new_file if is_file(data) else pa.ipc.new_stream
        numbers, writer = count(1), None
        for batch in batches(data):
            if len(set(batch.schema.names)) < len(batch.schema.names):
                raise UnreadableError("two columns share a name")
            writer = writer or start(stream, batch.schema)
            for part in mended(batch, numbers, file, options, mend):
                writer.write_batch(part)
        if writer:
            writer.close()
