"""JSON: the document, or the documents of an array, wherever it stands in the file; JSON Lines under this name."""

from typing import Any, BinaryIO

from audit.decoding import encoding_of
from audit.readers.json_document import documents, whole
from audit.records import ReadOptions, from_record, is_json_lines, parse_json
from audit.rewriters import json_lines
from audit.rewriting.mending import Fate, Mend
from audit.rewriting.records import put_text, spelled_as, style_of
from audit.streams import InputFile

READERS = ("json",)


def write(file: InputFile, options: ReadOptions, stream: BinaryIO, mend: Mend) -> None:
    """Write the file in its spelling, indented as it was."""
    data = whole(file, options)
    if is_json_lines(data[: 1 << 20]):
        return json_lines.write(file, options, stream, mend)
    encoding = options.encoding or encoding_of(data)
    spelled, value = data.decode(encoding), parse_json(data, options)
    style = style_of(value, spelled)
    found = documents(value, options)
    if isinstance(found, list):
        found[:] = [r for n, r in enumerate(found, start=1) if _stays(r, file, options, f"#{n}", mend)]
    elif not _stays(found, file, options, "", mend):
        return None
    stream.write((spelled_as(value, style) + spelled[len(spelled.rstrip()) :]).encode(encoding))
    return None


def _stays(record: Any, file: InputFile, options: ReadOptions, place: str, mend: Mend) -> bool:
    fate = mend(from_record(record, file, options, place))
    if isinstance(fate, str):
        put_text(record, fate, options)
    return fate is not Fate.DROPPED
