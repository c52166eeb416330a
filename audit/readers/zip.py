"""ZIP archives of documents: every member is read by the reader that its name asks for."""

import stat
import zipfile
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO, cast

from audit.archives import Member, read_archive
from audit.document import Document, Unread
from audit.errors import UnreadableError
from audit.records import ReadOptions
from audit.registry import reader
from audit.streams import InputFile, is_compressed

ENCRYPTED = 1
_SPECIAL = {stat.S_IFLNK: "a link", stat.S_IFBLK: "a device", stat.S_IFCHR: "a device", stat.S_IFIFO: "a pipe"}


def _matches(head: bytes) -> bool:
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06"))


@reader("zip", extensions=(".zip",), matches=_matches)
def read_zip(file: InputFile, options: ReadOptions) -> Iterator[Document | Unread]:
    """Read the members one after the other, each with the page of its name beside it."""
    if is_compressed(file.path):
        raise UnreadableError("a ZIP archive that was compressed once more: unpack the outer layer first")
    with zipfile.ZipFile(file.path) as archive:
        infos = [info for info in archive.infolist() if not info.is_dir()]
        members = [Member(info.filename, partial(_open, archive, info), _flaw(info)) for info in infos]
        yield from read_archive(file, options, lambda: members)


def _open(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> BinaryIO:
    return cast(BinaryIO, archive.open(info))


def _flaw(info: zipfile.ZipInfo) -> str | None:
    if info.flag_bits & ENCRYPTED:
        return "encrypted"
    kind = _SPECIAL.get(stat.S_IFMT(info.external_attr >> 16))
    return f"refused: no file but {kind}" if kind else None
