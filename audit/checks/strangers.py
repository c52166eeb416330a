"""LK110: a line between two paragraphs that has hardly a word in common with the text."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from statistics import median

from audit.boilerplate import is_date
from audit.cues.words import counts_of, sentences
from audit.finding import Mark
from audit.outline import Outline, Role, outline
from audit.page import Kind, Page
from audit.registry import rule
from audit.script import tokens
from audit.together import kept
from audit.vocabulary import load

STEM, MIN_LETTERS = 5, 4  # letters of a word that are compared, so that its forms are one; shorter words tell nothing
# For each sort of line the share of its words that the text may have elsewhere, and the least noise that the line model
# has to see in it: a headline of so many words, one with a full stop, a label, a bullet without a list.
HEADLINE, SENTENCE, LABEL, BULLET = (0.2, 0.08), (0.1, 0.1), (0.2, 0.3), (0.34, 0.0)
# In short texts, and in languages whose words have many forms, no paragraph shares much: of half of them at least this.
USUAL, MOST_PARAGRAPHS = 0.3, 40
HEADLINE_WORDS, SENTENCE_WORDS = 6, 16
MOST_LINES = 6  # a text with more lines between its paragraphs has headings
_BULLETS = frozenset("*•·▪●○")


@rule("LK110", "stranger", confidence=0.6)
def stranger(page: Page, *, max_lines: int = MOST_LINES) -> Iterator[Mark]:
    """A line between two paragraphs is about something else: another page's headline, a caption, a label.

    Hardly any of its words stands anywhere else in the text, as those of a heading do, and the line model is not sure
    of it either. Texts with many lines between their paragraphs have headings of their own and are left alone.

    Options: max_lines, the most unfinished lines between paragraphs.
    """
    if page.one_line:
        return
    view = outline(page)
    between = [i for i in range(1, len(page.blocks) - 1) if _is_between(page, view, i)]
    if sum(not page.blocks[i].finished for i in between) > max_lines:
        return
    found = []
    for i in between:
        most, noise = _bars(page, i)
        if view.noise[i] >= noise and _shared(page, page.blocks[i].text) <= most:
            found.append(page.blocks[i])
    if found and _usually_shared(page) >= USUAL:
        for block in found:
            yield Mark(block.start, block.end, "The line between two paragraphs has hardly a word in common with them.")


def _is_between(page: Page, view: Outline, i: int) -> bool:
    """Whether a block is a line or short sentence of its own after a finished paragraph and before another one."""
    block, above, below = page.blocks[i], page.blocks[i - 1], page.blocks[i + 1]
    if not (above.is_running and above.finished and below.is_running):
        return False
    if view.at_edge(i) or view.roles[i] is not Role.CONTENT:
        return False
    bullet = block.text[0] in _BULLETS
    if is_date(block.text) or (block.words < 2 and not bullet):  # one word is a heading more often than a label
        return False
    short = HEADLINE_WORDS <= block.words <= SENTENCE_WORDS if block.finished else not block.is_running
    plain = bullet or block.kind not in (Kind.LIST, Kind.TABLE, Kind.CODE, Kind.DIALOGUE)
    return short and plain and not sentences(block.text)[0]


def _bars(page: Page, i: int) -> tuple[float, float]:
    """The most words a block may share with the text, and the least noise, to be a stranger."""
    block = page.blocks[i]
    if block.text[0] in _BULLETS and sum(b.kind is Kind.LIST for b in page.blocks) <= 1:
        return BULLET
    long = SENTENCE if block.finished else HEADLINE
    most, noise = long if block.words >= HEADLINE_WORDS else LABEL
    return most, page.bar(noise)


def _shared(page: Page, text: str) -> float:
    """The share of a line's telling words that stand elsewhere in the text; 1 of a line without any."""
    own, known = Counter(_stems(page, tokens(text))), _text_stems(page)
    return sum(known[stem] > own[stem] for stem in own) / len(own) if own else 1.0


def _usually_shared(page: Page) -> float:
    """The share of their words that half of the paragraphs have in common with the others."""
    running = (block.text for block in page.blocks if block.is_running)
    return median([_shared(page, text) for text in islice(running, MOST_PARAGRAPHS)])


@kept
def _text_stems(page: Page) -> Counter[str]:
    """How often the text has words with each beginning."""
    counts, known = Counter[str](), counts_of(page)
    for word in known:
        for stem in _stems(page, (word,)):
            counts[stem] += known[word]
    return counts


def _stems(page: Page, words: Iterable[str]) -> Iterator[str]:
    """The beginnings of words that tell what a text is about; pairs of characters stand for words in zh and ja."""
    vocabulary = load().get(page.lang or "")
    common = vocabulary.stopwords if vocabulary else frozenset()
    for word in words:
        if word not in common and (len(word) >= MIN_LETTERS or (len(word) == 2 and not word.isascii())):
            yield word[:STEM]
