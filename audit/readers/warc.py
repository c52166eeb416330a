"""WARC and WET archives, by FastWARC: extracted texts as documents, web pages for texts that lie elsewhere."""

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from audit.decoding import decode_page
from audit.document import Document, Unread
from audit.errors import MissingExtraError, UnreadableError
from audit.records import ReadOptions, document, unread
from audit.registry import reader
from audit.streams import DAMAGE, InputFile, explain, open_stream

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

PAGE_ONLY = "a page without an extracted text: name the texts, and this with --pages"
HTML_TYPES = ("text/html", "application/xhtml+xml")
TEXT_TYPE = "text/plain"
STEP_BYTES = 8192  # what a read that meets damage can lose
GOOD_STATUS = (None, 200, 203)


def _matches(head: bytes) -> bool:
    return head.startswith(b"WARC/")


@reader("warc", extensions=(".warc", ".wet"), matches=_matches)
def read_warc(file: InputFile, options: ReadOptions) -> Iterator[Document | Unread]:
    """Read texts (`conversion` records) and pages (`response` and `resource` records); other records are no documents.

    A page has no text to audit, so it is unread unless pages are asked for.
    """
    try:
        from fastwarc.warc import ArchiveIterator, WarcRecordType
    except ImportError:
        raise MissingExtraError("fastwarc", "warc", "Reading WARC archives") from None
    kinds = WarcRecordType.conversion | WarcRecordType.response | WarcRecordType.resource
    with open_stream(file.path) as packed:  # the library unpacks by itself too, but takes a cut for the end
        stream = _Unpacked(packed)
        records = ArchiveIterator(stream, kinds, auto_decode="all", fsspec_args=False)
        for number, record in enumerate(_safely(records), start=1):
            yield from _read(record, file, options, f"#{number}")
        if stream.error:
            raise stream.error


def _safely(records: "Iterator[WarcRecord]") -> "Iterator[WarcRecord]":
    """The records; a panic inside the library, which is no `Exception`, as the end of a damaged archive."""
    try:
        yield from records
    except (Exception, GeneratorExit, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        raise UnreadableError(f"damaged in a way that the WARC library cannot deal with: {error}") from None


class _Unpacked(io.RawIOBase):
    """Decompressed bytes that end where the data is damaged: the library reads ahead, and records before are sound."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._at = stream, 0
        self.error: Exception | None = None

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def read(self, size: int = -1, /) -> bytes:
        data = b""
        try:
            data = b"" if self.error else self._stream.read(min(size, STEP_BYTES) if size > 0 else STEP_BYTES)
        except DAMAGE as error:
            self.error = error
        self._at += len(data)
        return data


def _read(record: "WarcRecord", file: InputFile, options: ReadOptions, place: str) -> Iterator[Document | Unread]:
    from fastwarc.warc import conversion

    url = record.headers.get("WARC-Target-URI")
    is_text = record.record_type == conversion
    kind = _content_type(record)
    if kind != TEXT_TYPE if is_text else (kind not in HTML_TYPES or not _is_good(record)):
        return
    if not is_text and not options.pages:
        yield unread(file, PAGE_ONLY, place, url)
        return
    try:
        yield _document(record, file, options, place, is_text)
    except (OSError, ValueError) as error:
        yield unread(file, explain(error), place, url)


def _document(
    record: "WarcRecord", file: InputFile, options: ReadOptions, place: str, is_text: bool
) -> Document | Unread:
    headers = record.headers
    url = headers.get("WARC-Target-URI")
    data = record.reader.read(options.max_bytes + 1)
    if len(data) > options.max_bytes:
        return unread(file, f"larger than the limit of {options.max_bytes:,} bytes", place, url)
    if is_text and len(data) < record.content_length:
        return unread(file, "the archive was cut off inside this record", place, url)
    content = data.decode("utf-8", "replace") if is_text else decode_page(data, options.encoding, record.http_charset)
    known = {"url": url, "date": headers.get("WARC-Date"), "truncated": headers.get("WARC-Truncated")}
    known |= {"id": headers.get("WARC-Record-ID"), "lang": headers.get("WARC-Identified-Content-Language")}
    text, html = (content, None) if is_text else ("", content)
    return document(text, file, options, place, known={**known, "html": html})


def _content_type(record: "WarcRecord") -> str:
    stated = record.http_content_type if record.is_http else record.headers.get("Content-Type")
    return (stated or "").partition(";")[0].strip().lower()


def _is_good(record: "WarcRecord") -> bool:
    """Whether the server answered with the page rather than with a redirection or an error."""
    return (record.http_headers.status_code if record.is_http else None) in GOOD_STATUS
