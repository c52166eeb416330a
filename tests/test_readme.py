"""The README says what is true: its output is what the command prints, its Python runs, its commands exist."""

import doctest
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from audit.cli import app

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
# What differs from run to run and from machine to machine.
VARIES = re.compile(r"^\d+ documents in .*|^(Results|Report): .*", re.MULTILINE)


def block(marker: str) -> str:
    found = re.search(rf"<!-- {marker} -->\n```\w*\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the README's first command prints on a terminal of 100 columns."""
    out = tmp_path_factory.mktemp("readme") / "out"
    words = ["-m", "audit", "check", "tests/samples/crawl", "--out", str(out)]
    environment = {"COLUMNS": "100", "PYTHONPATH": str(ROOT), "SYSTEMROOT": "C:\\Windows"}
    done = subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=environment, capture_output=True, timeout=120, check=True
    )
    return "\n".join(line.rstrip() for line in done.stdout.decode("utf-8").splitlines())


def test_the_output_is_what_the_command_prints(printed: str) -> None:
    """Parts left out stand as a line of `…`."""
    parts = VARIES.sub("", block("output: audit")).split("\n…\n")
    actual, at = VARIES.sub("", printed), 0
    for part in parts:
        found = actual.find(part.strip("\n"), at)
        assert found >= 0, f"README.md is not up to date; the command prints:\n{printed}"
        at = found + len(part.strip("\n"))


def test_the_python_runs() -> None:
    failed, tried = doctest.testfile(str(README), module_relative=False)
    assert (failed, tried >= 6) == (0, True)


def test_the_commands_exist() -> None:
    shell = "".join(re.findall(r"```sh\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL))
    said = set(re.findall(r"^(?:.*[|&] )?crawlaudit ([a-z]+)", shell, re.MULTILINE))
    known = {command.name or getattr(command.callback, "__name__", "") for command in app.registered_commands}
    assert {"check", "report", "rule"} <= said <= known


def test_the_recipes_name_what_exists() -> None:
    recipes = (ROOT / "docs" / "recipes.md").read_text(encoding="utf-8")
    for code in re.findall(r"```python\n(.*?)```", recipes, re.DOTALL):
        compile(code, "recipes.md", "exec")
    commands = get_command(app).commands  # type: ignore[attr-defined]
    said = re.findall(r"crawlaudit (check|gate|fix|report)\b([^\n`&|]*)", recipes)
    assert len(said) >= 6
    for name, words in said:
        known = {option for parameter in commands[name].params for option in parameter.opts}
        assert set(re.findall(r"(?<!\S)--[a-z-]+", words)) <= known, (name, words)
