"""The ceiling for memory: what goes beyond it costs the document and nothing else."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from audit.ceiling import LEAST, hold_memory
from audit.config import Config, load
from audit.errors import UsageError

STORY = "The harbour council met on Tuesday and agreed to mend the old pier before the winter storms arrive. "
GREEDY = """
import sys
from audit.ceiling import hold_memory
hold_memory(int(sys.argv[1]))
try:
    bytes(int(sys.argv[2]))
except MemoryError:
    sys.exit(9)
"""


def test_sizes_are_written_as_people_do() -> None:
    assert Config.model_validate({"max_memory": "2GiB"}).max_memory == 2 << 30
    for wrong, said in (("a lot", "could not parse"), ("100MB", "512 MiB at least"), ("-1", "could not parse")):
        with pytest.raises(UsageError, match=said):
            load({"max_memory": wrong})


@pytest.mark.skipif(sys.platform != "linux", reason="no such limit here")
@pytest.mark.parametrize(("asked", "status"), [(2 * LEAST, 9), (LEAST // 8, 0)])
def test_more_is_refused_by_the_system(asked: int, status: int) -> None:
    words = [sys.executable, "-c", GREEDY, str(LEAST), str(asked)]
    assert subprocess.run(words, check=False, cwd=Path(__file__).parents[1]).returncode == status


@pytest.mark.skipif(sys.platform != "linux", reason="no such limit here")
def test_a_document_that_does_not_fit_costs_itself(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(STORY * 3, encoding="utf-8")
    (tmp_path / "b.txt").write_text(STORY * 600_000, encoding="utf-8")
    words = [
        "check",
        str(tmp_path),
        "--max-memory",
        "512MiB",
        "--workers",
        "1",
        "--no-report",
        "--output",
        "json",
        "--out",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "audit", *words, str(tmp_path / "out")],
        cwd=Path(__file__).parents[1], capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    summary = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    assert (summary["counts"]["read"], summary["counts"]["unread"]) == (1, 1)
    assert "memory" in done.stdout.decode()


def test_a_system_without_such_a_limit_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    hold_memory(None)
    with pytest.raises(UsageError, match="container"):
        hold_memory(LEAST)
