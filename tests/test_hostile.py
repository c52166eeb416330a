"""What hostile input does: one table, audited in one go by the real command, and every promise kept.

A row is a file, how it is made, and what becomes of it: `READ`, parts of reasons, or both where a file holds both.
"""

import bz2
import gzip
import io
import json
import lzma
import os
import struct
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from audit import cli
from audit.config import Config
from audit.document import Unread
from audit.errors import AuditError
from audit.inputs import plan, read_unit
from audit.judge import Judge
from audit.records import ReadOptions
from audit.resources import folder

STORY = (
    "The harbour council met on Tuesday and agreed to mend the old pier before the winter storms arrive from the west."
)
TEXT = f"{STORY} Nobody objected.\n\n{STORY} The work begins in May.\n"
LINES = "".join(json.dumps({"text": TEXT, "id": f"line-{number}"}) + "\n" for number in range(60)).encode()
RECORD = json.dumps({"text": TEXT}).encode() + b"\n"
MB = 1 << 20
READ = "read"
POSIX = os.name == "posix"

Make = bytes | str | Callable[[Path], object]


def zstd(data: bytes) -> bytes:
    frame: bytes = pa.Codec("zstd").compress(data, asbytes=True)
    return frame


def page(inside: str) -> str:
    return f"<html><body>{inside}{f'<p>{TEXT}</p>' * 3}</body></html>"


def packed(*members: tuple[str, bytes | str], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", kind) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def lying(at: int, value: int) -> bytes:
    """A ZIP archive with one number of its directory replaced."""
    data = packed(("a.txt", TEXT))
    place = data.rindex(b"PK\x01\x02") + at
    return data[:place] + struct.pack("<I", value) + data[place + 4 :]


def tarred(*members: tuple[str, bytes, str]) -> bytes:
    """A tar archive of members of a type, with what they link to."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, kind, link in members:
            info = tarfile.TarInfo(name)
            info.type, info.linkname, info.size = kind, link, len(TEXT) * (kind == tarfile.REGTYPE)
            archive.addfile(info, io.BytesIO(TEXT.encode()))
    return out.getvalue()


def header(size: int, kind: bytes) -> bytes:
    info = tarfile.TarInfo("long.txt")
    info.size, info.type = size, kind
    return info.tobuf(tarfile.GNU_FORMAT)


def parquet(text: object) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table({"text": text}), out)
    return out.getvalue()


def arrow() -> bytes:
    out = io.BytesIO()
    table = pa.table({"text": [TEXT] * 50})
    with pa.ipc.new_file(out, table.schema) as writer:
        writer.write_table(table)
    return out.getvalue()


def wet(length: int, head: str = "") -> bytes:
    start = f"WARC/1.0\r\nWARC-Type: conversion\r\nContent-Type: text/plain\r\n{head}Content-Length: {length}\r\n\r\n"
    return start.encode() + TEXT.encode() + b"\r\n\r\n"


def one_line(path: Path) -> None:
    """A record of a gigabyte, all of it one line, which takes no room on the disk; then one that is sound."""
    with path.open("wb") as file:
        file.truncate(1024 * MB if sys.platform == "linux" else 64 * MB)
        file.seek(0, io.SEEK_END)
        file.write(b"\n" + RECORD)


LAUGHS = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
TOO_LARGE = "larger than the limit of 1,048,576 bytes"
DAMAGED = "damaged"

TABLE: dict[str, tuple[Make, set[str]]] = {
    # cut off, damaged, and bombs
    "cut.jsonl.gz": (gzip.compress(LINES)[:-20], {READ, "damaged compressed data"}),
    "cut.jsonl.xz": (lzma.compress(LINES)[:-40], {READ, "damaged compressed data"}),
    "cut.txt.bz2": (bz2.compress(TEXT.encode())[:-4], {"damaged compressed data"}),
    "cut.txt.zst": (zstd(TEXT.encode())[:-4], {"Truncated compressed stream"}),
    "garbage-behind.txt.gz": (gzip.compress(TEXT.encode()) + b"garbage", {"damaged compressed data"}),
    "bomb.txt.gz": (gzip.compress(bytes(40 * MB)), {TOO_LARGE}),
    "bomb.txt.bz2": (bz2.compress(bytes(40 * MB)), {TOO_LARGE}),
    "bomb.txt.xz": (lzma.compress(bytes(40 * MB)), {TOO_LARGE}),
    "bomb.txt.zst": (zstd(bytes(40 * MB)), {TOO_LARGE}),
    "bomb.jsonl.gz": (gzip.compress(b"a" * 40 * MB + b"\n" + RECORD), {READ, f"a line {TOO_LARGE}"}),
    "bomb.csv.gz": (gzip.compress(b"text\n" + b"a" * 40 * MB), {f"a line {TOO_LARGE}"}),
    "bomb-page.html.gz": (gzip.compress(b"<p>" * 4 * MB), {TOO_LARGE}),
    "bomb.parquet": (parquet(["a " * 4 * MB]), {TOO_LARGE}),
    "repeated.parquet": (parquet(pa.DictionaryArray.from_arrays(pa.array([0] * 300, pa.int32()), ["x " * MB])), {TOO_LARGE}),
    "gigabyte.jsonl": (one_line, {READ, f"a line {TOO_LARGE}"}),
    # archives
    "bomb.zip": (packed(*((f"{n}.txt", bytes(10 * MB)) for n in range(8))), {TOO_LARGE, "refused as a bomb"}),
    "bomb.tar.gz": (gzip.compress(header(500 * MB, tarfile.REGTYPE) + bytes(70 * MB)), {"refused as a bomb"}),
    "paths.zip": (packed(("../up.txt", TEXT), ("/root.txt", TEXT), ("C:\\drive.txt", TEXT), ("a/../../b.txt", TEXT)), {"leads out of the archive"}),
    "names.zip": (packed(("a\x1b[31m.txt", TEXT), ("\u202etxt.exe.txt", TEXT), (f"{'n' * 5000}.txt", TEXT)), {READ}),
    "inside.zip": (packed(("b.zip", packed(("c.txt", TEXT)))), {"an archive inside an archive"}),
    "cut.zip": (packed(("a.txt", TEXT))[:-30], {"BadZipFile"}),
    "says-larger.zip": (lying(24, 2**31), {READ}),
    "says-elsewhere.zip": (lying(42, 2**31), {"BadZipFile", "damaged"}),
    "says-unknown.zip": (lying(10, 99), {"compression"}),
    "says-encrypted.zip": (lying(8, 1 | 8 << 16), {"encrypted"}),
    "links.tar": (tarred(("l.txt", tarfile.SYMTYPE, "/etc/passwd"), ("h.txt", tarfile.LNKTYPE, "a.txt")), {"no file but a link"}),
    "devices.tar": (tarred(("d.txt", tarfile.CHRTYPE, ""), ("f.txt", tarfile.FIFOTYPE, "")), {"no file but a device or pipe"}),
    "paths.tar": (tarred(("../up.txt", tarfile.REGTYPE, ""), ("/root.txt", tarfile.REGTYPE, "")), {"leads out of the archive"}),
    "cut.tar": (tarred(("a.txt", tarfile.REGTYPE, ""))[:700], {"unexpected end of data", "cut off"}),
    "long-name.tar": (header(8**11 - 1, tarfile.GNUTYPE_LONGNAME) + b"a" * 2000, {"one of its headers is too large"}),
    # nested and huge structures
    "deep.json": ("[" * 10_000 + "]" * 10_000, {"nested too deeply"}),
    "deep.jsonl": (b'{"text":' * 10_000 + b"1" + b"}" * 10_000 + b"\n" + RECORD, {READ, "nested too deeply"}),
    "numbers.jsonl": (b'{"text": 1' + b"0" * 10_000 + b"}\n" + RECORD, {READ, "not valid JSON"}),
    "infinite.jsonl": (f'{{"text": {json.dumps(TEXT)}, "id": 1e999, "url": NaN}}\n', {READ}),
    "deep.html": (page("<div>" * 10_000), {"finds no text"}),
    "unclosed.html": (page("<b>" * 10_000), {"finds no text"}),
    "laughs.html": (f"<!DOCTYPE html [<!ENTITY a 'lol'>{LAUGHS}]>" + page("<p>&j;</p>"), {READ}),
    "entity.html": ('<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + page("<p>&x;</p>"), {READ}),
    "attributes.html": (page(f"<i {' '.join(f'a{n}=1' for n in range(50_000))}>"), {"attributes in one element"}),
    "elements.html": (page("<p>a" * 60_000), {"a page of more than 50,000 elements"}),
    "brackets.html": (page("<" * 100_000), {READ}),
    # characters
    "nul.txt": (TEXT.replace(" ", "\0", 3), {READ}),
    "nuls.txt": (bytes(10_000), {"not text"}),
    "binary.txt": (bytes(range(256)) * 100, {"not text"}),
    "empty.txt": (b"", {"the text is empty"}),
    "invalid-utf8.txt": (TEXT.encode() + b"\xff\xc0\x80\xed\xa0\x80", {READ}),
    "odd-utf16.txt": (b"\xff\xfe\x00\xd8\x00\xd8" + TEXT.encode("utf-16-le")[:-1], {READ}),
    "invalid-utf32.txt": (b"\xff\xfe\0\0" + b"\xff" * 100, {"not text"}),
    "mixed.txt": (TEXT.encode() * 3 + "Über die Brücke führt ein Weg.".encode("latin-1"), {READ}),
    "surrogates.jsonl": (rf'{{"text": "{STORY} \ud800\udc00\ud800 {STORY}", "id": "\ud800", "title": "\udead"}}', {READ}),
    "rtl.txt": (f"{TEXT}\u202e\u2066gnp.exe\u2069", {READ}),
    "terminal.txt": (f"{TEXT}\x1b]0;owned\x07\x1b[2J\x9b31m Read more", {READ}),
    "markup.txt": (f"{TEXT}[bold red]x[/bold red] [link=https://evil.example]x[/link] [/] Read more", {READ}),
    "marks.txt": ("a" + "\u0301" * 300_000, {READ}),
    "breaks.txt": ("\r" * 300_000 + TEXT, {READ}),
    "one-word.txt": ("a" * 1_000_000, {READ}),
    # tables and records that lie
    "formulas.csv": (f'text,url\n"{STORY}",=cmd|\' /C calc\'!A0\n"=HYPERLINK(1) {STORY}",@SUM\n', {READ}),
    "unclosed.csv": (f'text\n"{TEXT}', {READ}),
    "wide.csv": ("text," * 20_000 + f"\n{STORY},{STORY}", {READ}),
    "blank-lines.csv": ("\n" * 1000 + f"text\n{STORY}\n", {READ}),
    "ids.jsonl": ("".join(json.dumps({"text": f"{STORY} {n}", "id": bad, "url": bad}) + "\n" for n, bad in enumerate((
        "../../../etc/passwd", "..\\..\\up", "C:\\x", "a\0b", "con", "\x1b[2J", "[red]x[/red]", "<script>", "http://[::1", "javascript:alert(1)",
        f"http://{'a.' * 5000}com", "http://h.example:99999999/", "=HYPERLINK(1)", "../../../etc/passwd"))), {READ}),
    "cut.parquet": (parquet([TEXT])[:-50], {"ArrowInvalid"}),
    "footer.parquet": (parquet([TEXT])[:-8] + struct.pack("<I", 2**31 - 1) + b"PAR1", {"ArrowInvalid"}),
    "cut.arrow": (arrow()[:-200], {"ArrowInvalid"}),
    "offset.arrow": (arrow().replace(struct.pack("<2i", 0, len(TEXT)), struct.pack("<2i", 0, 1 << 28)), {"ArrowInvalid"}),
    "length.arrow": (b"\xff\xff\xff\xff" + struct.pack("<I", 2**31 - 1) + arrow()[8:], {"ArrowInvalid"}),
    "longer.wet": (wet(10**18), {"cut off inside this record"}),
    "escape.wet": (wet(len(TEXT), "WARC-Target-URI: http://a.example/\x1b[31m\r\n"), {READ}),
    "cut.warc.gz": (gzip.compress(wet(len(TEXT))) + gzip.compress(wet(len(TEXT)))[:60], {"damaged compressed data"}),
}  # fmt: skip
FILES: dict[str, tuple[Make, set[str]]] = {
    "loop.txt": (lambda path: path.symlink_to("loop.txt"), {"symbolic links"}),
    "dangling.txt": (lambda path: path.symlink_to("nowhere"), {"No such file"}),
    "zero.txt": (lambda path: path.symlink_to("/dev/zero"), {"pipe, socket or device"}),
    "terminal-device.txt": (lambda path: path.symlink_to("/dev/tty"), {"pipe, socket or device"}),
    "pipe.txt": (lambda path: os.mkfifo(path), {"pipe, socket or device"}),
    "removed.jsonl": (lambda path: os.mkfifo(path), {"pipe, socket or device"}),  # the name of a fix's record
    "up": (lambda path: path.symlink_to("."), set()),
    "new\nline\x1b[31m[red].txt": (TEXT, {READ}),
}
ALL = TABLE | (FILES if POSIX else {})


def command(*words: str | Path, cwd: Path, **more: Any) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(Path(cli.__file__).parents[2]), "CRAWLAUDIT_MAX_BYTES": str(MB)}
    given: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more}
    return subprocess.run(
        [sys.executable, "-m", "audit", *map(str, words)],
        cwd=cwd, env=environment, timeout=600, check=False, encoding="utf-8", **given,
    )  # fmt: skip


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> tuple[subprocess.CompletedProcess[str], pd.DataFrame]:
    """The whole table, audited once by the command as a process."""
    place = tmp_path_factory.mktemp("hostile")
    (place / "crawl").mkdir()
    for name, (make, _) in ALL.items():
        path = place / "crawl" / name
        if callable(make):
            make(path)
        else:
            path.write_bytes(make.encode("utf-8", "surrogatepass") if isinstance(make, str) else make)
    ended = command("check", "crawl", "--workers", "2", cwd=place)
    assert ended.returncode == 0, ended.stderr
    return ended, pd.read_parquet(place / "crawlaudit-out" / "documents.parquet")


@pytest.mark.parametrize("name", ALL)
def test_the_promise_is_kept(audited: tuple[object, pd.DataFrame], name: str) -> None:
    sources, promised = audited[1]["source"], ALL[name][1]
    rows = audited[1][
        sources.map(lambda s: s == f"crawl/{name}" or s.startswith(tuple(f"crawl/{name}{c}" for c in ":#/")))
    ]
    unread = rows[rows["verdict"] == "unread"]
    reasons = promised - {READ}
    assert (len(unread) < len(rows)) == (READ in promised)
    assert bool(len(unread)) == bool(reasons), list(unread["reason"])
    assert all(any(part in reason for part in reasons) for reason in unread["reason"]), list(unread["reason"])


def test_nothing_hostile_is_said(audited: tuple[subprocess.CompletedProcess[str], object]) -> None:
    said = audited[0].stdout + audited[0].stderr
    assert "Traceback" not in said
    assert not set("\x1b\x07\x9b\u202e\u2066") & set(said)
    assert "root:" not in said  # of /etc/passwd


def test_ids_are_unique_and_every_row_can_be_written(audited: tuple[object, pd.DataFrame]) -> None:
    assert audited[1]["id"].is_unique
    for column in ("id", "source", "url", "title", "reason"):
        audited[1][column].dropna().str.encode("utf-8")


def instead(make: Callable[[Path], object]) -> Callable[[Path], object]:
    """Something else in a file's place."""

    def change(path: Path) -> None:
        path.unlink()
        make(path)

    return change


# What happens between finding a file and reading it.
CHANGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "gone": (Path.unlink, "No such file"),
    "a folder": (instead(Path.mkdir), "director" if POSIX else "denied"),
    "cut to nothing": (lambda path: path.write_bytes(b""), "the text is empty"),
    "another format": (lambda path: path.write_bytes(gzip.compress(TEXT.encode())[:-5]), "damaged compressed data"),
}
if POSIX:
    CHANGES["a pipe"] = (instead(os.mkfifo), "pipe, socket or device")
    CHANGES["a device"] = (instead(lambda path: path.symlink_to("/dev/zero")), "pipe, socket or device")


@pytest.mark.parametrize("change", CHANGES)
def test_a_file_that_changes_while_it_is_read(tmp_path: Path, change: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    units = plan([str(tmp_path)]).units
    CHANGES[change][0](path)
    found = [document for unit in units for document in read_unit(unit, ReadOptions())]
    assert isinstance(found[0], Unread)
    assert CHANGES[change][1] in found[0].reason


def test_lines_that_go_between_the_passes(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(LINES)
    units = plan([str(path)], unit_bytes=1000).units
    path.write_bytes(LINES[:5100])
    found = [document for unit in units for document in read_unit(unit, ReadOptions())]
    assert 0 < sum(not isinstance(document, Unread) for document in found) < 60


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="needs a user whom permissions bind")
def test_what_may_not_be_read_or_written(tmp_path: Path) -> None:
    (tmp_path / "crawl").mkdir()
    (tmp_path / "crawl" / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "crawl" / "b.txt").touch(mode=0)
    (tmp_path / "closed").mkdir(mode=0o500)
    ended = command("check", "crawl", "--out", "closed/out", cwd=tmp_path)
    assert (ended.returncode, ended.stdout) == (3, "")
    assert "closed/out" in ended.stderr
    assert "Permission denied" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "Permission denied" in command("check", "crawl", "--no-report", cwd=tmp_path).stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("words", [("check", "a.txt", "--output", "jsonl:/dev/full"), ("rule",)])
def test_a_full_disk(tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    with Path("/dev/full").open("w") as full:
        place = {"stdout": full} if words == ("rule",) else {}
        ended = command(*words, cwd=tmp_path, **place)
    assert ended.returncode == 3
    assert "No space left on device" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="needs a limit on the size of files")
def test_a_disk_that_fills_while_results_are_written(tmp_path: Path) -> None:
    import resource

    (tmp_path / "a.jsonl").write_bytes(LINES * 20)
    ended = command(
        "check", "a.jsonl", cwd=tmp_path, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (8000, 8000))
    )
    assert ended.returncode == 3
    assert "File too large" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not (tmp_path / "crawlaudit-out" / "summary.json").exists()


def test_a_clock_that_jumps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from audit import run

    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    jumps = iter(range(10**9, 0, -(10**5)))
    monkeypatch.setattr("time.time", lambda: float(next(jumps)))
    summary = run.audit([str(tmp_path / "a.txt")], Config(workers=1), tmp_path / "out").summary
    assert summary["counts"]["read"] == 1
    assert all(value >= 0 for value in summary["seconds"].values())


Arrays = dict[str, Any]


def code(_: Arrays) -> bytes:
    out = io.BytesIO()
    np.savez(out, lexical=np.array([os.system], dtype=object))
    return out.getvalue()


def lie(change: Callable[[Arrays], object]) -> Callable[[Arrays], bytes]:
    def changed(arrays: Arrays) -> bytes:
        change(arrays)
        out = io.BytesIO()
        np.savez(out, **arrays)
        return out.getvalue()

    return changed


def promises_more(_: Arrays) -> bytes:
    """An array whose header claims eight terabytes."""
    head = b"{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000,), }\n"
    return packed(("lexical.npy", b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head))


MODELS: dict[str, Callable[[Arrays], bytes]] = {
    "code": code,
    "NaN": lie(lambda arrays: arrays.update(bias=np.full_like(arrays["bias"], np.nan))),
    "words": lie(lambda arrays: arrays.update(bias=np.array(["a", "b"]))),
    "another shape": lie(lambda arrays: arrays.update(mean=np.zeros(3, np.float32))),
    "an array less": lie(lambda arrays: arrays.pop("lexical")),
    "a header that promises terabytes": promises_more,
    "a bomb": lambda _: packed(*((f"{n}.npy", bytes(30 * MB)) for n in range(10))),
    "cut off": lambda arrays: lie(lambda _: None)(arrays)[:-100],
}


@pytest.mark.parametrize("name", MODELS)
def test_a_model_that_lies_is_refused(tmp_path: Path, name: str) -> None:
    with np.load(folder("models") / "lines.npz") as shipped:
        (tmp_path / "lines.npz").write_bytes(MODELS[name](dict(shipped)))
    with pytest.raises(AuditError, match="not a model of this version"):
        Judge.of(Config(models=tmp_path))


@pytest.mark.parametrize("lie", [lambda a: a.pop("lead.signs"), lambda a: a.update({"tail.whole": np.zeros(2)})])
def test_weights_of_other_signs_are_refused(tmp_path: Path, lie: Callable[[Arrays], object]) -> None:
    with np.load(folder("models") / "gaps.npz") as shipped:
        arrays = dict(shipped)
    lie(arrays)
    np.savez(tmp_path / "gaps.npz", **arrays)
    with pytest.raises(AuditError, match=r"gaps\.npz: not a model of this version"):
        Judge.of(Config(models=tmp_path))


def test_trees_that_go_round_in_a_circle_are_refused(tmp_path: Path) -> None:
    with np.load(folder("models") / "decisions.npz") as shipped:
        arrays = dict(shipped)
    low = next(name for name in arrays if name.endswith(".low"))
    arrays[low] = np.zeros_like(arrays[low])
    np.savez(tmp_path / "decisions.npz", **arrays)
    with pytest.raises(AuditError, match="circle"):
        Judge.of(Config(models=tmp_path))
