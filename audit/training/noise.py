"""What tells that a page has noise at all, learned from articles whole and damaged and from what extractors made.

It is a part of the line model's file.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from audit.noise import numbers
from audit.training.blocks import CHROME, CONTENT, LINK, NOISE, Sample
from audit.training.learned import Learned

INVERSE_PENALTY = 0.3
# Real texts have noise when so many blocks have it, and so large a share: below that it may be the gold's opinion. What
# the texts of one group of extractors weigh beside the damaged articles.
NOISY_BLOCKS, NOISY_SHARE = 2, {"whole_page": 0.05, "article_extractors": 0.1}
OTHERS = 0.15
LEAST_SPREAD = 0.05
# The share of clean articles that may look noisy; in half of them no block is then noise enough to be found.
FLAGGED = 0.075


def fit(chance: NDArray[np.floating], words: NDArray[np.float64], documents: Sequence[Sample]) -> Learned:
    """The weights and the bar of `audit.noise`, from the probability of noise and the words of all documents' blocks.

    The probabilities are those of models that have not seen the documents' pages.
    """
    edges = np.cumsum([0, *(len(s.texts) for s in documents)])
    noisy = [_is_noisy(s) for s in documents]
    used = [i for i, s in enumerate(documents) if s.clean or noisy[i]]
    rows = np.array([numbers(chance[a:b].astype(float), words[a:b]) for a, b in (edges[i : i + 2] for i in used)])
    there = np.array([noisy[i] for i in used])
    group = np.array([documents[i].group for i in used])
    count = Counter(group[there].tolist())
    weight = [OTHERS * count["defects"] / count[g] if g in NOISY_SHARE else 1.0 for g in group.tolist()]
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + LEAST_SPREAD
    model = LogisticRegression(max_iter=2000, C=INVERSE_PENALTY).fit((rows - mean) / spread, there, weight)
    weights = model.coef_[0] / spread
    intercept = model.intercept_[0] - weights @ mean
    said = 1 / (1 + np.exp(-(rows @ weights + intercept)))
    gate = float(np.quantile(said[~there], 1 - FLAGGED)) if not there.all() else 0.5
    figures = {"auroc": float(roc_auc_score(there, said)), "gate": gate}
    figures |= {f"recall {g}": float((said[there & (group == g)] >= gate).mean()) for g in sorted(count)}
    return Learned({"page": np.append(weights, intercept), "gate": np.array([gate])}, figures)


def _is_noisy(document: Sample) -> bool:
    noise = int(np.isin(document.labels, (CHROME, LINK, NOISE)).sum())
    if document.group not in NOISY_SHARE:
        return noise > 0
    content = int((document.labels == CONTENT).sum())
    return noise >= max(NOISY_BLOCKS, NOISY_SHARE[document.group] * (noise + content))
