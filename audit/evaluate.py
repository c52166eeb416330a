"""`crawlaudit evaluate`: judges labelled texts as `check` would, and measures how often that was right."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from audit import vocabulary
from audit.config import Config
from audit.document import Document
from audit.errors import AuditError, UsageError
from audit.evaluation.figures import Evaluation
from audit.evaluation.fixing import Mended, figures, gold_of, golds, mended
from audit.evaluation.measure import by, measure
from audit.evaluation.mistakes import worst
from audit.evaluation.outcomes import frame_of
from audit.evaluation.text import lines_of
from audit.finding import Audited, Finding, Verdict
from audit.judge import Judge
from audit.labelled import Given, Labelled, fold_of, tables
from audit.resources import model_digests, models_from
from audit.run import Engine, InProcess, Progress
from audit.templates import render
from audit.train import fit, need_extra
from audit.visible import clip, json_safe, visible

Judged = tuple[Audited, Mended | None]
Outcome = tuple[Labelled, Audited, Mended | None]
UNIT = 40  # documents a worker takes at once


def evaluate(
    documents: Sequence[Labelled],
    config: Config,
    *,
    given: Given = "meta",
    paths: Sequence[Path] = (),
    folds: int = 0,
    fold_models: Path | None = None,
    seed: int = 0,
    fix: bool = False,
    engine: Engine | None = None,
    progress: Progress | None = None,
) -> Evaluation:
    """Judge the documents and measure the outcome.

    `given` is what the auditor may know: the `text`, also its `meta` data, also the `source` page's HTML. Without
    `folds` the models in force judge; with them, models trained on the labelled texts of `paths`, those of a fold
    not having seen the pages that they judge. `fold_models` is a folder of such models, made before by a training on
    these texts. With `fix`, texts whose gold is known are also repaired.

    Raises AuditError when there is nothing to measure, UsageError for more folds than pages, for folds of two kinds
    and for a folder that holds none, MissingExtraError without scikit-learn.
    """
    need_extra("`crawlaudit evaluate`")
    work = _Work(config, given, engine or InProcess(), progress, golds(documents) if fix else None)
    if folds and fold_models:
        raise UsageError("folds are trained anew or read from a folder, not both")
    if fold_models:
        found = list(work.judged_apart(documents, fold_models))
    else:
        found = list(work.judged_in_folds(documents, paths, folds) if folds else work.judged(documents))
    if not found:
        raise AuditError("no labelled text to measure by")
    pairs = [(known, said) for known, said, _ in found]
    repaired = [(known, mended) for known, _, mended in found if mended]
    if fix and not repaired:
        raise AuditError("no text to fix by: none of these pages has a text that is labelled free of defects")
    about = {
        "version": version("crawlaudit"),
        "configuration_digest": config.digest(),
        "models": {"phrases": vocabulary.digest(), **({} if folds or fold_models else _models(config))},
        "given": given,
        "folds": folds or (folds_in(fold_models) if fold_models else 0),
        "seed": seed,
    }
    frame = frame_of(pairs)
    return Evaluation(
        about, measure(frame, "all", seed), by(frame, "lang", seed), by(frame, "kind", seed), worst(pairs),
        figures(repaired, seed) if fix else None,
    )  # fmt: skip


def as_text(evaluation: Evaluation) -> str:
    """The evaluation for a terminal, or to be pasted into a model card: its tables are Markdown."""
    return "\n".join(lines_of(evaluation)) + "\n"


def as_json(evaluation: Evaluation) -> str:
    """The evaluation as JSON, nothing hidden in it."""
    return json_safe(json.dumps(asdict(evaluation), indent=1, ensure_ascii=False)) + "\n"


def as_page(evaluation: Evaluation) -> str:
    """The evaluation as one self-contained HTML page."""
    return render("evaluation.html.j2", style="report.css", data=evaluation, clip=clip, visible=visible)


def folds_in(place: Path) -> int:
    """How many folds' models a folder holds. Raises UsageError for fewer than two."""
    folds = 0
    while (place / str(folds)).is_dir():
        folds += 1
    if folds < 2:
        raise UsageError(f"{place} holds no models of folds: `crawlaudit train --fold-models {place}` puts them there")
    return folds


@dataclass(frozen=True, slots=True)
class _Work:
    """Judges labelled documents, each by itself: these sets repeat a page many times, which is no sign of a site."""

    config: Config
    given: Given
    engine: Engine
    progress: Progress | None
    golds: Mapping[str, str] | None

    def judged(self, documents: Sequence[Labelled]) -> Iterator[Outcome]:
        """Each document with its judgement, and what repair makes of it where its gold is known."""
        units = [documents[i : i + UNIT] for i in range(0, len(documents), UNIT)]
        seen = ([(d.seen_as(self.given), self._gold(d)) for d in unit] for unit in units)
        parts = self.engine.map_units(_judge_unit, seen, Judge.of(self.config), _failed)
        for number, (unit, part) in enumerate(zip(units, parts, strict=True), 1):
            yield from ((known, *found) for known, found in zip(unit, part, strict=True))
            self._step("documents", number, len(units))

    def _gold(self, known: Labelled) -> str | None:
        return None if self.golds is None else gold_of(known, self.golds)

    def judged_in_folds(self, documents: Sequence[Labelled], paths: Sequence[Path], folds: int) -> Iterator[Outcome]:
        """The same by models that learned from all labelled texts of the other folds."""
        for fold in range(folds):
            with TemporaryDirectory(prefix="crawlaudit-fold-") as place:
                models = Path(place) / "models"
                fit(tables(paths, Path(place) / "data", lambda page: fold_of(page, folds) != fold), models)  # noqa: B023
                yield from self._held_out(documents, models, fold, folds)

    def judged_apart(self, documents: Sequence[Labelled], place: Path) -> Iterator[Outcome]:
        """The same by models that were kept when others were trained."""
        folds = folds_in(place)
        for fold in range(folds):
            yield from self._held_out(documents, place / str(fold), fold, folds)

    def _held_out(self, documents: Sequence[Labelled], models: Path, fold: int, folds: int) -> Iterator[Outcome]:
        trained = self.config.model_copy(update={"models": models})
        held_out = [d for d in documents if fold_of(d.page, folds) == fold]
        yield from replace(self, config=trained, progress=None).judged(held_out)
        self._step("folds", fold + 1, folds)

    def _step(self, stage: str, done: int, total: int) -> None:
        if self.progress:
            self.progress(stage, done, total)


def _judge_unit(unit: list[tuple[Document, str | None]], judge: Judge) -> list[Judged]:
    with models_from(judge.config.models):
        judged = list(judge.judge_all(document for document, _ in unit))
        return [(found, _mended(*one, judge)) for found, one in zip(judged, unit, strict=True)]


def _mended(document: Document, gold: str | None, judge: Judge) -> Mended | None:
    def look(text: str) -> Sequence[Finding]:
        return judge.findings(judge.page(replace(document, text=text)))

    return None if gold is None else mended(document.text, gold, look)


def _failed(unit: list[tuple[Document, str | None]], reason: str) -> list[Judged]:
    return [(Audited(d.id, d.source, Verdict.UNREAD, reason=reason), None) for d, _ in unit]


def _models(config: Config) -> dict[str, str]:
    with models_from(config.models):
        return model_digests()
