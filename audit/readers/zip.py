"""ZIP archives of documents: every member is read by the reader that its name asks for."""

import zipfile
from collections.abc import Iterator

from audit.archives import read_archive, zip_members
from audit.document import Document, Unread
from audit.errors import UnreadableError
from audit.records import ReadOptions
from audit.registry import reader
from audit.streams import InputFile, is_compressed


def _matches(head: bytes) -> bool:
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06"))


@reader("zip", extensions=(".zip",), matches=_matches)
def read_zip(file: InputFile, options: ReadOptions) -> Iterator[Document | Unread]:
    """Read the members one after the other, each with the page of its name beside it."""
    if is_compressed(file.path):
        raise UnreadableError("a ZIP archive that was compressed once more: unpack the outer layer first")
    with zipfile.ZipFile(file.path) as archive:
        members = zip_members(archive)
        yield from read_archive(file, options, lambda: members)
