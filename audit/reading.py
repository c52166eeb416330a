"""A file and its reader: which one its name asks for, what it gives, and that whatever happens is told."""

from collections.abc import Iterator
from functools import cache

from audit.document import Document, Unread
from audit.records import ReadOptions, unread
from audit.registry import readers
from audit.streams import COMPRESSED, InputFile, explain, suffix

TEXT, PAGE = "text", "html"  # the readers whose files make one document when they differ in their extension only


def reader_of(name: str) -> str | None:
    """The name of the reader for files called like this; None when there is none."""
    return _by_extension().get(suffix(name))


def read_file(file: InputFile, options: ReadOptions) -> Iterator[Document | Unread]:
    """The documents of one file or range; an Unread when it cannot be read, or not to its end, or holds none."""
    empty = file.end is None
    try:
        for found in readers()[file.reader].read(file, options):
            empty = False
            yield found
    except Exception as error:  # whatever a hostile file provokes in a library costs this file and no other
        yield unread(file, explain(error))
        return
    if empty:
        yield unread(file, "holds no documents")


def stem(path: str) -> str:
    """The path without its extensions: `crawl/a` for `crawl/a.html.gz`, and for its text `crawl/a.html.txt`."""
    for ends in (COMPRESSED, (suffix(path),), readers()[PAGE].extensions):
        path = next((path[: -len(end)] for end in ends if end and path.lower().endswith(end)), path)
    return path


@cache
def _by_extension() -> dict[str, str]:
    return {end: reader.name for reader in readers().values() for end in reader.extensions}
