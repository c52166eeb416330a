"""What the noise of a text tells of the whole: its quality, and what may be in it that no rule found.

Quality is the token F1 against a perfect extraction. What is lost without a trace cannot be seen in a text, what
should not be there can: the estimate is made of how probably each block is noise, and of what the text is made of.
Boosted trees weigh the numbers of a page; none in which more noise would raise the estimate. What they hold lies in
`models/quality.npz`: numbers only, never code.
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from audit import resources
from audit.columns import looks
from audit.forest import Forest
from audit.model import ENOUGH_WORDS, FEW_WORDS, probabilities
from audit.noise import likelihood
from audit.outline import outline
from audit.page import Page
from audit.script import is_unpunctuated
from audit.together import kept

NAME = "quality"
# The numbers of a page, and whether more of each may only raise the estimate (1) or only lower it (-1). How many
# headings and lists a text has tells trees something, too, but then a menu could raise it: its labels look like them.
DIRECTIONS: Mapping[str, int] = {
    "content": 1,  # share of words that are content
    "noise at 9/10": -1,  # of the words, from the cleanest block on
    "noisy": -1, "doubtful": -1,  # shares of words in blocks of so much noise
    "longest": 1,  # share of words in the longest row of blocks that are content
    "link text": -1, "probably noisy": -1, "noisiest inside": -1, "flagged": -1, "errors": -1, "repeated": -1,
    "addresses": -1, "link marks": -1,  # a word, and in all
    "finished": 1, "prose": 1,  # shares of words in such blocks
    "prose blocks": 1, "prose of content": 1, "words a block": 1,
    "words": 1,  # of content; a text of fewer than FEW_WORDS is no worse for being short
}  # fmt: skip
NAMES = tuple(DIRECTIONS)
DOUBTFUL = (0.2, 0.8)
NOISE = 0.33  # noisier blocks end a row of content
# So much of the estimate is what the share of content alone would make of it: trees go in steps, and a little more
# noise must lower the estimate a little.
SMOOTH = 0.15
PEAKS = ("chrome", "link_text")
SCRIPT_CHARS = 500  # of a text, by which its script is known

Numbers = NDArray[np.float64]
Share = TypeVar("Share", float, NDArray[np.float64])


def estimate(page: Page, flagged: float = 0.0) -> float:
    """The estimated token F1, in [0, 1], of a page of which a share is flagged; 1 for a page without blocks.

    The fewer words a text has for the trees to go by, the more counts what is flagged alone, and in scripts without
    full stops nothing else does.
    """
    if not page.blocks:
        return 1.0
    rows, weight = numbers(page, flagged)[None], _weight(page)
    known = _forest(resources.model_file(NAME))
    told = float(expected(known.probability(known.score(rows)), rows)[0])
    return weight * told + (1 - weight) * f1(1 - flagged, 1.0)


def f1(precision: Share, recall: float) -> Share:
    """The F1 of precision and recall, of which one is above 0."""
    return 2 * precision * recall / (precision + recall)


def expected(told: Numbers, rows: NDArray[np.float32]) -> Numbers:
    """The F1 expected where trees told these of rows of numbers."""
    return np.asarray((1 - SMOOTH) * told + SMOOTH * f1(rows[:, 0].astype(np.float64), 1.0))


def unfound(page: Page) -> dict[str, float]:
    """How probably a page in which no rule found chrome, or link text, has it all the same."""
    stored, weight = resources.arrays(resources.model_file(NAME)), _weight(page)
    return {f: weight * float(np.interp(peak, *stored[f])) for f, peak in zip(PEAKS, peaks(page), strict=True)}


def numbers(page: Page, flagged: float) -> NDArray[np.float32]:
    """The numbers of a page that has blocks, as in NAMES."""
    own, sure = looks(page), probabilities(page)
    words, finished, prose, noise = np.maximum(1, own.words), own.finished, own.prose, 1 - sure[:, 0]
    total = words.sum()
    content = (1 - noise) * words
    order = noise.argsort()
    most = order[words[order].cumsum().searchsorted(0.9 * total).clip(max=len(order) - 1)]
    doubtful = (noise > DOUBTFUL[0]) & (noise < DOUBTFUL[1])
    whole, inside = peaks(page)
    different = len({block.text for block in page.blocks})
    links = page.text.count("](") if "]" in page.text else 0  # one character is found much faster than two
    return np.array([
        content.sum() / total, noise[most], words @ (noise > DOUBTFUL[0]) / total, words @ doubtful / total,
        _longest(words, noise) / total, words @ sure[:, 2] / total, whole, inside, flagged, np.log1p(_errors(page)),
        1 - different / len(noise), page.text.count("http") / total, np.log1p(links),
        words @ finished / total, words @ prose / total, prose.mean(), content @ prose / max(1e-9, content.sum()),
        np.log1p(content.sum() / max(0.5, (1 - noise).sum())), np.log(max(FEW_WORDS, content.sum())),
    ], dtype=np.float32)  # fmt: skip


@kept
def peaks(page: Page) -> tuple[float, float]:
    """How probably the page has noise at all, and the noisiest block between two paragraphs is some; 0 without any."""
    if not page.blocks:
        return 0.0, 0.0
    noise, prose = 1 - probabilities(page)[:, 0], np.flatnonzero(looks(page).prose)
    inside = noise[prose[0] : prose[-1]] if len(prose) else noise[:0]
    return likelihood(page), float(inside.max(initial=0.0))


def _longest(words: Numbers, noise: Numbers) -> float:
    """The words of the longest row of blocks that are content."""
    noisy = noise > NOISE
    sums = (words * ~noisy).cumsum()
    return float((sums - np.maximum.accumulate(sums * noisy)).max())


def _errors(page: Page) -> int:
    """How many phrases stand in the text that pages show instead of content."""
    view = outline(page)
    return sum([hit.group == "error" for i in view.told for hit in view.hits[i]])


def _weight(page: Page) -> float:
    """How much the models count: they go by sentences that end, which Thai and its like do not show."""
    return 0.0 if is_unpunctuated(page.text[:SCRIPT_CHARS]) else min(1.0, page.words / ENOUGH_WORDS)


@lru_cache(maxsize=4)
def _forest(path: Path) -> Forest:
    return Forest.of(resources.arrays(path), "f1")
