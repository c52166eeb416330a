"""CSV and TSV: a header row, then one document a record, streamed; records are counted from 1 below the header."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TextIO

from audit.decoding import encoding_of
from audit.document import Document, Unread
from audit.errors import UnreadableError
from audit.records import ReadOptions, from_record, has_text, no_text, unread
from audit.registry import reader
from audit.streams import CHUNK_BYTES, InputFile, open_stream

DELIMITERS = (",", ";", "\t", "|")  # spreadsheets write the second where a comma is the decimal mark
LARGEST_FIELD = 2**31 - 1  # what a C long holds on Windows


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the file, spelled `raw`: a row with its document, or what is none (the header, a blank line)."""

    raw: str
    names: list[str]
    row: list[str]
    found: Document | Unread | None
    delimiter: str


@reader("csv", extensions=(".csv",))
def read_csv(file: InputFile, options: ReadOptions) -> Iterator[Document | Unread]:
    """Read each record as a document; the delimiter is the one the header uses most."""
    return (piece.found for piece in pieces(file, options) if piece.found)


@reader("tsv", extensions=(".tsv",))
def read_tsv(file: InputFile, options: ReadOptions) -> Iterator[Document | Unread]:
    """Read each record as a document; tabs between fields."""
    return (piece.found for piece in pieces(file, options) if piece.found)


def pieces(file: InputFile, options: ReadOptions, errors: str = "replace") -> Iterator[Piece]:
    """The file in order, nothing left out. `errors` is what becomes of bytes that are no text.

    Raises UnreadableError when no column can hold a text, or for a line that is too large.
    """
    csv.field_size_limit(min(options.max_bytes, LARGEST_FIELD))
    taken, encoding = list[str](), file_encoding(file, options)
    with io.TextIOWrapper(open_stream(file.path), encoding, errors, newline="") as text:
        lines = _kept(_lines(text, options.max_bytes), taken)
        first = next((line for line in lines if line.strip()), "")
        delimiter = "\t" if file.reader == "tsv" else max(DELIMITERS, key=first.count)
        rows = csv.reader(chain([first], lines), delimiter=delimiter)
        header = next(rows, [])
        names = [name.strip() for name in header]
        if header and not has_text(dict.fromkeys(names, ""), options):
            raise UnreadableError(no_text(dict.fromkeys(names), options))
        yield Piece(_spelled(taken), names, header, None, delimiter)
        number = 0
        try:
            for row in rows:
                number += bool(row)
                found = _document(names, row, file, options, f"#{number}") if row else None
                yield Piece(_spelled(taken), names, row, found, delimiter)
        except csv.Error as error:
            rest = unread(file, f"the rest of the file cannot be read: {error}", f"#{number + 1}")
            yield Piece(_spelled(taken), names, [], rest, delimiter)
            yield from (Piece(line, names, [], None, delimiter) for line in lines)


def file_encoding(file: InputFile, options: ReadOptions) -> str:
    """The encoding asked for, else that of the file, as far as its beginning up to a line's end can tell."""
    if options.encoding:
        return options.encoding
    with open_stream(file.path) as stream:
        head = stream.read(CHUNK_BYTES)
    return encoding_of(head[: head.rfind(b"\n") + 1] or head)


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


def _kept(lines: Iterator[str], taken: list[str]) -> Iterator[str]:
    """The lines, each also put into `taken`."""
    for line in lines:
        taken.append(line)
        yield line


def _spelled(taken: list[str]) -> str:
    """What was taken since it was asked last."""
    raw = "".join(taken)
    taken.clear()
    return raw
