"""JSON Lines: one object a line, streamed; what Scrapy, Common Crawl's derivatives and most tools write."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import BinaryIO

from audit.document import Document, Unread
from audit.records import ReadOptions, is_json_lines, read_json_lines
from audit.registry import reader
from audit.streams import CHUNK_BYTES, InputFile, open_file, skip_line


def split_lines(file: InputFile, unit_bytes: int) -> Sequence[InputFile]:
    """Ranges of whole lines of about `unit_bytes`, each knowing the number of its first line."""
    ranges: list[InputFile] = []
    start, number = 0, 1
    with open_file(file.path) as stream:
        while lines := _pass(stream, unit_bytes):
            ranges.append(replace(file, start=start, end=stream.tell(), first=number))
            start, number = stream.tell(), number + lines
    return ranges


def _pass(stream: BinaryIO, size: int) -> int:
    """Move past `size` bytes and on to the end of that line. Returns the number of lines passed."""
    lines, chunk = 0, b"\n"
    while size > 0 and (read := stream.read(min(size, CHUNK_BYTES))):
        lines, size, chunk = lines + read.count(b"\n"), size - len(read), read
    if chunk.endswith(b"\n"):
        return lines
    skip_line(stream)
    return lines + 1


@reader("json-lines", extensions=(".jsonl", ".ndjson", ".jl"), matches=is_json_lines, splits=split_lines)
def read_lines(file: InputFile, options: ReadOptions) -> Iterator[Document | Unread]:
    """Read each line as a document; a malformed line costs that line only, a blank one is nothing."""
    return read_json_lines(file, options)
