"""The local engine: a pool of processes that survives the death of its workers, or this process alone."""

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from typing import Any, TypeVar

U = TypeVar("U")
R = TypeVar("R")

AHEAD = 3  # units given to each worker ahead of the result awaited: bounds memory, hides waiting
_constants: Any = None


class LocalEngine:
    """Processes on this machine. Fewer units than two are not worth a process."""

    def __init__(self, workers: int = 0) -> None:
        """`workers`: the number of processes; 0 for one a core."""
        self.workers = workers or len(_usable_cores())

    def map_units(
        self, work: Callable[[U, Any], R], units: Iterable[U], constants: Any, failed: Callable[[U, str], R]
    ) -> Iterator[R]:
        """See `Engine`."""
        waiting = iter(units)
        first = list(islice(waiting, 2))
        if self.workers == 1 or len(first) < 2:
            yield from (work(unit, constants) for unit in chain(first, waiting))
            return
        yield from self._pooled(work, chain(first, waiting), constants, failed)

    def _pooled(
        self, work: Callable[[U, Any], R], units: Iterator[U], constants: Any, failed: Callable[[U, str], R]
    ) -> Iterator[R]:
        pool = self._pool(self.workers, constants)
        pending: deque[tuple[U, Future[R]]] = deque()
        try:
            while True:
                for unit in islice(units, self.workers * AHEAD - len(pending)):
                    pending.append((unit, _submit(pool, work, unit)))
                if not pending:
                    return
                unit, future = pending.popleft()
                try:
                    yield future.result()
                except BrokenProcessPool:
                    # Some unit killed its worker, and the pool died with it: find out which by giving each a process.
                    pool.shutdown(wait=False, cancel_futures=True)
                    lost = [unit, *(u for u, _ in pending)]
                    pending.clear()
                    yield from (self._alone(work, u, constants, failed) for u in lost)
                    pool = self._pool(self.workers, constants)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    def _alone(self, work: Callable[[U, Any], R], unit: U, constants: Any, failed: Callable[[U, str], R]) -> R:
        with self._pool(1, constants) as pool:
            try:
                return pool.submit(_run, work, unit).result()
            except BrokenProcessPool:
                return failed(unit, "the process that worked on it was killed, twice; is there enough memory?")

    @staticmethod
    def _pool(workers: int, constants: Any) -> ProcessPoolExecutor:
        # spawn: the same on every system, and safe with the threads of pyarrow
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(workers, mp_context=context, initializer=_start, initargs=(constants,))


def _submit(pool: ProcessPoolExecutor, work: Callable[[U, Any], R], unit: U) -> Future[R]:
    """The future of a unit; in a pool that has died meanwhile it is one that has failed like those before it."""
    try:
        return pool.submit(_run, work, unit)
    except BrokenProcessPool as error:
        future: Future[R] = Future()
        future.set_exception(error)
        return future


def _start(constants: Any) -> None:
    global _constants  # sent once a worker instead of once a unit
    _constants = constants


def _run(work: Callable[[U, Any], R], unit: U) -> R:
    return work(unit, _constants)


def _usable_cores() -> Collection[int]:
    return os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1)
