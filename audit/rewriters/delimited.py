"""CSV and TSV: a row with another text is written again in its quoting, and everything else is the same bytes."""

import csv
import io
from collections.abc import Sequence
from typing import BinaryIO

from audit.readers.delimited import Piece, file_encoding, pieces
from audit.records import ReadOptions
from audit.rewriting.mending import Fate, Mend
from audit.rewriting.records import put_text
from audit.streams import InputFile

READERS = ("csv", "tsv")
_QUOTING = (csv.QUOTE_MINIMAL, csv.QUOTE_ALL)


def write(file: InputFile, options: ReadOptions, stream: BinaryIO, mend: Mend) -> None:
    """Write row after row; bytes that are no text pass through."""
    text = io.TextIOWrapper(stream, file_encoding(file, options), "surrogateescape", newline="")
    for piece in pieces(file, options, "surrogateescape"):
        fate = mend(piece.found) if piece.found else Fate.KEPT
        if fate is Fate.KEPT:
            text.write(piece.raw)
        elif isinstance(fate, str):
            text.write(_spelled(piece, fate, options))
    text.detach()  # flushes, and leaves the stream to who opened it


def _spelled(piece: Piece, text: str, options: ReadOptions) -> str:
    end = piece.raw[len(piece.raw.rstrip("\r\n")) :]
    quoting = next((q for q in _QUOTING if _written(piece.row, piece, q, end) == piece.raw), csv.QUOTE_MINIMAL)
    record = dict(zip(piece.names, piece.row, strict=False))
    name = put_text(record, text, options)
    at = max(i for i, known in enumerate(piece.names[: len(piece.row)]) if known == name)
    return _written([*piece.row[:at], record[name], *piece.row[at + 1 :]], piece, quoting, end)


def _written(row: Sequence[str], piece: Piece, quoting: int, end: str) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=piece.delimiter, quoting=quoting, lineterminator=end).writerow(row)  # type: ignore[arg-type]
    return out.getvalue()
