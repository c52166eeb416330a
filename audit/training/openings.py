"""The linear models of how articles open and how blocks end, learned from whole articles."""

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack
from sklearn.linear_model import LogisticRegression

from audit.cues import blocks, lead
from audit.cues.words import (
    ENDING_BITS,
    OPENING_BITS,
    SENTENCE_BITS,
    Features,
    Linear,
    Words,
    endings,
    openings,
    stopped,
)
from audit.page import Block, Page
from audit.resources import models_from
from audit.segment import segment
from audit.sentences import sentences, whole_sentences
from audit.training.samples import Sample, inside

OPENING_C, ENDING_C, SENTENCE_C = 10.0, 3.0, 3.0
DESCRIPTION = 0.5  # a description is worded like an opening
MIN_WORDS, LEAST_WORDS = 8, 3
MOST_ENDINGS = 40  # blocks of one text
LEAST_SENTENCE = 4  # words
AT_ONCE = 10_000  # texts


@dataclass(frozen=True, slots=True)
class Example:
    """A text, what it is, what it counts, and its fold."""

    text: str
    is_one: bool
    weight: float
    fold: int


Examples = tuple[list[Example], list[Example], list[Example]]


def examples(known: Iterable[Sample], folds: Sequence[int], seed: int, unseen: Path) -> Examples:
    """Examples of openings, endings and sentences from one clean text of each page, read by models of other folds."""
    out: Examples = [], [], []
    seen = set()
    for sample, fold in zip(known, folds, strict=True):
        if sample.clean and sample.page not in seen:
            seen.add(sample.page)
            rng = random.Random(f"{seed}:{sample.page}")
            with models_from(unseen / str(fold)):
                page = segment(sample.document)
                out[0].extend(_openings(page, fold))
                out[1].extend(_endings(page, fold, rng))
                out[2].extend(_sentences(page, fold, rng))
    return out


def linears(known: Examples, without: int | None = None) -> Words:
    """The models of words, learned without the pages of one fold."""
    makers = (openings, OPENING_BITS, OPENING_C), (endings, ENDING_BITS, ENDING_C), (stopped, SENTENCE_BITS, SENTENCE_C)
    return Words(*(_linear(part, *how, without) for part, how in zip(known, makers, strict=True)))


def _openings(page: Page, fold: int) -> Iterator[Example]:
    texts = [b.text for b in _content(page) if lead.is_paragraph(b)]
    for i, text in enumerate(texts):
        yield Example(text, i == 0, 1.0 if i == 0 else 1 / (len(texts) - 1), fold)
    if page.document.description:
        yield Example(page.document.description, True, DESCRIPTION, fold)


def _endings(page: Page, fold: int, rng: random.Random) -> Iterator[Example]:
    """How blocks end, and the sentences inside them, against sentences that stop."""
    found = _content(page)
    for block in rng.sample(found, min(MOST_ENDINGS, len(found))):
        yield Example(block.text, False, 1.0, fold)
        if block.is_running and block.words >= MIN_WORDS:
            yield Example(inside(block.text, rng), True, 1.0, fold)
            for sentence in whole_sentences(block.text):
                if len(sentence.split()) >= LEAST_SENTENCE:
                    yield Example(sentence, False, 1.0, fold)
                    yield Example(inside(sentence, rng), True, 1.0, fold)


def _sentences(page: Page, fold: int, rng: random.Random) -> Iterator[Example]:
    """Sentences that stop, against titles, labels and entries that never had an end."""
    for block in _content(page):
        if block.is_running and block.words >= MIN_WORDS:
            yield Example(sentences(inside(block.text, rng))[1], True, 1.0, fold)
        if not block.finished and block.words >= LEAST_WORDS:
            yield Example(sentences(block.text)[1], False, 2.0, fold)


def _content(page: Page) -> list[Block]:
    return [b for b, sure in zip(page.blocks, blocks.content_probability(page), strict=True) if sure > 0.5]


def _linear(
    known: Sequence[Example], features: Callable[[Sequence[str]], Features], bits: int, c: float, without: int | None
) -> Linear:
    """Weights of a logistic regression, rounded to bytes."""
    used = [e for e in known if e.fold != without]
    parts = (features([e.text for e in used[i : i + AT_ONCE]]) for i in range(0, len(used), AT_ONCE))
    table = vstack([csr_matrix((p.weight, (p.owner, p.rows)), shape=(p.texts, 1 << bits)) for p in parts])
    model = LogisticRegression(C=c, solver="liblinear", random_state=0)
    model.fit(table, [e.is_one for e in used], sample_weight=[e.weight for e in used])
    weights: NDArray[np.float64] = model.coef_[0]
    scale = float(np.abs(weights).max()) / 127 or 1.0
    return Linear(np.round(weights / scale).astype(np.int8), scale, float(model.intercept_[0]))
