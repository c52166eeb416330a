"""What changed between two audits, or since a baseline: what is sure, what is not, and what cannot be compared."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from audit import baseline
from audit.changes import as_lines, changed
from audit.cli import app
from audit.diff import LISTED, Changes, compare
from audit.errors import AuditError
from audit.finding import DOCUMENTS_FILE, FAMILIES, FINDINGS_FILE, SUMMARY_FILE
from audit.intervals import chance
from audit.table import DOCUMENTS, FINDINGS, load_results

HOSTILE = "a\x1b[31m\u202e<script>.example"


def audit(out: Path, *sites: tuple[str, int, int], unread: int = 0, rules: str = "a") -> Path:
    """The results of sites given as (name, documents, bad ones), each bad one with a finding of CH101."""
    rows, found = [], []
    for site, of, bad in sites:
        for i in range(of):
            score = 50.0 if i < bad else 95.0
            rows.append(_row(f"{site}/{i}", site, "bad" if i < bad else "ok", score))
            found += [{"id": f"{site}/{i}", "rule": "CH101", "family": "chrome", "severity": "warning"}] * (i < bad)
    rows += [_row(f"u/{i}", None, "unread", None) for i in range(unread)]
    read, bad = len(rows) - unread, len(found)
    share = {"documents": bad, "of": read}
    out.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows, schema=DOCUMENTS), out / DOCUMENTS_FILE)
    pq.write_table(pa.Table.from_pylist(found, schema=FINDINGS), out / FINDINGS_FILE)
    summary = {
        "tool": {"version": "1", "rules_digest": rules, "models": {}}, "configuration_digest": "c",
        "counts": {"bad": bad, "suspect": 0, "read": read, "unread": unread, "seen": len(rows)},
        "families": {f: share if f == "chrome" else {"documents": 0, "of": read} for f in FAMILIES},
        "rules": [{"rule": "CH101", **share}],
    }  # fmt: skip
    (out / SUMMARY_FILE).write_text(json.dumps(summary), encoding="utf-8")
    return out


def _row(name: str, site: str | None, verdict: str, score: float | None) -> dict[str, Any]:
    judged = dict.fromkeys(FAMILIES, 0.1 if score is not None else None)
    return {"id": name, "source": name, "site": site, "verdict": verdict, "score": score, "words": 9} | judged


def words(changes: Changes) -> str:
    shown = changed(asdict(changes))
    assert shown
    return "\n".join(as_lines(shown))


def test_between_two_audits(tmp_path: Path) -> None:
    before = audit(tmp_path / "one", ("a.example", 100, 10), ("b.example", 30, 3), ("old.example", 10, 0))
    after = audit(tmp_path / "two", ("a.example", 100, 60), ("b.example", 30, 4), ("new.example", 5, 0), unread=1)
    found = compare(before, after)
    totals = {name: getattr(found, name).total for name in ("new", "gone", "worse", "better")}
    assert totals == {"new": 6, "gone": 10, "worse": 51, "better": 0}
    assert found.same == 79
    assert (found.new_sites.first, found.gone_sites.first) == (("new.example",), ("old.example",))
    assert [(site.name, site.before, site.after) for site in found.sites.first] == [("a.example", (10, 100), (60, 100))]
    assert {rate.name: rate.sure for rate in found.rates} == {
        "bad": True, "suspect": False, "unread": False,
        "truncation": False, "chrome": True, "missing_lead": False, "link_text": False,
    }  # fmt: skip
    assert [(rule.name, rule.sure) for rule in found.rules] == [("CH101", True)]
    assert found.not_comparable == ()
    said = words(found)
    for part in ("9.3 % of the documents were bad, 47 % are now: worse.", "ok 95.0 → ", "Gone sites (1): old.example"):
        assert part.replace(" %", "\xa0%") in said


def test_what_got_better_is_told_as_well(tmp_path: Path) -> None:
    before, after = audit(tmp_path / "one", ("a.example", 60, 50)), audit(tmp_path / "two", ("a.example", 60, 5))
    found = compare(before, after)
    assert (found.worse.total, found.better.total) == (0, 45)
    assert found.better.first[0].before == ("bad", 50.0)
    assert "better" in words(found)


def test_other_rules_and_other_documents_cannot_be_compared(tmp_path: Path) -> None:
    before = audit(tmp_path / "one", ("a.example", 5, 1))
    found = compare(before, audit(tmp_path / "two", ("b.example", 5, 1), rules="b"))
    assert [("rules digest" in why, "same id" in why) for why in found.not_comparable] == [(True, False), (False, True)]
    assert not any(rate.sure for rate in found.rates)


def test_since_a_baseline(tmp_path: Path) -> None:
    before = audit(tmp_path / "one", ("a.example", 100, 10), ("old.example", 25, 0), ("small.example", 3, 0))
    baseline.write(baseline.measure(load_results(before)), tmp_path / "base.json")
    found = compare(tmp_path / "base.json", audit(tmp_path / "two", ("a.example", 100, 60)))
    assert found.same is None
    assert [site.name for site in found.sites.first] == ["a.example"]
    assert found.gone_sites.first == ("old.example",)
    assert {rate.name: (rate.before, rate.after) for rate in found.rates}["chrome"] == ((10, 128), (60, 100))
    assert "Documents:" not in words(found)


def test_lists_are_bounded_and_counts_are_not(tmp_path: Path) -> None:
    before = audit(tmp_path / "one", ("a.example", 2 * LISTED, 0))
    found = compare(before, audit(tmp_path / "two", ("a.example", 2 * LISTED, 2 * LISTED)))
    assert (found.worse.total, len(found.worse.first)) == (2 * LISTED, LISTED)


def test_an_empty_side_is_no_error(tmp_path: Path) -> None:
    found = compare(audit(tmp_path / "one", unread=2), audit(tmp_path / "two", ("a.example", 3, 1)))
    assert "on one side none was judged" in words(found)


def test_mistakes(tmp_path: Path) -> None:
    (tmp_path / "no.json").write_text("{}", encoding="utf-8")
    after = audit(tmp_path / "two", ("a.example", 3, 1))
    for before, why in ((tmp_path / "nowhere", "no finished audit"), (tmp_path / "no.json", "no baseline")):
        with pytest.raises(AuditError, match=why):
            compare(before, after)


def test_on_the_command_line_and_in_the_report(tmp_path: Path, summary: dict[str, Any]) -> None:
    before = audit(tmp_path / "one", (HOSTILE, 30, 1), ("gone\x1b.example", 2, 0))
    after = audit(tmp_path / "two", (HOSTILE, 30, 20))
    run = CliRunner()
    said = run.invoke(app, ["diff", str(before), str(after)])
    assert said.exit_code == 0
    assert "\x1b" not in said.output
    data = json.loads(run.invoke(app, ["diff", str(before), str(after), "--format", "json"]).output)
    assert data["sites"]["first"][0]["name"] == HOSTILE
    (after / "summary.json").write_text(json.dumps(summary | {"tool": summary["tool"]}), encoding="utf-8")
    ended = run.invoke(app, ["report", str(after), "--before", str(before), "--single-file", "-q"])
    assert ended.exit_code == 0, ended.output
    page = (after / "report.html").read_text(encoding="utf-8")
    assert 'id="changes"' in page
    assert "<script>.example" not in page
    assert run.invoke(app, ["report", str(after), "--before", "nowhere"]).exit_code == 2


@given(st.integers(1, 60), st.integers(1, 60), st.integers(0, 60), st.integers(0, 60))
def test_chance_is_a_probability_and_equal_rates_are_chance(n: int, m: int, k: int, j: int) -> None:
    k, j = min(k, n), min(j, m)
    assert 0.0 <= chance(k, n, j, m) <= 1.0
    assert chance(k, n, j, m) == pytest.approx(chance(j, m, k, n))
    assert chance(k, n, 3 * k, 3 * n) == pytest.approx(1.0)
