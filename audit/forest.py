"""Boosted trees from stored arrays: scores of rows of numbers, and what each number contributed to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Forest:
    """Trees one after the other in flat arrays; `column` is -1 at a leaf, `low` and `high` are indices of nodes.

    `value` holds what a row that reaches a node is worth, inner nodes too. `knots` map the sum of the leaves, a
    logarithm of odds, to a probability, linearly between them.
    """

    roots: NDArray[np.int32]
    column: NDArray[np.int16]
    threshold: NDArray[np.float32]
    low: NDArray[np.int32]
    high: NDArray[np.int32]
    value: NDArray[np.float32]
    baseline: float
    knots: NDArray[np.float32]

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[np.float32]], name: str) -> "Forest":
        """The forest stored under a name."""
        fields = {f: arrays[f"{name}.{f}"] for f in ("roots", "column", "threshold", "low", "high", "value", "knots")}
        return cls(**fields, baseline=arrays[f"{name}.baseline"].item())  # type: ignore[arg-type]

    def score(self, rows: Rows) -> NDArray[np.float64]:
        """The logarithm of odds of each row, not calibrated."""
        return self.baseline + self.value[self._leaves(rows)].sum(axis=1, dtype=np.float64)

    def probability(self, score: NDArray[np.float64] | float) -> NDArray[np.float64]:
        """The calibrated probability of scores."""
        return np.interp(score, self.knots[0], self.knots[1])

    def contributions(self, row: Rows) -> NDArray[np.float64]:
        """How much each column moved the score of one row: at every branch the step in value goes to its column."""
        out = np.zeros(len(row))
        for node in self.roots.tolist():
            while (column := int(self.column[node])) >= 0:
                below = int(self.low[node] if row[column] <= self.threshold[node] else self.high[node])
                out[column] += self.value[below] - self.value[node]
                node = below
        return out

    def _leaves(self, rows: Rows) -> NDArray[np.int32]:
        """The leaf of each row in each tree."""
        at = np.tile(self.roots, (len(rows), 1))
        line = np.arange(len(rows))[:, None]
        while (inner := self.column[at] >= 0).any():
            goes_low = rows[line, self.column[at]] <= self.threshold[at]
            at = np.where(inner, np.where(goes_low, self.low[at], self.high[at]), at)
        return at


def strongest(contributions: Sequence[float], names: Sequence[str], most: int) -> list[str]:
    """The names of the numbers that raised a score most, the strongest first."""
    ranked = sorted(zip(contributions, names, strict=True), reverse=True)
    return [name for value, name in ranked[:most] if value > 0]
