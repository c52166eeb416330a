"""Boosted trees by scikit-learn, out of fold and whole, as the flat arrays of `audit.forest`; and calibration."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.isotonic import IsotonicRegression

from audit.training.learned import Arrays

Scores = NDArray[np.float64]
Flags = NDArray[np.bool_]

KNOTS = 24
LOWEST, HIGHEST = 0.003, 0.997  # no text tells more


@dataclass(frozen=True, slots=True)
class Parameters:
    """How many trees, how much each counts, and how far each may divide the rows."""

    trees: int
    rate: float
    leaves: int
    least: int
    l2: float = 3.0


def boosted(
    rows: NDArray[np.float32], truth: Flags, known: Flags, of: NDArray[np.int32], folds: int, how: Parameters, seed: int
) -> tuple[Scores, Arrays, list[Arrays]]:
    """The score of each row by trees that have not seen its fold, the trees grown on all known rows, and those."""
    score = np.zeros(len(rows))
    apart = []
    for fold in range(folds):
        there = of == fold
        trees = _grown(rows[known & ~there], truth[known & ~there], how, seed)
        apart.append(_flat(trees))
        if there.any():
            score[there] = trees.decision_function(rows[there])
    return score, _flat(_grown(rows[known], truth[known], how, seed)), apart


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


def _grown(rows: NDArray[np.float32], truth: Flags, how: Parameters, seed: int) -> HistGradientBoostingClassifier:
    model = HistGradientBoostingClassifier(
        max_iter=how.trees,
        learning_rate=how.rate,
        max_leaf_nodes=how.leaves,
        min_samples_leaf=how.least,
        l2_regularization=how.l2,
        early_stopping=False,
        random_state=seed,
    )
    return model.fit(rows, truth)


def _flat(model: HistGradientBoostingClassifier) -> Arrays:
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
