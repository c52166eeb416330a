"""The first stage of the line model: linear models over the words and n-grams of single blocks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from audit import grams
from audit.features import Matrix
from audit.labelled import fold_of
from audit.training.blocks import CHROME, CONTENT, LINK, UNKNOWN, Sample
from audit.training.written import Written

# Of the different blocks of a page, those that weigh most; and a term must stand on so many pages, or it names a site.
BLOCKS_OF_PAGE, PAGES_OF_TERM = 150, 4
WHOLE_PAGE_IN_ARTICLES = 0.1  # how much whole pages teach the view on noise in articles
INVERSE_PENALTY = (1.0, 3.0, 1.0, 3.0)  # of the views, as `audit.model.VIEWS` names them
LINK_VIEW = 2
# What written lines count in the last view, where a block of content counts one. Noise of pages does not teach it: most
# is teasers, which are worded as articles are.
COUNTS = {"site": 20.0, "link": 20.0, "text": 20.0, "plain": 10.0, "phrase": 0.3}
# Of the solver, which has to come to its end: stopped after a dozen steps it found a fifth less of single blocks.
STEPS, LEAST_GAIN = 400, 1e-4
TEXTS = 4000  # laid out at once


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """The different blocks of all pages: their terms, folds, and for each view their class and weight."""

    terms: sparse.csr_matrix
    columns: NDArray[np.int64]
    fold: NDArray[np.int64]
    classes: tuple[NDArray[np.bool_], ...]
    weights: tuple[NDArray[np.float64], ...]

    @classmethod
    def of(cls, drawn: Sequence[Sample], fold: NDArray[np.int64], lines: Sequence[Written], folds: int) -> "Words":
        """Blocks of equal text on one page are one, with the sum of their weights; `lines` teach the last view alone.

        Documents with such lines put into them teach none: their words would be known twice.
        """
        known: dict[tuple[str, str], int] = {}
        folds_of: list[int] = []
        pages: list[str] = []
        entries = []
        for sample, number in zip(drawn, fold, strict=True):
            if sample.group == "written":
                continue
            art = WHOLE_PAGE_IN_ARTICLES if sample.group == "whole_page" else 1.0
            for text, label in zip(sample.texts, sample.labels.tolist(), strict=True):
                if label == UNKNOWN:
                    continue
                at = known.setdefault((sample.page, text), len(known))
                if at == len(folds_of):
                    folds_of.append(int(number))
                    pages.append(sample.page)
                entries.append((at, label, sample.weight, sample.weight * art))
        owner, label, anywhere, article = (np.array(x) for x in zip(*entries, strict=True))
        noise = label != CONTENT
        sums = [
            [np.bincount(owner, w * y, len(known)) for y in (yes, no)]
            for w, yes, no in (
                (article, noise, ~noise),
                (anywhere, noise, ~noise),
                (anywhere, label == LINK, label == CHROME),
            )
        ]
        weights = [np.maximum(yes, no) for yes, no in sums]
        kept = _weightiest(np.array(pages), weights[0] + weights[1] / 3 + weights[2])
        texts = [text for _, text in known]
        page = np.unique(np.array(pages)[kept], return_inverse=True)[1]
        terms, columns = _common(
            terms_of([*(texts[i] for i in kept), *(line.text for line in lines)]),
            np.append(page, len(pages) + np.arange(len(lines))),
        )
        return cls(
            terms,
            columns,
            np.append(np.array(folds_of)[kept], [fold_of(line.text, folds) for line in lines]),
            *_views(sums, kept, lines),
        )

    def fit(self, held_out: int | None) -> tuple[Matrix, Matrix]:
        """Table and bias of the views, learned without one fold."""
        table = np.zeros((1 << grams.BITS, len(self.classes)), dtype=np.float32)
        bias = np.zeros(len(self.classes), dtype=np.float32)
        for view, (y, w, c) in enumerate(zip(self.classes, self.weights, INVERSE_PENALTY, strict=True)):
            rows = np.flatnonzero((w > 0) & (self.fold != held_out if held_out is not None else True))
            balance = (
                w[rows]
                if view != LINK_VIEW
                else w[rows] * np.where(y[rows], w[rows][~y[rows]].sum() / w[rows][y[rows]].sum(), 1)
            )
            model = LogisticRegression(C=c, max_iter=STEPS, tol=LEAST_GAIN)
            model.fit(self.terms[rows], y[rows], balance / balance.mean())
            table[self.columns, view] = model.coef_[0]
            bias[view] = model.intercept_[0]
        return table, bias


def _views(
    sums: Sequence[Sequence[NDArray[Any]]], kept: NDArray[np.int64], lines: Sequence[Written]
) -> tuple[tuple[NDArray[np.bool_], ...], tuple[NDArray[np.float64], ...]]:
    """For each view the classes and the weights of the kept blocks and of the lines."""
    blocks = [((yes > no)[kept], np.maximum(yes, no)[kept]) for yes, no in sums]
    noise = np.array([line.family is not None for line in lines], bool)
    counts = np.array([COUNTS[line.part] for line in lines])
    anywhere, weight = blocks[1]
    content = ((weight > 0) & ~anywhere).astype(float)
    views = [*((y, w, 0 * counts) for y, w in blocks), (anywhere, content, counts)]
    return (
        tuple(np.append(y, noise) for y, _, _ in views),
        tuple(np.append(w, of_lines) for _, w, of_lines in views),
    )


def terms_of(texts: Sequence[str]) -> sparse.csr_matrix:
    """One row a text: its terms with the weights that `audit.model.lexical_logits` gives them."""
    return sparse.vstack([_terms(texts[i : i + TEXTS]) for i in range(0, len(texts), TEXTS)], format="csr")


def _terms(texts: Sequence[str]) -> sparse.csr_matrix:
    laid = grams.layout(texts)
    words, first, ngrams, starts = grams.rows(laid)
    counts, places = np.diff(first), laid.ends - laid.starts + 1
    number = np.arange(len(texts))
    owner, at = np.repeat(number, counts), np.repeat(number, places)
    inside = np.repeat(starts - 1 - np.cumsum(places) + places, places) + np.arange(places.sum())
    columns = np.concatenate([*(w[: first[-1]] for w in words), *(g[inside] for g in ngrams)]).astype(np.int32)
    rows = np.concatenate([owner] * 2 + [at] * 3)
    values = np.concatenate(
        [np.repeat(1 / np.sqrt(2 * counts), counts)] * 2 + [np.repeat(1 / np.sqrt(3 * places), places)] * 3
    )
    return sparse.csr_matrix((values.astype(np.float32), (rows, columns)), shape=(len(texts), 1 << grams.BITS))


def _weightiest(pages: NDArray[np.str_], weight: NDArray[np.float64]) -> NDArray[np.int64]:
    """Indices of the blocks that weigh most on their page, ties in order."""
    order = np.lexsort((-weight, pages))
    begins = np.searchsorted(pages[order], pages[order])
    kept: NDArray[np.int64] = np.sort(order[(np.arange(len(order)) - begins < BLOCKS_OF_PAGE) & (weight[order] > 0)])
    return kept


def _common(terms: sparse.csr_matrix, page: NDArray[np.int64]) -> tuple[sparse.csr_matrix, NDArray[np.int64]]:
    """The terms that enough pages have, and which they are."""
    by_page = sparse.csr_matrix((np.ones(len(page), np.float32), (page, np.arange(len(page))))) @ terms
    columns = np.flatnonzero(np.bincount(by_page.indices, minlength=terms.shape[1]) >= PAGES_OF_TERM)
    return terms[:, columns], columns
