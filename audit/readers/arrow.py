"""Arrow IPC files and streams, such as the shards of a Hugging Face dataset saved to disk: one row, one document."""

from collections.abc import Iterator
from itertools import count

import pyarrow as pa

from audit.document import Document, Unread
from audit.errors import UnreadableError
from audit.records import ReadOptions, from_record, no_text
from audit.registry import reader
from audit.rows import may_hold, rows
from audit.streams import InputFile, is_compressed, read_bytes

BATCH_ROWS = 32
FILE_MAGIC = b"ARROW1"
STREAM_MAGIC = b"\xff\xff\xff\xff"


def _matches(head: bytes) -> bool:
    return head.startswith((FILE_MAGIC, STREAM_MAGIC))


@reader("arrow", extensions=(".arrow", ".feather", ".ipc"), matches=_matches)
def read_arrow(file: InputFile, options: ReadOptions) -> Iterator[Document | Unread]:
    """Read each row as a document, a few at a time from the mapped file."""
    with opened(file, options) as data:
        numbers = count(1)
        for batch in batches(data):
            chosen = _chosen(batch, options)
            for start in range(0, batch.num_rows, BATCH_ROWS):
                for row in rows(chosen.slice(start, BATCH_ROWS)):
                    yield from_record(row, file, options, f"#{next(numbers)}")


def opened(file: InputFile, options: ReadOptions) -> pa.NativeFile:
    """The file's bytes, mapped into memory unless they are compressed."""
    packed = is_compressed(file.path)
    return pa.BufferReader(read_bytes(file.path, options.max_bytes)) if packed else pa.memory_map(str(file.path))


def is_file(data: pa.NativeFile) -> bool:
    """Whether these bytes, of which none was read, are an IPC file rather than a stream."""
    head = data.read(len(FILE_MAGIC))
    data.seek(0)
    return bool(head == FILE_MAGIC)


def batches(data: pa.NativeFile) -> Iterator[pa.RecordBatch]:
    """The batches of an IPC file or stream."""
    if is_file(data):
        found = pa.ipc.open_file(data)
        yield from (found.get_batch(index) for index in range(found.num_record_batches))
    else:
        yield from pa.ipc.open_stream(data)


def _chosen(batch: pa.RecordBatch, options: ReadOptions) -> pa.RecordBatch:
    """The columns that may hold a role; UnreadableError when none can be the text."""
    batch.validate(full=False)
    names = batch.schema.names
    if not any(may_hold(name, options.names("text"), part=True) for name in names) and not options.pages:
        raise UnreadableError(no_text(dict.fromkeys(names), options))
    wanted = [i for i, name in enumerate(names) if any(may_hold(name, known, part=True) for known in options.all_names)]
    return batch.select(wanted)
