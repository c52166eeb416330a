"""What tells that a page has noise at all, learned from articles whole and damaged; a part of the line model's file."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from audit.noise import numbers
from audit.training.blocks import CHROME, LINK, Sample
from audit.training.learned import Learned

INVERSE_PENALTY = 0.3
LEAST_SPREAD = 0.05
# The share of clean articles that may look noisy; in half of them no block is then noise enough to be found.
FLAGGED = 0.075


def fit(chance: NDArray[np.floating], words: NDArray[np.float64], documents: Sequence[Sample]) -> Learned:
    """The weights and the bar of `audit.noise`, from the probability of noise and the words of all documents' blocks.

    The probabilities are those of models that have not seen the documents' pages.
    """
    edges = np.cumsum([0, *(len(s.texts) for s in documents)])
    noisy = [bool(np.isin(s.labels, (CHROME, LINK)).any()) for s in documents]
    used = [i for i, s in enumerate(documents) if s.clean or (s.group == "defects" and noisy[i])]
    rows = np.array([numbers(chance[a:b].astype(float), words[a:b]) for a, b in (edges[i : i + 2] for i in used)])
    there = np.array([noisy[i] for i in used])
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + LEAST_SPREAD
    model = LogisticRegression(max_iter=2000, C=INVERSE_PENALTY).fit((rows - mean) / spread, there)
    weights = model.coef_[0] / spread
    intercept = model.intercept_[0] - weights @ mean
    said = 1 / (1 + np.exp(-(rows @ weights + intercept)))
    gate = float(np.quantile(said[~there], 1 - FLAGGED)) if not there.all() else 0.5
    figures = {"auroc": float(roc_auc_score(there, said)), "gate": gate, "recall": float((said[there] >= gate).mean())}
    return Learned({"page": np.append(weights, intercept), "gate": np.array([gate])}, figures)
