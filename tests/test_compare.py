"""Comparison of extractors: the better one wins where there is a difference, and failures are counted."""

import multiprocessing
import os
import signal
from importlib.util import find_spec
from pathlib import Path

import pytest

from audit import compare
from audit.compare import compare_extractors, compare_folders
from audit.config import Config
from audit.errors import AuditError, MissingExtraError, UsageError
from audit.extraction import Extraction

GOOD = "The old mill by the weir was sold on Monday. Its wheel has not turned for thirty years.\n\nThe buyer, a baker from the next village, wants to grind his own flour there. He has not yet told his wife."


def folder(place: Path, text: str, pages: int) -> str:
    place.mkdir()
    for n in range(pages):
        (place / f"{n}.txt").write_text(text.replace("Monday", f"day {n}"), encoding="utf-8")
    return str(place)


def test_the_better_texts_win(tmp_path: Path) -> None:
    bad = "Subscribe to our newsletter\nRead more\n" + GOOD[:120]
    found = compare_folders(
        {"a": folder(tmp_path / "a", bad, 8), "b": folder(tmp_path / "b", GOOD, 8)}, Config(workers=1)
    )
    assert found["all"]["best"] == "b"
    assert found["all"]["behind"]["a"][0] > 0


@pytest.mark.parametrize("pages", [2, 8])
def test_no_difference_is_found_where_there_is_none(tmp_path: Path, pages: int) -> None:
    found = compare_folders({n: folder(tmp_path / n, GOOD, pages) for n in "ab"}, Config(workers=1))
    assert (found["all"]["best"], found["all"]["pages"]) == (None, pages)


def test_a_missing_text_is_counted(tmp_path: Path) -> None:
    found = compare_folders({n: folder(tmp_path / n, GOOD, k) for n, k in (("a", 6), ("b", 5))}, Config(workers=1))
    assert found["failures"] == [{"extractor": "b", "reason": "no text", "pages": 1}]


def test_what_cannot_be_read_or_judged_is_told(tmp_path: Path) -> None:
    folders = {n: folder(tmp_path / n, GOOD, 6) for n in "ab"}
    (tmp_path / "a" / "bad.jsonl").write_text("{", encoding="utf-8")
    (tmp_path / "b" / "0.txt").write_text(" ", encoding="utf-8")
    found = compare_folders(folders, Config(workers=1))
    assert sum(row["documents"] for row in found["unread"]) == 2
    assert found["failures"] == [{"extractor": "b", "reason": "no text", "pages": 1}]


def test_pages_are_extracted(tmp_path: Path) -> None:
    libraries = [name for name in ("trafilatura", "resiliparse", "readability") if find_spec(name)]
    assert len(libraries) >= 2
    body = "".join(f"<p>{part} {part}</p>" for part in GOOD.split("\n\n") * 3)
    (tmp_path / "a.html").write_text(f"<html><body><nav>Home</nav><article>{body}</article></body></html>")
    found = compare_extractors([str(tmp_path)], libraries, Config(), 30)
    assert found["all"]["pages"] == 1
    assert all(found["all"]["scores"].values())


@pytest.mark.skipif(os.name == "nt", reason="needs a signal that suspends a process")
def test_an_extractor_that_takes_too_long_is_stopped_and_the_next_page_is_read() -> None:
    pytest.importorskip("resiliparse")
    with Extraction(5.0) as extraction:
        for process in multiprocessing.active_children():
            os.kill(process.pid or 0, signal.SIGSTOP)
        assert extraction.run("resiliparse", "<p>x", None) == (None, "took longer than 5 s")
        assert extraction.run("resiliparse", "<p>x", None) == ("x", None)


def test_an_extractor_that_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compare, "find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"crawlaudit\[extractors\]"):
        compare_extractors([str(tmp_path)], ["trafilatura", "resiliparse"], Config(), 1)


def test_mistakes(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there are readability"):
        compare_extractors([str(tmp_path)], ["trafilatura", "none"], Config(), 1)
    with pytest.raises(UsageError, match="two extractors"):
        compare_extractors([str(tmp_path)], ["trafilatura"], Config(), 1)
    with pytest.raises(AuditError, match="no page"):
        compare_folders({"a": str(tmp_path), "b": str(tmp_path)}, Config())
