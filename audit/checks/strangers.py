"""LK110: a line between two paragraphs that has no word in common with the text."""

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache

from audit.cues.words import counts_of
from audit.finding import Mark
from audit.outline import Outline, Role, outline
from audit.page import Kind, Page
from audit.registry import rule
from audit.script import tokens
from audit.vocabulary import load

STEM, MIN_LETTERS = 5, 4  # letters of a word that are compared, so that its forms are one; shorter words tell nothing
MOST_SHARED = 0.2  # of the line's words the share that the text may have elsewhere
LEAST_NOISE = 0.08  # below, the line model takes it for a heading whatever its words
MOST_LINES = 6  # a text with more lines between its paragraphs has headings
_BULLETS = frozenset("*•·-–+▪●○")


@rule("LK110", "stranger", confidence=0.6)
def stranger(page: Page, *, min_words: int = 6) -> Iterator[Mark]:
    """A line between two paragraphs is about something else: another page's headline.

    It is no sentence, and hardly any of its words stands anywhere else in the text, as those of a heading do. A text
    with many such lines has headings of its own and is left alone.

    Options: min_words, the least words of such a line.
    """
    if page.one_line:
        return
    view = outline(page)
    between = [i for i in range(1, len(page.blocks) - 1) if _is_between(page, view, i)]
    if len(between) > MOST_LINES:
        return
    least = page.bar(LEAST_NOISE)
    for i in between:
        block = page.blocks[i]
        if block.words >= min_words and view.noise[i] >= least and _shared(page, block.text) <= MOST_SHARED:
            yield Mark(block.start, block.end, "The line between two paragraphs has hardly a word in common with them.")


def _is_between(page: Page, view: Outline, i: int) -> bool:
    """Whether a block is an unfinished line of its own after a finished paragraph and before another paragraph."""
    block, above, below = page.blocks[i], page.blocks[i - 1], page.blocks[i + 1]
    if block.finished or view.at_edge(i) or view.roles[i] is not Role.CONTENT:
        return False
    plain = block.kind in (Kind.SHORT, Kind.HEADING) or block.text[0] in _BULLETS
    return plain and above.is_running and above.finished and below.is_running


def _shared(page: Page, text: str) -> float:
    """The share of a line's telling words that stand elsewhere in the text; 1 of a line without any."""
    own, known = Counter(_stems(page, tokens(text))), _text_stems(page)
    return sum(known[stem] > own[stem] for stem in own) / len(own) if own else 1.0


@lru_cache(maxsize=2)
def _text_stems(page: Page) -> Counter[str]:
    """How often the text has words with each beginning."""
    counts = Counter[str]()
    for word, times in counts_of(page).items():
        for stem in _stems(page, (word,)):
            counts[stem] += times
    return counts


def _stems(page: Page, words: Iterable[str]) -> Iterator[str]:
    """The beginnings of words that tell what a text is about; pairs of characters stand for words in zh and ja."""
    vocabulary = load().get(page.lang or "")
    common = vocabulary.stopwords if vocabulary else frozenset()
    for word in words:
        if word not in common and (len(word) >= MIN_LETTERS or (len(word) == 2 and not word.isascii())):
            yield word[:STEM]
