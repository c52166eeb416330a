"""The gate: which crawls pass, fail or are in doubt, by what is promised, and that nothing hostile gets out."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from audit.baseline import measure, read, tightened, write
from audit.cli import app
from audit.conditions import METRICS, Condition, Suppression
from audit.errors import AuditError, UsageError
from audit.finding import FAMILIES
from audit.gate import Gate, judge
from audit.holding import Status
from audit.intervals import beyond, difference, discoveries, increase, tail, wilson
from audit.measures import columns_for
from audit.table import DOCUMENTS, FINDINGS, Results

ABOUT: dict[str, Any] = {"tool": {"version": "1", "rules_digest": "a", "models": {}}, "configuration_digest": "c"}


def crawl(*sites: tuple[str, int, int], unread: int = 0, rules: str = "a") -> Results:
    """Results of sites given as (name, documents, bad ones), each bad one with a finding of CH101."""
    rows, found = [], []
    for name, of, bad in sites:
        for i in range(of):
            one = f"{name}/{i}"
            rows.append(_row(one, name, "bad" if i < bad else "ok", 50.0 if i < bad else 95.0))
            if i < bad:
                found.append({"id": one, "rule": "CH101", "family": "chrome", "severity": "warning"})
    rows += [_row(f"u/{i}", None, "unread", None) for i in range(unread)]
    documents = pd.DataFrame(rows).reindex(columns=DOCUMENTS.names)
    summary = ABOUT | {"tool": ABOUT["tool"] | {"rules_digest": rules}}
    return Results(documents, pd.DataFrame(found).reindex(columns=FINDINGS.names), summary)


def _row(name: str, site: str | None, verdict: str, score: float | None) -> dict[str, Any]:
    judged = dict.fromkeys(FAMILIES, 0.1 if score is not None else None)
    about = {"id": name, "source": f"crawl/{name}", "site": site, "url": f"https://{name}", "sha256": name}
    return about | {"verdict": verdict, "score": score, "words": 100} | judged


def status(results: Results, *conditions: Condition, **given: Any) -> list[str]:
    return [str(check.status) for check in judge(results, conditions, **given).checks]


@pytest.mark.parametrize(
    ("condition", "ends"),
    [
        ({"metric": "bad", "limit": 0.3}, "passed"),
        ({"metric": "bad", "limit": 0.2}, "passed"),
        ({"metric": "bad", "limit": 0.19}, "failed"),
        ({"metric": "bad", "limit": 0.19, "level": "warn"}, "warned"),
        ({"metric": "chrome", "limit": 0.1}, "failed"),
        ({"metric": "CH101", "limit": 0.1}, "failed"),
        ({"metric": "breadcrumbs", "limit": 0.1}, "passed"),
        ({"metric": "truncation", "limit": 0.0}, "passed"),
        ({"metric": "unread", "limit": 0.1}, "passed"),
        ({"metric": "bad_words", "limit": 0.1}, "failed"),
        ({"metric": "score", "limit": 90}, "failed"),
        ({"metric": "score", "limit": 80}, "passed"),
        ({"metric": "score_p10", "limit": 60}, "failed"),
        ({"metric": "documents", "limit": 101}, "failed"),
        ({"metric": "bad", "limit": 0.1, "min_n": 101}, "not evaluated"),
    ],
)
def test_absolute_conditions(condition: dict[str, Any], ends: str) -> None:
    if condition["metric"] == "breadcrumbs":
        condition = condition | {"metric": "TR101"}
    assert status(crawl(("a.example", 100, 20)), Condition(**condition)) == [ends]


def test_many_sites_are_many_tests() -> None:
    sites = [(f"s{i}.example", 40, 4) for i in range(60)] + [("bad.example", 40, 30), ("luck.example", 40, 6)]
    checks = judge(crawl(*sites), [Condition(metric="bad", limit=0.1, scope="site")]).checks
    ends = {check.found.group: str(check.status) for check in checks}
    assert (ends["bad.example"], ends["luck.example"], ends["s1.example"]) == ("failed", "inconclusive", "passed")


def test_small_sites_are_judged_together() -> None:
    (check,) = judge(crawl(*((f"s{i}", 3, 3) for i in range(10))), [Condition(metric="bad", scope="site")]).checks
    assert (check.found.group, check.found.n, check.status) == ("(small ones)", 30, Status.FAILED)


@pytest.mark.parametrize(
    ("bad", "mode", "ends"),
    [
        (20, "regression", "passed"),
        (24, "regression", "inconclusive"),
        (60, "regression", "failed"),
        (20, "ratchet", "passed"),
        (21, "ratchet", "failed"),
        (10, "ratchet", "passed"),
    ],
)
def test_against_a_baseline(bad: int, mode: Any, ends: str) -> None:
    baseline = measure(crawl(("a.example", 100, 20)))
    now = crawl(("a.example", 100, bad))
    assert status(now, Condition(metric="bad", mode=mode), baseline=baseline) == [ends]
    other = crawl(("a.example", 100, bad), rules="b")
    assert status(other, Condition(metric="bad", mode=mode), baseline=baseline) == ["not evaluated"]


@pytest.mark.parametrize(
    ("condition", "ends"),
    [
        ({"metric": "bad", "limit": 0.3}, "passed"),
        ({"metric": "bad", "limit": 0.19}, "inconclusive"),
        ({"metric": "bad", "limit": 0.22}, "inconclusive"),
        ({"metric": "bad", "limit": 0.1}, "failed"),
        ({"metric": "bad_words", "limit": 0.19}, "inconclusive"),
        ({"metric": "bad_words", "limit": 0.1}, "failed"),
        ({"metric": "score", "limit": 70}, "passed"),
        ({"metric": "score", "limit": 86.5}, "inconclusive"),
        ({"metric": "score", "limit": 92}, "failed"),
        ({"metric": "score_p10", "limit": 60}, "failed"),
        ({"metric": "score_p10", "limit": 50}, "passed"),
        ({"metric": "documents", "limit": 5000, "min_n": 1}, "passed"),
        ({"metric": "documents", "limit": 5001, "min_n": 1}, "failed"),
        ({"metric": "documents", "limit": 1, "scope": "site"}, "not evaluated"),
        ({"metric": "bad", "limit": 0.1, "min_n": 101}, "not evaluated"),
    ],
)
def test_of_a_sample_the_interval_decides(condition: dict[str, Any], ends: str) -> None:
    results = crawl(("a.example", 100, 20))
    results.summary["sample"] = {"of": 5000, "size": 100, "seed": 0}
    assert status(results, Condition(**condition)) == [ends]
    assert judge(results, [Condition(metric="bad", limit=1)]).population == 5000


@pytest.mark.parametrize(
    ("bad", "condition", "ends"),
    [
        (30, {"metric": "bad", "limit": 0.05}, "failed"),
        (30, {"metric": "bad", "limit": 0.05, "relative": 0.6}, "passed"),
        (60, {"metric": "bad", "limit": 0.05, "relative": 0.6}, "failed"),
        (24, {"metric": "score", "limit": 1}, "inconclusive"),
        (60, {"metric": "score", "limit": 1}, "failed"),
        (60, {"metric": "score", "limit": 30}, "passed"),
        (20, {"metric": "score", "limit": 1, "mode": "ratchet"}, "passed"),
        (24, {"metric": "score", "limit": 1, "mode": "ratchet"}, "failed"),
        (60, {"metric": "bad", "scope": "lang"}, "failed"),
        (60, {"metric": "bad", "scope": "folder"}, "failed"),
        (60, {"metric": "CH102", "scope": "site"}, "passed"),
        (60, {"metric": "CH101", "scope": "site"}, "failed"),
    ],
)
def test_what_a_baseline_allows(bad: int, condition: dict[str, Any], ends: str) -> None:
    baseline = measure(crawl(("a.example", 200, 40)))
    now = crawl(("a.example", 200, 2 * bad))
    assert status(now, Condition(**{"mode": "regression"} | condition), baseline=baseline) == [ends]


def test_a_ratchet_of_a_sample_may_not_be_told() -> None:
    baseline = measure(crawl(("a.example", 100, 20)))
    ends = {}
    for bad in (5, 22, 60):
        now = crawl(("a.example", 100, bad))
        now.summary["sample"] = {"of": 5000}
        ends[bad] = status(now, Condition(metric="bad", mode="ratchet"), baseline=baseline)[0]
    assert ends == {5: "passed", 22: "inconclusive", 60: "failed"}


def test_many_sites_are_many_tests_against_a_baseline_too() -> None:
    sites = [(f"s{i}.example", 50, 5) for i in range(60)]
    baseline = measure(crawl(*sites, ("bad.example", 50, 5), ("luck.example", 50, 5)))
    now = crawl(*sites, ("bad.example", 50, 35), ("luck.example", 50, 14))
    checks = judge(now, [Condition(metric="bad", mode="regression", scope="site")], baseline=baseline).checks
    ends = {check.found.group: str(check.status) for check in checks}
    assert (ends["bad.example"], ends["luck.example"], ends["s1.example"]) == ("failed", "inconclusive", "passed")


def test_only_new_documents_count() -> None:
    before, now = crawl(("a.example", 100, 20)), crawl(("a.example", 100, 20), ("b.example", 50, 30))
    (check,) = judge(now, [Condition(metric="bad", limit=0.5, mode="new")], before=before).checks
    assert (check.found.k, check.found.n, check.status) == (30, 50, Status.FAILED)


def test_a_baseline_is_small_sorted_and_only_gets_better(tmp_path: Path) -> None:
    good, bad = measure(crawl(("a.example", 100, 10))), measure(crawl(("a.example", 100, 30), ("b.example", 50, 1)))
    write(tightened(good, bad), tmp_path / "b.json")
    kept = read(tmp_path / "b.json")
    assert kept["scopes"]["all"]["all"]["bad"] == [0.1, 10, 100]
    assert kept["scopes"]["all"]["all"]["score"] == good["scopes"]["all"]["all"]["score"]
    assert list(kept["scopes"]["site"]) == ["a.example", "b.example"]
    assert tightened(good, measure(crawl(("a.example", 100, 0))))["scopes"]["site"]["a.example"].get("CH101") is None
    assert '   "bad": [0.1, 10, 100],' in (tmp_path / "b.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("content", [None, "{", "[]", '{"made_by": 1, "scopes": 2}'])
def test_a_baseline_that_is_none(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "b.json").write_text(content, encoding="utf-8")
    with pytest.raises(AuditError, match=r"b\.json"):
        read(tmp_path / "b.json")


@pytest.mark.parametrize(
    ("condition", "part"),
    [
        ({"metric": "bad", "mode": "regression"}, "needs a baseline"),
        ({"metric": "bad", "mode": "new"}, "needs an earlier audit"),
        ({"metric": "bad", "scope": "site", "only": "*.nowhere"}, "matches nothing"),
    ],
)
def test_conditions_that_cannot_be_held(condition: dict[str, Any], part: str) -> None:
    with pytest.raises(UsageError, match=part):
        judge(crawl(("a.example", 30, 3)), [Condition(**condition)])


def test_a_crawl_of_which_nothing_was_read_never_passes() -> None:
    with pytest.raises(AuditError, match="nothing to judge"):
        judge(crawl(unread=5), [Condition(metric="documents", limit=1)])


def test_suppressions_take_findings_away_and_stale_ones_are_told() -> None:
    rule = {"rule": "CH101", "reason": "poems"}
    given = [
        Suppression(site="a.*", **rule),
        Suppression(site="c.*", **rule),
        Suppression(path="crawl/b*", until=date(2026, 1, 1), **rule),
    ]
    results = crawl(("a.example", 50, 20), ("b.example", 50, 5))
    gate = judge(results, [Condition(metric="bad", limit=0.06)], given, today=date(2026, 6, 1))
    assert (gate.status, gate.checks[0].found.k) == (Status.PASSED, 5)
    assert [(s.findings, s.stale) for s in gate.suppressed] == [(20, None), (0, "matches nothing"), (5, "expired")]


@given(st.integers(0, 60), st.integers(1, 60))
def test_intervals_hold_their_rate(k: int, n: int) -> None:
    k = min(k, n)
    low, high = wilson(k, n)
    assert 0 <= low <= k / n + 1e-12
    assert k / n - 1e-12 <= high <= 1
    below, above = difference(k, n, k, n)
    assert below <= 0 <= above


def test_exact_values() -> None:
    assert [round(x, 3) for x in wilson(1, 20)] == [0.009, 0.236]
    assert round(wilson(0, 383)[1], 3) == 0.01
    assert round(tail(3, 10, 0.1), 6) == 0.070191
    assert round(increase(7, 10, 2, 10), 6) == 0.034889
    assert (increase(0, 10, 5, 10), increase(2, 10, 0, 0)) == (1.0, 1.0)
    assert (round(beyond(1.959964, 1.959964), 4), beyond(0.0, 0.0), beyond(0.1, 0.0)) == (0.025, 1.0, 0.0)
    assert discoveries([0.001, 0.2, 0.02, 0.9]) == [True, False, True, False]


@pytest.mark.parametrize(
    ("gates", "status", "part"),
    [
        ('[[gate]]\nmetric = "documents"\nlimit = 1\nmin_n = 1', 0, "Gate passed"),
        ('[[gate]]\nmetric = "documents"\nlimit = 100\nmin_n = 1', 1, "the gate failed: 1 of 1 checks"),
        ('[[gate]]\nmetric = "documents"\nlimit = 100\nlevel = "warn"\nmin_n = 1', 0, "Gate warned"),
        ('[[gate]]\nmetric = "bda"', 2, "no metric or rule is called 'bda'"),
        ('[[gate]]\nmetric = "bad"\nlimti = 1', 2, "unknown key 'limti': the keys are metric, limit, relative, scope"),
        ('[[suppress]]\nrule = "CH101"\nreason = "why not"', 2, "name a site, path or url"),
        ('[[gate]]\nmetric = "bad"\nmode = "ratchet"', 2, "needs a baseline"),
    ],
)
def test_the_gate_on_the_command_line(
    gates: str,
    status: int,
    part: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from audit.cli import main

    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(
        "The ferry ran late again. Nobody on the quay was surprised by that.", encoding="utf-8"
    )
    (tmp_path / "crawlaudit.toml").write_text(gates, encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["crawlaudit", "check", "a.txt", "--gate", "--no-report"])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr()
    assert (ended.value.code or 0, part in said.out + said.err) == (status, True), said
    if status < 2:
        assert json.loads(Path("crawlaudit-out/gate.json").read_text(encoding="utf-8"))["checks"]


def test_init_and_config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run = CliRunner()
    assert run.invoke(app, ["init"]).exit_code == 0
    assert run.invoke(app, ["init"]).exit_code != 0
    monkeypatch.setenv("CRAWLAUDIT_WORKERS", "2")
    shown = run.invoke(app, ["config"], env={"COLUMNS": "1000"}).output
    assert "CRAWLAUDIT_WORKERS" in shown
    assert "crawlaudit.toml: gate" in shown
    assert "default" in shown


@pytest.mark.parametrize("metric", [*METRICS, "CH101"])
@pytest.mark.parametrize("scope", ["all", "site", "path", "lang", "folder"])
def test_the_columns_that_conditions_need_are_enough(metric: str, scope: Any) -> None:
    given = [Suppression(site="a.*", rule="CH101", reason="poems")]
    results, before = crawl(("a.example", 50, 20), ("b.example", 50, 5), unread=3), crawl(("a.example", 50, 20))
    asked = [Condition(metric=metric, scope=scope, mode=mode) for mode in ("absolute", "new")]
    for suppressions in ((), given):
        documents, findings = columns_for(asked, suppressions)
        few = Results(results.documents[documents], results.findings[findings or list(FINDINGS.names)], results.summary)
        whole = judge(results, asked, suppressions, before=before)
        # repr, as what is not known is no number, which is unlike itself
        assert repr(judge(few, asked, suppressions, before=before)) == repr(whole)
        assert not {"message", "excerpt", "evidence"} & {*findings}
        assert bool(findings) == bool(suppressions or metric in (*FAMILIES, "CH101"))


def test_the_gate_reads_no_other_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(
        "The ferry ran late again. Nobody on the quay was surprised by that.", encoding="utf-8"
    )
    CliRunner().invoke(app, ["check", "a.txt", "-q", "--no-report"])
    read: list[list[str]] = []

    def spied(place: Path, columns: list[str]) -> pa.Table:
        read.append(columns)
        return read_table(place, columns=columns)

    read_table = pq.read_table
    monkeypatch.setattr(pq, "read_table", spied)
    assert CliRunner().invoke(app, ["gate", "-q"]).exit_code == 0
    assert read == [["chrome", "id", "link_text", "missing_lead", "site", "truncation", "verdict"]]


def test_the_default_conditions_are_those_of_init(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from audit.conditions import DEFAULT
    from audit.config import load

    monkeypatch.chdir(tmp_path)
    CliRunner().invoke(app, ["init"])
    assert load().gate == DEFAULT


def test_status_of_a_gate_that_could_judge_nothing() -> None:
    gate: Gate = judge(crawl(("a.example", 5, 0)), [Condition(metric="bad", limit=0.1)])
    assert gate.status is Status.WARNED


def test_the_report_tells_of_the_gate_and_a_new_audit_forgets_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(
        "The ferry ran late again. Nobody on the quay was surprised by that.", encoding="utf-8"
    )
    (tmp_path / "crawlaudit.toml").write_text('[[gate]]\nmetric = "documents"\nlimit = 9\nmin_n = 1', encoding="utf-8")
    run, page = CliRunner(), tmp_path / "crawlaudit-out" / "report.html"
    assert run.invoke(app, ["check", "a.txt", "--gate", "-q"]).exit_code != 0
    assert "The gate failed" in page.read_text(encoding="utf-8")
    assert "documents &gt;= 9" in page.read_text(encoding="utf-8")
    assert run.invoke(app, ["check", "a.txt", "-q"]).exit_code == 0
    assert "No gate was asked for" in page.read_text(encoding="utf-8")
    assert not (tmp_path / "crawlaudit-out" / "gate.json").exists()
