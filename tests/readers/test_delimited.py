"""CSV and TSV: delimiters, quoting, damage."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.document import Document, Unread
from audit.inputs import plan, read_unit
from audit.records import ReadOptions

from .conftest import COMPRESS, TEXT, Read, document, reason

URL = "https://millpost.example/a"


def table(rows: list[list[str]], delimiter: str = ",", newline: str = "\r\n") -> str:
    sink = io.StringIO()
    csv.writer(sink, delimiter=delimiter, lineterminator=newline).writerows(rows)
    return sink.getvalue()


@pytest.mark.parametrize(
    ("name", "delimiter"), [("a.csv", ","), ("a.csv", ";"), ("a.csv", "\t"), ("a.csv", "|"), ("a.tsv", "\t")]
)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_records_are_numbered_below_the_header(read: Read, name: str, delimiter: str, newline: str) -> None:
    text = f'{TEXT}\n\nSaid "so", he; or |\tshe,\r\nnobody.'
    found = read(name, table([["URL", " Text ", "lang"], [URL, text, "en"], [URL, TEXT, "de"]], delimiter, newline))
    assert [(item.id, item.site) for item in found] == [
        (f"{name}#1", "millpost.example"),
        (f"{name}#2", "millpost.example"),
    ]
    assert isinstance(found[0], Document)
    assert (found[0].text, found[0].lang, found[0].url) == (text, "en", URL)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_spreadsheet_encodings(read: Read, encoding: str) -> None:
    text = "Die Mühle am Wehr gehört künftig der Gemeinde; über den Preis schwieg die Bürgermeisterin."
    assert document(read("a.csv", table([["id", "text"], ["7", text]], ";").encode(encoding))).text == text


@pytest.mark.parametrize("end", COMPRESS)
def test_compressed(read: Read, end: str) -> None:
    assert document(read(f"a.csv{end}", COMPRESS[end](table([["text"], [TEXT]]).encode()))).text == TEXT


def test_bytes_of_zero_do_no_harm(read: Read) -> None:
    assert "\0" in document(read("a.csv", table([["text"], [f"{TEXT}\0"]]))).text


def test_an_unquoted_delimiter_is_told_and_costs_one_record(read: Read) -> None:
    found = read("a.csv", f"id,text\n1,one, two\n2,{TEXT}\n3\n4,{TEXT},\n")
    assert [type(item) for item in found] == [Unread, Document, Unread, Document]
    assert reason(found[:1]) == "3 fields below a header of 2"
    assert reason(found[2:3]).startswith("no field for the text; the record has: id")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ("", "holds no documents"),
        ("id,text\n", "holds no documents"),
        ("id,headline\n1,x\n2,y\n", "no field for the text; the record has: id, headline"),
        ("x" * 2000, "a line larger than the limit of 1,000 bytes"),
    ],
)
def test_a_table_without_documents_is_one_reason(read: Read, data: str, why: str) -> None:
    assert reason(read("a.csv", data, max_bytes=1000)) == why


def test_a_field_beyond_the_limit_is_told_and_ends_the_file(read: Read) -> None:
    found = read("a.csv", table([["text"], [TEXT], ["line\n" * 500], [TEXT]]), max_bytes=1000)
    assert isinstance(found[0], Document)
    assert "the rest of the file cannot be read" in reason(found[1:])


@given(st.lists(st.text(st.characters(codec="utf-8"), min_size=1), min_size=1, max_size=5))
def test_what_a_csv_writer_writes_is_read(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    path = tmp_path_factory.mktemp("crawl") / "a.csv"
    path.write_bytes(table([["id", "text"], *([str(n), text] for n, text in enumerate(texts))]).encode())
    found = [item for unit in plan([str(path)]).units for item in read_unit(unit, ReadOptions())]
    assert len(found) == len(texts)
    assert all(isinstance(item, Unread) or item.text == texts[int(item.id)] for item in found)
