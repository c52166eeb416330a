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
from audit.columns import Bounds
from audit.features import Matrix
from audit.labelled import fold_of
from audit.model import Z_LIMIT, context, lexical_logits, numbers
from audit.training import noise
from audit.training.blocks import CHROME, CONTENT, LINK, UNKNOWN, Sample, samples
from audit.training.learned import Arrays, Learned
from audit.training.words import Words
from audit.training.written import phrases, written

# Blocks of a document given to the network.
CAP = {"article_extractors": 60, "whole_page": 25, "defects": 25, "written": 25}
RARE = 4  # how much more often a noise block of an article is drawn than the others
HIDDEN, EPOCHS, DECAY, RATE, BATCH = (96, 32), 8, 3.0, 2e-3, 1024
HEAVIEST = 10.0  # weight of a row, in means
LEAST_SPREAD = 0.05
CURVE = np.linspace(-8, 8, 49)  # logits at which the calibration is kept
COARSE = 127


def fit(folders: Sequence[Path], *, seed: int, folds: int, unseen: Path) -> Learned:
    """The model learned from the tables of the folders, figures by cross-validation over pages, and its fold models."""
    lines = written()
    drawn = samples(folders, seed, lines, folds)
    fold = np.array([fold_of(s.page, folds) for s in drawn])
    words = Words.of(drawn, fold, (*lines, *phrases()), folds)
    by_fold = [words.fit(k) for k in range(folds)]
    blocks = _Blocks.of(drawn, fold, by_fold)
    rows, weight = _taken(drawn, seed)
    some = blocks.numbers[rows].astype(np.float32)
    shared: Arrays = {"mean": some.mean(axis=0), "spread": some.std(axis=0) + LEAST_SPREAD}
    standard = _standard(some, shared)
    is_noise = blocks.label[rows] != CONTENT
    logit = np.empty(len(blocks.label), np.float32)
    networks = []
    for k in range(folds):
        known = blocks.fold[rows] != k
        networks.append(_network(standard[known], is_noise[known], weight[known], seed))
        there = np.flatnonzero(blocks.fold == k)
        for part in np.array_split(there, 1 + len(there) // 100_000):
            logit[part] = _logit(networks[k], _standard(blocks.numbers[part].astype(np.float32), shared))
    shared["link"] = _link(standard, blocks.label[rows])
    shared["settling"], shared["knots"], chance = _settled(logit, drawn, blocks)
    page = noise.fit(chance, blocks.words, drawn)
    shared |= page.arrays
    whole = _stored(words.fit(None), _network(standard, is_noise, weight, seed), shared)
    apart = [_stored(table, network, shared) for table, network in zip(by_fold, networks, strict=True)]
    return Learned(whole, {**_figures(chance, drawn, blocks), "page": page.figures}, apart)


def _stored(table: tuple[Matrix, Matrix], network: MLPClassifier, shared: Arrays) -> Arrays:
    """The arrays of `audit.model.LineModel`."""
    layers = {f"weights.{i}": w for i, w in enumerate(network.coefs_)}
    layers |= {f"biases.{i}": b for i, b in enumerate(network.intercepts_)}
    arrays = _coarse(*table) | layers | shared
    return {n: a if n == "lexical" else a.astype(np.float32) for n, a in arrays.items()}


@dataclass(frozen=True, slots=True, eq=False)
class _Blocks:
    """All blocks of all documents, their words judged by what was learned from other pages."""

    numbers: NDArray[np.float16]
    label: NDArray[np.int8]
    weight: NDArray[np.float64]
    fold: NDArray[np.int64]
    document: NDArray[np.int64]

    @property
    def words(self) -> NDArray[np.float64]:
        """How many words each block has, as `audit.features` has them."""
        words: NDArray[np.float64] = np.expm1(self.numbers[:, 0].astype(np.float64) + 2)
        return words

    @classmethod
    def of(cls, drawn: Sequence[Sample], fold: NDArray[np.int64], tables: Sequence[tuple[Matrix, Matrix]]) -> "_Blocks":
        """The blocks in the order of their documents."""
        parts = []
        for sample, k in zip(drawn, fold.tolist(), strict=True):
            table, bias = tables[k]
            logits = lexical_logits(grams.layout(sample.texts), table) + bias
            parts.append(
                numbers(Bounds.of([len(logits)]), sample.prose, sample.own.astype(np.float32), logits).astype(
                    np.float16
                )
            )
        count = [len(s.texts) for s in drawn]
        label = np.concatenate([s.labels for s in drawn])
        weight = np.repeat([s.weight for s in drawn], count) * (label != UNKNOWN)
        return cls(
            np.concatenate(parts), label, weight, np.repeat(fold, count), np.repeat(np.arange(len(drawn)), count)
        )


def _taken(drawn: Sequence[Sample], seed: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The blocks that the network learns from, and their weights, which make up for those not taken."""
    random = np.random.default_rng(seed)
    rows, weights, at = [], [], 0
    for sample in drawn:
        known = np.flatnonzero(sample.labels != UNKNOWN)
        chance = np.full(len(known), CAP[sample.group] / max(1, len(known)))
        if sample.group != "whole_page":
            chance[sample.labels[known] != CONTENT] *= RARE
        chance = np.minimum(1.0, chance)
        taken = random.random(len(known)) < chance
        rows.append(at + known[taken])
        weights.append(sample.weight / chance[taken])
        at += len(sample.texts)
    weight = np.concatenate(weights)
    return np.concatenate(rows), np.minimum(weight / weight.mean(), HEAVIEST)


def _standard(rows: Matrix, arrays: Arrays) -> Matrix:
    out: Matrix = np.clip((rows - arrays["mean"]) / arrays["spread"], -Z_LIMIT, Z_LIMIT)
    return out


def _network(standard: Matrix, noise: NDArray[np.bool_], weight: NDArray[np.float64], seed: int) -> MLPClassifier:
    network = MLPClassifier(
        HIDDEN,
        alpha=DECAY,
        batch_size=min(BATCH, len(noise)),
        learning_rate_init=RATE,
        max_iter=EPOCHS,
        n_iter_no_change=EPOCHS,
        random_state=seed,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the epochs are counted on purpose
        return network.fit(standard, noise, sample_weight=weight)


def _logit(network: MLPClassifier, standard: Matrix) -> Matrix:
    at = standard
    for weights, biases in zip(network.coefs_[:-1], network.intercepts_[:-1], strict=True):
        at = np.maximum(at @ weights + biases, 0)
    out: Matrix = (at @ network.coefs_[-1] + network.intercepts_[-1])[:, 0]
    return out


def _link(standard: Matrix, label: NDArray[np.int8]) -> Matrix:
    """Weights that tell link text from chrome, the bias last. There is nothing to tell where none is known."""
    told = (label == CHROME) | (label == LINK)
    if len(set(label[told].tolist())) < 2:
        return np.append(np.zeros(standard.shape[1], np.float32), np.float32(-9))
    model = LogisticRegression(C=0.01, max_iter=300).fit(standard[told], label[told] == LINK)
    return np.append(model.coef_[0], model.intercept_[0])


def _settled(logit: Matrix, drawn: Sequence[Sample], blocks: _Blocks) -> tuple[Matrix, Matrix, Matrix]:
    """Weights of the context, the calibration's curve, and the calibrated probability of every block."""
    bounds = Bounds.of([len(sample.texts) for sample in drawn])
    words = np.expm1(blocks.numbers[:, 0].astype(np.float32) + 2)  # as `features` has them
    around = context(bounds, logit, words)
    known = blocks.weight > 0
    noise = blocks.label[known] != CONTENT
    model = LogisticRegression(max_iter=1000).fit(around[known], noise, blocks.weight[known])
    settled = model.decision_function(around)
    curve = IsotonicRegression(y_min=0.001, y_max=0.999, out_of_bounds="clip")
    smooth = np.convolve(
        np.pad(curve.fit(settled[known], noise, blocks.weight[known]).predict(CURVE), 1, mode="edge"),
        [0.25, 0.5, 0.25],
        "valid",
    )
    weights = np.append(model.coef_[0], model.intercept_[0])
    return weights, np.stack([CURVE, smooth]), np.interp(settled, CURVE, smooth)


def _coarse(table: Matrix, bias: Matrix) -> Arrays:
    """The table as small integers, roots of the weights: a few weights are great, and most are small."""
    root = np.sqrt(np.abs(table))
    unit = np.maximum(root.max(axis=0), 1e-6) / COARSE
    lexical = (np.sign(table) * np.rint(root / unit)).astype(np.int8)
    return {"lexical": lexical, "scale": unit**2, "bias": bias}


def _figures(chance: Matrix, drawn: Sequence[Sample], blocks: _Blocks) -> dict[str, Any]:
    """By group of documents how well noise blocks are told, with the Brier score; and the clean ones' worst block."""
    out: dict[str, Any] = {}
    group = np.array([s.group for s in drawn])
    for name in sorted(set(group.tolist())):
        of = (group[blocks.document] == name) & (blocks.weight > 0)
        noise, weight, said = blocks.label[of] != CONTENT, blocks.weight[of], chance[of]
        order = np.argsort(-said, kind="stable")
        found, false = np.cumsum((weight * noise)[order]), np.cumsum((weight * ~noise)[order])
        f1 = 2 * found / (found + false + found[-1])
        best = int(f1.argmax())
        precision, recall = found[best] / (found[best] + false[best]), found[best] / found[-1]
        brier = np.average((said - noise) ** 2, weights=weight)
        out[name] = {"precision": precision, "recall": recall, "f1": f1[best], "at": said[order][best], "brier": brier}
    worst = np.zeros(len(drawn))
    np.maximum.at(worst, blocks.document, chance)
    clean = np.sort(worst[[s.clean for s in drawn]])
    out["clean"] = {"documents": len(clean), "98th of 100": clean[int(0.98 * len(clean))]} if len(clean) else {}
    return {name: {k: float(v) for k, v in figures.items()} for name, figures in out.items()}
