"""An audit from paths to results: pass 1 surveys sites and ids, pass 2 judges every document.

Each pass gives units of the input to an engine, and each unit writes its own part of the results. What is written
stays: a run that was killed goes on where it stopped. This process holds merged statistics only.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audit.account import Clock, about, identity
from audit.assembly import assemble, is_ready, publish
from audit.config import Config
from audit.document import Document, Unread
from audit.errors import AuditError
from audit.finding import Audited
from audit.inputs import Plan, plan, store_pages
from audit.judge import Judge
from audit.lock import alone_in
from audit.pages import counts
from audit.parts import PAGES, Parts, begin
from audit.passes import Engine, InProcess, Passes, Progress
from audit.records import ReadOptions
from audit.registry import rules
from audit.reuse import Earlier
from audit.sampling import Sampler
from audit.sites import Survey
from audit.summary import Tally, describe
from audit.work import Given

__all__ = ["AuditResult", "Engine", "InProcess", "Progress", "audit", "judge_documents"]


@dataclass(frozen=True, slots=True)
class AuditResult:
    """A finished audit: its summary, and the folder its results lie in."""

    out: Path
    summary: dict[str, Any]


def audit(
    paths: Sequence[str],
    config: Config,
    out: Path,
    *,
    engine: Engine | None = None,
    progress: Progress | None = None,
    command: Sequence[str] = (),
    resume: bool = True,
    reuse: Path | None = None,
) -> AuditResult:
    """Audit files, folders or globs, and write the results to `out`.

    With `resume` an unfinished run in `out` goes on, without it is thrown away. What the audit in `reuse`, which may be
    that in `out`, has judged alike is taken from there; the results are the same without. Raises AuditError when a path
    does not exist, nothing was found to read, a model cannot be used, `out` cannot be written, another process is at
    work in it, or `reuse` holds no audit; UsageError when the unfinished run in `out` is another one.
    """
    clock = Clock()
    engine = engine or InProcess()
    todo = plan(paths, exclude=config.exclude, copies=_made(out).resolve() if engine.is_shared else None)
    if not todo.units and not todo.unread:
        raise AuditError(f"nothing to audit in {', '.join(paths)}{_skipped(todo)}")
    judge = Judge.of(config)
    options = ReadOptions(config.fields, config.max_bytes, config.encoding)  # mistakes show before anything is written
    inputs = {"input": todo.digest, "sample": f"{config.sample} {config.seed}"} | (
        {"pages": plan(config.pages).digest} if config.pages else {}
    )
    told = about(paths, config, command)
    earlier = Earlier.of(reuse, told["judged_by"], now=out) if reuse else None
    with _written_to(out), alone_in(_made(out)):
        parts = begin(out, identity(config, inputs), resume=resume)
        if not is_ready(parts):
            sampler = Sampler(config.sample, config.seed) if config.sample else None
            given = Given(parts, options, judge, earlier=_stored(earlier, parts), sampler=sampler)
            passes = Passes(_with_pages(todo, config, given), given, engine, progress or _silent)
            tally, summary = _judged(passes, clock, told)
            summary |= _reused(earlier, tally)
            assemble(parts, summary, [tally.texts[name] for name in tally.shown() if name in tally.texts])
        return AuditResult(out, publish(parts, out))


def judge_documents(documents: Iterable[Document | Unread], config: Config) -> Iterator[Audited]:
    """Judge documents at hand, with their sites as evidence when they can be gone through twice."""
    survey = Survey()
    if not isinstance(documents, Iterator):
        for document in documents:
            survey.add(document)
    judge = Judge.of(config, survey.evidence())
    return judge.judge_all(documents)


def _judged(passes: Passes, clock: Clock, told: dict[str, Any]) -> tuple[Tally, dict[str, Any]]:
    """Both passes, and the summary of what they found."""
    config, judge = passes.given.judge.config, passes.given.judge
    clock.lap("plan")
    evidence, drawn = passes.sites()
    clock.lap("sites")
    tally = passes.documents(evidence, drawn)
    clock.lap("documents")
    new = tally.all.read - passes.earlier.documents, tally.sizes["bytes"] - passes.earlier.bytes
    return tally, {
        **told,
        **describe(tally, rules(), (r.code for r, _ in judge.rules)),
        "survey": dict(evidence.about),
        **({"sample": {"size": tally.all.counts["documents"], "of": drawn.of, "seed": drawn.seed}} if drawn else {}),
        **_paged(config, passes.given.parts, tally),
        "skipped": dict(sorted(passes.todo.skipped.items())),
        "resumed_parts": passes.earlier.parts,
        **clock.figures(passes.seconds, *new),
    }


def _made(out: Path) -> Path:
    """The output folder, which all machines of a cluster see."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AuditError(f"cannot write to {out}: {error.strerror or error}") from None
    return out


def _silent(stage: str, done: int, total: int) -> None:
    """The progress of a caller that does not ask for any."""


def _with_pages(todo: Plan, config: Config, given: Given) -> Plan:
    """The plan with the pages of its texts, where pages are named: a file beside the parts, for all units."""
    if not config.pages:
        return todo
    place = given.parts.folder / PAGES
    if not place.exists():
        with given.parts.written(place) as temporary:
            store_pages(config.pages, given.options, temporary)
    return todo.with_pages(place)


def _stored(earlier: Earlier | None, parts: Parts) -> Path | None:
    """The judgements to take over: a file beside the parts, for all units."""
    if earlier is None or earlier.differing:
        return None
    place = parts.folder / earlier.name()
    if not place.exists():
        with parts.written(place) as temporary:
            earlier.store(temporary)
    return place


def _reused(earlier: Earlier | None, tally: Tally) -> dict[str, Any]:
    """How many judgements were taken from where, or what stood against it."""
    if earlier is None:
        return {}
    told = {"from": str(earlier.out), "documents": tally.sizes["reused"], "of": tally.all.read}
    return {"reused": told | {"differing": list(earlier.differing)}}


@contextmanager
def _written_to(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise AuditError(
            f"cannot write to {out}: {error.strerror or error}; what is done is kept, and the same command goes on"
        ) from error


def _paged(config: Config, parts: Parts, tally: Tally) -> dict[str, Any]:
    """How many documents have a page, where pages were named."""
    if not config.pages:
        return {}
    found, useless = counts(parts.folder / PAGES)
    told = {"found": found, "useless": useless, "matched": tally.sizes["with_page"]}
    return {"pages": {"paths": list(config.pages), **told}}


def _skipped(todo: Plan) -> str:
    if not todo.skipped:
        return ""
    kinds = ", ".join(f"{n} {kind or 'without extension'}" for kind, n in todo.skipped.most_common(5))
    return f": no file of a known format, only {kinds}"
