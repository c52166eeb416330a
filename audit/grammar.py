"""Which words a sentence cannot end with, by language, from the vocabulary."""

from audit.script import EDGE, fold
from audit.vocabulary import load


def is_function_word(text: str, lang: str | None) -> bool:
    """Whether the last word of a text is one with which no sentence of its language ends.

    Articles, possessives, conjunctions and most prepositions are such words; particles that go with verbs are not.
    """
    vocabulary = load().get(lang or "")
    if vocabulary is None or not vocabulary.unending:
        return False
    words = fold(text[-40:]).rstrip(EDGE).split()
    return bool(words) and words[-1] in vocabulary.unending
