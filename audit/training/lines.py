"""The line model, learned: words first, then what is around them, on what the first stage says of unseen pages."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier

from audit import grams
from audit.features import Matrix
from audit.model import Z_LIMIT, lexical_logits, numbers
from audit.training.blocks import CHROME, CONTENT, LINK, UNKNOWN, Sample, fold_of, samples
from audit.training.words import Words

FOLDS = 3
CAP = {"article_extractors": 60, "whole_page": 25, "defects": 25}  # blocks of a document given to the network
RARE = 4  # how much more often a rare noise block of an article is drawn than the others
HIDDEN, EPOCHS, DECAY, RATE, BATCH = (64, 32), 8, 1e-3, 2e-3, 1024
HEAVIEST = 10.0  # weight of a row, in means
LEAST_SPREAD = 0.05
KNOTS = 33
COARSE = 127

Arrays = dict[str, NDArray[Any]]


def fit(folders: Sequence[Path], *, seed: int = 0, folds: int = FOLDS) -> tuple[Arrays, dict[str, Any]]:
    """The arrays of the model learned from the tables of the folders, and figures by cross-validation over pages."""
    drawn = samples(folders, seed)
    fold = np.array([fold_of(s.page, folds) for s in drawn])
    words = Words.of(drawn, fold)
    tables = [words.fit(k) for k in range(folds)]
    rows = _Rows.of(drawn, fold, tables, seed)
    arrays = _coarse(*words.fit(None))
    mean, spread = rows.numbers.mean(axis=0), rows.numbers.std(axis=0) + LEAST_SPREAD
    standard = np.clip((rows.numbers - mean) / spread, -Z_LIMIT, Z_LIMIT)
    logit = np.empty(len(standard), np.float32)
    for k in range(folds):
        out = rows.fold == k
        logit[out] = _logit(_network(standard[~out], rows, ~out, seed), standard[out])
    network = _network(standard, rows, np.ones(len(standard), bool), seed)
    arrays |= {"mean": mean, "spread": spread, "link": _link(standard, rows), "knots": _knots(logit, rows)}
    arrays |= {f"weights.{i}": w for i, w in enumerate(network.coefs_)}
    arrays |= {f"biases.{i}": b for i, b in enumerate(network.intercepts_)}
    return {n: a if n == "lexical" else a.astype(np.float32) for n, a in arrays.items()}, _figures(logit, rows)


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """The blocks that the network learns from."""

    numbers: Matrix
    label: NDArray[np.int8]
    weight: NDArray[np.float64]
    fold: NDArray[np.int64]
    group: NDArray[np.str_]

    @classmethod
    def of(
        cls, drawn: Sequence[Sample], fold: NDArray[np.int64], tables: Sequence[tuple[Matrix, Matrix]], seed: int
    ) -> "_Rows":
        """Some blocks of each document, with its words' logits as the tables learned from other pages say."""
        random = np.random.default_rng(seed)
        parts: list[tuple[Any, ...]] = []
        for sample, k in zip(drawn, fold.tolist(), strict=True):
            at, weight = _drawn(sample, random)
            table, bias = tables[k]
            logits = lexical_logits(grams.layout(sample.texts), table) + bias
            rows = numbers(sample.prose, sample.own.astype(np.float32), logits)[at].astype(np.float16)
            parts.append((rows, sample.labels[at], weight, np.full(len(at), k), np.full(len(at), sample.group)))
        matrix, *others = (np.concatenate(p) for p in zip(*parts, strict=True))
        return cls(matrix.astype(np.float32), *others)


def _drawn(sample: Sample, random: np.random.Generator) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Blocks of a document and their weights, which make up for those not drawn."""
    known = np.flatnonzero(sample.labels != UNKNOWN)
    chance = np.minimum(1.0, np.full(len(known), CAP[sample.group] / max(1, len(known))))
    if sample.group != "whole_page":
        chance = np.where(sample.labels[known] != CONTENT, np.minimum(1.0, RARE * chance), chance)
    taken = random.random(len(known)) < chance
    return known[taken], sample.weight / chance[taken]


def _network(standard: Matrix, rows: _Rows, kept: NDArray[np.bool_], seed: int) -> MLPClassifier:
    weight = rows.weight[kept] / rows.weight[kept].mean()
    network = MLPClassifier(
        HIDDEN,
        alpha=DECAY,
        batch_size=BATCH,
        learning_rate_init=RATE,
        max_iter=EPOCHS,
        n_iter_no_change=EPOCHS,
        random_state=seed,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the epochs are counted on purpose
        return network.fit(standard, rows.label[kept] != CONTENT, sample_weight=np.minimum(weight, HEAVIEST))


def _logit(network: MLPClassifier, standard: Matrix) -> Matrix:
    at = standard
    for weights, biases in zip(network.coefs_[:-1], network.intercepts_[:-1], strict=True):
        at = np.maximum(at @ weights + biases, 0)
    out: Matrix = (at @ network.coefs_[-1] + network.intercepts_[-1])[:, 0]
    return out


def _link(standard: Matrix, rows: _Rows) -> Matrix:
    """Weights that tell link text from chrome, the bias last."""
    told = (rows.label == CHROME) | (rows.label == LINK)
    model = LogisticRegression(C=0.01, max_iter=300).fit(standard[told], rows.label[told] == LINK)
    return np.append(model.coef_[0], model.intercept_[0])


def _knots(logit: Matrix, rows: _Rows) -> Matrix:
    """Points of the curve from logits of unseen pages to the share of noise among them."""
    curve = IsotonicRegression(y_min=0.001, y_max=0.999, out_of_bounds="clip")
    curve.fit(logit, rows.label != CONTENT, rows.weight)
    at = np.unique(np.quantile(logit, np.linspace(0, 1, KNOTS)))
    smooth = np.convolve(np.pad(curve.predict(at), 1, mode="edge"), [0.25, 0.5, 0.25], "valid")
    return np.stack([at, smooth])


def _coarse(table: Matrix, bias: Matrix) -> Arrays:
    """The table as small integers; the few largest weights of a view are cut off."""
    limit = np.array([np.quantile(np.abs(c[c != 0]), 0.9995) for c in table.T])
    lexical = np.clip(np.rint(table / limit * COARSE), -COARSE, COARSE).astype(np.int8)
    return {"lexical": lexical, "scale": limit / COARSE, "bias": bias}


def _figures(logit: Matrix, rows: _Rows) -> dict[str, Any]:
    """For each group of documents precision, recall and F1 of noise blocks at the threshold of the best F1."""
    out = {}
    for group in sorted(set(rows.group.tolist())):
        of = rows.group == group
        noise, weight = rows.label[of] != CONTENT, rows.weight[of]
        order = np.argsort(-logit[of], kind="stable")
        found, false = np.cumsum((weight * noise)[order]), np.cumsum((weight * ~noise)[order])
        f1 = 2 * found / (found + false + found[-1])
        best = int(f1.argmax())
        precision, recall = found[best] / (found[best] + false[best]), found[best] / found[-1]
        out[group] = {"precision": float(precision), "recall": float(recall), "f1": float(f1[best])}
    return out
