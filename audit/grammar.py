"""Which words a sentence cannot end or begin with, by language, from the vocabulary."""

from functools import cache

from audit.script import EDGE, fold
from audit.vocabulary import load

# Function words that do end sentences ("I told him to.", "what it is"): pronouns, particles, verbs of being.
_MAY_END = {
    "en": "it is was be are were he him her you me us them this that not had have has do so up out in on over one all "
    "there they",
    "de": "ist war sind ein auf an aus ab zu vor nach mit sie ihn ihm es nicht hat haben wird werden auch wurde worden "
    "sein kann so",
    "fr": "est pas plus lui elle il on tout fait sont cela avec",
    "es": "es no lo se más todo está él ella son fue",
    "it": "è non lo si più tutto lui lei sono stato",
    "pt": "é não o se mais tudo ele ela são foi",
    "nl": "is zijn was het niet hij ze aan op uit in over ook wordt worden werd heeft hebben zal er",
    "sv": "är det inte han hon på av ut in om har till upp var den som blir",
    "da": "er det ikke han hun på af ud ind om har til op var den",
    "no": "er det ikke han hun på av ut inn om har til opp var den",
}


@cache
def _unending(lang: str) -> frozenset[str]:
    vocabulary = load().get(lang)
    return vocabulary.stopwords - set(_MAY_END.get(lang, "").split()) if vocabulary else frozenset()


# Articles, prepositions and conjunctions stand last in no sentence of these languages; in the others the verb or
# a particle comes last, so that a list of frequent words says nothing about endings.
_JUDGED = frozenset(_MAY_END)


def is_function_word(text: str, lang: str | None) -> bool:
    """Whether the last word of a text is one with which no sentence of its language ends."""
    if lang not in _JUDGED:
        return False
    words = fold(text[-40:]).rstrip(EDGE).split()
    return bool(words) and words[-1] in _unending(lang)
