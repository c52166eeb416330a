"""What the noise of a text tells of the whole: its quality, and what may be in it that no rule found.

Quality is the token F1 against a perfect extraction. What is lost without a trace cannot be seen in a text, what
should not be there can: the estimate is made of how probably each block is noise. The few numbers this needs lie in
`models/quality.npz`: numbers only, never code.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from audit import resources
from audit.features import is_prose
from audit.model import ENOUGH_WORDS, probabilities
from audit.noise import likelihood
from audit.page import Page

NAME = "quality"
# Logarithm of odds of the share of words that is content; the share of words in doubtful blocks.
NAMES = ("content", "doubtful")
LEAST = 0.02  # shares of content and noise are taken to be at least this, so that their odds are finite
DOUBTFUL = (0.2, 0.8)
PEAKS = ("chrome", "link_text")

Numbers = NDArray[np.float64]


def estimate(page: Page) -> float:
    """The estimated token F1, in [0, 1]; 1 for a page without blocks."""
    return (
        1 - _weight(page) * (1 - float(expected(numbers(page)[None], _stored()["weights"])[0])) if page.blocks else 1.0
    )


def unfound(page: Page) -> dict[str, float]:
    """How probably a page in which no rule found chrome, or link text, has it all the same."""
    stored, weight = _stored(), _weight(page)
    return {f: weight * float(np.interp(peak, *stored[f])) for f, peak in zip(PEAKS, peaks(page), strict=True)}


def numbers(page: Page) -> Numbers:
    """The numbers of a page that has blocks, as in NAMES."""
    words = np.array([max(1, block.words) for block in page.blocks], dtype=float)
    noise = _noise(page)
    share = np.average(noise, weights=words)
    doubtful = np.average((noise > DOUBTFUL[0]) & (noise < DOUBTFUL[1]), weights=words)
    return np.array([np.log((1 + LEAST - share) / (share + LEAST)), doubtful])


def peaks(page: Page) -> tuple[float, float]:
    """How probably the page has noise at all, and the noisiest block between two paragraphs is some; 0 without any."""
    noise, prose = _noise(page), np.flatnonzero(is_prose(page))
    inside = noise[prose[0] : prose[-1]] if len(prose) else noise[:0]
    return likelihood(page), float(inside.max(initial=0.0))


def expected(rows: Numbers, weights: Numbers) -> Numbers:
    """The F1 expected of rows of numbers; the last of the weights stands by itself."""
    return np.asarray(1 / (1 + np.exp(-(rows @ weights[:-1] + weights[-1]))))


def _noise(page: Page) -> Numbers:
    return np.asarray(1 - probabilities(page)[:, 0])


def _weight(page: Page) -> float:
    return min(1.0, page.words / ENOUGH_WORDS)


def _stored() -> Mapping[str, Numbers]:
    return resources.arrays(resources.model_file(NAME))
