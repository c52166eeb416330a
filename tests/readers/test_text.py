"""Plain text: encodings, compression, what is no text."""

import tracemalloc
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.decoding import decode
from audit.document import Document
from audit.inputs import plan, read_unit
from audit.records import ReadOptions

from .conftest import COMPRESS, TEXT, Read, document, reason

GERMAN = (
    "Der Gemeinderat hat am Dienstag beschlossen, die alte Mühle zu verkaufen. „Die Schäden sind größer als gedacht“, "
    "sagte die Bürgermeisterin nach der Sitzung; künftig müsse der Käufer für das Wehr aufkommen.\n"
)
RUSSIAN = (
    "Городской совет решил во вторник продать старую мельницу у плотины. Мэр сказала, что ремонт обошёлся бы дороже, "
    "чем новое здание, и жители с этим согласились после долгого обсуждения.\n"
)
JAPANESE = (
    "町議会は火曜日、堰のそばの古い水車小屋を売却することを決めた。水車は三十年間回っていない。町長は「修理には新しい建物より"
    "も費用がかかる」と述べ、住民も長い話し合いの末に納得した。買い手の名前はまだ明らかにされていない。\n"
)


@pytest.mark.parametrize("name", ["a.txt", "a.TXT", "a.md", "a.markdown", "a.text"])
def test_a_file_is_one_document_kept_as_it_is(read: Read, name: str) -> None:
    text = "\n  First line \r\n\tsecond\x0cthird \n\n"
    assert document(read(name, text)) == Document(id=name, source=document(read(name, text)).source, text=text)


@pytest.mark.parametrize("name", ["site/a.txt", "site/deep/er/a.txt"])
def test_site_is_the_first_folder_and_id_the_path_below_the_root(read: Read, name: str) -> None:
    found = document(read(name, TEXT))
    assert (found.id, found.site) == (name, "site")
    assert found.source.endswith(f"/crawl/{name}")


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        *((name, GERMAN) for name in ("utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252", "utf-16-le")),
        *((name, RUSSIAN) for name in ("utf-8", "cp1251", "koi8-r", "utf-16")),
        *((name, JAPANESE) for name in ("utf-8", "shift_jis", "euc_jp")),
        ("latin-1", "Le conseil a décidé de fermer le vieux pont : les dégâts sont très graves, a déclaré la préfète."),
    ],
)
def test_encodings_are_told_apart(read: Read, encoding: str, text: str) -> None:
    assert document(read("a.txt", text.encode(encoding))).text == text


def test_a_stated_encoding_wins(read: Read) -> None:
    assert document(read("a.txt", "Größe".encode("cp850"), encoding="cp850")).text == "Größe"


def test_text_cut_in_the_middle_of_a_character_stays_utf8(read: Read) -> None:
    data = ("Sie heißt Mühle am Wehr – und steht dort seit 1820, wie man sagt, „immer").encode()
    assert document(read("a.txt", data[:-3] + "ä".encode()[:1])).text.endswith("„im\ufffd")


def test_a_few_broken_bytes_do_not_turn_utf8_into_something_else(read: Read) -> None:
    data = (RUSSIAN * 3).encode().replace("плотины".encode(), b"\xff", 1)
    assert "решил" in document(read("a.txt", data)).text


@pytest.mark.parametrize("end", COMPRESS)
def test_compressed_by_name_and_content(read: Read, end: str) -> None:
    found = document(read(f"a.txt{end}", COMPRESS[end](TEXT.encode())))
    assert (found.text, found.id) == (TEXT, f"a.txt{end}")


@pytest.mark.parametrize("end", COMPRESS)
def test_compressed_although_the_name_does_not_say_so(read: Read, end: str) -> None:
    assert document(read("a.txt", COMPRESS[end](TEXT.encode()))).text == TEXT


@pytest.mark.parametrize("end", COMPRESS)
def test_not_compressed_although_the_name_says_so(read: Read, end: str) -> None:
    assert document(read(f"a.txt{end}", TEXT)).text == TEXT


@pytest.mark.parametrize("end", COMPRESS)
def test_several_frames_or_members_are_one_text(read: Read, end: str) -> None:
    assert document(read(f"a.txt{end}", COMPRESS[end](b"first, ") + COMPRESS[end](b"second"))).text == "first, second"


def test_zstd_behind_a_skippable_frame(read: Read) -> None:
    data = b"\x50\x2a\x4d\x18\x04\x00\x00\x00abcd" + COMPRESS[".zst"](TEXT.encode())
    assert document(read("a.txt.zst", data)).text == TEXT


@pytest.mark.parametrize("end", COMPRESS)
@pytest.mark.parametrize("damage", ["cut", "flipped"])
def test_damaged_compression_is_a_reason(read: Read, end: str, damage: str) -> None:
    data = COMPRESS[end]("".join(f"{n} " for n in range(20_000)).encode())
    middle = len(data) // 2
    broken = data[:middle] if damage == "cut" else data[:middle] + bytes(b ^ 0xFF for b in data[middle:])
    assert reason(read(f"a.txt{end}", broken))


@pytest.mark.parametrize("end", COMPRESS)
def test_a_bomb_costs_a_reason_and_not_the_memory(tmp_path: Path, end: str) -> None:
    (tmp_path / f"a.txt{end}").write_bytes(COMPRESS[end](b"a" * (64 << 20)))
    (unit,) = plan([str(tmp_path)]).units
    list(read_unit(unit, ReadOptions(max_bytes=1000)))  # what is imported on first use is not the bomb's
    tracemalloc.start()
    before = pa.total_allocated_bytes()
    found = list(read_unit(unit, ReadOptions(max_bytes=1 << 20)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert reason(found) == "larger than the limit of 1,048,576 bytes"
    assert peak < 16 << 20
    assert pa.total_allocated_bytes() - before < 16 << 20


@pytest.mark.parametrize("data", [b"", b" \n\t\r\n ", "\ufeff".encode(), "\u00a0\u2003\n".encode()])
def test_nothing_to_audit(read: Read, data: bytes) -> None:
    assert reason(read("a.txt", data)) == "the text is empty"


@pytest.mark.parametrize(
    "data",
    [
        b"\0" * 100,
        b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0" * 9,
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9,
        b"\x01\x02" * 50,
    ],
)
def test_binary_data_is_no_text(read: Read, data: bytes) -> None:
    assert reason(read("a.txt", data)).startswith("not text")


def test_a_stray_control_character_is_no_reason(read: Read) -> None:
    assert "\0" in document(read("a.txt", TEXT.replace("Monday", "Mon\0day"))).text


def test_the_limit_counts_bytes_and_is_allowed_to_be_met(read: Read) -> None:
    assert document(read("a.txt", "ä" * 50, max_bytes=100)).text == "ä" * 50
    assert "larger" in reason(read("a.txt", "ä" * 50 + ".", max_bytes=100))


@given(st.text(st.characters(codec="utf-8")))
def test_utf8_is_read_back_unchanged(text: str) -> None:
    assert decode(text.encode("utf-8-sig")) == text
    assert decode(text.encode("utf-8"), "utf-8") == text


@settings(deadline=None)  # libraries are imported on first use
@given(st.binary(max_size=300))
def test_any_bytes_give_a_document_or_a_reason(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = tmp_path_factory.mktemp("crawl")
    for name in ("a.txt", "b.json", "c.jsonl", "d.csv", "e.parquet", "f.html", "g.txt.gz", "h.jsonl.zst"):
        (folder / name).write_bytes(data)
    for unit in plan([str(folder)]).units:
        for found in read_unit(unit, ReadOptions(max_bytes=1000)):
            str(found).encode()
