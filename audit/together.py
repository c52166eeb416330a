"""Work that is done on several pages at once: numpy takes hardly longer for the blocks of fifty pages than of one."""

import gc
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any, TypeVar

from audit.page import Page
from audit.resources import models_in_force

T = TypeVar("T")
Function = Callable[[Page], T]


class _Batch:
    """Pages judged side by side, and what has been worked out about them: by function, then by page."""

    def __init__(self, pages: Sequence[Page]) -> None:
        self.pages = [page for page in pages if page.blocks]
        self.members = frozenset(pages)
        self.known: dict[object, dict[Page, Any]] = defaultdict(dict)


_batch: ContextVar[_Batch | None] = ContextVar("batch", default=None)


@contextmanager
def together(pages: Sequence[Page]) -> Iterator[None]:
    """Inside, what is asked of one of the pages is worked out for all of them. The models in force must stay."""
    token = _batch.set(_Batch(pages))
    try:
        yield
    finally:
        _batch.reset(token)


@contextmanager
def uncollected() -> Iterator[None]:
    """Inside, Python looks for no circles of garbage: pages have none, and all of their many parts would be walked."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def kept(work: Function[T]) -> Function[T]:
    """Make a function of a page keep its results: as long as the pages are judged together, else the last ones."""

    @lru_cache(maxsize=2)
    def alone(page: Page, models: Path | None) -> T:
        return work(page)

    @wraps(work)
    def one(page: Page) -> T:
        batch = _batch.get()
        if batch is None or page not in batch.members:
            return alone(page, models_in_force())
        known = batch.known[work]
        if page not in known:
            known[page] = work(page)
        found: T = known[page]
        return found

    return one


def at_once(work: Callable[[Sequence[Page]], Sequence[T]]) -> Function[T]:
    """Make of what works on many pages, each with blocks, a function of one, which keeps its results likewise.

    What comes of a page must not depend on the others.
    """

    @kept
    def one(page: Page) -> T:
        return work([page])[0]

    @wraps(work)
    def of_many(page: Page) -> T:
        batch = _batch.get()
        if batch is not None and page in batch.members:
            if work not in batch.known:
                batch.known[work] = _done(work, batch.pages)
            if page in (known := batch.known[work]):
                found: T = known[page]
                return found
        return one(page)

    return of_many


def _done(work: Callable[[Sequence[Page]], Sequence[Any]], pages: Sequence[Page]) -> dict[Page, Any]:
    try:
        return dict(zip(pages, work(pages), strict=True))
    except Exception:  # of a text beyond our limits: then each page is by itself, so that it costs no other
        return {}
