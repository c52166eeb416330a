"""WACZ, web archives in one file: the WARC files in its folder `archive`; its indexes and page lists hold no texts."""

import zipfile
from collections.abc import Iterator

from audit.archives import read_archive, zip_members
from audit.document import Document, Unread
from audit.errors import UnreadableError
from audit.records import ReadOptions
from audit.registry import reader
from audit.streams import InputFile

FOLDER = "archive/"  # as the WACZ specification 1.1.1 has it


@reader("wacz", extensions=(".wacz",))
def read_wacz(file: InputFile, options: ReadOptions) -> Iterator[Document | Unread]:
    """Read the WARC files one after the other, with the limits of any archive."""
    with zipfile.ZipFile(file.path) as archive:
        if not (members := zip_members(archive, FOLDER)):
            raise UnreadableError("a WACZ archive without a file in its folder archive/")
        yield from read_archive(file, options, lambda: members)
