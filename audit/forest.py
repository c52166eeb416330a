"""Boosted trees from stored arrays: scores of rows of numbers, and what each number contributed to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float32]
MOST_LEAVES = 64  # bits of a number
AT_ONCE = 64  # rows scored at once
MANTISSA, EXPONENT = 52, 1023  # of a float64: bits, and what is added to the power of two


@dataclass(frozen=True, slots=True, eq=False)
class Forest:
    """Trees one after the other in flat arrays, as many as `roots`; indices are those of nodes.

    `column` is what a node asks for, -1 at a leaf; rows of more than `threshold` go to the second of its `children`,
    others to the first. `value` holds what a row that reaches a node is worth, inner nodes too. `questions` are the
    same trees for scoring. `knots` map the sum of the leaves, a logarithm of odds, to a probability, linearly between
    them.
    """

    roots: NDArray[np.int32]
    column: NDArray[np.int16]
    threshold: NDArray[np.float32]
    children: NDArray[np.int32]
    value: NDArray[np.float32]
    questions: "Questions"
    baseline: float
    knots: NDArray[np.float32]

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]], name: str) -> "Forest":
        """The forest stored under a name. Raises ValueError for trees of more leaves than MOST_LEAVES."""
        fields = ("roots", "column", "threshold", "low", "high", "value", "baseline", "knots")
        roots, column, threshold, low, high, value, baseline, knots = (arrays[f"{name}.{f}"] for f in fields)
        children = np.column_stack([low, high]).astype(np.int32)
        questions = Questions.of(roots, column, threshold, children, value)
        return cls(roots, column, threshold, children.ravel(), value, questions, baseline.item(), knots)

    def score(self, rows: Rows) -> NDArray[np.float64]:
        """The logarithm of odds of each row, not calibrated."""
        parts = [self.questions.leaves(rows[i : i + AT_ONCE]) for i in range(0, len(rows), AT_ONCE)]
        return self.baseline + np.concatenate([p.sum(axis=1, dtype=np.float64) for p in parts] or [np.zeros(0)])

    def probability(self, score: NDArray[np.float64]) -> NDArray[np.float64]:
        """The calibrated probability of scores."""
        return np.asarray(np.interp(score, self.knots[0], self.knots[1]))

    def contributions(self, row: Rows) -> NDArray[np.float64]:
        """How much each column moved the score of one row: at every branch the step in value goes to its column."""
        out = np.zeros(len(row))
        node = self.roots
        while len(node := node[self.column[node] >= 0]):
            column = self.column[node]
            below = self.children[2 * node + (row[column] > self.threshold[node])]
            out += np.bincount(column, self.value[below] - self.value[node], len(row))
            node = below
        return out


@dataclass(frozen=True, slots=True, eq=False)
class Questions:
    """What all inner nodes ask, answered at once (Lucchese and others, QuickScorer, SIGIR 2015).

    A row's leaf in a tree is the first that no answer rules out: an answer beyond the threshold rules out the leaves
    below the node's first child. Question k of tree t is k * trees + t; a tree with fewer asks what is never so.
    `rules_out` has bits of leaves, the first leaf's the lowest, and as few as will do; `worth` is a row of leaves a
    tree.
    """

    column: NDArray[np.int64]
    threshold: NDArray[np.float32]
    rules_out: NDArray[np.unsignedinteger[Any]]
    worth: NDArray[np.float32]

    @classmethod
    def of(
        cls,
        roots: NDArray[np.int32],
        column: NDArray[np.int16],
        threshold: NDArray[np.float32],
        children: NDArray[np.int32],
        value: NDArray[np.float32],
    ) -> "Questions":
        """The questions of the trees of a forest."""
        trees = [_leaves_and_questions(root, column, children) for root in roots.tolist()]
        most, widest = max(len(q) for _, q in trees), max(len(leaves) for leaves, _ in trees)
        bits: np.dtype[np.unsignedinteger[Any]] = np.dtype(np.uint32 if widest <= 32 else np.uint64)
        out = cls(
            np.zeros((most, len(trees)), np.int64),
            np.full((most, len(trees)), np.inf, np.float32),
            np.zeros((most, len(trees)), bits),
            np.zeros((len(trees), widest), np.float32),
        )
        for t, (leaves, asked) in enumerate(trees):
            out.worth[t, : len(leaves)] = value[leaves]
            for k, (node, first, last) in enumerate(asked):
                out.column[k, t], out.threshold[k, t] = column[node], threshold[node]
                out.rules_out[k, t] = (1 << last) - (1 << first)
        return out

    def leaves(self, rows: Rows) -> Rows:
        """What the leaves of each row are worth, one column a tree."""
        beyond = rows.T.copy().take(self.column, axis=0) > self.threshold[..., None]  # rows last, as they lie together
        left = ~np.bitwise_or.reduce(beyond * self.rules_out[..., None], axis=0)
        first = ((left & -left).astype(np.float64).view(np.int64) >> MANTISSA) - EXPONENT
        out: Rows = self.worth.take(first.T + np.arange(len(self.worth)) * self.worth.shape[1])
        return out


def _leaves_and_questions(
    root: int, column: NDArray[np.int16], children: NDArray[np.int32]
) -> tuple[list[int], list[tuple[int, int, int]]]:
    """A tree's leaves in order, and its inner nodes, each with the range of leaves below its first child.

    Raises ValueError for a tree of more than MOST_LEAVES leaves, and for one that goes round in a circle.
    """
    leaves: list[int] = []
    asked: list[tuple[int, int, int]] = []

    def visit(node: int, depth: int = 0) -> None:
        if max(depth, len(leaves)) >= MOST_LEAVES:
            raise ValueError(f"a tree of more than {MOST_LEAVES} leaves, or one that goes round in a circle")
        if column[node] < 0:
            leaves.append(node)
            return
        first = len(leaves)
        visit(int(children[node, 0]), depth + 1)
        asked.append((node, first, len(leaves)))
        visit(int(children[node, 1]), depth + 1)

    visit(root)
    return leaves, asked


def strongest(contributions: Sequence[float], names: Sequence[str], most: int) -> list[str]:
    """The names of the numbers that raised a score most, the strongest first."""
    ranked = sorted(zip(contributions, names, strict=True), reverse=True)
    return [name for value, name in ranked[:most] if value > 0]
