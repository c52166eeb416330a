"""Whether a page has any noise at all, by what the line model says of all its blocks together.

One doubtful line proves little: articles have their lists, signatures and labels. Several, in a row, at an edge, or a
page full of them do. A linear model weighs them; its few numbers lie with those of the line model.
"""

import numpy as np
from numpy.typing import NDArray

from audit.columns import looks
from audit.model import load, probabilities
from audit.page import Page
from audit.together import kept

Numbers = NDArray[np.float64]
NAMES = (
    "noisiest", "second", "third", "fourth and fifth", "above", "below", "in a row", "blocks", "words", "first", "last",
    "at an edge", "mean", "doubtful", "mean by words",
)  # fmt: skip
SURE = 6.0  # logits further out are cut off there
DOUBT = 0.5  # added to every logit of a row: blocks of a probability of .38 on make it grow
EDGE = 40  # blocks at either end that are looked at for a row from there
DOUBTFUL = 0.3


def numbers(noise: Numbers, words: Numbers) -> Numbers:
    """The numbers of a page, as in NAMES, from the probability of noise and the words of each of its blocks."""
    # For so few numbers, what numpy does in Python (`clip`, `mean`, `append`) would take most of the time.
    logit = np.log(np.maximum(noise, 1e-9) / np.maximum(1 - noise, 1e-9))
    logit = np.minimum(np.maximum(logit, -SURE), SURE)
    doubt, weights = logit + DOUBT, words + 1
    top = np.full(5, -SURE)
    most = np.sort(logit)[::-1][:5]
    top[: len(most)] = most
    sums = np.zeros(len(doubt) + 1)
    doubt.cumsum(out=sums[1:])
    row = (sums[1:] - np.minimum.accumulate(sums[:-1])).max()
    edges = [sums[1 : EDGE + 1].max(), doubt[::-1][:EDGE].cumsum().max()]
    return np.array([
        *top[:3], top[3:].mean(), *np.log1p(np.maximum(0, [*edges, row])), np.log(len(noise)), np.log1p(words.sum()),
        logit[0], logit[-1], max(logit[:2].max(), logit[-2:].max()),
        noise.sum() / len(noise), np.count_nonzero(noise > DOUBTFUL) / len(noise),
        (noise * weights).sum() / weights.sum(),
    ])  # fmt: skip


def likelihood(page: Page) -> float:
    """How probably a page has noise, site chrome or link text, somewhere; 0 for a page without blocks."""
    return _likelihood(page) if page.blocks else 0.0


def is_noisy(page: Page) -> bool:
    """Whether so few clean pages look like this one that it is taken to have noise."""
    return likelihood(page) >= page.bar(load().gate)


@kept
def _likelihood(page: Page) -> float:
    model = load()
    row = numbers(1 - probabilities(page)[:, 0], looks(page).words)
    return float(1 / (1 + np.exp(-(row @ model.page[:-1] + model.page[-1]))))
