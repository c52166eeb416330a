"""Boosted trees from stored arrays: scores of rows of numbers, and what each number contributed to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Forest:
    """Trees one after the other in flat arrays, as many as `roots`; indices are those of nodes.

    `column` is what a node asks for, -1 at a leaf; rows of more than `threshold` go to the second of its `children`,
    others to the first. A leaf's children are itself, so that `depth` steps lead any row to its leaves. `value` holds
    what a row that reaches a node is worth, inner nodes too. `knots` map the sum of the leaves, a logarithm of odds,
    to a probability, linearly between them.
    """

    roots: NDArray[np.int32]
    column: NDArray[np.int16]
    threshold: NDArray[np.float32]
    children: NDArray[np.int32]
    value: NDArray[np.float32]
    depth: int
    baseline: float
    knots: NDArray[np.float32]

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]], name: str) -> "Forest":
        """The forest stored under a name."""
        fields = ("roots", "column", "threshold", "low", "high", "value", "baseline", "knots")
        roots, column, threshold, low, high, value, baseline, knots = (arrays[f"{name}.{f}"] for f in fields)
        own, leaf = np.arange(len(column), dtype=np.int32), column < 0
        children = np.column_stack([np.where(leaf, own, low), np.where(leaf, own, high)]).astype(np.int32)
        return cls(roots, column, threshold, children.ravel(), value, _depth(roots, children), baseline.item(), knots)

    def score(self, rows: Rows) -> NDArray[np.float64]:
        """The logarithm of odds of each row, not calibrated."""
        numbers, line = np.ascontiguousarray(rows).ravel(), np.arange(len(rows))[:, None] * rows.shape[1]
        column = np.maximum(self.column, 0).astype(np.int64)
        at = np.tile(self.roots.astype(np.int64), (len(rows), 1))
        for _ in range(self.depth):
            at = self.children.take(2 * at + (numbers.take(line + column.take(at)) > self.threshold.take(at)))
        leaves: NDArray[np.float64] = self.value.take(at).sum(axis=1, dtype=np.float64)
        return self.baseline + leaves

    def probability(self, score: NDArray[np.float64]) -> NDArray[np.float64]:
        """The calibrated probability of scores."""
        return np.asarray(np.interp(score, self.knots[0], self.knots[1]))

    def contributions(self, row: Rows) -> NDArray[np.float64]:
        """How much each column moved the score of one row: at every branch the step in value goes to its column."""
        out = np.zeros(len(row))
        for node in self.roots.tolist():
            while (column := int(self.column[node])) >= 0:
                below = int(self.children[2 * node + (row[column] > self.threshold[node])])
                out[column] += self.value[below] - self.value[node]
                node = below
        return out


def _depth(roots: NDArray[np.int32], children: NDArray[np.int32]) -> int:
    """How many steps it is at most from a root to a leaf. Raises ValueError for trees that go round in a circle."""
    steps, level = 0, np.unique(roots)
    while len(below := np.unique(children[level][children[level] != level[:, None]])):
        steps, level = steps + 1, below
        if steps > len(children):
            raise ValueError("a tree goes round in a circle")
    return steps


def strongest(contributions: Sequence[float], names: Sequence[str], most: int) -> list[str]:
    """The names of the numbers that raised a score most, the strongest first."""
    ranked = sorted(zip(contributions, names, strict=True), reverse=True)
    return [name for value, name in ranked[:most] if value > 0]
