"""The blocks of a page at which its text may have been cut, as numbers: how they end, and what stands around them.

The same numbers serve the end of a text and the paragraphs inside it: a cut is a block that stops in the middle of
a sentence among blocks that do not. Every block is looked at briefly, the few that may be cut closely.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from audit.cues import ends
from audit.cues.words import Words, counts_of, sentences
from audit.grams import layout
from audit.model import load
from audit.outline import Role, outline
from audit.page import Block, Kind, Page
from audit.phrases import INSIDE
from audit.script import is_unpunctuated, starts_lower, tokens
from audit.together import kept

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
NAMES = (*BRIEF, *AROUND, *ends.NAMES, "fragment", "seen", *PLACE)
# What has a least probability in the models, in the order in which they store them.
BARS = ("end", "inside", "whole", "glued", "lead", "known lead")

MOST_WORDS = 200.0
_CONTENT = {Role.CONTENT: 0.95, Role.LINK: 0.1, Role.CHROME: 0.05}  # how probably a block of a role is content
_KINDS = {kind: i for i, kind in enumerate(Kind)}
# Blocks that may be the last of the article: so many of each sort from the end, and marks as far up as footers reach.
LAST, REACH, MARKED = 3, 80, 4
MIN_WORDS = 4
MOST_GLUED = 18  # words of a headline
LEAST_INSIDE = 7  # shorter ones inside a text are its headings and entries, unless they look like prose


def may_be_glued(numbers: Matrix) -> NDArray[np.bool_]:
    """Of rows of `numbers` whether a short fragment follows the last whole sentence: a sentence cut, or link text."""
    finished, sentences, tail = (numbers[:, NAMES.index(n)] for n in ("finished", "sentences", "tail_words"))
    out: NDArray[np.bool_] = (finished == 0) & (sentences > 0) & (tail <= MOST_GLUED)
    return out


def labels(page: Page, able: Sequence[int]) -> Matrix:
    """What the line model says of the words after the last whole sentence of each of these blocks, at least one.

    One row a block, the columns of `audit.model.VIEWS`.
    """
    return load().words(layout([sentences(page.blocks[i].text)[1] for i in able]))


def content_probability(page: Page) -> NDArray[np.float64]:
    """How probably each block is content of the article, by block."""
    return np.array([_CONTENT[role] for role in outline(page).roles], dtype=np.float64)


@kept
def brief(page: Page) -> Matrix:
    """A few numbers of every block, one row a block, columns as in BRIEF."""
    view = outline(page)
    dotted = any(sign in page.text for sign in ends.DOT_SIGNS)
    rows = [
        (
            block.words, _CONTENT[role], view.is_finished(block, i), starts_lower(block.text), block.is_running,
            block.kind is Kind.HEADING, block.kind is Kind.LIST, False, False, False, block.after_gap,
            dotted and ends.has_dots(block.text),
        )
        for i, (block, role) in enumerate(zip(page.blocks, view.roles, strict=True))
    ]  # fmt: skip
    out = np.array(rows, dtype=np.float32).reshape(-1, len(BRIEF))
    np.minimum(out[:, 0], MOST_WORDS, out=out[:, 0])
    for i, found in enumerate(view.hits):
        if found:
            groups = {h.group for h in found if h.place not in INSIDE}
            out[i, [_LABEL, _CONTINUES]] = "link_text" in groups, "continues" in groups
            out[i, _CHROME] = view.causes[i] is not None
    return out


def candidates(rows: Matrix) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which blocks of `brief` rows may be the end of the article, and which inside it may be cut, in text order.

    Site chrome may follow the end, known as such or not; a paragraph inside has content after it.
    """
    column = {n: rows[:, i] for i, n in enumerate(BRIEF)}
    running, content, wordy = column["running"] > 0, column["content"] > 0.5, column["words"] >= MIN_WORDS
    last_ones = {len(rows) - 1}
    for flags, most in ((content, 1), (content & running, LAST), (running, 2), (content & wordy, LAST)):
        last_ones.update(np.flatnonzero(flags)[-most:].tolist())
    last_ones.update((wordy & ~running).nonzero()[0][-2:].tolist())
    last_ones.update(i for i in (column["dots"] > 0).nonzero()[0][-MARKED:].tolist() if i >= len(rows) - REACH)
    last = int(np.flatnonzero(content)[-1]) if content.any() else -1
    whole = running | (column["words"] >= LEAST_INSIDE)
    inside = (column["finished"] == 0) & wordy & whole & content & (np.arange(len(rows)) < last)
    return np.array(sorted(last_ones)), np.flatnonzero(inside)


def numbers(page: Page, rows: Matrix, chosen: NDArray[np.int64], words: Words) -> Matrix:
    """The numbers of the chosen blocks, one row a block, columns as in NAMES; `rows` are those of `brief`."""
    padded = np.vstack([rows, np.full((3, len(BRIEF)), -1, np.float32)])  # what stands before the first and after all
    around = [rows[chosen], *(padded[chosen + by] for by in (1, 2, -1))]
    close = np.array([ends.close(page, int(i), bool(rows[i, _FINISHED]), words) for i in chosen], dtype=np.float32)
    fragments = np.array(_fragments(page, chosen.tolist()), dtype=np.float32)
    return np.hstack([*around, close, fragments, _places(page, rows)[chosen]]).astype(np.float32)


_LABEL, _CONTINUES, _CHROME, _FINISHED = (BRIEF.index(n) for n in ("label", "continues", "chrome", "finished"))


def _places(page: Page, rows: Matrix) -> Matrix:
    """What comes after each block, as logarithms of amounts, and what the other blocks of the text are like."""
    column = {n: rows[:, i] for i, n in enumerate(BRIEF)}
    words, content, done = column["words"], column["content"], column["finished"]
    running = ((column["running"] > 0) & (content > 0.5)).astype(np.float32)
    amounts = [np.ones_like(words), words, words * content, running * done, column["chrome"], column["continues"]]
    after = [np.log1p(np.maximum(0, a[::-1].cumsum()[::-1] - a)) for a in amounts]
    others, finished = running.sum() - running, (running * done).sum() - running * done
    kinds = np.array([_KINDS[b.kind] for b in page.blocks])
    same = np.bincount(kinds, minlength=8)[kinds] - 1
    same_done = np.bincount(kinds, done, minlength=8)[kinds] - done
    mean = np.maximum((running @ words - running * words) / np.maximum(others, 1), 1)
    flags = np.array([[page.wrapped, page.one_line, is_unpunctuated(page.text[:500])]], np.float32)
    last = [_is_last(content > 0.5), _is_last(running > 0)]
    return np.column_stack([
        *after, *last, _share(finished, others), np.log1p(others - finished),
        _share(same_done, same), np.log1p(same), words / mean, np.tile(flags, (len(rows), 1)),
    ])  # fmt: skip


def _is_last(flags: NDArray[np.bool_]) -> Matrix:
    out = np.zeros(len(flags), np.float32)
    out[np.flatnonzero(flags)[-1:]] = 1
    return out


def _share(part: Matrix, whole: Matrix) -> Matrix:
    return np.where(whole > 0, part / np.maximum(whole, 1), -1)


def _fragments(page: Page, chosen: Sequence[int]) -> list[tuple[bool, float]]:
    """Of each block whether its last word is but the beginning of other words of the text, and how often it occurs."""
    counts = counts_of(page)
    listed = "\n".join(("", *counts, ""))
    return [_fragment(page.blocks[i], counts, listed) for i in chosen]


def _fragment(block: Block, counts: Counter[str], listed: str) -> tuple[bool, float]:
    """`listed` are the words of the text, a line each."""
    last = tokens(block.text[-40:])[-1:] if block.text[-1].isalnum() else []
    if not last:
        return False, -1.0
    word, times = last[0], counts.get(last[0], 0)
    others = listed.count(f"\n{word}") - (times > 0) if len(word) >= 2 and times <= 1 else 0
    return others > 0, min(5.0, times)
