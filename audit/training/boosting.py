"""Boosted trees by scikit-learn, out of fold and whole, as the flat arrays of `audit.forest`; and calibration."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.isotonic import IsotonicRegression

from audit.training.learned import Arrays

Scores = NDArray[np.float64]
Flags = NDArray[np.bool_]
Rows = NDArray[np.float32]
Boosted = tuple[Scores, Arrays, list[Arrays]]

KNOTS = 24
LOWEST, HIGHEST = 0.003, 0.997  # no text tells more


@dataclass(frozen=True, slots=True)
class Parameters:
    """How many trees, how much each counts, how far each may divide the rows, and by what share of the columns."""

    trees: int
    rate: float
    leaves: int
    least: int
    l2: float = 3.0
    columns: float = 1.0

    def options(self, seed: int) -> dict[str, Any]:
        """The same as scikit-learn names it."""
        return {
            "max_iter": self.trees, "learning_rate": self.rate, "max_leaf_nodes": self.leaves,
            "min_samples_leaf": self.least, "l2_regularization": self.l2, "max_features": self.columns,
            "early_stopping": False, "random_state": seed,
        }  # fmt: skip


def boosted(
    rows: Rows,
    truth: Flags,
    known: Flags,
    of: NDArray[np.int32],
    folds: int,
    how: Parameters,
    seed: int,
    weight: Scores | None = None,
) -> Boosted:
    """The score of each row by trees that have not seen its fold, the trees grown on all known rows, and those."""

    def grown(used: Flags) -> HistGradientBoostingClassifier:
        model = HistGradientBoostingClassifier(**how.options(seed))
        return model.fit(rows[used], truth[used], None if weight is None else weight[used])

    return _in_folds(grown, lambda trees, there: trees.decision_function(rows[there]), known, of, folds)


def regressed(
    rows: Rows,
    target: Scores,
    weight: Scores,
    of: NDArray[np.int32],
    folds: int,
    how: Parameters,
    seed: int,
    directions: Sequence[int],
) -> Boosted:
    """The same for a number that is expected, by least squares.

    `directions` say of each column whether more of it may only raise the score (1), only lower it (-1), or both (0).
    The leaves of an absolute loss would be set after growing, and pay no heed to them.
    """

    def grown(used: Flags) -> HistGradientBoostingRegressor:
        model = HistGradientBoostingRegressor(**how.options(seed), monotonic_cst=directions)
        return model.fit(rows[used], target[used], weight[used] / weight[used].mean())

    known = np.ones(len(rows), bool)
    return _in_folds(grown, lambda trees, there: trees.predict(rows[there]), known, of, folds)


def _in_folds(
    grown: Callable[[Flags], Any],
    told: Callable[[Any, Flags], Scores],
    known: Flags,
    of: NDArray[np.int32],
    folds: int,
) -> Boosted:
    score = np.zeros(len(known))
    apart = []
    for fold in range(folds):
        there = of == fold
        trees = grown(known & ~there)
        apart.append(_flat(trees))
        if there.any():
            score[there] = told(trees, there)
    return score, _flat(grown(known)), apart


def knots_of(score: Scores, truth: Flags) -> NDArray[np.float32]:
    """Scores and the probabilities they stand for, linearly between them: isotonic regression with few steps."""
    isotonic = IsotonicRegression(out_of_bounds="clip").fit(score, truth)
    at = np.unique(np.quantile(score, np.linspace(0, 1, 400)))
    told = isotonic.predict(at)
    picks = np.unique(np.searchsorted(told, np.linspace(told[0], told[-1], KNOTS)).clip(0, len(at) - 1))
    return np.vstack([at[picks], told[picks].clip(LOWEST, HIGHEST)]).astype(np.float32)


def calibrated(score: Scores, knots: NDArray[np.float32]) -> Scores:
    """The probabilities of scores."""
    return np.asarray(np.interp(score, knots[0], knots[1]))


def _flat(model: HistGradientBoostingClassifier | HistGradientBoostingRegressor) -> Arrays:
    """The trees one after the other; an inner node is worth the mean of what its rows reach."""
    trees = [stage[0].nodes for stage in model._predictors]
    roots = np.cumsum([0, *(len(t) for t in trees)])[:-1]
    nodes = np.concatenate(trees)
    base = np.repeat(roots, [len(t) for t in trees])
    leaf = nodes["is_leaf"].astype(bool)
    value = nodes["value"].astype(np.float64)
    low, high = nodes["left"] + base, nodes["right"] + base
    for i in np.flatnonzero(~leaf)[::-1]:  # children come after their parents
        a, b = nodes["count"][low[i]], nodes["count"][high[i]]
        value[i] = (a * value[low[i]] + b * value[high[i]]) / (a + b)
    return {
        "roots": roots.astype(np.int32),
        "column": np.where(leaf, -1, nodes["feature_idx"]).astype(np.int16),
        "threshold": nodes["num_threshold"].astype(np.float32),
        "low": np.where(leaf, 0, low).astype(np.int32),
        "high": np.where(leaf, 0, high).astype(np.int32),
        "value": value.astype(np.float32),
        "baseline": np.array(float(np.ravel(model._baseline_prediction)[0])),
    }
