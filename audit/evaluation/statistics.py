"""Figures of numbers: Wilson's intervals for shares of documents, else from pages drawn again (the bootstrap)."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from audit.evaluation.figures import Bin, Calibration, Figure, Quality, Triple
from audit.summary import rate

DRAWS = 300  # samples of pages: the ends of an interval are then sure to about a tenth of its width
CHUNK = 4_000_000  # numbers held at once while drawing
BINS = 10
BAD_F1 = 0.8

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def share(k: int, n: int) -> Figure:
    """So many of `n`, with Wilson's interval."""
    r = rate(k, n)
    return Figure(_rounded(r["rate"]), _rounded(r["low"]), _rounded(r["high"]), n)


def rate_of_pages(pages: "pd.Series[str]", hit: Flags, seed: int) -> Figure:
    """The share of the rows that are hit, those of a page being drawn together."""
    codes, names = pd.factorize(pages)
    counts = np.stack([np.bincount(codes, c, len(names)) for c in (hit, ~hit)], axis=1).astype(float)
    whole = counts.sum(axis=0, keepdims=True)
    return _share(whole, draws(len(names), seed) @ counts, np.array([1.0, 1.0]))


def triple(pages: pd.Series, tp: Floats, fp: Floats, fn: Floats, seed: int) -> Triple:
    """Precision, recall and F1 of counts, those of a page being drawn together."""
    codes, names = pd.factorize(pages)
    counts = np.stack([np.bincount(codes, c, len(names)) for c in (tp, fp, fn)], axis=1)
    whole, drawn = counts.sum(axis=0, keepdims=True), draws(len(names), seed) @ counts
    # What each figure is a share of, in true positives, false positives and false negatives.
    weights = ([1.0, 1.0, 0.0], [1.0, 0.0, 1.0], [1.0, 0.5, 0.5])
    return Triple(*(_share(whole, drawn, np.array(w)) for w in weights))


def auroc(y: Flags, risk: Floats, pages: pd.Series, seed: int) -> Figure:
    """The area under the ROC curve; none where one of the classes is empty."""
    from sklearn.metrics import roc_auc_score

    if y.all() or not y.any():
        return Figure(None, None, None, len(y))
    codes, names = pd.factorize(pages)
    weights = draws(len(names), seed)
    step = max(1, CHUNK // len(y))
    drawn = np.concatenate([weighted_auroc(y, risk, weights[i : i + step][:, codes]) for i in range(0, DRAWS, step)])
    return Figure(_rounded(float(roc_auc_score(y, risk))), *_ends(drawn), len(y))


def weighted_auroc(y: Flags, risk: Floats, weights: Floats) -> Floats:
    """AUROC under each row of `weights` (draws x documents); NaN where a class has no weight."""
    order = np.argsort(risk, kind="stable")
    first = np.flatnonzero(np.diff(risk[order], prepend=-np.inf))  # ties share their rank
    positive = np.add.reduceat(weights[:, order] * y[order], first, axis=1)
    negative = np.add.reduceat(weights[:, order] * ~y[order], first, axis=1)
    below = np.cumsum(negative, axis=1) - negative / 2
    return _ratio((positive * below).sum(axis=1), positive.sum(axis=1) * negative.sum(axis=1))


def calibration(y: Flags, risk: Floats) -> Calibration:
    """Brier score and reliability table of risks."""
    from sklearn.metrics import brier_score_loss

    at = np.minimum((risk * BINS).astype(int), BINS - 1)
    bins = []
    for i in range(BINS):
        here = at == i
        said = round(float(risk[here].mean()), 4) if here.any() else None
        bins.append(Bin(i / BINS, (i + 1) / BINS, int(here.sum()), said, share(int(y[here].sum()), int(here.sum()))))
    return Calibration(round(float(brier_score_loss(y, risk, pos_label=1)), 4), tuple(bins))


def quality(f1: Floats, score: Floats) -> Quality | None:
    """How the score (0 to 100) follows the true F1; None without documents."""
    from sklearn.metrics import roc_auc_score

    if not len(f1):
        return None
    bad = f1 < BAD_F1
    ranks = [pd.Series(values).rank() for values in (f1, score)]
    return Quality(
        documents=len(f1),
        spearman=_rounded(_correlation(*ranks)),
        mean_absolute_error=round(float(np.abs(f1 - score / 100).mean()), 4),
        auroc_bad=_rounded(float(roc_auc_score(bad, -score))) if 0 < bad.sum() < len(bad) else None,
    )


def draws(pages: int, seed: int) -> Floats:
    """How often each page is drawn, a row a draw."""
    if not pages:
        return np.zeros((DRAWS, 0))
    return np.random.default_rng(seed).multinomial(pages, np.full(pages, 1 / pages), size=DRAWS).astype(float)


def _share(whole: Floats, drawn: Floats, weights: Floats) -> Figure:
    value, values = (_ratio(counts[:, 0], counts @ weights) for counts in (whole, drawn))
    return Figure(_rounded(float(value[0])), *_ends(values), round(float((whole @ (weights > 0))[0])))


def _correlation(a: "pd.Series[float]", b: "pd.Series[float]") -> float | None:
    return float(np.corrcoef(a, b)[0, 1]) if a.nunique() > 1 and b.nunique() > 1 else None


def _ratio(part: Floats, whole: Floats) -> Floats:
    out: Floats = np.divide(part, whole, out=np.full(len(part), np.nan), where=whole > 0)
    return out


def _ends(drawn: Floats) -> tuple[float | None, float | None]:
    known = drawn[~np.isnan(drawn)]
    if not len(known):
        return None, None
    low, high = np.quantile(known, (0.025, 0.975))
    return _rounded(float(low)), _rounded(float(high))


def _rounded(value: float | None) -> float | None:
    return None if value is None or value != value else round(value, 4)
