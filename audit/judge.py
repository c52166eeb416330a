"""Documents -> their judgements: the whole of pass 2, some documents at a time."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from audit.config import Config
from audit.decisions import decide
from audit.document import Document, Unread
from audit.errors import AuditError
from audit.finding import Audited, Finding, Mark, Verdict
from audit.model import probabilities
from audit.page import Page, Repeat
from audit.quality import estimate, unfound
from audit.registry import Rule
from audit.resources import model_file, models_from
from audit.score import findings_of, flagged_share, risks_of, score_of, verdict_of
from audit.script import EDGE
from audit.segment import segment
from audit.sites import Evidence
from audit.source import gaps
from audit.source.verdict import remaining, settled, unheard
from audit.streams import explain
from audit.together import together, uncollected
from audit.weighing import weighed

D = TypeVar("D", bound=Document | Unread)
Repeats = Mapping[int, Repeat]  # by index of a line: how often its site has it
# Documents judged together, and the characters of their texts and of their pages: more take more memory, and no less
# time each.
MOST_TOGETHER, CHARS_TOGETHER, HTML_TOGETHER = 64, 300_000, 10_000_000
TRIAL = "The tide came in at noon.\n\nIt left a boat on the quay, and nobody knew whose boat it was."


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges documents by a configuration and what pass 1 learned. Holds no state: one may serve a whole crawl."""

    config: Config
    evidence: Evidence
    rules: tuple[tuple[Rule, dict[str, object]], ...]
    _files: dict[str, Path | None] = field(default_factory=dict, repr=False)  # the models', looked for once

    @classmethod
    def of(cls, config: Config, evidence: Evidence | None = None) -> "Judge":
        """A judge with the configuration's rules. Raises AuditError when one of its models cannot be used."""
        _try(config)
        return cls.untried(config, evidence or Evidence())

    @classmethod
    def untried(cls, config: Config, evidence: Evidence) -> "Judge":
        """The same for who trains models and has only some of them yet."""
        return cls(config, evidence, tuple((r, dict(o)) for r, o in config.chosen()))

    def judge(self, document: Document | Unread) -> Audited:
        """The judgement of one document."""
        return next(self.judge_all([document]))

    def judge_all(self, documents: Iterable[Document | Unread]) -> Iterator[Audited]:
        """The judgements of documents, in order, some at a time.

        What goes wrong inside a rule costs that document only, with its reason.
        """
        for some in batches(documents):
            yield from self.judge_some([(document, None) for document in some])

    @uncollected()
    def judge_some(self, documents: Iterable[tuple[Document | Unread, Repeats | None]]) -> list[Audited]:
        """The judgements of a batch, each document with what `Evidence.repeats` says of it, where that is known yet."""
        found = [self._prepared(self._named(d), repeats) for d, repeats in documents]
        with models_from(self.config.models, self._files), together([p for p in found if isinstance(p, Page)]):
            return [self._judged(page) if isinstance(page, Page) else page for page in found]

    def _named(self, document: Document | Unread) -> Document | Unread:
        own = self.evidence.unique_id(document)
        return document if own == document.id else replace(document, id=own)

    def _prepared(self, document: Document | Unread, repeats: Repeats | None) -> Page | Audited:
        if isinstance(document, Unread):
            return _unread(document, document.reason)
        if not document.text.strip(EDGE):
            return _unread(document, "the text is empty")
        try:
            return self.page(document, repeats)
        except Exception as error:  # a fault of ours or a text beyond our limits; the run must go on
            return _failed(document, error)

    def _judged(self, page: Page) -> Audited:
        try:
            return self._judge(page)
        except Exception as error:  # likewise
            return _failed(page.document, error)

    def page(self, document: Document, repeats: Repeats | None = None) -> Page:
        """The document as rules see it."""
        repeats = self.evidence.repeats(document) if repeats is None else repeats
        return segment(document, repeats, self.config.strictness)

    def marks(self, page: Page) -> Iterator[tuple[Rule, Mark]]:
        """Every mark of every rule."""
        for rule, options in self.rules:
            for mark in rule.run(page, options):
                yield rule, mark

    def findings(self, page: Page) -> tuple[Finding, ...]:
        """What the rules find, as the decisions and the source page see it."""
        return findings_of(page, settled(page, weighed(page, self.marks(page))), self.config.min_confidence)

    def _judge(self, page: Page) -> Audited:
        document = page.document
        found = self.findings(page)
        risks, reason = risks_of(page, found, remaining(page))
        flagged = flagged_share(page, found)
        score = score_of(estimate(page, flagged), found, flagged)
        return Audited(
            id=document.id,
            source=document.source,
            verdict=verdict_of(score, found),
            url=document.url,
            site=document.site,
            title=document.title,
            lang=page.lang,
            chars=len(document.text),
            words=page.words,
            lines=len(page.lines),
            score=score,
            risks=risks,
            flagged_share=round(flagged, 6),
            sha256=sha256(document.text.encode("utf-8", "replace")).hexdigest(),
            reason="; ".join(filter(None, (reason, unheard(page)))) or None,
            findings=found,
        )


def batches(documents: Iterable[D], most: int = MOST_TOGETHER) -> Iterator[list[D]]:
    """Documents that are judged together: so many at most, fewer where their texts or pages are long."""
    some, chars, html = list[D](), 0, 0
    for document in documents:
        some.append(document)
        if isinstance(document, Document):
            chars, html = chars + len(document.text), html + len(document.html or "")
        if len(some) >= most or chars >= CHARS_TOGETHER or html >= HTML_TOGETHER:
            yield some
            some, chars, html = [], 0, 0
    if some:
        yield some


def _try(config: Config) -> None:
    """Use every model once: a broken one is found before the work, not once a document."""
    page = segment(Document("", "", TRIAL))
    uses: dict[str, Callable[[Page], object]] = {
        "lines": probabilities,
        "decisions": decide,
        "quality": _qualities,
        "gaps": lambda _: gaps.models(),
    }
    with models_from(config.models):
        for name, use in uses.items():
            try:
                use(page)
            except Exception as error:  # a file may lie in any way
                raise AuditError(f"{model_file(name)}: not a model of this version: {explain(error)}") from error


def _qualities(page: Page) -> tuple[float, dict[str, float]]:
    return estimate(page), unfound(page)


def _failed(document: Document, error: Exception) -> Audited:
    return _unread(document, f"could not be judged: {explain(error)}")


def _unread(document: Document | Unread, reason: str) -> Audited:
    return Audited(document.id, document.source, Verdict.UNREAD, url=document.url, site=document.site, reason=reason)
