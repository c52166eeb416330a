"""The local engine: processes on this machine, each given one unit after the other, or this process alone."""

import multiprocessing
import os
import pickle
import signal
import traceback
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, count, islice
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, TypeVar

U = TypeVar("U")
R = TypeVar("R")

AHEAD = 8  # units of each worker that may be done before an earlier one: bounds what waits for its turn
ATTEMPTS = 2
KILLED = "the process that worked on it was killed, twice; is there enough memory?"


class LocalEngine:
    """Processes on this machine, kept from one call to the next. Fewer units than two are not worth a process."""

    is_shared = False

    def __init__(self, workers: int = 0, *, apart: bool = False) -> None:
        """`workers`: the number of processes; 0 for one a core. `apart`: no unit is worked on in this process."""
        self.workers = workers or len(_usable_cores())
        self._apart = apart
        self._idle: list[_Worker] = []
        self._has_started = False

    def map_units(
        self, work: Callable[[U, Any], R], units: Iterable[U], constants: Any, failed: Callable[[U, str], R]
    ) -> Iterator[R]:
        """See `Engine`."""
        waiting = iter(units)
        first = list(islice(waiting, 2))
        # Once there are processes a single unit may be one that has killed some of them.
        if not self._apart and (self.workers == 1 or (len(first) < 2 and not self._has_started)):
            yield from (work(unit, constants) for unit in chain(first, waiting))
            return
        pool: _Pool[U, R] = _Pool(self, pickle.dumps((True, (work, constants))), chain(first, waiting), failed)
        try:
            yield from pool.results()
        finally:
            pool.stop()

    def worker(self, job: bytes) -> "_Worker":
        """A process that does this job: one that has nothing to do, or a new one."""
        while self._idle:
            worker = self._idle.pop()
            if worker.send(job):
                return worker
        self._has_started = True
        worker = _Worker()
        worker.send(job)
        return worker

    def free(self, worker: "_Worker") -> None:
        """Take back a process that has nothing to do."""
        self._idle.append(worker)


@dataclass(slots=True)
class _Task(Generic[U]):
    number: int
    unit: U
    deaths: int = 0


class _Pool(Generic[U, R]):
    """One call of `map_units`: hands out units, one to each worker, and puts the results in order."""

    def __init__(self, engine: LocalEngine, job: bytes, units: Iterable[U], failed: Callable[[U, str], R]) -> None:
        self._engine, self._job, self._failed = engine, job, failed
        self._new = (_Task(number, unit) for number, unit in enumerate(units))
        self._again: deque[_Task[U]] = deque()
        self._free: list[_Worker] = []
        self._busy: dict[Connection, tuple[_Worker, _Task[U]]] = {}
        self._done: dict[int, R] = {}

    def results(self) -> Iterator[R]:
        """The results in the units' order."""
        for turn in count():
            while turn not in self._done:
                self._hand_out(turn)
                if not self._busy:
                    return
                self._collect()
            yield self._done.pop(turn)

    def stop(self) -> None:
        """Give the processes back. Those that still work, when something went wrong, are ended."""
        for worker, _ in self._busy.values():
            worker.process.kill()
            worker.process.join()
        for worker in self._free:
            self._engine.free(worker)

    def _hand_out(self, turn: int) -> None:
        while len(self._busy) < self._engine.workers:
            early = len(self._busy) + len(self._done) >= AHEAD * self._engine.workers
            task = self._again.popleft() if self._again else None if early else next(self._new, None)
            if task is None:
                return
            worker = self._free.pop() if self._free else self._engine.worker(self._job)
            if worker.send(pickle.dumps((False, task.unit))):
                self._busy[worker.pipe] = worker, task
            else:  # it died while it had nothing to do
                self._again.appendleft(task)

    def _collect(self) -> None:
        """Take what has come; the end of a pipe is the death of its process, which costs a unit an attempt."""
        for pipe in wait(list(self._busy)):
            worker, task = self._busy.pop(pipe)  # type: ignore[call-overload]
            try:
                fault, result = pickle.loads(worker.pipe.recv_bytes())  # noqa: S301 - from our own process
            except (EOFError, OSError):
                worker.process.join()
                self._died(task)
                continue
            self._free.append(worker)
            if fault:
                raise fault
            self._done[task.number] = result

    def _died(self, task: _Task[U]) -> None:
        task.deaths += 1
        if task.deaths < ATTEMPTS:
            self._again.append(task)
        else:
            self._done[task.number] = self._failed(task.unit, KILLED)


class _Worker:
    """A process and the pipe to it. Whichever of the two processes dies, the other finds the pipe at its end."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")  # the same on every system, and safe with pyarrow's threads
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs,), daemon=True)
        with _deaf():
            self.process.start()
        theirs.close()

    def send(self, data: bytes) -> bool:
        """Whether the process is there to be sent something."""
        try:
            self.pipe.send_bytes(data)
        except OSError:
            return False
        return True


@contextmanager
def _deaf() -> Iterator[None]:
    """Processes started inside do not hear Ctrl-C: a terminal sends it to all, and one of them has to act on it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(pipe: "Connection[Any, Any]") -> None:
    """The life of a worker: a job, units, another job, until the pipe ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    work, constants = None, None
    try:
        while True:
            is_job, given = pickle.loads(pipe.recv_bytes())  # noqa: S301 - from the process that started this one
            if is_job:
                work, constants = given
            else:
                pipe.send_bytes(_answer(work, given, constants))
    except (EOFError, OSError):  # nobody waits any more
        return


def _answer(work: Any, unit: Any, constants: Any) -> bytes:
    """What went wrong, if anything, and the result."""
    try:
        return pickle.dumps((None, work(unit, constants)))
    except MemoryError:  # an end like that of a killed process: another has room for the unit, or nobody
        os._exit(1)
    except Exception as fault:
        fault.add_note(traceback.format_exc())
        return pickle.dumps((fault, None))


def _usable_cores() -> Collection[int]:
    return os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1)
