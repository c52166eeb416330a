"""The first sentence of a paragraph: words by which something stood before it.

“… to weather these storms”, “the mill also has”, “While those help”, “Twice a year, it …”: none of them is proof, as
articles open so for effect, but all are rarer there. The words are those of `models/phrases`, `[opening]`.
"""

import re
from collections.abc import Mapping
from functools import cache

from audit.phrases import Hit
from audit.script import fold, is_spaceless
from audit.vocabulary import load

NAMES = ("points_back", "adds", "concedes", "lasts", "early_pronoun")

SENTENCE_CHARS, LEAST_CHARS = 400, 10
_STOP = re.compile(r"[.!?؟۔](?=[\s\"”»’]|$)|[。！？।]")
_AROUND = "\"'“”„«»‘’()[]{},;:!?.…—–-¿¡،؛।*_"
# How a pronoun may come before any name: after a word that may itself be one, or after none that can.
AFTER_WORD, AFTER_NOTHING = 1, 2

UNKNOWN_LETTERS = 4  # a beginning of fewer is one of many languages

Patterns = Mapping[str, re.Pattern[str]]


def is_of_language(hit: Hit, lang: str | None) -> bool:
    """Whether words that begin a paragraph are of its language; where that is unknown, whether hardly another has them.

    The Danish article “Et” is the French “and”.
    """
    if lang is not None:
        return lang in hit.langs
    return " " in hit.phrase or len(hit.phrase) >= UNKNOWN_LETTERS or is_spaceless(hit.phrase)


def cues_of(text: str, lang: str | None) -> list[float]:
    """The cues of a paragraph's first sentence as in NAMES; -1 where the language has no lists of words."""
    known = _patterns(lang or "en")
    if not known:
        return [-1.0] * len(NAMES)
    words = [core for word in _first_sentence(text).split() if (core := word.strip(_AROUND))]
    low = f" {fold(' '.join(words))} "
    return [
        bool(known["demonstratives"].search(low, low.find(" ", 1) if len(words) > 1 else 2)),
        bool(known["adds"].search(low)),
        bool(known["concedes"].match(low)),
        bool(known["lasts"].search(low)),
        _early_pronoun(known["pronouns"], words, low, lang or "en"),
    ]


def _first_sentence(text: str) -> str:
    head = text[:SENTENCE_CHARS]
    stop = _STOP.search(head, LEAST_CHARS)
    return head[: stop.end()] if stop else head


def _early_pronoun(pronouns: re.Pattern[str], words: list[str], low: str, lang: str) -> int:
    """Whether a pronoun of the third person comes before any name for which it can stand."""
    found = pronouns.search(low)
    if found is None:
        return 0
    before = low[: found.start()].split()
    if any(word[0].isupper() for word in words[1 : len(before)]):
        return 0
    return AFTER_NOTHING if not before or before[0] in load()[lang].stopwords else AFTER_WORD


@cache
def _patterns(lang: str) -> Patterns:
    """What finds the words of each kind among the folded words of a sentence; nothing for a language without lists."""
    vocabulary = load().get(lang)
    told = vocabulary.opening if vocabulary else {}
    return {kind: re.compile(_any_of(words)) for kind, words in told.items()}


def _any_of(words: tuple[str, ...]) -> str:
    """A pattern of any of the words: whole ones, where a script sets spaces between them."""
    each = "|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word))))
    return f" ?(?:{each})" if is_spaceless(words[0]) else f" (?:{each}) "
