"""The line model: how probably each block of a page is content, site chrome, or the text of a link.

Three steps. First every block by its words alone: a linear model over hashed words and character n-grams. Then a
small neural network over what the words say, what the block looks like, where it stands, and the same of its
neighbours. Last, as in jusText's second pass, what the network says of the neighbours and of the page as a whole: a
doubtful line is noise among menus and content in an article. Everything is read from `models/lines.npz`, which
`crawlaudit train` writes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from audit import features, grams, resources
from audit.columns import Bounds, Columns, Flags
from audit.grams import Layout
from audit.page import Page
from audit.together import at_once

Matrix = NDArray[np.float32]
NAME = "lines"
AT_ONCE = 64  # rows multiplied at once
# Columns of the lexical weights: noise in articles, noise on whole pages, link text rather than chrome, and what sites
# say anywhere, learned from written lines as well.
VIEWS = 4
SITE = VIEWS - 1
LOGIT_LIMIT, LOGIT_UNIT = 8.0, 2.0
Z_LIMIT = 5.0  # numbers further out, in standard deviations, are cut off there
SURE = 9.0  # logits further out are cut off there
CONTENT, CHROME, LINK = range(3)
# The model learned from whole pages and articles: in texts of fewer words signatures and headings look like menus, and
# what it says needs more to be believed. Of fewer than ENOUGH_WORDS it counts in proportion.
FEW_WORDS, ENOUGH_WORDS = 250, 100


@dataclass(frozen=True, slots=True, eq=False)
class LineModel:
    """The stored weights.

    `lexical` has 2**BITS rows of VIEWS integers, to be multiplied by `scale`, and `bias` added; rows of eight bytes are
    fetched fast. The file has their roots, with signs, as int8. `mean` and `spread`
    standardise the numbers of a block, `weights` and `biases` are the network's layers, `link` (the last element its
    bias) tells link text from chrome, `settling` likewise weighs what `context` finds, and `knots` map the logit that
    comes of it to a probability. `page` likewise weighs the numbers of `audit.noise`, and pages of at least the
    probability `gate` are taken to have noise.
    """

    lexical: NDArray[np.int16]
    scale: Matrix
    bias: Matrix
    mean: Matrix
    spread: Matrix
    weights: tuple[Matrix, ...]
    biases: tuple[Matrix, ...]
    link: Matrix
    settling: Matrix
    knots: Matrix
    page: Matrix
    gate: float

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[np.generic]]) -> "LineModel":
        """The model from arrays as `audit.training.lines` makes them."""
        layers = sum(name.startswith("weights.") for name in arrays)
        floats = {name: np.asarray(a, dtype=np.float32) for name, a in arrays.items() if name != "lexical"}
        weights, biases = (tuple(floats[f"{what}.{i}"] for i in range(layers)) for what in ("weights", "biases"))
        plain = {n: floats[n] for n in ("scale", "bias", "mean", "spread", "link", "settling", "knots", "page")}
        roots = np.asarray(arrays["lexical"]).astype(np.int16)
        gate = float(floats["gate"][0])
        return cls(lexical=roots * np.abs(roots), weights=weights, biases=biases, gate=gate, **plain)

    def words(self, laid: Layout) -> Matrix:
        """What the words of each block say: VIEWS logits."""
        return lexical_logits(laid, self.lexical) * self.scale + self.bias

    def standard(self, rows: Matrix) -> Matrix:
        """The numbers of blocks in standard deviations."""
        out: Matrix = np.clip((rows - self.mean) / self.spread, -Z_LIMIT, Z_LIMIT)
        return out

    def logit(self, standard: Matrix) -> NDArray[np.float32]:
        """The network's logarithm of odds that each block is noise, not calibrated."""
        at = standard
        for weights, biases in zip(self.weights[:-1], self.biases[:-1], strict=True):
            at = np.maximum(product(at, weights) + biases, 0)
        out: NDArray[np.float32] = (product(at, self.weights[-1]) + self.biases[-1])[:, 0]
        return out

    def classes(self, standard: Matrix, bounds: Bounds, words: Matrix) -> NDArray[np.float64]:
        """The calibrated probabilities of content, chrome and link text of blocks of so many words."""
        settled = product(context(bounds, self.logit(standard), words), self.settling[:-1]) + self.settling[-1]
        noise = np.interp(settled, self.knots[0], self.knots[1])
        link = 1 / (1 + np.exp(-(product(standard, self.link[:-1]) + self.link[-1]).astype(np.float64)))
        return np.column_stack([1 - noise, noise * (1 - link), noise * link])


def product(rows: Matrix, weights: Matrix) -> Matrix:
    """`rows @ weights`, so many rows at a time: libraries round by how many there are, and pages stand in company."""
    whole = len(rows) // AT_ONCE * AT_ONCE
    last = np.zeros((AT_ONCE, rows.shape[1]), np.float32)
    last[: len(rows) - whole] = rows[whole:]
    parts = [rows[i : i + AT_ONCE] @ weights for i in range(0, whole, AT_ONCE)]
    out: Matrix = np.concatenate([*parts, last @ weights])[: len(rows)]
    return out


def context(bounds: Bounds, logit: Matrix, words: Matrix) -> Matrix:
    """The network's logit of each block, of those around it on its page, and of the page, by blocks and by words."""
    logit = np.clip(logit, -SURE, SURE)
    noise = 1 / (1 + np.exp(-logit))
    near, far, before, after, page = features.wide(bounds, np.column_stack([noise, logit]))
    by_words = bounds.total(noise * (words + 1)) / bounds.total(words + 1)
    odds = [_odds(page[:, 0]), _odds(by_words[bounds.owner])]
    columns = [logit, *near.T, *far.T, *odds, before[:, 0], after[:, 0], *(logit * o for o in odds)]
    return np.column_stack(columns).astype(np.float32)


def _odds(share: NDArray[np.float64]) -> NDArray[np.float64]:
    out: NDArray[np.float64] = np.log((share + 0.01) / (1.01 - share))
    return out


def lexical_logits(laid: Layout, table: NDArray[np.int16] | NDArray[np.float32]) -> Matrix:
    """Sums of a table's columns over the words, pairs and n-grams of each text, long ones held down."""
    words, first, ngrams, starts = grams.rows(laid)
    width = np.int32 if table.dtype == np.int16 else np.float32
    count = np.diff(first)
    total = np.zeros((len(count), VIEWS), dtype=np.float32)
    for rows in words:
        total += np.add.reduceat(_taken(table, rows[: first[-1]]), first[:-1], axis=0, dtype=width)
    total /= np.sqrt(2 * count)[:, None]
    places = laid.ends - starts + 1
    bounds = np.column_stack([starts - 1, laid.ends]).ravel()
    shortest, *others = ngrams[::-1]  # of the longest n-grams there are fewest, and enough for the last text
    found: NDArray[Any] = _taken(table, shortest).astype(width)
    for rows in others:
        found += _taken(table, rows[: len(shortest)])
    summed = np.add.reduceat(found, bounds, axis=0)[::2]
    total += (summed.astype(np.float32) / np.sqrt(3 * places)[:, None]).astype(np.float32)
    return total[laid.which]


def _taken(table: NDArray[Any], rows: NDArray[np.uint32]) -> NDArray[Any]:
    """Rows of a table that has them all, which spares a look at each."""
    return table.take(rows, axis=0, mode="clip")


def numbers(bounds: Bounds, prose: Flags, own: Matrix, words: Matrix) -> Matrix:
    """All numbers of blocks: their own, what their words say, and what is around them."""
    logits = (np.clip(words, -LOGIT_LIMIT, LOGIT_LIMIT) / LOGIT_UNIT).astype(np.float32)
    return np.hstack([own, logits, features.surroundings(bounds, prose, own, logits)])


def load() -> LineModel:
    """The model in force. Raises FileNotFoundError when the installation is broken."""
    return _load(resources.model_file(NAME))


@lru_cache(maxsize=4)
def _load(path: Path) -> LineModel:
    return LineModel.of(resources.arrays(path))


def probabilities(page: Page) -> NDArray[np.float64]:
    """One row a block: the probabilities that it is content, chrome and link text, which add up to 1."""
    return _probabilities(page) if page.blocks else np.empty((0, 3))


def site_logits(page: Page) -> Matrix:
    """For each block the logarithm of odds that a site says it, rather than an article, by its words alone."""
    return _looked_at(page)[1] if page.blocks else np.empty(0, np.float32)


@at_once
def _probabilities(pages: Sequence[Page]) -> list[NDArray[np.float64]]:
    bounds = Bounds.of([len(page.blocks) for page in pages])
    words = np.array([block.words for page in pages for block in page.blocks], dtype=np.float32)
    standard = np.concatenate([_looked_at(page)[0] for page in pages])
    return bounds.split(load().classes(standard, bounds, words))


@at_once
def _looked_at(pages: Sequence[Page]) -> list[tuple[Matrix, Matrix]]:
    """The numbers of the blocks of pages in standard deviations, and what the last view says of their words."""
    model, blocks = load(), Columns.of(tuple(pages))
    laid = grams.layout(blocks.texts, once=True)
    words = model.words(laid)
    rows = model.standard(numbers(blocks.bounds, blocks.prose, features.numbers(blocks, laid), words))
    return list(zip(blocks.bounds.split(rows), blocks.bounds.split(words[:, SITE]), strict=True))


def reasons(page: Page, blocks: Sequence[int]) -> list[tuple[str, ...]]:
    """For each of the blocks which parts of its numbers make it noise, the weightiest first.

    The parts are those of `audit.features`, `label` (what its words say) and `around`. A part's weight is how much
    the logit falls when the part's numbers are those of the average block.
    """
    model = load()
    rows = _looked_at(page)[0][list(blocks)]
    widths = {**features.WIDTHS, "label": VIEWS, "around": rows.shape[1]}
    versions = np.tile(rows, (1 + len(widths), 1, 1))  # as they are, and without each part
    at = 0
    for without, width in zip(versions[1:], widths.values(), strict=True):
        without[:, at : at + width] = 0
        at += width
    whole, *others = model.logit(versions.reshape(-1, rows.shape[1])).reshape(len(versions), -1)
    falls = {part: whole - other for part, other in zip(widths, others, strict=True)}
    return [tuple(p for p in sorted(falls, key=lambda p: -falls[p][i]) if falls[p][i] > 0) for i in range(len(rows))]
