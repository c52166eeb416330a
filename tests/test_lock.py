"""Two commands at once in one folder: one works, the other is told so; who died stands in nobody's way."""

import errno
import subprocess
import sys
from pathlib import Path
from typing import IO

import pytest

from audit import lock, run
from audit.config import Config
from audit.errors import AuditError
from audit.lock import FILE, alone_in
from audit.parts import FOLDER, TALLIES, begin


@pytest.fixture
def crawl(tmp_path: Path) -> str:
    (tmp_path / "crawl").mkdir()
    (tmp_path / "crawl" / "a.txt").write_text("The tide came in at noon. Read more", encoding="utf-8")
    return str(tmp_path / "crawl")


def test_the_second_of_two_audits_is_told(crawl: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    with alone_in(out), pytest.raises(AuditError, match=r"another crawlaudit is at work in .*out: wait .* --out"):
        run.audit([crawl], Config(), out)
    assert list(out.iterdir()) == []
    assert run.audit([crawl], Config(), out).summary["counts"]["seen"] == 1
    assert not (out / FILE).exists()


@pytest.mark.parametrize("other", ["another process", "this process"])
def test_an_audit_that_works_keeps_others_out(
    crawl: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, other: str
) -> None:
    out, told = tmp_path / "out", list[str]()

    def progress(stage: str, done: int, total: int) -> None:
        if other == "this process":
            with pytest.raises(AuditError) as raised:
                run.audit([crawl], Config(), out)
            told.append(str(raised.value))
        else:
            words = [sys.executable, "-m", "audit", "check", crawl, "--out", str(out), "-q"]
            ended = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
            told.append(f"{ended.returncode} {ended.stderr}")

    run.audit([crawl], Config(), out, progress=progress)
    assert told
    assert all("another crawlaudit is at work" in said for said in told)


def test_who_died_has_no_lock(tmp_path: Path) -> None:
    code = "import os, pathlib, sys; from audit.lock import alone_in; held = alone_in(pathlib.Path(sys.argv[1])); held.__enter__(); os._exit(9)"
    assert subprocess.run([sys.executable, "-c", code, str(tmp_path)], timeout=60, check=False).returncode == 9
    assert (tmp_path / FILE).exists()
    with alone_in(tmp_path):
        pass
    assert not (tmp_path / FILE).exists()


@pytest.mark.skipif(sys.platform == "win32", reason="an open file keeps its name there")
def test_a_lock_that_was_given_back_meanwhile_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    honest, calls = lock._lock, list[str]()

    def late(file: IO[bytes]) -> None:
        if not calls:
            (tmp_path / FILE).unlink()  # its owner ended after this process opened it
        calls.append("locked")
        honest(file)

    monkeypatch.setattr(lock, "_lock", late)
    with alone_in(tmp_path), pytest.raises(AuditError), alone_in(tmp_path):
        pass
    assert calls == ["locked"] * 3


def test_where_there_are_no_locks_everybody_is_let_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(file: IO[bytes]) -> None:
        raise OSError(errno.ENOLCK, "no locks available")

    monkeypatch.setattr(lock, "_lock", unknown)
    with alone_in(tmp_path), alone_in(tmp_path):
        assert (tmp_path / FILE).exists()
    assert not (tmp_path / FILE).exists()


def test_a_process_that_outlives_its_run_writes_nothing_into_the_next(tmp_path: Path) -> None:
    """As a worker of a command that was killed does, until it is done with its unit."""
    old = begin(tmp_path, {"input": "old"}, resume=True)
    new = begin(tmp_path, {"input": "new"}, resume=False)
    with pytest.raises(FileNotFoundError), old.written(old.path(TALLIES, 1)) as temporary:
        temporary.write_bytes(b"of the old run")
    assert not new.done(TALLIES, 1)
    with new.written(new.path(TALLIES, 1)) as temporary:
        temporary.write_bytes(b"of the new one")
    assert (tmp_path / FOLDER / TALLIES).is_dir()
    assert new.done(TALLIES, 1)
