"""Arrow files and streams, and the folders that Hugging Face's datasets are saved to."""

import struct
from pathlib import Path

import pyarrow as pa
import pytest

from audit.document import Document
from audit.inputs import plan, read_unit
from audit.records import ReadOptions

from .conftest import TEXT, Read, reason

TABLE = pa.table({"text": [f"{TEXT} {n}" for n in range(70)], "url": [f"https://a.example/{n}" for n in range(70)]})


def ipc(table: pa.Table, *, stream: bool) -> bytes:
    sink = pa.BufferOutputStream()
    with (pa.ipc.new_stream if stream else pa.ipc.new_file)(sink, table.schema) as writer:
        writer.write_table(table, max_chunksize=50)
    data: bytes = sink.getvalue().to_pybytes()
    return data


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("name", ["a.arrow", "a.feather"])
def test_rows_are_documents(read: Read, name: str, stream: bool) -> None:
    found = [item for item in read(name, ipc(TABLE, stream=stream)) if isinstance(item, Document)]
    assert [item.text for item in found] == TABLE["text"].to_pylist()
    assert (found[69].id, found[69].url) == (f"{name}#70", "https://a.example/69")


def test_nested_columns(read: Read) -> None:
    table = pa.table({"text": [TEXT], "metadata": [{"url": "https://b.example/1", "x": 1}]})
    (found,) = read("a.arrow", ipc(table, stream=True))
    assert found.url == "https://b.example/1"


def test_no_text(read: Read) -> None:
    assert reason(read("a.arrow", ipc(pa.table({"words": ["x"]}), stream=True))).endswith("the record has: words")


@pytest.mark.parametrize("stream", [True, False])
def test_a_truncated_file_says_so(read: Read, stream: bool) -> None:
    data = ipc(TABLE, stream=stream)
    assert not isinstance(read("a.arrow", data[: len(data) // 2])[-1], Document)


def test_a_dataset_saved_to_disk(tmp_path: Path) -> None:
    (folder := tmp_path / "train").mkdir()
    (tmp_path / "dataset_dict.json").write_text('{"splits": ["train"]}')
    for name in ("state.json", "dataset_info.json"):
        (folder / name).write_text("{}")
    for name in ("data-00001-of-00002.arrow", "data-00000-of-00002.arrow", "cache-1f.arrow"):
        (folder / name).write_bytes(ipc(TABLE.slice(int(name[9]) if name[0] == "d" else 0, 1), stream=True))
    found = [item for unit in plan([str(tmp_path)]).units for item in read_unit(unit, ReadOptions())]
    assert [item.id for item in found] == [f"train/data-0000{n}-of-00002.arrow#1" for n in (0, 1)]


@pytest.mark.parametrize("stream", [True, False])
def test_offsets_that_point_out_of_the_file_are_refused(read: Read, stream: bool) -> None:
    data = ipc(pa.table({"text": ["The ferry ran late again.", "Nobody was surprised."]}), stream=stream)
    lying = data.replace(struct.pack("<3i", 0, 25, 46), struct.pack("<3i", 0, 1 << 28, 46))
    assert lying != data
    assert "out of bounds" in reason(read("a.arrow", lying))
