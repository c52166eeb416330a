"""The words of a text, and what it is about by their beginnings: how much a part of it has in common with the rest."""

from collections import Counter
from collections.abc import Iterable, Mapping

from audit.page import Page
from audit.script import tokens, word_counts
from audit.together import kept
from audit.vocabulary import load

STEM, MIN_LETTERS = 5, 4  # letters of a word that are compared, so that its forms are one; shorter words tell nothing


@kept
def counts_of(page: Page) -> Counter[str]:
    """How often the text has each of its words."""
    return word_counts(page.text)


def shared(page: Page, text: str) -> float:
    """The share of the telling words of a part of a page that stand elsewhere on it; 1 of a part without any."""
    own, known = stems(page, text), _text_stems(page)
    return sum([known.get(stem, 0) > times for stem, times in own.items()]) / len(own) if own else 1.0


def held_by(page: Page, title: str, text: str) -> float:
    """The share of the telling words of a line that stand in a certain text; 0 of a line without any."""
    own, known = ({word[:STEM] for word in _telling(page, tokens(t))} for t in (title, text))
    return len(own & known) / len(own) if own else 0.0


def stems(page: Page, text: str) -> Counter[str]:
    """The beginnings of the telling words of a part of a page, and how often it has them."""
    return Counter(word[:STEM] for word in _telling(page, tokens(text)))


@kept
def _text_stems(page: Page) -> Mapping[str, int]:
    """How often the text has words with each beginning."""
    found, known = dict[str, int](), counts_of(page)
    for word in _telling(page, known):
        stem = word[:STEM]
        found[stem] = found.get(stem, 0) + known[word]
    return found


def _telling(page: Page, words: Iterable[str]) -> list[str]:
    """The words that tell what a text is about; pairs of characters stand for words in zh and ja."""
    vocabulary = load().get(page.lang or "")
    common = vocabulary.stopwords if vocabulary else frozenset()
    long = [w for w in words if len(w) >= MIN_LETTERS or (len(w) == 2 and not w.isascii())]
    return [w for w in long if w not in common]
