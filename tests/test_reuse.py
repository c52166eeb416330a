"""An audit that takes over what an earlier one judged: the same bytes as without, and as little work as is honest."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit import account, assembly, passes, resources, run
from audit.config import Config
from audit.document import Document
from audit.engines.local import LocalEngine
from audit.errors import AuditError
from audit.finding import DOCUMENTS_FILE, EXAMPLES_FILE, FINDINGS_FILE, KEYS_FILE, SUMMARY_FILE
from audit.inputs import plan, read_unit
from audit.judge import Judge
from audit.records import ReadOptions
from audit.sites import Survey
from audit.table import load_summary

SAMPLES = Path(__file__).parent / "samples" / "crawl"
STORY = "The harbour council met on Tuesday and agreed to mend the old pier before the winter storms arrive."
FILES = (DOCUMENTS_FILE, FINDINGS_FILE, KEYS_FILE, EXAMPLES_FILE)
CLOCKS = {"started", "seconds", "documents_per_second", "bytes_per_second", "command", "resumed_parts", "reused"}
Record = dict[str, Any]


class Stopped(BaseException):
    """The process is gone: nobody catches this."""


def failing_after(
    number: int, function: Callable[..., Any], error: type[BaseException] = Stopped
) -> Callable[..., Any]:
    """The function, which works so many times and then no more."""
    calls = iter(range(number))

    def failing(*given: Any, **named: Any) -> Any:
        if next(calls, None) is None:
            raise error
        return function(*given, **named)

    return failing


def judged(paths: Path, out: Path, config: Config | None = None, **more: Any) -> Path:
    run.audit([str(paths)], config or Config(), out, **more)
    return out


def reused(out: Path) -> dict[str, Any]:
    told: dict[str, Any] = load_summary(out)["reused"]
    return told


def assert_same(out: Path, fresh: Path) -> None:
    for name in FILES:
        assert (out / name).read_bytes() == (fresh / name).read_bytes(), name
    found, wanted = load_summary(out), load_summary(fresh)
    assert {k: v for k, v in found.items() if k not in CLOCKS} == {k: v for k, v in wanted.items() if k not in CLOCKS}


def write(crawl: Path, records: list[Record]) -> Path:
    crawl.mkdir(exist_ok=True)
    (crawl / "a.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return crawl


def records(number: int = 12) -> list[Record]:
    """Of two sites; the first repeats a line on all of its documents, the second none."""
    about = {"title": "Council mends pier", "description": f"{STORY[:60]} at last", "lang": "en", "date": "2026-03-01"}
    texts = [f"{STORY} Day {i}.\n\n{STORY} Night {i}. Read more" for i in range(number)]
    return [
        {
            **about,
            "text": texts[i] + "\n\nTide and harbour news since the flood" * (i % 2 == 0),
            "url": f"https://{'tide' if i % 2 == 0 else 'plain'}.example/{i}",
        }
        for i in range(number)
    ]


def change(crawl: Path) -> None:
    """Add, remove and change some documents of the sample crawl, and move others to another line."""
    files = sorted(path for path in crawl.rglob("*") if path.suffix == ".txt")
    files[0].unlink()
    files[1].write_text(files[1].read_text(encoding="utf-8")[:-40], encoding="utf-8")
    (files[2].parent / "new.txt").write_text(files[2].read_text(encoding="utf-8") + "\nShare on Facebook\n", "utf-8")
    lines = next(crawl.rglob("*.jsonl"))
    lines.write_text('{"text": "A new one. Read more"}\n' + lines.read_text(encoding="utf-8"), encoding="utf-8")


@pytest.mark.parametrize("workers", [1, 2])
def test_the_sample_crawl_with_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: int) -> None:
    monkeypatch.setattr(run, "plan", partial(plan, unit_bytes=20_000))
    crawl, engine = tmp_path / "crawl", LocalEngine(workers)
    shutil.copytree(SAMPLES, crawl)
    earlier = judged(crawl, tmp_path / "earlier")
    change(crawl)
    fresh = judged(crawl, tmp_path / "fresh")
    again = judged(crawl, tmp_path / "again", engine=engine, reuse=earlier)
    assert_same(again, fresh)
    told = reused(again)
    assert told["of"] // 2 < told["documents"] < told["of"]
    assert (told["from"], told["differing"]) == (str(earlier), [])
    assert_same(judged(crawl, tmp_path / "again", engine=engine, reuse=again), fresh)  # in place of itself
    assert reused(again)["documents"] == told["of"]


pieces = st.sampled_from(
    [STORY, f"{STORY[:-20]}", "Read more", "Tide news and harbour talk", "Share on Facebook", "\ud800 x"]
)
texts = st.lists(pieces, min_size=1, max_size=4).map("\n\n".join)
crawls = st.lists(
    st.fixed_dictionaries({"text": texts, "site": st.sampled_from("ab"), "title": st.sampled_from([None, STORY])}),
    min_size=8,
    max_size=16,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(crawls, crawls, st.integers(0, 8), st.integers(0, 8))
def test_any_crawl_after_any_other(
    tmp_path_factory: pytest.TempPathFactory, one: list[Record], two: list[Record], cut: int, kept: int
) -> None:
    place = tmp_path_factory.mktemp("any")
    later = [*two[:cut], *one[kept:]]

    def lines(found: list[Record]) -> list[Record]:
        return [{**record, "url": f"https://{record['site']}.example/{record['text'][:9]}"} for record in found]

    earlier = judged(write(place / "crawl", lines(one)), place / "earlier")
    crawl = write(place / "crawl", lines(later))
    assert_same(judged(crawl, place / "again", reuse=earlier), judged(crawl, place / "fresh"))


def test_a_judgement_follows_from_what_the_key_is_made_of() -> None:
    """No rule may look at a document's id, or at more of its source than the extension."""
    documents = [d for unit in plan([str(SAMPLES)]).units for d in read_unit(unit, ReadOptions())]
    survey = Survey()
    for document in documents:
        survey.add(document)
    judge, seen = Judge.of(Config(), survey.evidence()), 0
    for document in documents:
        if isinstance(document, Document):
            extension = document.source.rpartition(".")[2].rstrip("0123456789")
            other = replace(
                document, id=f"other {seen}", source=f"elsewhere/x.{extension}{'7' * extension.endswith((':', '#'))}"
            )
            one, two = judge.judge(document), judge.judge(other)
            own = tuple(replace(f, id=one.id) for f in two.findings)
            assert replace(two, id=one.id, source=one.source, findings=own) == one
            seen += 1
    assert seen > 70


@pytest.mark.parametrize("role", ["text", "title", "description", "url", "lang", "date", "html"])
def test_what_a_document_is_judged_by_is_judged_again(tmp_path: Path, role: str) -> None:
    found = records()
    earlier = judged(write(tmp_path / "crawl", found), tmp_path / "earlier")
    new = {"url": "https://plain.example/new", "html": f"<p>{STORY}</p>", "lang": "de"}.get(
        role, f"{found[3].get(role)} too"
    )
    found[3][role] = new  # of the site that repeats nothing
    crawl = write(tmp_path / "crawl", found)
    again = judged(crawl, tmp_path / "again", reuse=earlier)
    assert reused(again)["documents"] == 11
    assert_same(again, judged(crawl, tmp_path / "fresh"))


def test_where_a_document_stands_and_what_it_is_called_do_not_matter(tmp_path: Path) -> None:
    earlier = judged(write(tmp_path / "crawl", records()), tmp_path / "earlier")
    crawl = write(tmp_path / "crawl", [{**r, "id": f"r{i}"} for i, r in enumerate(reversed(records()))])
    again = judged(crawl, tmp_path / "again", reuse=earlier)
    assert reused(again)["documents"] == 12
    assert_same(again, judged(crawl, tmp_path / "fresh"))


def test_another_count_of_a_line_costs_the_documents_that_have_it(tmp_path: Path) -> None:
    found = records()
    earlier = judged(write(tmp_path / "crawl", found), tmp_path / "earlier")
    crawl = write(tmp_path / "crawl", [*found, {"text": f"{STORY} All of it.", "url": "https://tide.example/new"}])
    again = judged(crawl, tmp_path / "again", reuse=earlier)
    assert reused(again)["documents"] == 6  # those of the other site: "on 6 of 6 documents" is "on 6 of 7" now
    assert_same(again, judged(crawl, tmp_path / "fresh"))


def other_code(patch: pytest.MonkeyPatch, place: Path) -> Config:
    patch.setattr(resources, "code_digest", lambda: "another")
    return Config()


def other_library(patch: pytest.MonkeyPatch, place: Path) -> Config:
    patch.setattr(account, "version", lambda name: "1.2.3" if name == "numpy" else version(name))
    return Config()


def other_models(patch: pytest.MonkeyPatch, place: Path) -> Config:
    """A folder with a model of the same numbers in a file of other bytes."""
    place.mkdir()
    np.savez(place / "quality.npz", **resources.arrays(resources.folder("models") / "quality.npz"))  # type: ignore[arg-type]
    return Config(models=place)


OTHERS: dict[str, tuple[str, Callable[[pytest.MonkeyPatch, Path], Config]]] = {
    "rules": ("configuration", lambda patch, place: Config(ignore=("CH404",))),
    "strictness": ("configuration", lambda patch, place: Config(strictness="high")),
    "confidence": ("configuration", lambda patch, place: Config(min_confidence=0.5)),
    "option": ("configuration", lambda patch, place: Config(options={"TR101": {"min_words": 15}})),
    "code": ("version", other_code),
    "library": ("libraries", other_library),
    "models": ("models", other_models),
}


@pytest.mark.parametrize("what", OTHERS)
def test_nothing_is_reused_of_another_judge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    crawl = write(tmp_path / "crawl", records())
    earlier = judged(crawl, tmp_path / "earlier")
    said, make = OTHERS[what]
    config = make(monkeypatch, tmp_path / "models")
    again = judged(crawl, tmp_path / "again", config, reuse=earlier)
    assert reused(again) == {"from": str(earlier), "documents": 0, "of": 12, "differing": [said]}
    assert_same(again, judged(crawl, tmp_path / "fresh", config))


@pytest.mark.parametrize(
    "config", [Config(workers=2), Config(exclude=("*.pdf",)), Config(max_bytes=9_999), Config(sample=5)]
)
def test_what_judges_nothing_hinders_nothing(tmp_path: Path, config: Config) -> None:
    crawl = write(tmp_path / "crawl", records())
    again = judged(crawl, tmp_path / "again", config, reuse=judged(crawl, tmp_path / "earlier"))
    assert reused(again)["documents"] == reused(again)["of"] == (config.sample or 12)
    assert_same(again, judged(crawl, tmp_path / "fresh", config))


def test_unread_documents_are_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    crawl = write(tmp_path / "crawl", records())
    with monkeypatch.context() as patch:  # what could not be judged then may be judged now
        patch.setattr(Judge, "_judge", failing_after(5, Judge._judge, MemoryError))
        earlier = judged(crawl, tmp_path / "earlier")
    assert load_summary(earlier)["counts"]["unread"] == 7
    again = judged(crawl, tmp_path / "again", reuse=earlier)
    assert reused(again)["documents"] == 5
    assert_same(again, judged(crawl, tmp_path / "fresh"))


@pytest.mark.parametrize("place", ["judging", "merging", "publishing"])
@pytest.mark.parametrize("own", [True, False])
def test_an_unfinished_run_that_reuses_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, own: bool
) -> None:
    owner, name, times = {
        "judging": (Judge, "_judge", 0),
        "merging": (passes, "load_tally", 2),
        "publishing": (assembly, "_move", 2),
    }[place]
    monkeypatch.setattr(run, "plan", partial(plan, unit_bytes=1_500))
    earlier = judged(write(tmp_path / "crawl", records(40)), tmp_path / "earlier")
    crawl = write(tmp_path / "crawl", [*records(40)[3:], *records(50)[45:]])
    out = earlier if own else tmp_path / "out"
    fresh = judged(crawl, tmp_path / "fresh")
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, failing_after(times, getattr(owner, name)))
        with pytest.raises(Stopped):
            judged(crawl, out, reuse=earlier)
    assert_same(judged(crawl, out, reuse=earlier), fresh)
    assert reused(out)["documents"] > 10


def test_large_results_are_reused_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "plan", partial(plan, unit_bytes=1_500))
    monkeypatch.setattr(assembly, "FOLDER_DOCUMENTS", 10)
    crawl = write(tmp_path / "crawl", records(40))
    earlier = judged(crawl, tmp_path / "earlier")
    assert (earlier / KEYS_FILE).is_dir()
    monkeypatch.undo()
    again = judged(crawl, tmp_path / "again", reuse=earlier)
    assert reused(again)["documents"] == 40
    assert_same(again, judged(crawl, tmp_path / "fresh"))


def test_a_folder_without_an_audit_is_told_before_anything_is_made(tmp_path: Path) -> None:
    crawl = write(tmp_path / "crawl", records())
    with pytest.raises(AuditError, match="holds no finished audit"):
        judged(crawl, tmp_path / "out", reuse=tmp_path / "nowhere")
    assert not (tmp_path / "out").exists()
    first = judged(crawl, tmp_path / "out", reuse=tmp_path / "out")  # but every night has a first
    assert reused(first)["differing"] == ["results"]


def test_broken_results_are_refused(tmp_path: Path) -> None:
    crawl = write(tmp_path / "crawl", records())
    earlier = judged(crawl, tmp_path / "earlier")
    (earlier / KEYS_FILE).unlink()
    with pytest.raises(AuditError, match="are not whole: they cannot be reused"):
        judged(crawl, tmp_path / "out", reuse=earlier)
    (earlier / KEYS_FILE).write_bytes(b"PAR1")
    with pytest.raises(AuditError, match="cannot be read"):
        judged(crawl, tmp_path / "out", reuse=earlier)


@pytest.mark.parametrize("known", [None, 7])
def test_an_audit_of_an_older_version_has_nothing_to_reuse(tmp_path: Path, known: object) -> None:
    crawl = write(tmp_path / "crawl", records())
    earlier = judged(crawl, tmp_path / "earlier")
    summary = load_summary(earlier) | {"judged_by": known}
    (earlier / SUMMARY_FILE).write_text(json.dumps(summary), encoding="utf-8")
    again = judged(crawl, tmp_path / "again", reuse=earlier)
    assert reused(again)["differing"] == ["version", "models", "configuration", "libraries"]
