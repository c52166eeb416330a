"""The Python API: one text, a stream of documents or of records, one document after the other; `frame` does tables.

Offsets count characters of the text as given; risks, confidences and shares lie in [0, 1], scores in [0, 100], and
None means that something was not judged.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from audit.config import Config
from audit.document import Document, Unread, host
from audit.finding import FAMILIES, Audited
from audit.judge import Judge
from audit.records import ReadOptions, from_record, language, mended
from audit.run import judge_documents
from audit.streams import InputFile

# What a pipeline writes beside a text, and of each finding: without what the text itself tells.
JUDGEMENT = ("verdict", "score", *FAMILIES, "flagged_share", "reason")
FOUND = ("rule", "name", "family", "start", "end", "line", "confidence", "severity", "removable", "message")

Record = Document | Mapping[str, object]


class Checker:
    """Judges documents one at a time, each by itself, for a pipeline that hands them over so.

    Make one and keep it, as its models take a moment; sent to another process, it is made there anew.

    >>> checker = Checker()
    >>> checker({"content": "The harbour is open again, the city said.", "link": "https://port.example/7"}).site
    'port.example'
    """

    def __init__(self, config: Config | None = None) -> None:
        """Raises UsageError for a mistake in the configuration, AuditError for a model that cannot be used."""
        self.config = config or Config()
        self._judge = Judge.of(self.config)
        self._options = _options(self.config)

    def __call__(self, document: Record) -> Audited:
        """The judgement of one document, or of one record, whose fields are found as in files.

        Never raises for what a document or record holds: what cannot be judged is `unread`, with its reason.
        """
        return self._judge.judge(_document(document, self._options, ""))

    def __reduce__(self) -> tuple[type["Checker"], tuple[Config]]:
        return Checker, (self.config,)


def check_text(
    text: str,
    *,
    url: str | None = None,
    title: str | None = None,
    description: str | None = None,
    lang: str | None = None,
    date: str | None = None,
    html: str | None = None,
    config: Config | None = None,
) -> Audited:
    """Judge one text by itself. Offsets of the findings index `text`.

    What else is known makes it surer, most of all `html`, the source of the page that the text came from. `lang` is a
    language tag (`en`, `de-AT`); without one the language is guessed.

    Raises UsageError for a mistake in the configuration; an empty text is `unread`.

    >>> for f in check_text("The harbour is open again after the storm, the city said. Read more").findings:
    ...     print(f.rule, f.name, f.start, f.end)
    LK102 label-inside 58 67
    """
    about = (url, host(url), title, description, language(lang), date, html)
    checker = Checker(config) if config else _default()
    return checker(Document("text", "text", mended(text), *about))


def check_documents(documents: Iterable[Record], *, config: Config | None = None) -> Iterator[Audited]:
    """Judge documents in order, in bounded memory: an `Audited` for each, without its text; up to 64 are read ahead.

    A document is a `Document` or a mapping such as a line of JSON, whose fields are found as in files or named by
    `Config(fields={"text": "story"})`. What can be gone through twice, such as a list, is surveyed first, so that lines
    repeated on a site and ids that are not unique are known; an iterator is gone through once, each document by itself.

    Raises UsageError for a mistake in the configuration and TypeError for what is no document; one that cannot be
    judged is `unread`, with its reason.

    >>> stream = ({"id": f"d{n}", "text": text} for n, text in enumerate(["It rained all day.", ""]))
    >>> [(a.id, a.verdict.value, a.reason) for a in check_documents(stream)]
    [('d0', 'ok', None), ('d1', 'unread', 'the text is empty')]
    """
    config = config or Config()
    found = _Documents(documents, _options(config))
    return judge_documents(iter(found) if isinstance(documents, Iterator) else found, config)


def judgement(audited: Audited) -> dict[str, Any]:
    """A judgement as plain values that JSON can hold, to be stored beside the text it is about.

    >>> judgement(check_text("It rained all day."))["verdict"]
    'ok'
    """
    row = {name: audited.risks[name] if name in FAMILIES else getattr(audited, name) for name in JUDGEMENT}
    findings = [{name: getattr(f, name) for name in FOUND} for f in audited.findings]
    return row | {"verdict": audited.verdict.value, "findings": findings}


class _Documents:
    """Documents and records as documents, as often as they can be gone through."""

    def __init__(self, records: Iterable[Record], options: ReadOptions) -> None:
        self._records, self._options = records, options

    def __iter__(self) -> Iterator[Document | Unread]:
        return (_document(record, self._options, f"#{n}") for n, record in enumerate(self._records, 1))


@cache
def _default() -> Checker:
    return Checker()


def _options(config: Config) -> ReadOptions:
    return ReadOptions(config.fields, config.max_bytes, config.encoding)


def _document(record: Record, options: ReadOptions, place: str) -> Document | Unread:
    if isinstance(record, Document):
        return record
    if not isinstance(record, Mapping):
        raise TypeError(f"record{place} is of type {type(record).__name__}, neither a Document nor a mapping of fields")
    return from_record(record, InputFile("", "record", ""), options, place)
