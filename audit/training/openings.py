"""The linear models of how articles open and how blocks end, learned from whole articles."""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from audit.cues import blocks, lead
from audit.cues.words import (
    ENDING_BITS,
    OPENING_BITS,
    SENTENCE_BITS,
    Linear,
    Words,
    ending_rows,
    opening_rows,
    sentence_rows,
    sentences,
    whole_sentences,
)
from audit.page import Block, Page
from audit.resources import models_from
from audit.segment import segment
from audit.training.samples import Sample, inside

OPENING_C, ENDING_C, SENTENCE_C = 10.0, 3.0, 3.0
DESCRIPTION = 0.5  # a description is worded like an opening
MIN_WORDS, LEAST_WORDS = 8, 3
MOST_ENDINGS = 40  # blocks of one text
LEAST_SENTENCE = 4  # words


@dataclass(frozen=True, slots=True)
class Example:
    """The rows of a text in the table of weights, what it is, what it counts, and its fold."""

    rows: Sequence[int]
    is_one: bool
    weight: float
    fold: int


Examples = tuple[list[Example], list[Example], list[Example]]


def examples(known: Iterable[Sample], folds: Sequence[int], seed: int, unseen: Path) -> Examples:
    """Examples of openings, endings and sentences from one clean text of each page, read by models of other folds."""
    openings: list[Example] = []
    endings: list[Example] = []
    stopped: list[Example] = []
    seen = set()
    for sample, fold in zip(known, folds, strict=True):
        if sample.clean and sample.page not in seen:
            seen.add(sample.page)
            rng = random.Random(f"{seed}:{sample.page}")
            with models_from(unseen / str(fold)):
                page = segment(sample.document)
                openings += _openings(page, fold)
                endings += _endings(page, fold, rng)
                stopped += _sentences(page, fold, rng)
    return openings, endings, stopped


def linears(known: Examples, without: int | None = None) -> Words:
    """The models of words, learned without the pages of one fold."""
    sizes = (OPENING_BITS, OPENING_C), (ENDING_BITS, ENDING_C), (SENTENCE_BITS, SENTENCE_C)
    return Words(*(_linear(part, bits, c, without) for part, (bits, c) in zip(known, sizes, strict=True)))


def _openings(page: Page, fold: int) -> Iterator[Example]:
    texts = [b.text for b in _content(page) if lead.is_paragraph(b)]
    for i, text in enumerate(texts):
        yield Example(opening_rows(text), i == 0, 1.0 if i == 0 else 1 / (len(texts) - 1), fold)
    if page.document.description:
        yield Example(opening_rows(page.document.description), True, DESCRIPTION, fold)


def _endings(page: Page, fold: int, rng: random.Random) -> Iterator[Example]:
    """How blocks end, and the sentences inside them, against sentences that stop."""
    found = _content(page)
    for block in rng.sample(found, min(MOST_ENDINGS, len(found))):
        yield Example(ending_rows(block.text), False, 1.0, fold)
        if block.is_running and block.words >= MIN_WORDS:
            yield Example(ending_rows(inside(block.text, rng)), True, 1.0, fold)
            for sentence in whole_sentences(block.text):
                if len(sentence.split()) >= LEAST_SENTENCE:
                    yield Example(ending_rows(sentence), False, 1.0, fold)
                    yield Example(ending_rows(inside(sentence, rng)), True, 1.0, fold)


def _sentences(page: Page, fold: int, rng: random.Random) -> Iterator[Example]:
    """Sentences that stop, against titles, labels and entries that never had an end."""
    for block in _content(page):
        if block.is_running and block.words >= MIN_WORDS:
            yield Example(sentence_rows(sentences(inside(block.text, rng))[1]), True, 1.0, fold)
        if not block.finished and block.words >= LEAST_WORDS:
            yield Example(sentence_rows(sentences(block.text)[1]), False, 2.0, fold)


def _content(page: Page) -> list[Block]:
    return [b for b, sure in zip(page.blocks, blocks.content_probability(page), strict=True) if sure > 0.5]


def _linear(known: Sequence[Example], bits: int, c: float, without: int | None) -> Linear:
    """Weights of a logistic regression, rounded to bytes."""
    used = [e for e in known if e.rows and e.fold != without]
    starts = np.cumsum([0, *(len(e.rows) for e in used)])
    values = np.concatenate([np.full(len(e.rows), len(e.rows) ** -0.5) for e in used])
    rows = np.concatenate([np.asarray(e.rows) for e in used])
    table = csr_matrix((values, rows, starts), shape=(len(used), 1 << bits))
    model = LogisticRegression(C=c, solver="liblinear", random_state=0)
    model.fit(table, [e.is_one for e in used], sample_weight=[e.weight for e in used])
    weights: NDArray[np.float64] = model.coef_[0]
    scale = float(np.abs(weights).max()) / 127 or 1.0
    return Linear(np.round(weights / scale).astype(np.int8), scale, float(model.intercept_[0]))
