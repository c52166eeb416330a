"""Blocks of a page as numbers: what the line model looks at.

`numbers` tells what a block is by itself and within its page, `surroundings` what its neighbours seem to be.
Every feature is made to lie about between -3 and 3, and none is a property of one language.
"""

from collections import Counter
from functools import cache

import numpy as np
from numpy.typing import NDArray

from audit.grams import CLASSES, Layout, hash_words
from audit.page import Kind, Page
from audit.phrases import hits
from audit.script import fold
from audit.vocabulary import load, trim

Matrix = NDArray[np.float32]
# fmt: off
GROUPS = (
    "advertisement", "author", "comments", "consent", "continuation", "continues", "counters", "donate", "error",
    "legal", "link_text", "login", "navigation", "paywall", "player", "pronoun", "related", "share", "subscribe",
    "welcome", "widget",
)
# fmt: on

KINDS = tuple(Kind)
# Columns of `numbers`, part by part.
WIDTHS = {
    "looks": 16 + 2 * (len(CLASSES) - 3) + 2 * len(CLASSES) + len(KINDS),
    "phrases": 2 * len(GROUPS),
    "place": 26,
    "words": 10,
}
PROSE_WORDS = 12  # finished blocks of so many words are prose to the counts of what lies around
NEAR = 2  # neighbours looked at on each side
WINDOWS = (2, 7)  # blocks on each side whose mean is looked at


def numbers(page: Page, layout: Layout, title: str | None) -> Matrix:
    """One row a block: its own looks, its phrases, its place, its words elsewhere on the page."""
    parts = [_looks(page, layout), _phrases(page), _place(page), _words(page, layout, title)]
    return np.hstack(parts).astype(np.float32)


def _looks(page: Page, layout: Layout) -> NDArray[np.float64]:
    """Length, classes of characters, first and last character, kind."""
    blocks, n, k = page.blocks, len(page.blocks), len(CLASSES)
    lengths = layout.ends - layout.starts
    owner = np.repeat(np.arange(n), lengths)
    inside = layout.classes != CLASSES.index("separator")
    counts = np.bincount(owner * k + layout.classes[inside], minlength=n * k).reshape(n, k)[:, :-1]
    words = np.array([b.words for b in blocks], dtype=float)
    chars = np.array([b.end - b.start for b in blocks], dtype=float)
    capital = layout.classes[layout.opens] == CLASSES.index("upper")
    capitals = np.add.reduceat(capital, layout.first[:-1], dtype=np.int64)
    digital = np.add.reduceat(layout.classes[layout.opens] == CLASSES.index("digit"), layout.first[:-1], dtype=np.int64)
    spelled = np.maximum(1, np.diff(layout.first) - 1)
    letters = np.maximum(1, counts[:, 1:4].sum(1))
    scalars = np.stack(
        [
            np.log1p(words) - 2, np.log1p(chars) - 4, chars / np.maximum(1, words) / 6 - 1,
            words < 2, words < 4, words < 8, words > 20,
            capitals / spelled, capitals == spelled, digital / spelled, counts[:, 2] / letters,
            counts[:, 3] / letters, letters / lengths, [b.finished for b in blocks], [b.after_gap for b in blocks],
            [b.last > b.first for b in blocks],
        ], axis=1)  # fmt: skip
    shares = np.sqrt(counts[:, _SHARES] / lengths[:, None])
    few = np.minimum(counts[:, _SHARES], 3) / 3
    eye = np.eye(k)
    first, last = eye[layout.classes[layout.starts]], eye[layout.classes[layout.ends - 1]]
    kinds = np.eye(len(KINDS))[[_KIND_INDEX[b.kind] for b in blocks]]
    return np.hstack([scalars, shares, few, first, last, kinds])


def _phrases(page: Page) -> NDArray[np.float64]:
    """For each group how much of a block is a label of it, and whether one of its phrases stands in it."""
    out = np.zeros((len(page.blocks), 2 * len(GROUPS)))
    for i, found in enumerate(hits(page)):
        length = page.blocks[i].end - page.blocks[i].start
        for hit in found:
            at = _GROUP_INDEX.get(hit.group)
            if at is not None:
                cover = 1.0 if hit.place == "line" else min(1.0, (hit.end - hit.start) / length)
                out[i, at] = max(out[i, at], cover)
                out[i, at + 1] = max(out[i, at + 1], 1.0 if hit.place != "start" or hit.colon else 0.5)
    return out


def _place(page: Page) -> NDArray[np.float64]:
    """Where a block stands: from both ends in blocks, characters and words of prose, and how far prose is."""
    n = len(page.blocks)
    at = np.arange(n)
    words = np.array([b.words for b in page.blocks], dtype=float)
    prose = is_prose(page)
    mass = np.cumsum(words * prose)
    total = max(1.0, mass[-1])
    before, after = mass - words * prose, mass[-1] - mass
    starts = np.array([b.start for b in page.blocks])
    where = (starts - starts[0]) / max(1, starts[-1] - starts[0])
    runs = np.diff(np.flatnonzero(np.diff(prose, prepend=2, append=2)))
    run = np.repeat(runs, runs)
    back, ahead = gap_to(prose), gap_to(prose[::-1])[::-1]
    return np.stack(
        [
            np.log1p(at) / 3, np.log1p(n - 1 - at) / 3, at / max(1, n - 1), where,
            at == 0, at == n - 1, at < 3, at >= n - 3,
            np.log1p(before) / 6, np.log1p(after) / 6, before / total, after / total, before == 0, after == 0,
            np.log1p(back) / 3, np.log1p(ahead) / 3, back == 1, ahead == 1, np.log1p(run) / 3, prose,
            np.full(n, np.log1p(n) / 4), np.full(n, np.log1p(mass[-1]) / 6), np.full(n, prose.mean()),
            np.full(n, mass[-1] / max(1.0, words.sum())), np.full(n, page.one_line), np.full(n, page.wrapped),
        ], axis=1)  # fmt: skip


def _words(page: Page, layout: Layout, title: str | None) -> NDArray[np.float64]:
    """Function words, words shared with other blocks, with prose and with the title, and repeats of the block."""
    first = layout.first[:-1]
    count = np.diff(layout.first)
    spelled = np.maximum(1, count - 1)
    owner = np.repeat(np.arange(len(count)), count)
    words = layout.words[: layout.first[-1]]
    real = np.ones(len(words), dtype=bool)
    real[first] = False
    stop = among(words, stopwords(page.lang)) & real
    content = real & ~stop
    named = np.maximum(1, np.add.reduceat(content, first, dtype=np.int64))
    kinds, which, times = np.unique(words, return_inverse=True, return_counts=True)
    prose = is_prose(page)
    in_prose = np.bincount(which, weights=prose[owner], minlength=len(kinds))
    other = in_prose[which] - prose[owner] > 0
    entitled = hash_words(fold(title)) if title else np.empty(0, np.uint32)
    in_title = among(words, np.sort(entitled)) & content
    same = Counter(keys := [trim(fold(b.text[:200])) for b in page.blocks])
    repeated = np.array([same[key] for key in keys])
    return np.stack(
        [
            np.add.reduceat(stop, first, dtype=np.int64) / spelled, np.add.reduceat(stop, first, dtype=np.int64) == 0,
            np.add.reduceat(np.log(times[which]) * content, first) / named,
            np.add.reduceat((times[which] > 1) & content, first, dtype=np.int64) / named,
            np.add.reduceat(other & content, first, dtype=np.int64) / named,
            np.add.reduceat(in_title, first, dtype=np.int64) / named,
            np.add.reduceat(in_title, first, dtype=np.int64) / max(1, len(entitled)),
            np.full(len(first), len(entitled) > 0), np.log(repeated), repeated > 1,
        ], axis=1)  # fmt: skip


def surroundings(prose: NDArray[np.bool_], own: Matrix, logits: Matrix) -> Matrix:
    """One row a block: logits and looks of its neighbours, means over windows, the page, and all to both ends."""
    looks = np.column_stack([logits, prose, own[:, _NEIGHBOURLY]])
    around = np.pad(np.column_stack([looks, np.ones(len(looks))]), ((NEAR, NEAR), (0, 0)))
    n = len(looks)
    near = [around[NEAR + d : NEAR + d + n] for d in range(-NEAR, NEAR + 1) if d]
    return np.hstack([*near, *wide(looks[:, : logits.shape[1] + 3])]).astype(np.float32)


def wide(values: Matrix) -> list[Matrix]:
    """Means of values over windows around each block, over all before, all after, and the page."""
    n = len(values)
    sums = np.vstack([np.zeros((1, values.shape[1])), np.cumsum(values, axis=0, dtype=np.float64)])
    at = np.arange(n)
    out = []
    for reach in WINDOWS:
        low, high = np.maximum(0, at - reach), np.minimum(n, at + reach + 1)
        out.append((sums[high] - sums[low]) / (high - low)[:, None])
    before = sums[:-1] / np.maximum(1, at)[:, None]
    after = (sums[-1] - sums[1:]) / np.maximum(1, n - 1 - at)[:, None]
    return [*out, before, after, np.repeat(sums[-1:] / n, n, axis=0)]


def among(words: NDArray[np.uint32], known: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Which of the words are among the known ones, which are sorted."""
    if not len(known):
        return np.zeros(len(words), bool)
    out: NDArray[np.bool_] = known[known.searchsorted(words).clip(max=len(known) - 1)] == words
    return out


def is_prose(page: Page) -> NDArray[np.bool_]:
    """Which blocks are finished text of some length."""
    return np.array([b.finished and b.words >= PROSE_WORDS for b in page.blocks])


def gap_to(flags: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How many blocks back the last flagged one stands, itself not counted; beyond the start when there is none."""
    at = np.arange(len(flags))
    last = np.maximum.accumulate(np.where(flags, at, -1))
    previous = np.append(-1, last[:-1])
    out: NDArray[np.int64] = at - previous
    return out


@cache
def stopwords(lang: str | None) -> NDArray[np.uint32]:
    """Hashes of a language's function words, sorted; of all languages' when it is not known or has no list."""
    known = load()
    lists = [known[lang].stopwords] if lang is not None and lang in known else [v.stopwords for v in known.values()]
    return np.sort(hash_words(" ".join(sorted(set().union(*lists)))))


_SHARES = [CLASSES.index(c) for c in CLASSES if c not in ("lower", "letter", "separator")]
_KIND_INDEX = {kind: i for i, kind in enumerate(KINDS)}
_GROUP_INDEX = {group: 2 * i for i, group in enumerate(GROUPS)}
# Of a neighbour: length, share of capital words, finished, after a gap.
_NEIGHBOURLY = [0, 7, 13, 14]
