"""WARC and WET: which records are documents, pages or neither, and what a damaged archive gives."""

import gzip
import io
import sys
import zipfile

import pytest

from audit.document import Document, Unread

from .conftest import TEXT, Read, document, reason

pytest.importorskip("fastwarc")
URL = "https://www.millpost.example/mill"
PAGE = '<html><head><meta charset="windows-1252"></head><p>Größe</p></html>'


def record(kind: str, body: bytes, content: str = "text/plain", **headers: str) -> bytes:
    fields = {"WARC-Type": kind, "WARC-Target-URI": URL, "WARC-Record-ID": "<urn:uuid:1>", "Content-Type": content}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in {**fields, "Content-Length": str(len(body))}.items())
    return f"WARC/1.0\r\n{lines}\r\n".encode() + body + b"\r\n\r\n"


def response(body: bytes, head: str = "Content-Type: text/html", status: str = "200 OK", **headers: str) -> bytes:
    return record("response", f"HTTP/1.1 {status}\r\n{head}\r\n\r\n".encode() + body, "application/http", **headers)


@pytest.mark.parametrize("name", ["a.wet", "a.warc"])
def test_converted_texts_are_documents(read: Read, name: str) -> None:
    found = document(read(name, record("warcinfo", b"x") + record("conversion", TEXT.encode())))
    assert (found.text, found.url, found.site) == (TEXT, URL, "millpost.example")


def test_compressed_record_by_record(read: Read) -> None:
    data = b"".join(gzip.compress(record("conversion", f"{TEXT} {n}".encode())) for n in range(3))
    assert [item.text for item in read("a.warc.wet.gz", data) if isinstance(item, Document)] == [
        f"{TEXT} {n}" for n in range(3)
    ]


def test_a_page_has_no_text_to_audit(read: Read) -> None:
    assert "without an extracted text" in reason(read("a.warc", response(PAGE.encode())))


@pytest.mark.parametrize("head", ["Content-Type: text/html", "Content-Type: text/html\r\nContent-Encoding: gzip"])
def test_pages_when_they_are_wanted(read: Read, head: str) -> None:
    body = PAGE.encode("windows-1252")
    body = gzip.compress(body) if "gzip" in head else body
    found = document(read("a.warc", response(body, head, WARC_Truncated="length"), pages=True))
    assert (found.text, found.html, found.url, found.truncated) == ("", PAGE, URL, "length")


@pytest.mark.parametrize(
    "data",
    [response(b"x", "Content-Type: image/png"), response(b"x", status="404 Not Found"), record("request", b"GET /")],
)
def test_what_is_no_page(read: Read, data: bytes) -> None:
    assert reason(read("a.warc", data, pages=True)) == "holds no documents"


def test_a_compressed_page_is_unpacked_to_the_limit(read: Read) -> None:
    bomb = gzip.compress(bytes(30 << 20))
    found = read(
        "a.warc", response(bomb, "Content-Type: text/html\r\nContent-Encoding: gzip"), pages=True, max_bytes=9999
    )
    assert isinstance(found[0], Unread)
    assert found[0].reason == "larger than the limit of 9,999 bytes"


@pytest.mark.parametrize("keep", [0.7, 0.4])
def test_a_truncated_archive_says_so(read: Read, keep: float) -> None:
    data = b"".join(gzip.compress(record("conversion", f"{TEXT} {n}".encode() * 99)) for n in range(90))
    found = read("a.wet.gz", data[: int(len(data) * keep)])
    texts = [item for item in found if isinstance(item, Document)]
    assert found[: len(texts)] == texts
    assert 0 < len(texts) < 90
    assert isinstance(found[-1], Unread)
    assert "damaged compressed data" in found[-1].reason


def test_without_the_extra(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fastwarc.warc", None)
    assert "pip install 'crawlaudit[warc]'" in reason(read("a.wet", record("conversion", b"x")))


def test_a_record_cut_off_in_an_uncompressed_archive(read: Read) -> None:
    found = read("a.wet", record("conversion", TEXT.encode())[:-40])
    assert reason(found) == "the archive was cut off inside this record"


def wacz(**members: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), data)
    return packed.getvalue()


def test_a_wacz_gives_the_records_of_its_warc_files_and_nothing_else(read: Read) -> None:
    data = wacz(archive__a_warc=record("conversion", TEXT.encode()), pages__pages_jsonl=b'{"title": "Pages"}')
    assert document(read("crawl.wacz", data)).text == TEXT


def test_a_wacz_without_an_archive(read: Read) -> None:
    assert "without a file in its folder archive/" in reason(read("crawl.wacz", wacz(datapackage_json=b"{}")))
