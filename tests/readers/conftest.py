"""Writes a file and reads it as a run would."""

import bz2
import gzip
import lzma
from collections.abc import Callable
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
    frame: bytes = pa.Codec("zstd").compress(data, asbytes=True)
    return frame


COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zst": zstd,
}


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """`read(name, data, **options)`: the documents of a folder with one file of this name and content."""

    def write_and_read(name: str, data: bytes | str, unit_bytes: int = 1 << 20, **options: object) -> Found:
        path = tmp_path / "crawl" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        units = plan([str(tmp_path / "crawl")], unit_bytes=unit_bytes).units
        return [found for unit in units for found in read_unit(unit, ReadOptions(**options))]  # type: ignore[arg-type]

    return write_and_read


def document(found: Found) -> Document:
    """The one document of a reading that must give just that."""
    assert len(found) == 1
    assert isinstance(found[0], Document), found[0]
    return found[0]


def reason(found: Found) -> str:
    """The reason of a reading that must give one Unread and nothing else."""
    assert len(found) == 1
    assert isinstance(found[0], Unread), found[0]
    return found[0].reason
