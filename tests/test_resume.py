"""A run that ends before its end: killed at any moment, in any process, or for want of space, it goes on the same."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from audit import assembly, passes, run, work
from audit.config import Config
from audit.document import Document, Unread
from audit.engines.local import LocalEngine
from audit.errors import UsageError
from audit.finding import DOCUMENTS_FILE, EXAMPLES_FILE, FINDINGS_FILE
from audit.inputs import Unit, plan, read_unit
from audit.judge import Judge
from audit.parts import FOLDER, SITES, Parts, load_survey, load_tally, save_survey, save_tally
from audit.records import ReadOptions
from audit.sites import Survey, line_counts
from audit.summary import Tally, describe
from audit.table import load_results, load_summary

STORY = "The harbour council met on Tuesday and agreed to mend the old pier before the winter storms arrive."
UNIT = 1_500  # bytes: four documents
CLOCKS = ("started", "seconds", "documents_per_second", "bytes_per_second", "command", "resumed_parts")
needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX systems")


@pytest.fixture(scope="module")
def crawl(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """48 records in four files on three sites, some damaged, some unreadable."""
    root = tmp_path_factory.mktemp("crawl")
    for name in "abcd":
        lines = [
            json.dumps(
                {
                    "text": f"{STORY} Day {i}.\n\n{STORY} Read more\n\nTide news\n",
                    "url": f"https://{i % 3}.example/{name}{i}",
                }
            )
            for i in range(12)
        ]
        lines[5] = "{broken"
        (root / f"{name}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return root


@pytest.fixture(autouse=True)
def small_units(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "plan", partial(plan, unit_bytes=UNIT))


@pytest.fixture
def undisturbed(crawl: Path, tmp_path: Path) -> Path:
    run.audit([str(crawl)], Config(), tmp_path / "undisturbed")
    return tmp_path / "undisturbed"


def assert_same(out: Path, wanted: Path) -> None:
    for name in (DOCUMENTS_FILE, FINDINGS_FILE):
        assert pq.read_table(out / name).equals(pq.read_table(wanted / name))
    assert (out / EXAMPLES_FILE).read_bytes() == (wanted / EXAMPLES_FILE).read_bytes()
    found, expected = load_summary(out), load_summary(wanted)
    assert {k: v for k, v in found.items() if k not in CLOCKS} == {k: v for k, v in expected.items() if k not in CLOCKS}
    assert not (out / FOLDER).exists()


class Stopped(BaseException):
    """The process is gone: nobody catches this."""


def stop_after(number: int, function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, which works so many times and then no more."""
    calls = iter(range(number))

    def stopping(*given: Any, **named: Any) -> Any:
        if next(calls, None) is None:
            raise Stopped
        return function(*given, **named)

    return stopping


PLACES = {
    "a survey": (work, "save_survey", 3),
    "the first survey": (work, "save_survey", 0),
    "tables": (work, "save_tally", 3),
    "merging": (passes, "load_tally", 4),
    "summary": (run, "describe", 0),
    "joining": (assembly, "_join", 1),
    "publishing": (assembly, "_move", 2),
    "cleaning": (Parts, "remove", 1),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_run_goes_on_where_it_stopped(
    crawl: Path, undisturbed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    owner, name, times = PLACES[place]
    out = tmp_path / "out"
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, stop_after(times, getattr(owner, name)))
        with pytest.raises(Stopped):
            run.audit([str(crawl)], Config(), out)
    assert (out / FOLDER).exists()
    run.audit([str(crawl)], Config(), out)
    assert_same(out, undisturbed)


def test_finished_parts_are_not_made_again(crawl: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    units = len(plan([str(crawl)], unit_bytes=UNIT).units)
    with monkeypatch.context() as patch:
        patch.setattr(work, "save_tally", stop_after(4, save_tally))
        with pytest.raises(Stopped):
            run.audit([str(crawl)], Config(), tmp_path / "out")
    steps: list[tuple[str, int, int]] = []
    result = run.audit([str(crawl)], Config(), tmp_path / "out", progress=lambda *step: steps.append(step))
    assert result.summary["resumed_parts"] == units + 3  # all of pass 1, and of pass 2 what came after part 0
    assert steps[0] == ("sites", units, units)
    assert ("documents", 3, units) in steps
    assert ("documents", 2, units) not in steps


@pytest.mark.parametrize("change", ["input", "configuration", "both"])
def test_an_unfinished_run_of_something_else_is_refused(
    crawl: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    out, copy = tmp_path / "out", tmp_path / "copy"
    shutil.copytree(crawl, copy)
    with monkeypatch.context() as patch:
        patch.setattr(work, "save_tally", stop_after(4, save_tally))
        with pytest.raises(Stopped):
            run.audit([str(copy)], Config(), out)
    if change != "configuration":
        (copy / "a.jsonl").write_text('{"text": "another"}\n', encoding="utf-8")
    config = Config() if change == "input" else Config(ignore=("CH404",))
    said = {"both": "input and configuration"}.get(change, change)
    with pytest.raises(UsageError, match=rf"unfinished run with another {said}: .*--out.*--no-resume"):
        run.audit([str(copy)], config, out)
    assert run.audit([str(copy)], config, out, resume=False).summary["resumed_parts"] == 0
    assert not (out / FOLDER).exists()


def test_what_has_done_nothing_yet_stands_in_nobody_s_way(
    crawl: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(work, "save_survey", stop_after(0, save_survey))
        with pytest.raises(Stopped):
            run.audit([str(crawl)], Config(), tmp_path / "out")
    assert run.audit([str(crawl)], Config(ignore=("CH404",)), tmp_path / "out").summary["counts"]["seen"] == 48


def test_a_sample_is_drawn_while_sites_are_learned(
    crawl: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: Counter[int] = Counter()

    def counted(unit: Unit, options: ReadOptions) -> Iterator[Document | Unread]:
        read[unit.index] += 1
        return read_unit(unit, options)

    config, units = Config(sample=20), len(plan([str(crawl)], unit_bytes=UNIT).units)
    monkeypatch.setattr(work, "read_unit", counted)
    run.audit([str(crawl)], config, tmp_path / "whole")
    assert set(read.values()) == {2}
    assert len(read) == units
    with monkeypatch.context() as patch:
        patch.setattr(work, "save_survey", stop_after(3, save_survey))
        with pytest.raises(Stopped):
            run.audit([str(crawl)], config, tmp_path / "out")
    read.clear()
    assert run.audit([str(crawl)], config, tmp_path / "out").summary["sample"] == {"size": 20, "of": 48, "seed": 0}
    assert sorted(read.values()) == [1] * 3 + [2] * (units - 3)
    assert_same(tmp_path / "out", tmp_path / "whole")


def test_an_unfinished_run_is_no_part_of_a_crawl(crawl: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(crawl, copy)
    with monkeypatch.context() as patch:
        patch.setattr(run, "describe", stop_after(0, describe))
        with pytest.raises(Stopped):
            run.audit([str(copy)], Config(), copy / "out")
    assert run.audit([str(copy)], Config(), copy / "out").summary["counts"]["seen"] == 48


def test_tables_of_a_large_audit_are_folders(
    crawl: Path, undisturbed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assembly, "FOLDER_DOCUMENTS", 40)
    out = tmp_path / "out"
    run.audit([str(crawl)], Config(), out)
    with monkeypatch.context() as patch:  # and again over these, killed while they are put in place
        patch.setattr(assembly, "_move", stop_after(2, assembly._move))
        with pytest.raises(Stopped):
            run.audit([str(crawl)], Config(), out)
    run.audit([str(crawl)], Config(), out)
    assert len(list((out / DOCUMENTS_FILE).glob("part-*.parquet"))) > 5
    assert_same(out, undisturbed)
    assert load_results(out).documents.equals(load_results(undisturbed).documents)
    monkeypatch.undo()
    run.audit([str(crawl)], Config(), out)
    assert (out / DOCUMENTS_FILE).is_file()


def test_a_survey_written_and_read_is_the_same(tmp_path: Path) -> None:
    survey = Survey()
    for i in range(20):
        survey.add(Document(f"d{i}", "x", f"Story {i}\nTide news\n", site=f"s{i % 2}\u00e9.example"))
    seen = [20, 1 << 64, [["s0\u00e9.example", (1 << 64) - 1]]]  # what a sampler of a large crawl tells
    save_survey(tmp_path / "survey", survey, 1.5, seen)
    again, seconds, told = load_survey(tmp_path / "survey")
    assert (again.ids, again.about(), seconds, told) == (survey.ids, survey.about(), 1.5, seen)
    assert {n: (s.documents, line_counts(s)) for n, s in again.sites.items()} == {
        n: (s.documents, line_counts(s)) for n, s in survey.sites.items()
    }
    save_survey(tmp_path / "none", Survey(), 0.0)
    assert load_survey(tmp_path / "none")[0].sites == {}


def test_a_tally_cannot_hold_code(tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self) -> tuple[Any, ...]:
            return os.system, ("true",)

    save_tally(tmp_path / "evil", Evil(), 0.0)  # type: ignore[arg-type]
    with pytest.raises(Exception, match="is no part of a tally"):
        load_tally(tmp_path / "evil")
    save_tally(tmp_path / "good", Tally(), 0.0)
    assert load_tally(tmp_path / "good") == (Tally(), 0.0)


class Mortal:
    """An engine whose processes are calls: `Stopped` ends one, which has a second attempt as any engine gives it."""

    is_shared = False

    def map_units(
        self, work: Callable[..., Any], units: Iterable[Any], constants: Any, failed: Callable[..., Any]
    ) -> Iterator[Any]:
        for unit in units:
            for _ in range(2):
                try:
                    yield work(unit, constants)
                    break
                except Stopped:
                    continue
            else:
                yield failed(unit, "died twice")


@pytest.mark.parametrize("owner", [Survey, Judge])
def test_documents_that_kill_cost_themselves_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, owner: type[Survey | Judge]
) -> None:
    name = "add" if owner is Survey else "_judge"
    honest = getattr(owner, name)

    def deadly(self: Any, document: Any) -> Any:
        if getattr(document, "text", "").startswith("Deadly"):
            raise Stopped
        return honest(self, document)

    (tmp_path / "crawl").mkdir()
    for file in "ab":
        lines = [{"text": f"{STORY} {i}", "id": f"{file}{i}"} for i in range(12)]
        lines[7]["text"] = lines[9]["text"] = f"Deadly {STORY}"
        (tmp_path / "crawl" / f"{file}.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    monkeypatch.setattr(owner, name, deadly)
    run.audit([str(tmp_path / "crawl")], Config(), tmp_path / "out", engine=Mortal())
    documents = load_results(tmp_path / "out").documents
    unread = documents[documents["verdict"] == "unread"]
    assert len(documents) == 24
    if owner is Survey:  # judged all the same
        assert unread.empty
    else:
        assert list(unread["id"]) == ["a7", "a9", "b7", "b9"]
        assert unread["reason"].str.contains("was killed, twice").all()


def dies_now_and_then(unit: Any, given: work.Given) -> bool:
    """`work.judge`, but the first two processes that do it die: as when a system kills one that takes much memory."""
    marks = given.parts.folder.parent / "marks"
    if len(list(marks.iterdir())) < 2:
        (marks / str(os.getpid())).touch()
        os._exit(9)
    return work.judge(unit, given)


@needs_posix
def test_a_worker_that_is_killed_now_and_then_changes_nothing(
    crawl: Path, undisturbed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = LocalEngine(2)
    spread = engine.map_units
    monkeypatch.setattr(
        engine, "map_units", lambda job, *rest: spread(dies_now_and_then if job is work.judge else job, *rest)
    )
    (tmp_path / "out" / "marks").mkdir(parents=True)
    run.audit([str(crawl)], Config(), tmp_path / "out", engine=engine)
    assert len(list((tmp_path / "out" / "marks").iterdir())) == 2
    assert_same(tmp_path / "out", undisturbed)


def test_a_file_whose_reading_kills_keeps_what_came_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Attempts stand in for processes here: what one leaves behind is all that the next one knows."""
    (tmp_path / "a.jsonl").write_text("".join(json.dumps({"text": f"{STORY} {i}"}) + "\n" for i in range(5)))
    (tmp_path / "b.txt").write_text(STORY)
    parts = Parts(tmp_path / "parts")
    unit = plan([str(tmp_path / "a.jsonl"), str(tmp_path / "b.txt")]).units[0]
    given = work.Given(parts, ReadOptions(), Judge.of(Config()), careful=True)

    def dying(*given: Any) -> Iterator[Any]:
        for number, found in enumerate(read_unit(*given)):
            if number == 3:
                raise Stopped
            yield found

    monkeypatch.setattr(work, "read_unit", dying)
    for _ in range(work.DEATHS):
        with pytest.raises(Stopped):
            list(work._documents(unit, given, SITES))
    found = list(work._documents(unit, given, SITES))
    assert [item.id for item in found] == ["a.jsonl:1", "a.jsonl:2", "a.jsonl:3", "a.jsonl", "b.txt"]
    assert "what follows in the file is not judged" in found[3].reason  # type: ignore[union-attr]


def test_units_that_nothing_helps_end_as_unread_rows(
    crawl: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "judge", stop_after(0, work.judge))
    run.audit([str(crawl)], Config(), tmp_path / "out", engine=Mortal())
    documents = load_results(tmp_path / "out").documents
    assert set(documents["verdict"]) == {"unread"}
    assert documents["id"].is_unique
    assert documents["reason"].str.contains("was killed").all()
    assert {name.rpartition("/")[2] for name in documents["source"]} == {f"{n}.jsonl" for n in "abcd"}


@needs_posix
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_killed_from_outside_at_any_moment(crawl: Path, tmp_path: Path, how: signal.Signals) -> None:
    """The benchmark `kill_and_resume.py` does this many times."""
    out = tmp_path / "out"
    command = [sys.executable, "-c", KILLED.format(crawl=str(crawl), out=str(out))]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    parts = out / FOLDER / SITES
    while process.poll() is None and not (parts.exists() and any(parts.iterdir())):
        time.sleep(0.01)
    process.send_signal(how)
    _, said = process.communicate(timeout=120)
    if how is signal.SIGTERM:
        assert process.returncode == 3
        assert "interrupted; what is done is kept" in said
        assert "Traceback" not in said
    run.audit([str(crawl)], Config(), out)
    run.audit([str(crawl)], Config(), tmp_path / "undisturbed")
    assert_same(out, tmp_path / "undisturbed")


KILLED = """
import sys
from functools import partial
from audit import cli, run
from audit.inputs import Unit, plan, read_unit
from audit.judge import Judge
if __name__ == "__main__":
    run.plan = partial(plan, unit_bytes=1500)
    sys.argv = ["crawlaudit", "check", {crawl!r}, "--out", {out!r}, "--workers", "2", "--no-report", "--quiet"]
    cli.main()
"""
