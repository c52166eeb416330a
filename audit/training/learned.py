"""What a trainer gives: the model, its figures, and the same model learned without each fold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray

Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """Arrays to store, figures out of fold, and for each fold the arrays learned without its pages.

    The last are what later models learn from: what a model says of pages that it has seen is surer than what it will
    say of others.
    """

    arrays: Mapping[str, NDArray[Any]]
    figures: Mapping[str, Any]
    apart: Sequence[Mapping[str, NDArray[Any]]] = field(default_factory=tuple)
