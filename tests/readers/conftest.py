"""Writes a file and reads it as a run would."""

import bz2
import gzip
import io
import lzma
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from audit.document import Document, Unread
from audit.inputs import plan, read_unit
from audit.records import ReadOptions

Found = list[Document | Unread]
Read = Callable[..., Found]

TEXT = "The old mill by the weir was sold on Monday. Its wheel has not turned for thirty years."


def zstd(data: bytes) -> bytes:
    """One Zstandard frame."""
    sink = io.BytesIO()
    with pa.CompressedOutputStream(sink, "zstd") as stream:
        stream.write(data)
        stream.flush()
        return sink.getvalue() if not hasattr(stream, "close") else _closed(stream, sink)


def _closed(stream: pa.NativeFile, sink: io.BytesIO) -> bytes:
    return sink.getvalue()


COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zst": zstd,
}


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """`read(name, data, **options)`: the documents of one file with this name and content."""

    def write_and_read(name: str, data: bytes | str, unit_bytes: int = 1 << 20, **options: object) -> Found:
        path = tmp_path / "crawl" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        units = plan([str(path.parent)], unit_bytes=unit_bytes).units
        return [found for unit in units for found in read_unit(unit, ReadOptions(**options))]  # type: ignore[arg-type]

    return write_and_read
