"""The work on one unit, in whatever process: pass 1 surveys it, pass 2 judges it; each writes its part of the results.

A unit that killed its process is tried again with care: before each document it is noted which one is next, and one
that was next at two deaths is left out, so that a document which kills whoever touches it costs nobody else.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from uuid import uuid4

import pyarrow.parquet as pq

from audit import table
from audit.document import Document, Unread
from audit.finding import Audited, Verdict
from audit.inputs import Unit, read_unit
from audit.judge import MOST_TOGETHER, Judge, Repeats, batches
from audit.parts import DOCUMENTS, FINDINGS, KEYS, SITES, TALLIES, Parts, save_survey, save_tally
from audit.records import ReadOptions
from audit.reuse import Recall, judgements, key
from audit.sampling import Sample, Sampler
from audit.sites import Evidence, Survey
from audit.streams import InputFile
from audit.summary import Tally
from audit.table import PARQUET

ROWS = 500  # documents judged before their rows are written
DEATHS = 2  # of a process at one place before it is left out
KILLER = "the process that worked on it was killed, twice"
GIVEN_UP = f"{KILLER} or more often"
READING = f"{KILLER} while reading; what follows in the file is not judged"

Found = Document | Unread


@dataclass(frozen=True, slots=True)
class Given:
    """What all units of a pass have in common. `earlier` is a file of judgements to take over, by key.

    `sampler` has seen nothing: pass 1 shows each unit's documents to one like it. `sample` is what pass 2 judges.
    """

    parts: Parts
    options: ReadOptions
    judge: Judge
    careful: bool = False
    sampler: Sampler | None = None
    sample: Sample | None = None
    earlier: Path | None = None


def survey(unit: Unit, given: Given) -> bool:
    """Pass 1: write what the unit tells of its sites, and gives to a sample. True: it is done."""
    start, found, sampler = time.process_time(), Survey(), given.sampler and given.sampler.empty()
    for document in _documents(unit, given, SITES):
        found.add(document)
        if sampler:
            sampler.add(document)
    _save(found.settle(), sampler, unit.index, given, time.process_time() - start)
    return True


def judge(unit: Unit, given: Given) -> bool:
    """Pass 2: write the unit's results. True: it is done."""
    write(unit.index, _documents(unit, given, TALLIES), given)
    return True


def lost(unit: Unit, reason: str) -> bool:
    """What an engine says of a unit that no process survives."""
    return False


def give_up(unit: Unit, given: Given, kind: str) -> None:
    """Write a unit that cannot be worked on: nothing of its sites, and a row without a judgement for each file."""
    if kind == SITES:
        _save(Survey(), given.sampler, unit.index, given, 0.0)
    else:
        write(unit.index, (_unread(item, GIVEN_UP) for item in unit.items), given)


def write(number: int, documents: Iterable[Found], given: Given) -> None:
    """Judge documents and write them as a part; no more than some texts are held at once.

    The tally comes last: a part that has one is whole.
    """
    start, tally, judged, keys = time.process_time(), Tally(), list[Audited](), list[bytes | None]()
    with judgements(given.earlier) as recall, _tables(given.parts, number) as add:
        for document, name, found, reused in _judged(documents, given, recall):
            judged.append(found)
            keys.append(None if found.verdict is Verdict.UNREAD else name)
            tally.add(found, document if isinstance(document, Document) else None)
            tally.sizes["reused"] += reused
            if len(judged) == ROWS:
                add(judged, keys)
                judged.clear()
                keys.clear()
        add(judged, keys)
    with given.parts.written(given.parts.path(TALLIES, number)) as temporary:
        save_tally(temporary, tally, time.process_time() - start)


def _judged(
    documents: Iterable[Found], given: Given, recall: Recall
) -> Iterator[tuple[Found, bytes | None, Audited, bool]]:
    """Each document with its key and judgement, and whether an earlier audit had that."""
    evidence = given.judge.evidence
    for some in batches(documents, 1 if given.careful else MOST_TOGETHER):
        known = [_known(document, evidence, recall) for document in some]
        left = [(d, repeats) for d, (_, repeats, found) in zip(some, known, strict=True) if found is None]
        new = iter(given.judge.judge_some(left))
        for document, (name, _, found) in zip(some, known, strict=True):
            yield document, name, found or next(new), found is not None


def _known(document: Found, evidence: Evidence, recall: Recall) -> tuple[bytes | None, Repeats | None, Audited | None]:
    """The key of a document, how often its site has its lines, and the judgement that an earlier audit has for it."""
    if isinstance(document, Unread):
        return None, None, None
    try:
        name = key(document, repeats := evidence.repeats(document))
    except Exception:  # a text beyond our limits: whoever judges it meets that again, and tells
        return None, None, None
    return name, repeats, recall(name, replace(document, id=evidence.unique_id(document)))


def _save(found: Survey, sampler: Sampler | None, number: int, given: Given, seconds: float) -> None:
    with given.parts.written(given.parts.path(SITES, number)) as temporary:
        save_survey(temporary, found, seconds, sampler.seen() if sampler else None)


@contextmanager
def _tables(parts: Parts, number: int) -> Iterator[Callable[[Sequence[Audited], Sequence[bytes | None]], None]]:
    """Gives what adds rows to the tables of a part, which get their names together at the end."""
    with ExitStack() as stack:
        documents, findings, keys = (
            stack.enter_context(
                pq.ParquetWriter(stack.enter_context(parts.written(parts.path(kind, number))), schema, **PARQUET)
            )
            for kind, schema in ((DOCUMENTS, table.DOCUMENTS), (FINDINGS, table.FINDINGS), (KEYS, table.KEYS))
        )

        def add(judged: Sequence[Audited], names: Sequence[bytes | None]) -> None:
            documents.write_table(table.document_rows(judged))
            findings.write_table(table.finding_rows(judged))
            keys.write_table(table.key_rows(names))

        yield add


def _documents(unit: Unit, given: Given, kind: str) -> Iterator[Found]:
    if given.careful:
        return _carefully(unit, given, _Diary(given.parts.deaths(kind, unit.index)))
    return _drawn(read_unit(unit, given.options), given.sample)


def _drawn(documents: Iterator[Found], sample: Sample | None) -> Iterator[Found]:
    return documents if sample is None else (document for document in documents if document in sample)


def _carefully(unit: Unit, given: Given, diary: "_Diary") -> Iterator[Found]:
    """The documents of a unit, without those that kill."""
    for number, item in enumerate(unit.items):
        found = _drawn(read_unit(replace(unit, items=(item,)), given.options), given.sample)
        for n in count():
            if diary.deadly(number, n, "reading"):
                yield _unread(item, READING)
                break
            document = next(found, None)
            if document is None:
                break
            if diary.deadly(number, n, "judging"):
                document = Unread(document.id, document.source, KILLER, document.url, document.site)
            yield document


def _unread(item: InputFile, reason: str) -> Unread:
    """What stands for a file, or for a range of one, from some document on."""
    return Unread(item.id if item.end is None else f"{item.id}@{item.first}", item.source, reason, None, item.site)


class _Diary:
    """Where each careful attempt at a unit stands: of one that died, where it died."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._ends = Counter(path.read_text(encoding="ascii") for path in folder.iterdir())
        self._own = folder / uuid4().hex

    def deadly(self, *place: object) -> bool:
        """Whether two attempts died at this place; if not, this attempt goes there."""
        name = " ".join(map(str, place))
        if self._ends[name] >= DEATHS:
            return True
        self._own.write_text(name, encoding="ascii")
        return False
