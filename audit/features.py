"""Blocks as numbers: what the line model looks at.

`numbers` tells what a block is by itself and within its page, `surroundings` what its neighbours seem to be.
Every feature is made to lie about between -3 and 3, and none is a property of one language. The blocks of several
pages are looked at together; what comes of a page is the same in any company.
"""

from collections import Counter
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from audit.columns import KINDS, Bounds, Columns, Flags, Numbers, Whole
from audit.grams import CLASSES, Layout, hash_words, hashes_of
from audit.phrases import beginnings, hits
from audit.script import fold
from audit.vocabulary import load

Matrix = NDArray[np.float32]
Hashes = NDArray[np.uint32]
# fmt: off
GROUPS = (
    "advertisement", "author", "comments", "consent", "continuation", "continues", "counters", "donate", "error",
    "legal", "link_text", "login", "navigation", "paywall", "player", "pronoun", "related", "share", "subscribe",
    "welcome", "widget",
)
# fmt: on

# Columns of `numbers`, part by part.
WIDTHS = {
    "looks": 16 + 2 * (len(CLASSES) - 3) + 2 * len(CLASSES) + len(KINDS),
    "phrases": 2 * len(GROUPS),
    "place": 26,
    "words": 10,
}
NEAR = 2  # neighbours looked at on each side
WINDOWS = (2, 7)  # blocks on each side whose mean is looked at


def numbers(blocks: Columns, layout: Layout) -> Matrix:
    """One row a block: its own looks, its phrases, its place, its words elsewhere on the page."""
    return beside(_looks(blocks, layout), _phrases(blocks), _place(blocks), _words(blocks, layout))


def beside(*parts: NDArray[Any]) -> Matrix:
    """Matrices and columns side by side, in the precision of the model at once."""
    return np.concatenate([p if p.ndim > 1 else p[:, None] for p in parts], axis=1, dtype=np.float32, casting="unsafe")


def _looks(blocks: Columns, layout: Layout) -> Matrix:
    """Length, classes of characters, first and last character, kind."""
    words, chars = blocks.words, blocks.chars.astype(float)
    looks = _spelled(layout)[layout.which]
    return beside(
        np.log1p(words) - 2, np.log1p(chars) - 4, chars / np.maximum(1, words) / 6 - 1,
        words < 2, words < 4, words < 8, words > 20, looks[:, :_SCALARS],
        blocks.finished, blocks.after_gap, blocks.lines > 0, looks[:, _SCALARS:], _KINDS[blocks.kind],
    )  # fmt: skip


def _spelled(layout: Layout) -> Matrix:
    """What a text is written with: its first _SCALARS columns tell of words, the others of characters."""
    n, k = len(layout.starts), len(CLASSES)
    lengths = layout.ends - layout.starts
    owner = np.repeat(np.arange(n), np.diff(layout.ends, prepend=0))  # with the separators before, the last class
    counts = np.bincount(owner * k + layout.classes[: len(owner)], minlength=n * k).reshape(n, k)[:, :-1]
    capital, digital = (
        np.add.reduceat(layout.classes[layout.opens] == CLASSES.index(name), layout.first[:-1], dtype=np.int64)
        for name in ("upper", "digit")
    )
    spelled = np.maximum(1, np.diff(layout.first) - 1)
    letters = np.maximum(1, counts[:, 1:4].sum(1))
    some = counts[:, _SHARES]
    return beside(
        capital / spelled, capital == spelled, digital / spelled, counts[:, 2] / letters, counts[:, 3] / letters,
        letters / lengths, np.sqrt(some / lengths[:, None]), np.minimum(some, 3) / 3,
        _CLASSES[layout.classes[layout.starts]], _CLASSES[layout.classes[layout.ends - 1]],
    )  # fmt: skip


def _phrases(blocks: Columns) -> Numbers:
    """For each group how much of a block is a label of it, and whether one of its phrases stands in it."""
    out = np.zeros((len(blocks.texts), 2 * len(GROUPS)))
    for page, (first, _) in zip(blocks.pages, blocks.bounds, strict=True):
        for hit in (h for found in hits(page) for h in found):
            at = _GROUP_INDEX.get(hit.group)
            if at is not None:
                i, block = first + hit.block, page.blocks[hit.block]
                cover = 1.0 if hit.place == "line" else min(1.0, (hit.end - hit.start) / (block.end - block.start))
                out[i, at] = max(out[i, at], cover)
                out[i, at + 1] = max(out[i, at + 1], 1.0 if hit.place != "start" or hit.colon else 0.5)
    return out


def _place(blocks: Columns) -> Numbers:
    """Where a block stands: from both ends in blocks, characters and words of prose, and how far prose is."""
    bounds, words, prose = blocks.bounds, blocks.words, blocks.prose
    n, first, owner = bounds.size, bounds.first, bounds.owner
    at = np.arange(len(first)) - first
    mass, whole = (bounds.total(x)[owner] for x in (words * prose, words))
    total = np.maximum(1.0, mass)
    before = bounds.before(words * prose)
    after = mass - before - words * prose
    from_first = blocks.start - blocks.start[first]
    where = from_first / np.maximum(1, from_first[first + n - 1])
    edges = np.flatnonzero(np.append(True, np.diff(prose) | (np.diff(owner) > 0)))
    run = np.repeat(np.diff(edges, append=len(prose)), np.diff(edges, append=len(prose)))
    back, ahead = gap_to(prose, first), gap_to(prose[::-1], (len(first) - first - n)[::-1])[::-1]
    share = (bounds.total(prose) / np.diff(bounds.edges))[owner]
    one_line, wrapped = (np.array([getattr(p, x) for p in blocks.pages])[owner] for x in ("one_line", "wrapped"))
    return np.stack(
        [
            np.log1p(at) / 3, np.log1p(n - 1 - at) / 3, at / np.maximum(1, n - 1), where,
            at == 0, at == n - 1, at < 3, at >= n - 3,
            np.log1p(before) / 6, np.log1p(after) / 6, before / total, after / total, before == 0, after == 0,
            np.log1p(back) / 3, np.log1p(ahead) / 3, back == 1, ahead == 1, np.log1p(run) / 3, prose,
            np.log1p(n) / 4, np.log1p(mass) / 6, share, mass / np.maximum(1.0, whole), one_line, wrapped,
        ], axis=1)  # fmt: skip


def _words(blocks: Columns, layout: Layout) -> Numbers:
    """Function words, words shared with other blocks, with prose and with the title, and repeats of the block."""
    words, begins = layout.words_by_text()
    first, count = begins[:-1], np.diff(begins)
    owner = np.repeat(np.arange(len(count)), count)
    real = np.ones(len(words), dtype=bool)
    real[first] = False
    # Elsewhere the same word is another. What a word is to its page is asked once, however often it has it.
    which, different = numbered(blocks.bounds.owner[owner].astype(np.uint64) << np.uint64(32) | words)
    titles = _titles(blocks)
    stop = _among_each(different, [stopwords(p.lang) for p in blocks.pages])[which] & real
    content = real & ~stop
    in_title = _among_each(different, titles)[which] & content
    named = np.maximum(1, np.add.reduceat(content, first, dtype=np.int64))
    times, prose = np.bincount(which), blocks.prose[owner]
    other = np.bincount(which, weights=prose)[which] - prose > 0
    entitled, repeated = np.array([len(title) for title in titles])[blocks.bounds.owner], np.array(_repeats(blocks))
    stops, shared = (np.add.reduceat(x, first, dtype=np.int64) for x in (stop, in_title))
    return np.stack(
        [
            stops / np.maximum(1, count - 1), stops == 0,
            np.add.reduceat(np.log(times)[which] * content, first) / named,
            np.add.reduceat((times > 1)[which] & content, first, dtype=np.int64) / named,
            np.add.reduceat(other & content, first, dtype=np.int64) / named,
            shared / named, shared / np.maximum(1, entitled), entitled > 0, np.log(repeated), repeated > 1,
        ], axis=1)  # fmt: skip


def numbered(values: NDArray[np.uint64]) -> tuple[Whole, NDArray[np.uint64]]:
    """Values as the numbers of the different ones among them, and these, in the order in which they come.

    As by `numpy.unique`, which sorts and so takes five times as long.
    """
    column = pa.Array.from_buffers(pa.uint64(), len(values), [None, pa.py_buffer(values)]).dictionary_encode()
    indices, different = column.indices, column.dictionary
    which = np.frombuffer(indices.buffers()[1], np.int32, len(values), 4 * indices.offset)
    names = np.frombuffer(different.buffers()[1], np.uint64, len(different), 8 * different.offset)
    return which.astype(np.int64), names  # `to_numpy` would import pandas


def _repeats(blocks: Columns) -> list[int]:
    """How often the page of each block has blocks that begin like it."""
    out: list[int] = []
    for page in blocks.pages:
        same = Counter(keys := beginnings(page))
        out += [same[key] for key in keys]
    return out


def _among_each(words: NDArray[np.uint64], known: Sequence[Hashes]) -> Flags:
    """Which words are among those known for their page, sorted; the page is above the lowest 32 bits, in order."""
    edges = words.searchsorted(np.arange(len(known) + 1, dtype=np.uint64) << np.uint64(32)).tolist()
    hashes = words.astype(np.uint32)
    return np.concatenate([among(hashes[a:b], k) for (a, b), k in zip(pairwise(edges), known, strict=True)])


def _titles(blocks: Columns) -> list[Hashes]:
    """The hashes of the words of each page's title, sorted."""
    titles = {p: fold(title) for p, page in enumerate(blocks.pages) if (title := page.document.title)}
    found = dict(zip(titles, hashes_of(list(titles.values())), strict=True)) if titles else {}
    return [np.sort(found[p]) if p in found else np.empty(0, np.uint32) for p in range(len(blocks.pages))]


def surroundings(bounds: Bounds, prose: Flags, own: Matrix, logits: Matrix) -> Matrix:
    """One row a block: logits and looks of its neighbours, means over windows, the page, and all to both ends."""
    looks = np.column_stack([logits, prose, own[:, _NEIGHBOURLY]])
    place = np.arange(len(looks)) + NEAR * (2 * bounds.owner + 1)  # there are NEAR empty rows around every page
    around = np.zeros((len(looks) + 2 * NEAR * len(bounds), looks.shape[1] + 1))
    around[place, :-1] = looks
    around[place, -1] = 1
    near = [around[place + d] for d in range(-NEAR, NEAR + 1) if d]
    return np.hstack([*near, *wide(bounds, looks[:, : logits.shape[1] + 3])]).astype(np.float32)


def wide(bounds: Bounds, values: Matrix) -> list[Numbers]:
    """Means of values over windows around each block, over all before, all after, and the page."""
    sums = np.zeros((len(values) + len(bounds), values.shape[1]))  # a row more a page, the sum of nothing
    for p, (a, b) in enumerate(bounds):  # by page: sums round, and those of a page must not depend on others
        np.cumsum(values[a:b], axis=0, dtype=np.float64, out=sums[a + p + 1 : b + p + 1])
    n, zero = bounds.size, bounds.first + bounds.owner
    at = np.arange(len(values)) - bounds.first
    out = []
    for reach in WINDOWS:
        low, high = np.maximum(0, at - reach), np.minimum(n, at + reach + 1)
        out.append((sums[zero + high] - sums[zero + low]) / (high - low)[:, None])
    whole = sums[zero + n]
    before = sums[zero + at] / np.maximum(1, at)[:, None]
    after = (whole - sums[zero + at + 1]) / np.maximum(1, n - 1 - at)[:, None]
    return [*out, before, after, whole / n[:, None]]


def among(words: Hashes, known: Hashes) -> Flags:
    """Which of the words are among the known ones, which are sorted."""
    if not len(known):
        return np.zeros(len(words), bool)
    out: Flags = known[known.searchsorted(words).clip(max=len(known) - 1)] == words
    return out


def gap_to(flags: Flags, first: Whole) -> Whole:
    """How many blocks back the last flagged one of the page stands, itself not counted; or what is before the page.

    `first` is the first block of each block's page.
    """
    at = np.arange(len(flags))
    last = np.maximum.accumulate(np.where(flags, at, -1))
    previous = np.maximum(np.append(-1, last[:-1]), first - 1)
    out: Whole = at - previous
    return out


@cache
def stopwords(lang: str | None) -> Hashes:
    """Hashes of a language's function words, sorted; of all languages' when it is not known or has no list."""
    known = load()
    lists = [known[lang].stopwords] if lang is not None and lang in known else [v.stopwords for v in known.values()]
    return np.sort(hash_words(" ".join(sorted(set().union(*lists)))))


_KINDS, _CLASSES = np.eye(len(KINDS), dtype=np.float32), np.eye(len(CLASSES), dtype=np.float32)
_SCALARS = 6
_SHARES = [CLASSES.index(c) for c in CLASSES if c not in ("lower", "letter", "separator")]
_GROUP_INDEX = {group: 2 * i for i, group in enumerate(GROUPS)}
# Of a neighbour: length, share of capital words, finished, after a gap.
_NEIGHBOURLY = [0, 7, 13, 14]
