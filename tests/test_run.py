"""An audit from paths to results: the contract of the files, the same bytes however the work is spread, and every death."""

import gzip
import json
from functools import partial
from io import StringIO
from math import sqrt
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from rich.console import Console

from audit import run
from audit.config import Config
from audit.engines.local import LocalEngine
from audit.errors import AuditError
from audit.finding import DOCUMENTS_FILE, EXAMPLES_FILE, FAMILIES, FINDINGS_FILE, KEYS_FILE, SUMMARY_FILE
from audit.inputs import plan
from audit.judge import Judge
from audit.page import Page
from audit.progress import progress
from audit.registry import rules
from audit.table import DOCUMENTS, FINDINGS, load_results, load_summary

STORY = (
    "The harbour council met on Tuesday and agreed to mend the old pier before the winter storms arrive from the west."
)
FILES = (DOCUMENTS_FILE, EXAMPLES_FILE, FINDINGS_FILE, KEYS_FILE, SUMMARY_FILE)


def record(number: int, site: str = "post.example", **other: Any) -> dict[str, Any]:
    text = f"{STORY} It was day {number}, said Ada.\n\n{STORY}\n\nWesthaven tide and harbour news since the flood\n"
    if number % 3 == 0:
        text = f"{STORY} Read more\n\n{STORY[:-30]}"
    if number % 5 == 0:
        text += "\n\nShare on Facebook\n\nLeave a reply\n\nYour email address will not be published."
    return {"text": text, "url": f"https://{site}/{number}", "title": "Council mends pier", **other}


@pytest.fixture(scope="module")
def crawl(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five files of three formats on four sites: 94 good records, six that cannot be read, and ids that come twice."""
    root = tmp_path_factory.mktemp("crawl")
    for name, site in (("one", "post.example"), ("two", "tide.example")):
        lines = [json.dumps(record(i, site, id=f"r{i}")) for i in range(40)]
        lines[7], lines[20] = "{broken", json.dumps({"headline": "no text", "url": f"https://{site}/20"})
        (root / f"{name}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    with gzip.open(root / "three.jsonl.gz", "wt", encoding="utf-8") as stream:
        stream.writelines(json.dumps(record(i, "late.example", id="same")) + "\n" for i in range(10))
    folder = root / "paper.example"
    folder.mkdir()
    for i in range(9):
        (folder / f"{i}.txt").write_text(record(i)["text"], encoding="utf-8")
    (folder / "empty.txt").write_bytes(b" \n")
    (root / "damaged.jsonl.gz").write_bytes(b"\x1f\x8b\x08\x00broken")
    (root / "photo.jpg").write_bytes(b"\xff\xd8")
    return root


@pytest.fixture(scope="module")
def finished(crawl: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("finished")
    run.audit([str(crawl)], Config(), out, command=["check", "x"])
    return out


def contents(out: Path) -> list[bytes]:
    return [(out / name).read_bytes() for name in FILES]


def timeless(out: Path) -> dict[str, Any]:
    moving = {"started", "seconds", "documents_per_second", "bytes_per_second", "resumed_parts"}
    moving |= {"command", "inputs", "configuration"}
    return {key: value for key, value in load_summary(out).items() if key not in moving}


class TestContract:
    def test_the_schemas(self, finished: Path) -> None:
        assert pq.read_schema(finished / DOCUMENTS_FILE).equals(DOCUMENTS)
        assert pq.read_schema(finished / FINDINGS_FILE).equals(FINDINGS)
        assert sorted(path.name for path in finished.iterdir()) == sorted(FILES)

    def test_a_row_a_document_with_unique_ids(self, finished: Path) -> None:
        documents = load_results(finished).documents
        assert len(documents) == 101
        assert documents["id"].is_unique
        assert documents["source"].is_unique
        assert not documents["id"].isna().any()
        assert {"r1@" in i for i in documents["id"] if i.startswith("r1@") or i == "r1"} == {True}
        assert not documents["source"].str.contains("\\", regex=False).any()

    def test_unread_rows_have_their_reason_and_nothing_else(self, finished: Path) -> None:
        documents = load_results(finished).documents
        unread = documents[documents["verdict"] == "unread"]
        assert len(unread) == 6
        assert unread["reason"].str.len().gt(10).all()
        assert unread[["score", *FAMILIES]].isna().all(axis=None)
        assert (unread[["findings", "chars", "words", "lines"]] == 0).all(axis=None)
        reasons = " | ".join(unread["reason"])
        for part in ("not valid JSON", "headline", "the text is empty", "damaged compressed data"):
            assert part in reasons

    def test_read_rows(self, finished: Path) -> None:
        documents = load_results(finished).documents
        read = documents[documents["verdict"] != "unread"]
        assert read["score"].between(0, 100).all()
        assert read["flagged_share"].between(0, 1).all()
        assert read["sha256"].str.fullmatch("[0-9a-f]{64}").all()
        assert set(read["verdict"]) <= {"ok", "suspect", "bad"}
        assert (read[list(FAMILIES)].dropna().to_numpy() <= 1).all()

    def test_findings(self, finished: Path) -> None:
        results = load_results(finished)
        documents, findings = results.documents, results.findings
        assert len(findings) > 50
        owners = documents.set_index("id").loc[findings["id"]]
        assert (owners["findings"].to_numpy() > 0).all()
        assert (
            findings.groupby("id").size().reindex(documents["id"], fill_value=0).to_list()
            == documents["findings"].to_list()
        )
        assert ((findings["start"] >= 0) & (findings["start"] <= findings["end"])).all()
        assert (findings["end"].to_numpy() <= owners["chars"].to_numpy()).all()
        assert findings["confidence"].between(0.5, 1).all()
        assert set(findings["severity"]) <= {"error", "warning", "info"}
        assert findings["excerpt"].str.len().le(200).all()
        assert all(isinstance(json.loads(e), dict) for e in findings["evidence"])
        assert all(rules()[code].name == name for code, name in zip(findings["rule"], findings["name"], strict=True))

    def test_repeated_lines_of_a_site_are_found_with_their_counts(self, finished: Path) -> None:
        findings = load_results(finished).findings
        counted = [json.loads(e) for e in findings["evidence"] if "of" in json.loads(e)]
        assert {e["of"] for e in counted} <= {38, 10, 9}
        assert all(0 < e["documents"] <= e["of"] for e in counted)


class TestSummary:
    """Its figures are those that pandas gets from the tables."""

    def test_counts(self, finished: Path) -> None:
        results = load_results(finished)
        documents, counts = results.documents, results.summary["counts"]
        seen = documents["verdict"].value_counts()
        assert counts["seen"] == len(documents) == counts["read"] + counts["unread"]
        assert {v: counts[v] for v in ("ok", "suspect", "bad", "unread")} == {
            v: int(seen.get(v, 0)) for v in ("ok", "suspect", "bad", "unread")
        }
        assert {k: counts[k] for k in ("chars", "words", "lines")} == documents[
            ["chars", "words", "lines"]
        ].sum().to_dict()
        assert counts["bytes"] >= counts["chars"]

    def test_families_and_rules(self, finished: Path) -> None:
        results = load_results(finished)
        for family, row in results.summary["families"].items():
            hit = results.findings.loc[results.findings["family"] == family, "id"].nunique()
            assert (row["documents"], row["of"]) == (hit, int(results.documents[family].notna().sum()))
            assert row["rate"] == pytest.approx(hit / row["of"], abs=1e-6)
            assert row["low"] <= row["rate"] <= row["high"]
        assert [row["rule"] for row in results.summary["rules"]] == list(rules())
        for row in results.summary["rules"]:
            of_rule = results.findings[results.findings["rule"] == row["rule"]]
            assert (row["documents"], row["findings"]) == (of_rule["id"].nunique(), len(of_rule))

    def test_groups(self, finished: Path) -> None:
        results = load_results(finished)
        documents, summary = results.documents, results.summary
        sites = {row["site"]: row for row in summary["sites"]}
        for site, rows in documents.groupby("site"):
            read = rows[rows["verdict"] != "unread"]
            assert (sites[str(site)]["documents"], sites[str(site)]["unread"]) == (len(rows), len(rows) - len(read))
            assert sites[str(site)]["bad"] == (rows["verdict"] == "bad").sum()
            assert sites[str(site)]["score"] == pytest.approx(read["score"].mean(), abs=0.006)
        without = documents["site"].isna()
        assert summary["other_sites"]["documents"] == without.sum()
        assert sum(row["documents"] for row in summary["languages"]) == len(documents)
        assert {row["format"]: row["documents"] for row in summary["formats"]} == {"jsonl": 91, "txt": 10}

    def test_score(self, finished: Path) -> None:
        results = load_results(finished)
        scores, found = results.documents["score"].dropna(), results.summary["score"]
        assert found["mean"] == pytest.approx(scores.mean(), abs=0.006)
        for name, value in found["quantiles"].items():
            assert value == pytest.approx(np.percentile(scores, int(name[1:]), method="inverted_cdf"), abs=0.006)
        assert found["histogram"] == np.histogram(scores, bins=20, range=(0, 100))[0].tolist()

    def test_unread_and_not_judged(self, finished: Path) -> None:
        results = load_results(finished)
        reasons = results.documents.loc[results.documents["verdict"] == "unread", "reason"].value_counts()
        assert {row["reason"]: row["documents"] for row in results.summary["unread"]} == reasons.to_dict()
        assert all(1 <= len(row["examples"]) <= 5 for row in results.summary["unread"])
        assert results.summary["not_judged"] == []
        assert results.summary["skipped"] == {".jpg": 1}

    def test_examples_show_the_finding_in_its_text(self, finished: Path, crawl: Path) -> None:
        text = (crawl / "paper.example" / "0.txt").read_text(encoding="utf-8")
        summary = load_summary(finished)
        shown = [e for kinds in summary["examples"].values() for found in kinds.values() for e in found]
        shown += [e for document in summary["worst"] for e in document["findings"]]
        own = [e for e in shown if e["source"].endswith("paper.example/0.txt")]
        assert own
        for e in own:
            assert e["marked"] == text[e["start"] : e["end"]][:300]
            assert text[: e["start"]].endswith(e["before"])
            assert text[e["end"] :].startswith(e["after"])
        assert summary["worst"] == sorted(summary["worst"], key=lambda w: w["score"])
        assert len(summary["worst"]) == 20

    def test_recurring_lines_count_documents(self, finished: Path) -> None:
        for row in load_summary(finished)["recurring"]:
            assert 0 < row["documents"] <= row["of"]

    def test_what_ran(self, finished: Path, crawl: Path) -> None:
        summary = load_summary(finished)
        assert summary["inputs"] == [str(crawl)]
        assert summary["command"] == ["check", "x"]
        assert summary["tool"]["rules"] == {code: rule.name for code, rule in rules().items()}
        assert summary["configuration_digest"] == Config().digest()
        assert summary["seconds"]["wall"] >= 0
        assert "NaN" not in (finished / SUMMARY_FILE).read_text(encoding="utf-8")

    def test_wilson(self) -> None:
        from audit.summary import rate

        found = rate(3, 40)
        p, z = 3 / 40, 1.959963984540054
        centre, spread = p + z * z / 80, z * sqrt(p * (1 - p) / 40 + z * z / 6400)
        assert [found["low"], found["high"]] == pytest.approx(
            [(centre + s * spread) / (1 + z * z / 40) for s in (-1, 1)], abs=1e-5
        )
        assert rate(0, 0)["rate"] is None
        assert (rate(0, 5)["low"], rate(5, 5)["high"]) == (0.0, 1.0)


@pytest.mark.parametrize("unit_bytes", [1, 3_000, 20_000])
def test_the_size_of_the_units_changes_no_byte(
    crawl: Path, finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unit_bytes: int
) -> None:
    monkeypatch.setattr(run, "plan", partial(plan, unit_bytes=unit_bytes))
    run.audit([str(crawl)], Config(), tmp_path)
    assert_same(tmp_path, finished)


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_the_number_of_workers_changes_no_byte(
    crawl: Path, finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    monkeypatch.setattr(run, "plan", partial(plan, unit_bytes=8_000))
    run.audit([str(crawl)], Config(workers=workers), tmp_path, engine=LocalEngine(workers))
    assert_same(tmp_path, finished)


def assert_same(out: Path, wanted: Path) -> None:
    """The tables row for row; the files themselves may be cut into other row groups."""
    for name in (DOCUMENTS_FILE, FINDINGS_FILE):
        assert pq.read_table(out / name).equals(pq.read_table(wanted / name))
    assert timeless(out) == timeless(wanted)


def test_the_same_run_writes_the_same_bytes(crawl: Path, finished: Path, tmp_path: Path) -> None:
    run.audit([str(crawl)], Config(), tmp_path)
    assert contents(tmp_path)[:2] == contents(finished)[:2]


def test_results_inside_the_crawl_are_not_audited(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(STORY, encoding="utf-8")
    for _ in range(2):
        result = run.audit([str(tmp_path)], Config(), tmp_path / "out")
        assert result.summary["counts"]["seen"] == 1


@pytest.fixture
def small(tmp_path: Path) -> Path:
    folder = tmp_path / "small"
    folder.mkdir()
    for name in ("a", "b", "c"):
        (folder / f"{name}.txt").write_text(f"{name.upper()} {STORY}", encoding="utf-8")
    return folder


@pytest.mark.parametrize("engine", [run.InProcess(), LocalEngine(1), LocalEngine(2)])
def test_progress_goes_from_nothing_to_all_with_a_rate(
    crawl: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: run.Engine
) -> None:
    monkeypatch.setattr(run, "plan", partial(plan, unit_bytes=2_000))
    told = Console(file=StringIO(), width=500)
    with progress(told, every=0, as_json=True) as step:
        run.audit([str(crawl)], Config(sample=20), tmp_path / "out", engine=engine, progress=step)
    events = [json.loads(line) for line in told.file.getvalue().splitlines()]  # type: ignore[attr-defined]
    for stage in ("sites", "documents"):
        steps = [e for e in events if e["stage"] == stage]
        done = [e["done"] for e in steps]
        assert done == list(range(done[0], steps[0]["of"] + 1))
        assert done[0] <= 1
        assert all(e["per_second"] > 0 and e["seconds_left"] >= 0 for e in steps[1:])
        assert steps[-1]["seconds_left"] == 0


def fail(*_: object) -> NoReturn:
    raise OSError("no space left on device")


@pytest.mark.parametrize("place", ["save_survey", "survey", "write_table", "save_tally", "describe", "join"])
def test_a_run_that_fails_leaves_earlier_results_and_goes_on(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    out = tmp_path / "out"
    run.audit([str(small)], Config(), out)
    before = contents(out)
    target = {
        "save_survey": "audit.work.save_survey",
        "survey": "audit.sites.Survey.evidence",
        "write_table": "pyarrow.parquet.ParquetWriter.write_table",
        "save_tally": "audit.work.save_tally",
        "describe": "audit.run.describe",
        "join": "audit.assembly._join",
    }[place]
    with monkeypatch.context() as patch:
        patch.setattr(target, fail)
        with pytest.raises(AuditError, match="no space left on device; what is done is kept"):
            run.audit([str(small)], Config(), out)
    assert contents(out) == before
    assert sorted(path.name for path in out.iterdir()) == sorted([*FILES, ".unfinished"])
    run.audit([str(small)], Config(), out)
    assert contents(out)[:-1] == before[:-1]
    assert sorted(path.name for path in out.iterdir()) == sorted(FILES)


def test_a_fault_in_a_rule_costs_the_document_only(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge = Judge._judge

    def faulty(self: Judge, page: Page) -> Any:
        if page.text.startswith("B "):
            raise ValueError("a fault\nin a rule")
        return judge(self, page)

    monkeypatch.setattr(Judge, "_judge", faulty)
    run.audit([str(small)], Config(), tmp_path / "out")
    documents = load_results(tmp_path / "out").documents
    assert list(documents["verdict"] == "unread") == [False, True, False]
    assert documents["reason"][1] == "could not be judged: ValueError: a fault in a rule"


@pytest.mark.parametrize("paths", [["nowhere"], ["nowhere/*.txt"]])
def test_a_path_that_does_not_exist(paths: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(AuditError, match="nowhere"):
        run.audit(paths, Config(), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_nothing_to_audit_says_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"x")
    with pytest.raises(AuditError, match=r"nothing to audit in .*: no file of a known format, only 1 \.jpg"):
        run.audit([str(tmp_path)], Config(), tmp_path / "out")


def test_an_output_that_is_no_folder(small: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(AuditError, match="cannot write to"):
        run.audit([str(small)], Config(), tmp_path / "file")


@pytest.mark.parametrize("damage", ["summary", "documents", "nothing"])
def test_results_that_are_none_are_told(small: Path, tmp_path: Path, damage: str) -> None:
    out = tmp_path / "out"
    if damage != "nothing":
        run.audit([str(small)], Config(), out)
        (out / {"summary": SUMMARY_FILE, "documents": DOCUMENTS_FILE}[damage]).write_bytes(b"{broken")
    with pytest.raises(AuditError, match="no finished audit" if damage == "nothing" else "cannot be read"):
        load_results(out)


def test_a_crawl_of_nothing_readable_is_still_an_audit(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("{\n[\n", encoding="utf-8")
    summary = run.audit([str(tmp_path)], Config(), tmp_path / "out").summary
    assert (summary["counts"]["read"], summary["counts"]["unread"]) == (0, 2)
    assert summary["score"]["mean"] is None
    assert summary["families"]["chrome"]["rate"] is None
    assert isinstance(load_results(tmp_path / "out").documents, pd.DataFrame)
