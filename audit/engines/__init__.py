"""Where the work runs. An engine maps a function over units, in order, whatever happens to its workers."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol, TypeVar

U = TypeVar("U")
R = TypeVar("R")


class Engine(Protocol):
    """Runs units somewhere."""

    def map_units(
        self, work: Callable[[U, Any], R], units: Iterable[U], constants: Any, failed: Callable[[U, str], R]
    ) -> Iterator[R]:
        """`work(unit, constants)` for every unit, in the units' order; `failed(unit, reason)` where no worker survives it."""
        ...
