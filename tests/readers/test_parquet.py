"""Parquet: types, nesting, ranges, damage."""

import datetime
import gzip
import io
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from audit.document import Document, Unread
from audit.inputs import plan

from .conftest import TEXT, Read, document, reason

URL = "https://millpost.example/a"


def parquet(columns: dict[str, object], **options: object) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink, **options)
    return sink.getvalue()


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.binary(), pa.dictionary(pa.int32(), pa.string())])
def test_text_of_any_type(read: Read, kind: pa.DataType) -> None:
    found = read("a.parquet", parquet({"text": pa.array([TEXT, TEXT]).cast(kind), "n": [1, 2]}))
    assert [(item.id, item.text) for item in found if isinstance(item, Document)] == [
        ("a.parquet#1", TEXT),
        ("a.parquet#2", TEXT),
    ]


def test_nested_columns_dates_and_nulls(read: Read) -> None:
    columns = {
        "content": [TEXT],
        "Text": pa.array([None], pa.string()),
        "metadata": [{"sourceURL": URL, "title": "Mill", "huge": "x" * 100}],
        "date": [datetime.date(2026, 3, 2)],
        "id": [7],
    }
    found = document(read("a.parquet", parquet(columns)))
    assert (found.text, found.url, found.title, found.date, found.id) == (TEXT, URL, "Mill", "2026-03-02", "7")


def test_stated_nested_field(read: Read) -> None:
    found = document(read("a.parquet", parquet({"page": [{"Main": TEXT, "x": 1}]}), fields={"text": "page.Main"}))
    assert found.text == TEXT


def test_no_text_column_is_one_reason(read: Read) -> None:
    why = reason(read("a.parquet", parquet({"title": ["a", "b"], "page": [{"n": 1}] * 2})))
    assert why == "no field for the text; the record has: title, page"


def test_broken_utf8_in_a_column_costs_no_other_row(read: Read) -> None:
    texts = pa.array([TEXT.encode(), b"\xff\xfe\x00\xd8\x01", "Wehr – „groß“ und mehr".encode()[:-1] + b"\xc3"])
    columns = {"text": pa.Array.from_buffers(pa.string(), 3, texts.buffers()), "url": [URL] * 3}
    found = read("a.parquet", parquet(columns))
    assert len(found) == 3
    assert isinstance(found[0], Document)
    assert isinstance(found[2], Document)
    assert (found[0].text, found[2].text[-1]) == (TEXT, "\ufffd")


@pytest.mark.parametrize("unit_bytes", [1, 3000, 1 << 20])
def test_ranges_of_row_groups_give_every_row_once(read: Read, unit_bytes: int) -> None:
    data = parquet({"text": [f"{TEXT} {n}" for n in range(100)]}, row_group_size=9, compression="none")
    assert [item.id for item in read("a.parquet", data, unit_bytes=unit_bytes)] == [
        f"a.parquet#{n + 1}" for n in range(100)
    ]


def test_a_large_file_becomes_several_units(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(parquet({"text": [f"{TEXT} {n}" for n in range(100)]}, row_group_size=10))
    assert len(plan([str(tmp_path)], unit_bytes=1).units) == 10


@pytest.mark.parametrize("data", [b"", b"PAR1", b"PAR1" + b"x" * 100 + b"PAR1", parquet({"text": [TEXT]})[:-9]])
def test_damage_is_a_reason(read: Read, data: bytes) -> None:
    assert reason(read("a.parquet", data, unit_bytes=1))


def test_damaged_pages_are_a_reason(read: Read) -> None:
    data = bytearray(parquet({"text": [f"{TEXT} {n * n}" for n in range(500)]}))
    data[100:2000] = b"\xaa" * 1900
    assert isinstance(read("a.parquet", bytes(data))[-1], Unread)


def test_no_rows(read: Read) -> None:
    assert reason(read("a.parquet", parquet({"text": pa.array([], pa.string())}))) == "holds no documents"


def test_compressed_as_a_whole(read: Read) -> None:
    assert document(read("a.parquet.gz", gzip.compress(parquet({"text": [TEXT]})))).text == TEXT
