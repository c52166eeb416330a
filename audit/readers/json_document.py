"""JSON: one document, an array of documents, or an object that holds one of these among other things."""

from collections.abc import Iterator, Mapping

from audit.document import Document, Unread
from audit.records import ReadOptions, from_record, has_text, is_json_lines, parse_json, read_json_lines
from audit.registry import reader
from audit.streams import CHUNK_BYTES, InputFile, open_stream, read_bytes

ARRAY_FACTOR = 8  # an array is parsed whole, so it may be this many times as large as one document
DEPTH = 3  # `{"response": {"docs": [...]}}` is the deepest that search interfaces wrap


def _matches(head: bytes) -> bool:
    return head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[") and not is_json_lines(head)


@reader("json", extensions=(".json",), matches=_matches)
def read_json(file: InputFile, options: ReadOptions) -> Iterator[Document | Unread]:
    """Read the document or documents of a JSON file; JSON Lines under this name, as of C4 and Scrapy, are streamed."""
    with open_stream(file.path) as stream:
        head = stream.read(CHUNK_BYTES)
    if is_json_lines(head):
        yield from read_json_lines(file, options)
        return
    found = documents(parse_json(whole(file, options), options), options)
    if isinstance(found, list):
        for number, record in enumerate(found, start=1):
            yield from_record(record, file, options, f"#{number}")
    else:
        yield from_record(found, file, options)


def whole(file: InputFile, options: ReadOptions) -> bytes:
    """All bytes of a JSON file. Raises UnreadableError when they are too many."""
    limit = options.max_bytes * ARRAY_FACTOR
    return read_bytes(file.path, limit, "; JSON Lines (.jsonl) can be of any size")


def documents(value: object, options: ReadOptions, depth: int = DEPTH) -> object:
    """The documents in a JSON value: itself, or the one list or object within it that holds a text."""
    if not isinstance(value, Mapping) or has_text(value, options):
        return value
    inner = [documents(part, options, depth - 1) for part in value.values() if depth]
    holding = [part for part in inner if _holds_text(part, options)]
    return holding[0] if len(holding) == 1 else value


def _holds_text(value: object, options: ReadOptions) -> bool:
    if isinstance(value, list):
        return any(has_text(item, options) for item in value)
    return has_text(value, options)
