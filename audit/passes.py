"""The two passes of an audit: units given to an engine, and their parts merged in the order of the input."""

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol, TypeVar

from audit import work
from audit.errors import AuditError
from audit.inputs import Plan, Unit
from audit.parts import SITES, TALLIES, Parts, load_survey, load_tally
from audit.sampling import Sample
from audit.sites import Evidence, Survey
from audit.summary import Tally

U = TypeVar("U")
R = TypeVar("R")
Progress = Callable[[str, int, int], None]  # stage, units done, units in all
Take = Callable[[Path, bool], None]  # a part, and whether an earlier attempt at the run wrote it

ROUNDS = 10  # of careful attempts at units that kill their process, each of which can find a document that does
GRACE_SECONDS = 60.0  # until a file that another machine wrote must be seen on this one


class Engine(Protocol):
    """Runs units somewhere. Engines live in `audit.engines`; which one is the caller's choice.

    `is_shared`: units run on machines that do not see this one's temporary files.
    """

    is_shared: bool

    def map_units(
        self, work: Callable[[U, Any], R], units: Iterable[U], constants: Any, failed: Callable[[U, str], R]
    ) -> Iterator[R]:
        """`work(unit, constants)` for every unit, in the units' order.

        `failed(unit, reason)` stands for a unit that killed its process twice.
        """
        ...


class InProcess:
    """The engine of a caller that names none: one unit after the other, here."""

    is_shared = False

    def map_units(
        self, work: Callable[[U, Any], R], units: Iterable[U], constants: Any, failed: Callable[[U, str], R]
    ) -> Iterator[R]:
        """See `Engine`."""
        return (work(unit, constants) for unit in units)


@dataclass(slots=True)
class Earlier:
    """What earlier attempts at the same run have left to do no more."""

    parts: int = 0
    documents: int = 0
    bytes: int = 0


@dataclass(slots=True)
class Passes:
    """Both passes over a plan; `seconds` are those of all processors on units."""

    todo: Plan
    given: work.Given
    engine: Engine
    progress: Progress
    earlier: Earlier = field(default_factory=Earlier)
    seconds: float = 0.0

    def sites(self) -> tuple[Evidence, Sample | None]:
        """Pass 1: what the documents tell of their sites, and which of them to judge; None for all of them."""
        survey, sampler = Survey(), self.given.sampler and self.given.sampler.empty()
        for unread in self.todo.unread:
            survey.add(unread)
            if sampler:
                sampler.add(unread)

        def take(path: Path, known: bool) -> None:
            part, seconds, seen = load_survey(path)
            survey.merge(part)
            if sampler and seen:
                sampler.take(seen)
            self.seconds += 0 if known else seconds

        self._through("sites", SITES, work.survey, take)
        return survey.evidence(), sampler.drawn() if sampler else None

    def documents(self, evidence: Evidence, sample: Sample | None = None) -> Tally:
        """Pass 2: the judgements, of a sample if there is one. Paths that cannot be read at all are part 0."""
        self.given = replace(self.given, judge=replace(self.given.judge, evidence=evidence), sample=sample)
        whole = Tally()

        def take(path: Path, known: bool) -> None:
            tally, seconds = load_tally(path)
            whole.merge(tally)
            if known:
                self.earlier.documents += tally.all.read
                self.earlier.bytes += tally.sizes["bytes"]
            else:
                self.seconds += seconds

        work.write(0, [unread for unread in self.todo.unread if sample is None or unread in sample], self.given)
        take(self.given.parts.path(TALLIES, 0), True)
        self._through("documents", TALLIES, work.judge, take)
        return whole

    def _through(self, stage: str, kind: str, job: Callable[[Unit, work.Given], bool], take: Take) -> None:
        """Have every unit worked on; those that kill their process again with care, and in the end not at all."""
        units = self.todo.units
        order = _InOrder(self.given.parts, kind, units, take)
        waiting = [unit for unit in units if unit.index not in order.known]
        self.earlier.parts += len(order.known)
        done = len(order.known)
        self.progress(stage, done, len(units))
        for careful in (False, *(True,) * ROUNDS):
            if not waiting:  # as nearly always after the first round
                break
            given, lost = replace(self.given, careful=careful), []
            for unit, fine in zip(waiting, self.engine.map_units(job, waiting, given, work.lost), strict=True):
                if not fine:
                    lost.append(unit)
                done += fine
                order.merge()
                self.progress(stage, done, len(units))
            waiting = lost
        for unit in waiting:
            work.give_up(unit, self.given, kind)
        order.finish()


class _InOrder:
    """Merges parts as soon as they and all before them are there."""

    def __init__(self, parts: Parts, kind: str, units: Iterable[Unit], take: Take) -> None:
        self._parts, self._kind, self._take = parts, kind, take
        self._left = deque(unit.index for unit in units)
        self.known = {number for number in self._left if parts.done(kind, number)}

    def merge(self) -> None:
        while self._left and self._parts.done(self._kind, self._left[0]):
            number = self._left.popleft()
            self._take(self._parts.path(self._kind, number), number in self.known)

    def finish(self) -> None:
        """Merge the rest. Raises AuditError when there is a part that this machine does not see."""
        until = time.monotonic() + GRACE_SECONDS
        self.merge()
        while self._left:
            if time.monotonic() > until:
                raise AuditError(
                    f"{self._parts.path(self._kind, self._left[0])} is not there: is the output folder on a disk that "
                    "all machines share?"
                )
            time.sleep(0.2)
            self.merge()
