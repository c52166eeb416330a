"""JSON and JSON Lines: the outputs of real tools, containers, damage."""

import gzip
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.document import Document, Unread
from audit.records import ReadOptions, from_json
from audit.streams import InputFile

from .conftest import COMPRESS, TEXT, Read, document, reason

URL = "https://www.millpost.example/2026/mill"
TITLE = "Old mill sold"
ABOUT = "A buyer for the mill by the weir."

TRAFILATURA = {
    "title": TITLE, "author": None, "hostname": "millpost.example", "date": "2026-03-02", "fingerprint": "c91ec3cc",
    "id": None, "comments": "", "raw_text": "The old mill", "text": TEXT, "language": "en", "image": None,
    "source": URL, "source-hostname": "Millpost", "excerpt": ABOUT, "categories": "", "tags": "",
}  # fmt: skip
NEWSPAPER = {
    "url": URL, "read_more_link": "", "language": "en", "title": TITLE, "top_image": "", "authors": ["A. Weaver"],
    "publish_date": "2026-03-02", "summary": "", "meta_description": ABOUT, "meta_lang": "en", "text": TEXT,
    "canonical_link": URL, "keywords": [], "movies": [],
}  # fmt: skip
NEWS_PLEASE: dict[str, Any] = {
    "authors": [], "date_download": "2026-03-03 10:00:00", "date_modify": None, "date_publish": "2026-03-02",
    "description": ABOUT, "filename": "mill.json", "language": "en", "source_domain": "www.millpost.example",
    "text": None, "title": TITLE, "title_page": None, "url": URL, "maintext": TEXT,
}  # fmt: skip
NEWSAPI = {
    "source": {"id": None, "name": "Millpost"}, "author": "A. Weaver", "title": TITLE, "description": ABOUT,
    "url": URL, "urlToImage": None, "publishedAt": "2026-03-02", "content": TEXT,
}  # fmt: skip
FIRECRAWL = {
    "markdown": TEXT, "html": "<p>cleaned</p>", "rawHtml": "<html>raw</html>", "links": [URL],
    "metadata": {
        "title": TITLE, "description": ABOUT, "language": "en-GB", "sourceURL": URL, "statusCode": 200,
        "publishedTime": "2026-03-02",
    },
}  # fmt: skip
CRAWL4AI = {
    "url": URL, "html": "<html>raw</html>", "success": True, "cleaned_html": "<p>cleaned</p>", "status_code": 200,
    "markdown": {"raw_markdown": TEXT, "markdown_with_citations": "x", "references_markdown": "", "fit_markdown": ""},
    "media": {"images": []}, "metadata": {"title": TITLE, "description": ABOUT, "author": None},
}  # fmt: skip
SCHEMA_ORG = {
    "@type": "NewsArticle", "headline": TITLE, "articleBody": TEXT, "url": URL, "datePublished": "2026-03-02",
    "inLanguage": "en", "description": ABOUT,
}  # fmt: skip
SCRAPY = {"link": URL, "Title": TITLE, "Body": [TEXT[:44], TEXT[45:]], "description": ABOUT, "date": "2026-03-02"}
C4 = {"text": TEXT, "timestamp": "2026-03-02", "url": URL}
FINEWEB = {
    "text": TEXT, "id": "<urn:uuid:1>", "dump": "CC-MAIN-2026-10", "url": URL, "date": "2026-03-02",
    "file_path": "s3://x", "language": "eng_Latn", "language_score": 0.97, "token_count": 20,
}  # fmt: skip
DOLMA = {
    "id": "d1", "text": TEXT, "source": "common-crawl", "added": "2026-04-01", "created": "2026-03-02",
    "metadata": {"url": URL, "length": 88},
}  # fmt: skip
OSCAR = {
    "content": TEXT,
    "warc_headers": {"warc-target-uri": URL, "warc-record-id": "<urn:uuid:2>", "content-length": "88"},
    "metadata": {"identification": {"label": "en"}},
}  # fmt: skip
SHAPES: dict[str, tuple[dict[str, Any], tuple[str | None, ...]]] = {
    "trafilatura": (TRAFILATURA, (TITLE, ABOUT, "en", "2026-03-02")),
    "newspaper": (NEWSPAPER, (TITLE, ABOUT, "en", "2026-03-02")),
    "news-please": (NEWS_PLEASE, (TITLE, ABOUT, "en", "2026-03-02")),
    "newsapi": (NEWSAPI, (TITLE, ABOUT, None, "2026-03-02")),
    "firecrawl": (FIRECRAWL, (TITLE, ABOUT, "en", "2026-03-02")),
    "crawl4ai": (CRAWL4AI, (TITLE, ABOUT, None, None)),
    "schema.org": (SCHEMA_ORG, (TITLE, ABOUT, "en", "2026-03-02")),
    "c4": (C4, (None, None, None, "2026-03-02")),
    "fineweb": (FINEWEB, (None, None, "en", "2026-03-02")),
    "dolma": (DOLMA, (None, None, None, "2026-03-02")),
    "oscar": (OSCAR, (None, None, None, None)),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_fields_of_real_tools_are_found(read: Read, shape: str) -> None:
    record, (title, description, lang, date) = SHAPES[shape]
    found = document(read("folder/a.json", json.dumps(record)))
    assert (found.text, found.url, found.site) == (TEXT, URL, "millpost.example")
    assert (found.title, found.description, found.lang, found.date) == (title, description, lang, date)
    assert found.id == {"fineweb": "<urn:uuid:1>", "dolma": "d1", "oscar": "<urn:uuid:2>"}.get(shape, "folder/a.json")


@pytest.mark.parametrize("record", [FIRECRAWL, CRAWL4AI])
def test_the_raw_page_is_preferred_to_the_cleaned_one(read: Read, record: dict[str, Any]) -> None:
    assert document(read("a.json", json.dumps(record))).html == "<html>raw</html>"


def test_trafilatura_itself(read: Read) -> None:
    trafilatura = pytest.importorskip("trafilatura")
    body = f"<article><p>{TEXT * 3}</p><p>{TEXT * 4}</p></article>"
    page = f"<html><head><title>{TITLE}</title></head><body>{body}</body></html>"
    record = trafilatura.extract(page, url=URL, output_format="json", with_metadata=True)
    found = document(read("a.json", record))
    assert (found.url, found.title) == (URL, TITLE)
    assert found.text.count("weir") == 7


def test_scrapy_lists_of_paragraphs_and_capitals(read: Read) -> None:
    found = document(read("a.jl", json.dumps(SCRAPY)))
    assert (found.text, found.title, found.url) == (TEXT.replace(". ", ".\n", 1), TITLE, URL)


@pytest.mark.parametrize(
    "value",
    [
        [C4, FINEWEB],
        {"status": "ok", "totalResults": 2, "articles": [NEWSAPI, NEWSAPI]},
        {"success": True, "status": "completed", "total": 2, "data": [FIRECRAWL, FIRECRAWL]},
        {"response": {"status": "ok", "docs": [C4, C4], "facets": []}},
        {"@context": "https://schema.org", "@graph": [SCHEMA_ORG, SCHEMA_ORG]},
        {"title": "Feed", "links": [{"href": "x"}], "items": [NEWSAPI, NEWSAPI]},
    ],
)
def test_containers_of_documents(read: Read, value: object) -> None:
    found = read("a.json", json.dumps(value, indent=2))
    assert [item.source.rpartition("/")[2] for item in found] == ["a.json#1", "a.json#2"]
    assert all(isinstance(item, Document) and item.text == TEXT for item in found)


def test_an_object_holding_one_document(read: Read) -> None:
    found = document(read("a.json", json.dumps({"success": True, "data": FIRECRAWL})))
    assert (found.id, found.text) == ("a.json", TEXT)


@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.ndjson", "a.jl"])
@pytest.mark.parametrize("end", ["", *COMPRESS])
def test_json_lines_under_any_name(read: Read, name: str, end: str) -> None:
    data = "".join(json.dumps(record) + "\n" for record in (C4, DOLMA)).encode()
    found = read(name + end, COMPRESS[end](data) if end else data)
    assert [item.id for item in found] == [f"{name}{end}:1", "d1"]
    assert found[1].source.endswith(f"{name}{end}:2")


def test_a_byte_order_mark_and_blank_lines(read: Read) -> None:
    found = read("a.jsonl", "\ufeff" + json.dumps(C4) + "\r\n\r\n \n" + json.dumps(C4))
    assert [item.id for item in found] == ["a.jsonl:1", "a.jsonl:4"]
    assert all(isinstance(item, Document) for item in found)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('{"text": "cut', "not valid JSON: Unterminated string"),
        ("not json", "not valid JSON: Expecting value"),
        ('"a string"', "not an object with fields but a string"),
        ("[1]", "not an object with fields but a list"),
        ("null", "not an object with fields but null"),
        ("17", "not an object with fields but a number"),
        ('{"n": ' + "9" * 5000 + "}", "not valid JSON"),
        ("[" * 10_000, "nested too deeply"),
        ('{"a":' * 10_000, "nested too deeply"),
        ('{"text": ""}', "the text is empty"),
        ('{"text": " \\n"}', "the text is empty"),
        ('{"text": null, "body": ""}', "the text is empty"),
        ('{"text": "' + "\\u0000" * 50 + '"}', "not text"),
        ("{}", "no field for the text; the record has: "),
        ('{"headline": "x", "web\\u001b[2J": 1}', "no field for the text; the record has: headline, web\ufffd[2J"),
        ('{"text": "' + "x" * 200_000 + '"}', "a line larger than the limit of 100,000 bytes"),
        ('{"text": {"de": "x"}}', "the field 'text' holds an object and no text"),
        ('{"title": "x", "content": null}', "the field 'content' holds null and no text"),
    ],
)
def test_a_bad_line_costs_that_line_only(read: Read, line: str, why: str) -> None:
    good = json.dumps(C4)
    first, bad, last = read("a.jsonl", f"{good}\n{line}\n{good}\n", max_bytes=100_000)
    assert isinstance(first, Document)
    assert isinstance(last, Document)
    assert isinstance(bad, Unread)
    assert (bad.id, bad.reason[: len(why)]) == ("a.jsonl:2", why)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ("[" * 10_000, "nested too deeply"),
        ("", "not valid JSON"),
        ('{"text": "cut', "not valid JSON"),
        ("[]", "holds no documents"),
        ('{"status": "ok", "articles": []}', "no field for the text; the record has: status, articles"),
        ('{"title": "x", "links": [{"href": "y"}]}', "no field for the text; the record has: title, links"),
        ('"just a string"', "not an object with fields but a string"),
        ("[" + "1," * 500_000 + "1]", "larger than the limit of 800,000 bytes; JSON Lines (.jsonl) can be of any size"),
    ],
)
def test_a_json_file_without_documents(read: Read, data: str, why: str) -> None:
    assert reason(read("a.json", data, max_bytes=100_000)).startswith(why)


def test_a_file_of_nothing_is_told(read: Read) -> None:
    assert reason(read("a.jsonl", b"\n\n")) == "holds no documents"


def test_lines_before_damage_are_kept(read: Read) -> None:
    data = gzip.compress(
        "".join(json.dumps({"text": f"{TEXT} {n} {n * 7919 % 9973}"}) + "\n" for n in range(9999)).encode()
    )
    found = read("a.jsonl.gz", data[: len(data) // 2])
    assert isinstance(found[0], Document)
    assert [type(item) for item in found[-2:]] == [Document, Unread]
    assert "damaged compressed data" in reason(found[-1:])


def test_utf16_lines_are_explained(read: Read) -> None:
    assert "save it as UTF-8" in reason(read("a.jsonl", json.dumps(C4).encode("utf-16")))


@pytest.mark.parametrize("unit_bytes", [1, 50, 100, 333, 1000, 10_000])
def test_ranges_of_a_large_file_give_every_line_once(read: Read, unit_bytes: int) -> None:
    lines = [json.dumps({"text": f"{TEXT} {n}" * (n % 4 + 1)}) if n % 5 else "" for n in range(40)]
    for data in ("\n".join(lines), "\r\n".join(lines) + "\r\n"):
        found = read("a.jsonl", data, unit_bytes=unit_bytes)
        assert [item.id for item in found] == [f"a.jsonl:{n + 1}" for n, line in enumerate(lines) if line]


def test_stated_fields_win(read: Read) -> None:
    record = {"text": "not this", "payload": {"main": TEXT}, "address": URL, "url": "https://other.example/", "key": 7}
    fields = {"text": "payload.main", "url": "address", "id": "key"}
    found = document(read("a.json", json.dumps(record), fields=fields))
    assert (found.text, found.url, found.id) == (TEXT, URL, "7")


def test_a_stated_field_that_is_missing_is_named(read: Read) -> None:
    why = reason(read("a.json", json.dumps(C4), fields={"text": "story"}))
    assert why == "no field 'story'; the record has: text, timestamp, url"


def test_an_unreadable_record_keeps_its_address(read: Read) -> None:
    (found,) = read("a.json", json.dumps({"url": URL, "text": ""}))
    assert isinstance(found, Unread)
    assert (found.url, found.site) == (URL, "millpost.example")


@pytest.mark.parametrize(
    ("tag", "lang"),
    [
        ("en-US", "en"),
        ("PT_br", "pt"),
        ("deu_Latn", "de"),
        ("nb", "no"),
        ("yue", "yue"),
        ("und", None),
        ("English", None),
    ],
)
def test_language_tags_become_primary_subtags(read: Read, tag: str, lang: str | None) -> None:
    assert document(read("a.json", json.dumps({"text": TEXT, "lang": tag}))).lang == lang


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters()), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.fixed_dictionaries(
        {}, optional=dict.fromkeys(("text", "body", "url", "id", "title", "Lang", "html"), JSON_VALUES)
    )
)
def test_any_record_gives_a_result_that_can_be_written(record: dict[str, object]) -> None:
    file = InputFile("", "a.jsonl", "json-lines")
    found = from_json(json.dumps(record).encode(), file, ReadOptions(), ":1")
    str(found).encode()
    if isinstance(found, Document):
        assert found.id
        assert not found.text.isspace()


def test_halves_of_surrogate_pairs_are_replaced_one_for_one(read: Read) -> None:
    record = '{"text": "A face \\ud83d and another \\ud83d\\ude00 one.", "title": "\\udc00", "id": "\\ud800"}'
    found = document(read("a.json", record))
    assert (found.text, found.title, found.id) == ("A face \ufffd and another \U0001f600 one.", "\ufffd", "\ufffd")
