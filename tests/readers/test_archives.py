"""Archives of documents: what is read, and what is refused because it wants to do harm."""

import gzip
import io
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.document import Document, Unread

from .conftest import COMPRESS, TEXT, Read, reason

Pack = Callable[[Mapping[str, bytes | str]], bytes]


def packed_zip(members: Mapping[str, bytes | str]) -> bytes:
    with zipfile.ZipFile(target := io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return target.getvalue()


def packed_tar(members: Mapping[str, bytes | str]) -> bytes:
    with tarfile.open(fileobj=(target := io.BytesIO()), mode="w") as archive:
        for name, data in members.items():
            info, content = tarfile.TarInfo(name), data.encode() if isinstance(data, str) else data
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return target.getvalue()


def compressed_tar(compress: Callable[[bytes], bytes]) -> Pack:
    return lambda members: compress(packed_tar(members))


PACK: dict[str, Pack] = {
    ".zip": packed_zip,
    ".tar": packed_tar,
    **{f".tar{end}": compressed_tar(pack) for end, pack in COMPRESS.items()},
}
each_kind = pytest.mark.parametrize("kind", PACK)


def by_source(found: list[Document | Unread]) -> dict[str, str]:
    """What was read or not, by the end of its source."""
    return {
        item.source.partition("crawl/")[2]: item.reason if isinstance(item, Unread) else item.text for item in found
    }


@each_kind
def test_members_are_read_by_the_reader_of_their_name(read: Read, kind: str) -> None:
    members: dict[str, bytes | str] = {
        "post.example/a.txt": TEXT,
        "post.example/b.jsonl": f'{{"text": "{TEXT} b"}}\n{{"text": "{TEXT} c"}}\n',
        "post.example/d.txt.gz": gzip.compress(f"{TEXT} d".encode()),
    }
    found = read(f"dump{kind}", PACK[kind](members))
    inside = f"dump{kind}/post.example"
    assert by_source(found) == {
        f"{inside}/a.txt": TEXT,
        f"{inside}/b.jsonl:1": f"{TEXT} b",
        f"{inside}/b.jsonl:2": f"{TEXT} c",
        f"{inside}/d.txt.gz": f"{TEXT} d",
    }
    assert {item.site for item in found} == {"post.example"}
    assert found[0].id == "post.example/a.txt"


def test_the_folder_an_archive_lies_in_is_its_site(read: Read) -> None:
    (found,) = read("post.example/dump.zip", packed_zip({"x/a.txt": TEXT}))
    assert (found.site, found.id) == ("post.example", "post.example/dump.zip/x/a.txt")


@each_kind
@pytest.mark.parametrize("order", [("a.txt", "a.html"), ("a.html", "a.txt")])
def test_a_text_and_its_page_are_one_document(read: Read, kind: str, order: tuple[str, str]) -> None:
    content = {"a.txt": TEXT, "a.html": "<html>page"}
    (found,) = read(f"dump{kind}", PACK[kind]({name: content[name] for name in order}))
    assert isinstance(found, Document)
    assert (found.id, found.text, found.html) == ("a.txt", TEXT, "<html>page")


@each_kind
@pytest.mark.parametrize(
    "name", ["../a.txt", "x/../../a.txt", "/etc/a.txt", "C:/a.txt", "..\\a.txt", "C:\\a.txt", "./../a.txt"]
)
def test_a_path_that_leads_out_is_refused(read: Read, tmp_path: Path, kind: str, name: str) -> None:
    before = sorted(tmp_path.rglob("*"))
    found = read(f"dump{kind}", PACK[kind]({name: TEXT, "good.txt": TEXT}))
    assert [item.id for item in found if isinstance(item, Document)] == ["good.txt"]
    assert "its path leads out" in "".join(item.reason for item in found if isinstance(item, Unread))
    assert sorted(tmp_path.rglob("*")) == sorted([*before, tmp_path / "crawl", tmp_path / f"crawl/dump{kind}"])


@pytest.mark.parametrize(
    ("type_", "why"),
    [
        (tarfile.SYMTYPE, "a link"),
        (tarfile.LNKTYPE, "a link"),
        (tarfile.CHRTYPE, "a device"),
        (tarfile.FIFOTYPE, "pipe"),
    ],
)
def test_links_and_devices_are_refused(read: Read, type_: bytes, why: str) -> None:
    info = tarfile.TarInfo("a.txt")
    info.type, info.linkname = type_, "/etc/passwd"
    assert why in reason(read("dump.tar", info.tobuf() + bytes(1024)))


def test_a_link_in_a_zip_is_refused(read: Read) -> None:
    info = zipfile.ZipInfo("a.txt")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(target := io.BytesIO(), "w") as archive:
        archive.writestr(info, "/etc/passwd")
    assert reason(read("dump.zip", target.getvalue())) == "refused: no file but a link"


@each_kind
def test_the_second_file_of_a_name_is_refused(read: Read, kind: str) -> None:
    found = read(f"dump{kind}", PACK[kind]({"a.txt": TEXT, "./a.txt": "another"}))
    assert [isinstance(item, Document) for item in found] == [True, False]
    assert found[0].text == TEXT  # type: ignore[union-attr]


@each_kind
def test_an_archive_inside_an_archive_is_refused(read: Read, kind: str) -> None:
    found = read(f"dump{kind}", PACK[kind]({"in.zip": packed_zip({"a.txt": TEXT}), "in.tar.gz": b"x", "a.txt": TEXT}))
    assert [type(item) for item in found] == [Unread, Unread, Document]
    assert "inside an archive" in found[0].reason  # type: ignore[union-attr]


@pytest.mark.parametrize("kind", [".zip", ".tar.gz", ".tar.xz"])
def test_a_bomb_is_refused_with_what_was_read_before_it(read: Read, kind: str) -> None:
    bomb = PACK[kind]({"a.txt": TEXT, "bomb.jsonl": bytes(70 << 20), "z.txt": TEXT})
    assert len(bomb) < 300_000
    found = read(f"dump{kind}", bomb)
    assert [type(item) for item in found] == [Document, Unread]
    assert "refused as a bomb" in found[1].reason  # type: ignore[union-attr]


def test_overlapping_members_are_counted_each_time(read: Read) -> None:
    """One deflated kernel that the directory names many times, as in the bombs without nesting."""
    data = bytearray(packed_zip({f"{n:02}.txt": bytes(9 << 20) if n == 0 else b"" for n in range(20)}))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        first = archive.infolist()[0]
    at = data.find(b"PK\x01\x02")
    kernel = data[at + 10 : at + 28]  # method, time, checksum and sizes of the first entry
    while at >= 0:
        name = data[at + 28 : at + 30]
        data[at + 10 : at + 28], data[at + 28 : at + 30] = kernel, name
        data[at + 42 : at + 46] = first.header_offset.to_bytes(4, "little")
        at = data.find(b"PK\x01\x02", at + 4)
    assert all(isinstance(item, Unread) for item in read("dump.zip", bytes(data)))


@pytest.mark.parametrize("kind", [".tar", ".tar.gz", ".tar.bz2", ".tar.xz", ".tar.zst"])
def test_a_truncated_archive_gives_what_it_has_and_says_so(read: Read, kind: str) -> None:
    noise = zlib.compress(bytes(range(256)) * 4).hex()
    whole = PACK[kind]({f"{n}.txt": f"{TEXT} {noise} {n}" for n in range(400)})
    found = read(f"dump{kind}", whole[: len(whole) * 2 // 3])
    assert isinstance(found[-1], Unread)
    assert found[-1].id == f"dump{kind}"


def test_a_header_that_claims_a_huge_name(read: Read) -> None:
    info = tarfile.TarInfo("././@LongLink")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 1 << 40
    data = info.tobuf(tarfile.GNU_FORMAT) + bytes(4096)
    assert "one of its headers is too large" in reason(read("dump.tar", data))


def test_an_encrypted_member(read: Read) -> None:
    data = bytearray(packed_zip({"a.txt": TEXT}))
    data[6] |= 1
    data[data.find(b"PK\x01\x02") + 8] |= 1
    assert reason(read("dump.zip", bytes(data))) == "encrypted"


@each_kind
def test_files_of_no_known_format_are_counted_and_hidden_ones_are_not(read: Read, kind: str) -> None:
    found = read(f"dump{kind}", PACK[kind]({"a.txt": TEXT, "b.png": b"x", "c.PNG": b"x", ".git/a.txt": b"x"}))
    assert [type(item) for item in found] == [Document, Unread]
    assert found[1].reason == "holds 2 files of no known format: 2 .png"  # type: ignore[union-attr]


@each_kind
def test_an_empty_archive(read: Read, kind: str) -> None:
    assert reason(read(f"dump{kind}", PACK[kind]({}))) == "holds no documents"


@pytest.mark.parametrize("name", ["dump.zip", "dump.tar", "dump.tar.gz"])
@given(data=st.binary(max_size=2000), cut=st.integers(0, 3000))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_bytes_break_it(read: Read, name: str, data: bytes, cut: int) -> None:
    whole = PACK[name.removeprefix("dump")]({"a.txt": TEXT, "b/c.jsonl": '{"text": "x y z"}'})
    for content in (data, whole[:cut] + data, whole[:cut] + data + whole[cut + len(data) :]):
        assert read(name, content)  # each gives documents or a reason, and never raises
