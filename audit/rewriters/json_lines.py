"""JSON Lines: a line with another text is written again in its spelling, and every other line is the same bytes."""

from typing import Any, BinaryIO, cast

from audit.decoding import decode
from audit.errors import UnreadableError
from audit.records import ReadOptions, from_json, parse_json
from audit.rewriting.mending import Fate, Mend
from audit.rewriting.records import put_text, spelled_as, style_of
from audit.streams import InputFile, numbered_lines

READERS = ("json-lines",)


def write(file: InputFile, options: ReadOptions, stream: BinaryIO, mend: Mend) -> None:
    """Write line after line; UnreadableError for one larger than a document may be."""
    for number, line in numbered_lines(file, options.max_bytes):
        if line is None:
            raise UnreadableError(f"line {number} is larger than the limit of {options.max_bytes:,} bytes")
        body = line.rstrip(b"\r\n")
        fate = mend(from_json(body, file, options, f":{number}")) if body.strip() else Fate.KEPT
        if fate is Fate.KEPT:
            stream.write(line)
        elif isinstance(fate, str):
            stream.write(_spelled(body, fate, options) + line[len(body) :])


def _spelled(body: bytes, text: str, options: ReadOptions) -> bytes:
    record = cast(dict[str, Any], parse_json(body, options))
    style = style_of(record, decode(body, options.encoding))
    put_text(record, text, options)
    return spelled_as(record, style).encode(options.encoding or "utf-8")
