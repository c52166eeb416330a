"""tar archives of documents, also compressed: every member is read by the reader that its name asks for."""

import io
import tarfile
from collections.abc import Iterator
from functools import partial
from typing import Any, BinaryIO, cast

from audit.archives import Member, read_archive
from audit.document import Document, Unread
from audit.errors import UnreadableError
from audit.records import ReadOptions
from audit.registry import reader
from audit.streams import CHUNK_BYTES, InputFile, open_stream

MAGIC_AT = 257


def _matches(head: bytes) -> bool:
    return head[MAGIC_AT : MAGIC_AT + 5] == b"ustar"


@reader("tar", extensions=(".tar", ".tgz", ".tbz2", ".txz", ".tzst"), matches=_matches)
def read_tar(file: InputFile, options: ReadOptions) -> Iterator[Document | Unread]:
    """Read the members one after the other, each with the page of its name beside it."""
    yield from read_archive(file, options, lambda: _members(file))


def _members(file: InputFile) -> Iterator[Member]:
    with open_stream(file.path) as stream, tarfile.open(fileobj=(bounded := _Forward(stream)), mode="r:") as archive:
        while (info := archive.next()) is not None:
            cast(Any, archive).members.clear()  # it would remember every one
            if not info.isdir():
                yield Member(info.name, partial(_open, archive, info), _flaw(info))
        if bounded.exhausted:  # a whole archive ends with a block of zeros
            raise UnreadableError("the archive was cut off: it ends without its mark of the end")


def _open(archive: tarfile.TarFile, info: tarfile.TarInfo) -> BinaryIO:
    return cast(BinaryIO, archive.extractfile(info))


def _flaw(info: tarfile.TarInfo) -> str | None:
    if info.issym() or info.islnk():
        return "refused: no file but a link"
    if info.issparse():
        return "refused: a sparse file"
    return None if info.isreg() else "refused: no file but a device or pipe"


class _Forward(io.RawIOBase):
    """A stream for tarfile, which may only go forward, and only ask for so much at once.

    A hostile header can claim that a name is gigabytes long, and tarfile reads names in one go.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._at, self.exhausted = stream, 0, False

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or not 0 <= size <= CHUNK_BYTES:
            raise UnreadableError("a damaged or hostile tar archive: one of its headers is too large")
        data = self._stream.read(size)
        self._at += len(data)
        self.exhausted = self.exhausted or len(data) < size
        return data

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        if whence != io.SEEK_SET or offset < self._at:
            raise UnreadableError("a damaged or hostile tar archive: its members overlap")
        while self._at < offset and self.read(min(CHUNK_BYTES, offset - self._at)):
            pass
        return self._at
