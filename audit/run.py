"""An audit from paths to results: pass 1 surveys sites and ids, pass 2 judges every document and writes as it goes."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol, TypeVar

import pyarrow as pa

from audit import resources, vocabulary
from audit.config import Config
from audit.document import Document, Unread
from audit.errors import AuditError
from audit.finding import Audited
from audit.inputs import Plan, Unit, plan, read_unit, with_pages
from audit.judge import Judge
from audit.records import ReadOptions
from audit.registry import rules
from audit.sites import Survey, digest
from audit.summary import Tally, describe
from audit.table import Writer, document_rows, finding_rows

U = TypeVar("U")
R = TypeVar("R")
Progress = Callable[[str, int, int], None]  # stage, units done, units in all


class Engine(Protocol):
    """Runs units somewhere. Engines live in `audit.engines`; which one is the caller's choice."""

    def map_units(
        self, work: Callable[[U, Any], R], units: Iterable[U], constants: Any, failed: Callable[[U, str], R]
    ) -> Iterator[R]:
        """`work(unit, constants)` for every unit, in the units' order.

        `failed(unit, reason)` stands for a unit that no worker survives.
        """
        ...


class InProcess:
    """The engine of a caller that names none: one unit after the other, here."""

    def map_units(
        self, work: Callable[[U, Any], R], units: Iterable[U], constants: Any, failed: Callable[[U, str], R]
    ) -> Iterator[R]:
        """See `Engine`."""
        return (work(unit, constants) for unit in units)


@dataclass(frozen=True, slots=True)
class AuditResult:
    """A finished audit: its summary, and the folder its results lie in."""

    out: Path
    summary: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Part:
    """One unit's results, ready to be written."""

    documents: pa.Table
    findings: pa.Table
    tally: Tally


def audit(
    paths: Sequence[str],
    config: Config,
    out: Path,
    *,
    engine: Engine | None = None,
    progress: Progress | None = None,
    command: Sequence[str] = (),
) -> AuditResult:
    """Audit files, folders or globs, and write the results to `out`.

    Raises AuditError when a path does not exist, nothing was found to read, a model cannot be used, or `out` cannot
    be written.
    """
    clock = _Clock()
    todo = plan(paths, exclude=config.exclude)
    if not todo.units and not todo.unread:
        raise AuditError(f"nothing to audit in {', '.join(paths)}{_skipped(todo)}")
    judge = Judge.of(config)
    pages = (0, 0)
    if config.pages:
        todo, pages = with_pages(todo, config.pages, _options(config))
    engine = engine or InProcess()
    step = progress or (lambda *_: None)
    survey = Survey()
    for unread in todo.unread:
        survey.add(unread)
    for i, part in enumerate(engine.map_units(_survey_unit, todo.units, _options(config), _survey_failed), 1):
        survey.merge(part)
        step("sites", i, len(todo.units))
    clock.lap("sites")
    judge = replace(judge, evidence=survey.evidence())
    del survey
    with Writer(out) as writer:
        tally = _add(writer, Tally(), _judge_all(todo.unread, judge))
        for i, result in enumerate(engine.map_units(_judge_unit, todo.units, judge, _judge_failed(judge)), 1):
            tally = _add(writer, tally, result)
            step("documents", i, len(todo.units))
        clock.lap("documents")
        summary = {
            **_about(paths, config, command),
            **describe(tally, rules(), (r.code for r, _ in judge.rules)),
            "survey": dict(judge.evidence.about),
            **_paged(config, pages, tally),
            "skipped": dict(sorted(todo.skipped.items())),
            **clock.figures(tally),
        }
        writer.finish(summary, [tally.texts[name] for name in tally.shown() if name in tally.texts])
    return AuditResult(out, summary)


def judge_documents(documents: Iterable[Document | Unread], config: Config) -> Iterator[Audited]:
    """Judge documents at hand, with their sites as evidence when they can be gone through twice."""
    survey = Survey()
    if not isinstance(documents, Iterator):
        for document in documents:
            survey.add(document)
    judge = Judge.of(config, survey.evidence())
    return map(judge.judge, documents)


def _options(config: Config) -> ReadOptions:
    return ReadOptions(config.fields, config.max_bytes, config.encoding)


def _survey_unit(unit: Unit, options: ReadOptions) -> Survey:
    survey = Survey()
    for document in read_unit(unit, options):
        survey.add(document)
    return survey.settle()


def _survey_failed(unit: Unit, reason: str) -> Survey:
    return Survey()  # pass 2 meets the same death and tells its reason


def _judge_unit(unit: Unit, judge: Judge) -> _Part:
    return _judge_all(read_unit(unit, _options(judge.config)), judge)


def _judge_all(documents: Iterable[Document | Unread], judge: Judge) -> _Part:
    tally, judged = Tally(), []
    for document in documents:
        a = judge.judge(document)
        tally.add(a, document if isinstance(document, Document) else None)
        judged.append(a)
    return _Part(document_rows(judged), finding_rows(judged), tally)


def _judge_failed(judge: Judge) -> Callable[[Unit, str], _Part]:
    def failed(unit: Unit, reason: str) -> _Part:
        return _judge_all((Unread(item.id, item.source, reason) for item in unit.items), judge)

    return failed


def _add(writer: Writer, tally: Tally, part: _Part) -> Tally:
    writer.add(part.documents, part.findings)
    return tally.merge(part.tally)


def _about(paths: Sequence[str], config: Config, command: Sequence[str]) -> dict[str, Any]:
    names = {r.code: r.name for r in rules().values()}
    with resources.models_from(config.models):
        models = resources.model_digests()
    return {
        "tool": {
            "name": "crawlaudit",
            "version": version("crawlaudit"),
            "python": ".".join(map(str, sys.version_info[:3])),
            "rules": names,
            "rules_digest": f"{digest(repr(sorted(names.items()))):016x}",
            "models": {"phrases": vocabulary.digest(), **models},
        },
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": list(command),
        "inputs": list(paths),
        "configuration": config.model_dump(mode="json"),
        "configuration_digest": config.digest(),
    }


def _paged(config: Config, pages: tuple[int, int], tally: Tally) -> dict[str, Any]:
    """How many documents have a page, where pages were named."""
    if not config.pages:
        return {}
    found, useless = pages
    counts = {"found": found, "useless": useless, "matched": tally.sizes["with_page"]}
    return {"pages": {"paths": list(config.pages), **counts}}


def _skipped(todo: Plan) -> str:
    if not todo.skipped:
        return ""
    kinds = ", ".join(f"{n} {kind or 'without extension'}" for kind, n in todo.skipped.most_common(5))
    return f": no file of a known format, only {kinds}"


class _Clock:
    """Seconds by stage. CPU seconds are those of this process and of its finished workers."""

    def __init__(self) -> None:
        self._began = self._last = time.perf_counter()
        self._laps: dict[str, float] = {}

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self._laps[stage], self._last = round(now - self._last, 3), now

    def figures(self, tally: Tally) -> dict[str, Any]:
        import os

        wall = time.perf_counter() - self._began
        times = os.times()
        cpu = times.user + times.system + times.children_user + times.children_system
        return {
            "seconds": {"wall": round(wall, 3), "cpu": round(cpu, 3), **self._laps},
            "documents_per_second": round(tally.all.read / wall, 1),
            "bytes_per_second": round(tally.sizes["bytes"] / wall),
        }
