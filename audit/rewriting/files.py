"""Files to write: never over another, compressed as the file that they stand for, with errors that name them."""

import bz2
import gzip
import io
import lzma
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

from audit.errors import AuditError
from audit.streams import compression_of


class _Raw(io.FileIO):
    """A file whose errors while writing are told apart from those of what is being read."""

    def write(self, data: Any) -> int:
        try:
            return super().write(data)
        except OSError as error:
            raise AuditError(f"cannot write {os.fspath(str(self.name))}: {error.strerror}") from error


@contextmanager
def new_file(place: Path, like: Path) -> Iterator[BinaryIO]:
    """A file that is not there yet, to be written as bytes, which are compressed if those of `like` are.

    Raises AuditError when it cannot be written.
    """
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        raw = _Raw(place, "xb")
    except OSError as error:
        raise AuditError(f"cannot write {place}: {error.strerror}") from error
    with io.BufferedWriter(raw) as plain, _packed(plain, compression_of(like)) as stream:
        yield stream


@contextmanager
def _packed(plain: Any, kind: str | None) -> Iterator[BinaryIO]:
    if kind is None:
        yield cast(BinaryIO, plain)
        return
    with _PACKERS[kind](plain) as stream:
        yield stream


def _zstd(plain: Any) -> Any:
    import pyarrow as pa

    return pa.CompressedOutputStream(plain, "zstd")


_PACKERS: dict[str, Any] = {
    "gzip": lambda plain: gzip.GzipFile("", "wb", fileobj=plain, mtime=0),
    "bz2": lambda plain: bz2.BZ2File(plain, "wb"),
    "xz": lambda plain: lzma.LZMAFile(plain, "wb"),  # noqa: SIM115 the caller closes it
    "zstd": _zstd,
}
