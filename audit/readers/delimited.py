"""CSV and TSV: a header row, then one document a record, streamed; records are counted from 1 below the header."""

import csv
import io
from collections.abc import Iterator
from typing import TextIO

from audit.decoding import encoding_of
from audit.document import Document, Unread
from audit.errors import UnreadableError
from audit.records import ReadOptions, from_record, has_text, no_text, unread
from audit.registry import reader
from audit.streams import CHUNK_BYTES, InputFile, open_stream

DELIMITERS = (",", ";", "\t", "|")  # spreadsheets write the second where a comma is the decimal mark
LARGEST_FIELD = 2**31 - 1  # what a C long holds on Windows


@reader("csv", extensions=(".csv",))
def read_csv(file: InputFile, options: ReadOptions) -> Iterator[Document | Unread]:
    """Read each record as a document; the delimiter is the one the header uses most."""
    return _read(file, options, None)


@reader("tsv", extensions=(".tsv",))
def read_tsv(file: InputFile, options: ReadOptions) -> Iterator[Document | Unread]:
    """Read each record as a document; tabs between fields."""
    return _read(file, options, "\t")


def _read(file: InputFile, options: ReadOptions, delimiter: str | None) -> Iterator[Document | Unread]:
    csv.field_size_limit(min(options.max_bytes, LARGEST_FIELD))
    encoding = options.encoding or _encoding(file)
    with io.TextIOWrapper(open_stream(file.path), encoding, errors="replace", newline="") as text:
        lines = _lines(text, options.max_bytes)
        first = next((line for line in lines if line.strip()), "")
        rows = csv.reader(_again(first, lines), delimiter=delimiter or max(DELIMITERS, key=first.count))
        yield from _documents(rows, file, options)


def _encoding(file: InputFile) -> str:
    """The encoding of the file, as far as its beginning up to a line's end can tell."""
    with open_stream(file.path) as stream:
        head = stream.read(CHUNK_BYTES)
    return encoding_of(head[: head.rfind(b"\n") + 1] or head)


def _documents(rows: Iterator[list[str]], file: InputFile, options: ReadOptions) -> Iterator[Document | Unread]:
    header = next(rows, [])
    names = [name.strip() for name in header]
    if header and not has_text(dict.fromkeys(names, ""), options):
        raise UnreadableError(no_text(dict.fromkeys(names), options))
    number = 0
    try:
        for number, row in enumerate(filter(None, rows), start=1):
            yield _document(names, row, file, options, f"#{number}")
    except csv.Error as error:
        yield unread(file, f"the rest of the file cannot be read: {error}", f"#{number + 1}")


def _document(names: list[str], row: list[str], file: InputFile, options: ReadOptions, place: str) -> Document | Unread:
    if any(cell.strip() for cell in row[len(names) :]):  # an unquoted delimiter has cut some field in two
        return unread(file, f"{len(row)} fields below a header of {len(names)}", place)
    return from_record(dict(zip(names, row, strict=False)), file, options, place)


def _lines(text: TextIO, limit: int) -> Iterator[str]:
    """The lines with their ends; UnreadableError for one that would not fit, instead of the memory for it."""
    while line := text.readline(limit + 1):
        if len(line) > limit:
            raise UnreadableError(f"a line larger than the limit of {limit:,} bytes")
        yield line


def _again(first: str, lines: Iterator[str]) -> Iterator[str]:
    yield first
    yield from lines
