"""The blocks of a page at which its text may have been cut, as numbers: how they end, and what stands around them.

The same numbers serve the end of a text and the paragraphs inside it: a cut is a block that stops in the middle of
a sentence among blocks that do not. Every block is looked at briefly, the few that may be cut closely.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from audit.columns import KINDS, RUNNING, Bounds, Columns, Flags, Numbers, Whole
from audit.cues import ends as ends_of
from audit.cues.words import Words
from audit.grams import layout
from audit.model import load
from audit.outline import Role, outline
from audit.page import Block, Kind, Page
from audit.phrases import INSIDE
from audit.script import is_in_words, is_unpunctuated, starts_lower, tokens
from audit.sentences import sentences
from audit.together import kept
from audit.topic import counts_of

Matrix = NDArray[np.float32]
BRIEF = (
    "words", "content", "finished", "lower_start", "running", "heading", "list", "label", "continues", "chrome",
    "after_gap", "dots",
)  # fmt: skip
PLACE = (
    "after_blocks", "after_words", "after_content", "after_finished", "after_chrome", "after_continues",
    "is_last_content", "is_last_running", "finished_share", "unfinished", "same_finished", "same",
    "words_to_mean", "wrapped", "one_line", "spaceless",
)  # fmt: skip
AROUND = tuple(f"{at}_{n}" for at in ("next", "next2", "previous") for n in BRIEF)
NAMES = (*BRIEF, *AROUND, *ends_of.NAMES, "fragment", "seen", *PLACE)
# What has a least probability in the models, in the order in which they store them.
BARS = ("end", "inside", "whole", "glued", "lead", "known lead")

MOST_WORDS = 200.0
_CONTENT = {Role.CONTENT: 0.95, Role.LINK: 0.1, Role.CHROME: 0.05}  # how probably a block of a role is content
# Blocks that may be the last of the article: so many of each sort from the end, and marks as far up as footers reach.
LAST, REACH, MARKED = 3, 80, 4
MIN_WORDS = 4
MOST_GLUED = 18  # words of a headline
BEYOND = 3  # empty blocks after every page
LEAST_INSIDE = 7  # shorter ones inside a text are its headings and entries, unless they look like prose


@dataclass(frozen=True, slots=True, eq=False)
class Looks:
    """What the blocks of a page look like: `brief` all, columns as in BRIEF; `rows` those `chosen`, as in NAMES.

    Chosen are the blocks that may be the end of the article and those inside that may be cut, in text order; `is_end`
    tells which of them are the former.
    """

    brief: Matrix
    chosen: Whole
    is_end: Flags
    rows: Matrix


def looks(pages: Sequence[Page], words: Words) -> list[Looks]:
    """The looks of pages that have blocks, by models of words."""
    blocks = Columns.of(tuple(pages))
    bounds, brief = blocks.bounds, _brief(blocks)
    ends, inside = _candidates(bounds, brief)
    chosen = np.flatnonzero(ends | inside)
    edges = chosen.searchsorted(bounds.edges).tolist()
    apart = [(chosen[a:b] - first).tolist() for (a, b), (first, _) in zip(pairwise(edges), bounds, strict=True)]
    done = brief[chosen, _FINISHED] > 0
    by_page = [(page, i) for page, which in zip(pages, apart, strict=True) for i in which]
    close = ends_of.close(by_page, done, words)
    fragments = [f for page, which in zip(pages, apart, strict=True) for f in _fragments(page, which)]
    around, places = _around(bounds, brief, chosen), _places(blocks, brief)[chosen]
    rows = np.hstack([brief[chosen], *around, close, np.array(fragments), places]).astype(np.float32)
    return [
        Looks(brief[first:last], chosen[a:b] - first, ends[chosen[a:b]], rows[a:b])
        for (a, b), (first, last) in zip(pairwise(edges), bounds, strict=True)
    ]


def _around(bounds: Bounds, brief: Matrix, chosen: Whole) -> list[Matrix]:
    """The next block of each chosen one, the one after that, and the previous one; -1 beyond the page."""
    padded = np.full((len(brief) + BEYOND * len(bounds), len(BRIEF)), -1, np.float32)
    padded[np.arange(len(brief)) + BEYOND * bounds.owner] = brief
    return [padded[chosen + BEYOND * bounds.owner[chosen] + by] for by in (1, 2, -1)]


def may_be_glued(rows: Matrix) -> Flags:
    """Of rows as in NAMES whether a short fragment follows the last whole sentence: a sentence cut, or link text."""
    finished, sentences, tail = (rows[:, NAMES.index(n)] for n in ("finished", "sentences", "tail_words"))
    out: Flags = (finished == 0) & (sentences > 0) & (tail <= MOST_GLUED)
    return out


def labels(able: Sequence[Block]) -> Matrix:
    """What the line model says of the words after the last whole sentence of each of these blocks, at least one.

    One row a block, the columns of `audit.model.VIEWS`.
    """
    return load().words(layout([sentences(block.text)[1] for block in able]))


@kept
def content_probability(page: Page) -> NDArray[np.float64]:
    """How probably each block is content of the article, by block."""
    return np.array([_CONTENT[role] for role in outline(page).roles], dtype=np.float64)


def _brief(blocks: Columns) -> Matrix:
    """A few numbers of every block."""
    views = [outline(page) for page in blocks.pages]
    out = np.zeros((len(blocks.texts), len(BRIEF)), np.float32)
    columns = {
        "words": np.minimum(blocks.words, MOST_WORDS),
        "content": [_CONTENT[role] for view in views for role in view.roles],
        "finished": blocks.finished,
        "lower_start": list(map(starts_lower, blocks.texts)),
        "running": RUNNING[blocks.kind],
        "heading": blocks.kind == KINDS[Kind.HEADING],
        "list": blocks.kind == KINDS[Kind.LIST],
        "after_gap": blocks.after_gap,
    }
    for name, values in columns.items():
        out[:, BRIEF.index(name)] = values
    for page, view, (first, last) in zip(blocks.pages, views, blocks.bounds, strict=True):
        for i in view.told:
            groups = {h.group for h in view.hits[i] if h.place not in INSIDE}
            out[first + i, _OF_HITS] = (
                view.is_finished(page.blocks[i], i), "link_text" in groups, "continues" in groups,
                view.causes[i] is not None,
            )  # fmt: skip
        if any(sign in page.text for sign in ends_of.DOT_SIGNS):
            out[first:last, BRIEF.index("dots")] = [ends_of.has_dots(text) for text in blocks.texts[first:last]]
    return out


def _candidates(bounds: Bounds, brief: Matrix) -> tuple[Flags, Flags]:
    """Which blocks may be the end of the article, and which inside it may be cut.

    Site chrome may follow the end, known as such or not; a paragraph inside has content after it.
    """
    column = {n: brief[:, i] for i, n in enumerate(BRIEF)}
    running, content, wordy = column["running"] > 0, column["content"] > 0.5, column["words"] >= MIN_WORDS
    from_end = bounds.first + bounds.size - np.arange(len(brief))
    dotted = (column["dots"] > 0) & _among_last(bounds, column["dots"] > 0, MARKED) & (from_end <= REACH)
    ends = (from_end == 1) | dotted
    lasting = ((content, 1), (content & running, LAST), (running, 2), (content & wordy, LAST), (wordy & ~running, 2))
    for flags, most in lasting:
        ends |= _among_last(bounds, flags, most)
    whole = running | (column["words"] >= LEAST_INSIDE)
    inside = (column["finished"] == 0) & wordy & whole & content & ~_among_last(bounds, content, 1)
    return ends, inside


def _among_last(bounds: Bounds, flags: Flags, most: int) -> Flags:
    """Which of the flagged blocks are among the last so many of their page."""
    after = bounds.total(flags)[bounds.owner] - bounds.before(flags)
    out: Flags = flags & (after <= most)
    return out


def _places(blocks: Columns, brief: Matrix) -> Matrix:
    """What comes after each block, as logarithms of amounts, and what the other blocks of the text are like."""
    column, bounds = {n: brief[:, i] for i, n in enumerate(BRIEF)}, blocks.bounds
    words, content, done = column["words"], column["content"], column["finished"]
    running = ((column["running"] > 0) & (content > 0.5)).astype(np.float32)
    amounts = [np.ones_like(words), words, words * content, running * done, column["chrome"], column["continues"]]
    after = np.column_stack(amounts)
    for a, b in bounds:
        after[a:b] = after[a:b][::-1].cumsum(axis=0)[::-1] - after[a:b]
    running_words, runs, ended = (bounds.total(x)[bounds.owner] - x for x in (running * words, running, running * done))
    kinds = bounds.owner * len(KINDS) + blocks.kind
    same, same_done = np.bincount(kinds)[kinds] - 1, np.bincount(kinds, done)[kinds] - done
    flags = np.array([[p.wrapped, p.one_line, is_unpunctuated(p.text[:500])] for p in blocks.pages], np.float32)
    last = [_among_last(bounds, content > 0.5, 1), _among_last(bounds, running > 0, 1)]
    return np.column_stack([
        np.log1p(np.maximum(0, after)), *last, _share(ended, runs), np.log1p(runs - ended),
        _share(same_done, same), np.log1p(same), words / np.maximum(running_words / np.maximum(runs, 1), 1),
        flags[bounds.owner],
    ])  # fmt: skip


def _share(part: Numbers, whole: Numbers) -> Numbers:
    return np.where(whole > 0, part / np.maximum(whole, 1), -1)


def _fragments(page: Page, chosen: Sequence[int]) -> list[tuple[bool, float]]:
    """Of each block whether its last word is but the beginning of other words of the text, and how often it occurs."""
    counts = counts_of(page)
    listed = "\n".join(("", *counts, ""))
    return [_fragment(page.blocks[i], counts, listed) for i in chosen]


def _fragment(block: Block, counts: Counter[str], listed: str) -> tuple[bool, float]:
    """`listed` are the words of the text, a line each."""
    last = tokens(block.text[-40:])[-1:] if is_in_words(block.text[-1]) else []
    if not last:
        return False, -1.0
    word, times = last[0], counts.get(last[0], 0)
    others = listed.count(f"\n{word}") - (times > 0) if len(word) >= 2 and times <= 1 else 0
    return others > 0, min(5.0, times)


_FINISHED = BRIEF.index("finished")
_OF_HITS = [BRIEF.index(n) for n in ("finished", "label", "continues", "chrome")]
