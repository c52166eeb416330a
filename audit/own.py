"""Lines that look like a site's labels and are the text's own: date, author, heads, farewells, speakers, pieces."""

import re
from collections import Counter
from itertools import pairwise

from audit.boilerplate import labels
from audit.grammar import is_function_word
from audit.page import Page
from audit.script import fold, is_spaceless, starts_lower
from audit.together import kept
from audit.vocabulary import ORNAMENT, farewells, opening_heads, trim, words_of_authors

# A date has a month, a weekday or a time zone beside its numbers, and no more words.
DATE_CHARS, DATE_WORDS = 48, 3
BYLINE_WORDS = 8
COMMAS, GOES_ON = ",，、،;", frozenset(",.;:)，。、；）،।")
NAME_WORDS, LEAST_TURNS, TURNS = 4, 6, 0.25  # of a page's lines, at least this share names speakers
_YEAR, _NUMBER, _WORD, _UNITS = (
    re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)"),
    re.compile(r"\d+"),
    re.compile(r"[^\W\d_]+"),
    re.compile("[年月日時时分秒년월일시분]"),
)


def is_date(text: str) -> bool:
    """Whether a line is a date and nothing more: what stands under a headline is the text's own, not the site's.

    >>> [is_date(t) for t in ("26 January 2008", "24.02.2022 16:27", "2023年9月6日 1時00分(日本時間)", "Fen 2008 AG")]
    [True, True, True, False]
    """
    if len(text) > DATE_CHARS or not _YEAR.search(text):
        return False
    words, numbers = len(_WORD.findall(_UNITS.sub(" ", text))), len(_NUMBER.findall(text))
    return words <= 1 or (words <= DATE_WORDS and numbers > 1)


def is_byline(text: str) -> bool:
    """Whether a line is the name of an author after a word that says so.

    >>> [is_byline(t) for t in ("By Jonas Achterberg", "Von Eva Lind und Max Holm", "By the river", "by email")]
    [True, True, False, False]
    """
    words = text.split(maxsplit=BYLINE_WORDS)
    names = next((words[n:] for n in (1, 2) if trim(fold(" ".join(words[:n]))) in words_of_authors()), [])
    capitals = sum(word[0].isupper() for word in names)
    return len(words) <= BYLINE_WORDS and capitals > 1 and 2 * capitals > len(names)


def is_piece(page: Page, i: int) -> bool:
    """Whether a block is a piece of a sentence, which some extractors break at its links.

    The block above does not end its sentence, and the one below begins in the midst of one, or the block with a comma.
    """
    if not 0 < i < len(page.blocks) - 1:
        return False
    above, below = page.blocks[i - 1], page.blocks[i + 1].text
    if above.finished or page.blocks[i].text[0] in COMMAS:
        return not above.finished
    if not (below[0] in GOES_ON or starts_lower(below)):
        return False
    return above.is_running or above.text[-1] in COMMAS or is_function_word(above.text, page.lang)


def is_opening(text: str) -> bool:
    """Whether a line heads the first section of a text.

    >>> [is_opening(t) for t in ("Key takeaways:", "**TL;DR**", "[Zusammenfassung]", "要点", "Contents")]
    [True, True, True, True, False]
    """
    return trim(fold(text)) in opening_heads()


def is_farewell(text: str) -> bool:
    """Whether a line begins with the words with which an author takes leave.

    >>> [is_farewell(t) for t in ("Happy baking!", "Viele Grüße aus Kiel", "ではまた来週。", "Happyness", "Thank you")]
    [True, True, True, False, False]
    """
    line = trim(fold(text))
    return any(not (line[len(f) :][:1].isalpha() and not is_spaceless(f)) for f in farewells() if line.startswith(f))


def is_name(text: str) -> bool:
    """Whether a line may be a name: a few words, none in lower case.

    >>> [is_name(t) for t in ("Jonas Achterberg", "— J. A.", "李明", "the editors", "Ann and Bob")]
    [True, True, True, False, False]
    """
    words = text.strip(ORNAMENT).split()
    return 0 < len(words) <= NAME_WORDS and all(w[0].isalpha() and not w[0].islower() for w in words)


@kept
def speakers(page: Page) -> frozenset[str]:
    """The names of those who speak by turns, each on a line of its own above what is said: no labels of the site."""
    alone = (
        above.text
        for above, said in pairwise(page.blocks)
        if above.words <= NAME_WORDS and not above.finished and not above.is_running and said.finished
    )
    turns = Counter(text for text in alone if all(w[0].isupper() for w in text.split()))
    names = frozenset(text for text, times in turns.items() if times > 1 and trim(fold(text)) not in labels())
    often = sum(turns[name] for name in names)
    return names if len(names) > 1 and often >= max(LEAST_TURNS, TURNS * len(page.blocks)) else frozenset()
