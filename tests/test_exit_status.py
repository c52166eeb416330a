"""Exit statuses as a shell sees them: each a process of its own, for every way in which a run can end."""

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

CLEAN = "The ferry ran late again on Monday. Nobody on the quay was surprised by that, as it had rained all night."
CUT = "The council met on Tuesday and agreed to mend the old pier before the winter, but the money for that is not"
TINY = 20_000  # bytes that a file may have where the disk is full: results are larger, messages are not
needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX systems")

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """`run(words, conditions)` gives the exit status of the command, and what it said."""

    def command(words: Sequence[str], conditions: str = "", full: bool = False) -> tuple[int, str]:
        (tmp_path / "crawlaudit.toml").write_text(f"workers = 1\n{conditions}", encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "audit", *words],
            cwd=tmp_path,
            capture_output=True,
            timeout=600,
            preexec_fn=_full if full else None,
        )
        said = (done.stdout + done.stderr).decode("utf-8")
        assert "Traceback" not in said
        return done.returncode, said

    return command


def _full() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (TINY, TINY))


@pytest.fixture
def crawl(tmp_path: Path) -> Path:
    """21 documents, one of them cut."""
    rows = [{"id": str(i), "text": f"{CLEAN} It was day {i}."} for i in range(20)] + [{"id": "cut", "text": CUT}]
    (tmp_path / "crawl.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return tmp_path / "crawl.jsonl"


CHECK = ("check", "crawl.jsonl", "--gate", "--quiet", "--no-report")


def condition(metric: str, limit: float, more: str = "") -> str:
    return f'[[gate]]\nmetric = "{metric}"\nlimit = {limit}\n{more}\n'


@pytest.mark.parametrize(
    ("conditions", "status", "outcome"),
    [
        (condition("truncation", 0.5), 0, "passed"),
        (condition("truncation", 0.01), 1, "failed"),
        (condition("truncation", 0.01, 'level = "warn"'), 0, "warned"),
        (condition("truncation", 0.01, "min_n = 100"), 0, "warned"),
        ("sample = 20\n" + condition("truncation", 0.02), 0, "warned"),
    ],
    ids=["passed", "failed", "only warned", "not evaluated", "inconclusive"],
)
@pytest.mark.usefixtures("crawl")
def test_a_gate_that_could_judge(run: Run, tmp_path: Path, conditions: str, status: int, outcome: str) -> None:
    ended, said = run(CHECK, conditions)
    told = json.loads((tmp_path / "crawlaudit-out" / "gate.json").read_text(encoding="utf-8"))
    assert (ended, told["status"]) == (status, outcome), said


@pytest.mark.parametrize(
    ("words", "conditions", "status", "part"),
    [
        (CHECK, condition("trunkation", 1), 2, "no metric or rule is called"),
        (CHECK, condition("bad", 1, 'mode = "ratchet"'), 2, "needs a baseline"),
        (("gate", "--output", "pdf"), "", 2, "no gate format is called 'pdf'"),
        (("gate", "nowhere"), "", 3, "holds no finished audit"),
        (("check", "nowhere"), "", 3, "no such file"),
        (("check", "empty", "--gate"), "", 3, "nothing to audit"),
        (("check", "unread", "--gate", "--quiet"), "", 3, "nothing to judge"),
        (("check", "mixed", "--quiet", "--no-report"), "", 0, ""),
        (("fix", "crawl.jsonl", "--out", "empty"), "", 3, "not empty"),
        (("fix", "clean", "--out", "fixed", "--restore"), "", 3, "removed.jsonl"),
        (("fix", "a", "b", "--out", "fixed", "--restore"), "", 2, "--restore takes one fixed folder"),
    ],
)
def test_everything_else(run: Run, crawl: Path, words: Sequence[str], conditions: str, status: int, part: str) -> None:
    for name in ("empty", "unread", "mixed", "clean"):
        (crawl.parent / name).mkdir()
    (crawl.parent / "empty" / "picture.png").touch()
    for name in ("unread", "mixed"):
        (crawl.parent / name / "broken.json").write_bytes(b"{")
        (crawl.parent / name / "blank.txt").write_bytes(b" \n")
    (crawl.parent / "mixed" / "a.txt").write_text(CLEAN, encoding="utf-8")
    ended, said = run(words, conditions)
    assert (ended, part in said) == (status, True), said


@needs_posix
@pytest.mark.parametrize("words", [("check", "crawl.jsonl", "--quiet"), ("fix", "large.txt", "--out", "fixed")])
def test_a_full_disk(run: Run, crawl: Path, words: Sequence[str]) -> None:
    chrome = "\n\nSubscribe to our newsletter\nShare on Facebook\nAll rights reserved\n"
    (crawl.parent / "large.txt").write_text("\n\n".join([CLEAN] * 300) + chrome, encoding="utf-8")
    ended, said = run(words, full=True)
    assert (ended, "cannot write" in said) == (3, True), said
    assert not (crawl.parent / "crawlaudit-out" / "summary.json").exists()
    assert not (crawl.parent / "fixed" / "removed.jsonl").exists()
