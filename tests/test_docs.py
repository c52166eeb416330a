"""README and docs/ say what is true: what commands print, what Python does, which commands, options and keys there are.

`pytest tests/test_docs.py --accept-gold` writes anew what is generated: the rules, the keys of the configuration.
"""

import doctest
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import typer.main

from audit import cli, run
from audit.config import Config
from audit.finding import FAMILIES
from audit.registry import Rule, rules
from audit.table import DOCUMENTS, FINDINGS, load_summary
from audit.wording import family_title

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
DOCS = ROOT / "docs"
PAGES = [README, ROOT / "CONTRIBUTING.md", *sorted(DOCS.glob("*.md"))]
COMMANDS: dict[str, Any] = typer.main.get_command(cli.app).commands  # type: ignore[attr-defined]
# What differs from run to run and from machine to machine.
VARIES = re.compile(r"^\d+ documents in .*|^(Results|Report): .*", re.MULTILINE)
each_page = pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])


def blocks(page: Path, language: str) -> list[str]:
    """The blocks of code in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def left_out(expected: str, printed: str) -> str | None:
    """The first part of what is expected that does not follow in what was printed; parts left out stand as `…`."""
    at = 0
    for part in expected.split("…"):
        found = printed.find(part.strip("\n"), at)
        if found < 0:
            return part
        at = found + len(part.strip("\n"))
    return None


def marked(marker: str) -> str:
    found = re.search(rf"<!-- {marker} -->\n```\w*\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


def test_the_readme_shows_what_its_first_command_prints(tmp_path: Path) -> None:
    words = ["-m", "audit", "check", "tests/samples/crawl", "--out", str(tmp_path / "out")]
    environment = {"COLUMNS": "100", "PYTHONPATH": str(ROOT), "SYSTEMROOT": "C:\\Windows"}
    done = subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=environment, capture_output=True, timeout=300, check=True
    )
    printed = VARIES.sub("", "\n".join(line.rstrip() for line in done.stdout.decode("utf-8").splitlines()))
    missing = left_out(VARIES.sub("", marked("output: audit")), printed)
    assert missing is None, f"README.md is not up to date: {missing!r} is missing; the command prints:\n{printed}"


@pytest.fixture
def crawl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with the sample crawl in it."""
    shutil.copytree(ROOT / "tests" / "samples" / "crawl", tmp_path / "crawl")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CRAWLAUDIT_WORKERS", "1")
    monkeypatch.setenv("COLUMNS", "100")
    return tmp_path


@pytest.fixture
def audited(crawl: Path) -> Path:
    """The same, with an audit of a few of its documents."""
    run.audit([str(crawl / "crawl" / "rivages.example")], Config(), crawl / "crawlaudit-out")
    return crawl / "crawlaudit-out"


class Shell:
    """Runs the commands of a page in this process, as a shell would show them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._patch, self._capsys, self._status = monkeypatch, capsys, 0

    def __call__(self, line: str) -> str:
        if line == "echo $?":
            return f"{self._status}\n"
        self._patch.setattr(sys, "argv", line.split())
        self._status = 0
        try:
            cli.main()
        except SystemExit as stop:
            self._status = int(stop.code or 0)
        return "".join(self._capsys.readouterr())


@pytest.mark.parametrize("page", [p for p in PAGES if blocks(p, "console")], ids=lambda page: page.name)
@pytest.mark.usefixtures("crawl")
def test_commands_print_what_the_page_shows(
    page: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shell = Shell(monkeypatch, capsys)
    for command, expected in re.findall(
        r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", "".join(blocks(page, "console")), re.MULTILINE
    ):
        printed = "\n".join(line.rstrip() for line in shell(command).splitlines())
        missing = left_out(expected, printed)
        assert missing is None, f"{page.name}: {command} does not print {missing!r} but\n{printed}"


@pytest.mark.parametrize("page", [p for p in PAGES if ">>> " in "".join(blocks(p, "python"))], ids=lambda p: p.name)
def test_python_does_what_the_page_shows(page: Path, audited: Path, capsys: pytest.CaptureFixture[str]) -> None:
    failed, tried = doctest.testfile(str(page), module_relative=False)
    assert (failed, tried >= 6) == (0, True), capsys.readouterr().out


def commands(page: Path) -> Iterator[tuple[str, str]]:
    """The commands of this program that a page names, each with what follows on its line."""
    code = [*blocks(page, r"(?:sh|yaml|console)"), *re.findall(r"`(crawlaudit [a-z][^`]*)`", page.read_text("utf-8"))]
    for said in re.findall(r"(?:^|[|&\s(\"'])crawlaudit ([a-z]+\b.*)", "\n".join(code), re.MULTILINE):
        yield said.split()[0], re.split(r"  #| && | \| ", said)[0]


@each_page
def test_commands_and_their_options_exist(page: Path) -> None:
    for name, said in commands(page):
        assert name in COMMANDS, f"{page.name}: no command {name}"
        known = {flag for p in COMMANDS[name].params for flag in (*p.opts, *p.secondary_opts)}
        assert set(re.findall(r"(?<=\s)--[a-z-]+", said)) <= known, f"{page.name}: {said}"


def test_every_command_is_told() -> None:
    assert {name for page in PAGES for name, _ in commands(page)} == set(COMMANDS)


@each_page
def test_configurations_are_valid(page: Path) -> None:
    for block in blocks(page, "toml"):
        table = tomllib.loads(block)
        list(Config.model_validate(table.get("tool", {}).get("crawlaudit", table)).chosen())


@each_page
def test_links_lead_somewhere(page: Path) -> None:
    prose = re.sub(r"`[^`\n]*`", "", page.read_text(encoding="utf-8"))
    for target in re.findall(r"\]\((?!https?:)([^)\s]+)\)", prose):
        name, _, anchor = target.partition("#")
        place = page.parent / name if name else page
        assert place.exists(), f"{page.name}: {target}"
        assert not anchor or anchor in anchors(place), f"{page.name}: {target}"


def test_the_index_lists_every_page() -> None:
    listed = set(re.findall(r"\]\(([\w-]+\.md)\)", (DOCS / "README.md").read_text(encoding="utf-8")))
    assert listed == {page.name for page in DOCS.glob("*.md")} - {"README.md"}


def anchors(page: Path) -> set[str]:
    """What GitHub calls the headings of a page."""
    heads = re.findall(r"^#+ (.*)", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def table(page: Path, number: int) -> Iterator[list[str]]:
    """The rows of the n-th table of a page, without its head."""
    tables = re.findall(r"(?:^\|.*\n)+", page.read_text(encoding="utf-8"), re.MULTILINE)
    for row in tables[number].splitlines()[2:]:
        yield [cell.strip() for cell in row.strip("|").split("|")]


@pytest.mark.parametrize(("number", "schema"), [(0, DOCUMENTS), (1, FINDINGS)], ids=["documents", "findings"])
def test_every_column_is_told(number: int, schema: pa.Schema) -> None:
    told = [(name.strip("`"), kind) for name, kind, _ in table(DOCS / "results.md", number)]
    assert told == [(field.name, str(field.type)) for field in schema]


def test_every_key_of_the_summary_is_told(audited: Path) -> None:
    told = [key for cell, _ in table(DOCS / "results.md", 2) for key in re.findall(r"`(\w+)`", cell)]
    assert len(told) == len(set(told))
    assert set(told) == {*load_summary(audited), "pages", "reused", "sample"}


@pytest.fixture
def generated(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """`generated(page, text)` fails unless the page has this text; with --accept-gold it gets it."""

    def compare(page: Path, text: str) -> None:
        if request.config.getoption("--accept-gold"):
            page.write_text(text, encoding="utf-8", newline="\n")
        current = page.read_text(encoding="utf-8") if page.exists() else ""
        assert current == text, f"{page.name} is not current; run: pytest tests/test_docs.py --accept-gold"

    return compare


def test_the_rules_are_current(generated: Callable[[Path, str], None]) -> None:
    generated(DOCS / "rules.md", "\n".join(rules_page()))


def test_the_keys_are_current(generated: Callable[[Path, str], None]) -> None:
    page = DOCS / "configuration.md"
    rows = "\n".join(f"| `{name}` | {kind_of(name)} | {f.description} |" for name, f in Config.model_fields.items())
    made = f"<!-- generated: keys -->\n| key | default | |\n|---|---|---|\n{rows}\n<!-- end -->"
    text = page.read_text(encoding="utf-8")
    generated(page, re.sub(r"<!-- generated: keys -->.*<!-- end -->", lambda _: made, text, flags=re.DOTALL))


def kind_of(name: str) -> str:
    """A key's default as TOML has it."""
    value = Config().model_dump(mode="json")[name]
    return "" if value is None else f"`{str(value).lower() if isinstance(value, bool) else value!r}`".replace("'", '"')


def rules_page() -> Iterator[str]:
    """docs/rules.md: the docstrings of the rules, by family."""
    yield "# Rules\n"
    yield "Made from the rules' own docstrings, which `crawlaudit rule CODE` prints; do not edit this page.\n"
    for family in FAMILIES:
        yield f"- [{family_title(family)}](#{family_title(family).lower().replace(' ', '-')})"
    for family in FAMILIES:
        yield f"\n## {family_title(family)}"
        for rule in (r for r in rules().values() if r.family == family):
            yield from rule_section(rule)


def rule_section(rule: Rule) -> Iterator[str]:
    yield f"\n### {rule.code} {rule.name}\n"
    removable = ", what it marks can be removed" if rule.removable else ""
    yield f"*{rule.severity}, sure to {rule.confidence:.0%}{removable}*\n"
    yield re.sub(r"`[^`]+`|[\[\]*<]", lambda found: found[0] if found[0][0] == "`" else f"\\{found[0]}", rule.page)
    if rule.options:
        yield "\n| option | type | default |\n|---|---|---|"
        yield from (f"| `{o.name}` | {o.type.__name__} | `{o.default!r}` |" for o in rule.options)
