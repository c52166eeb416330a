"""Which language a text is in, by its script and its most frequent words.

A vote of function words is enough to choose phrase lists and sentence rules, costs microseconds and says
None rather than guess. Its word lists are those of `models/phrases`.
"""

from collections import Counter
from collections.abc import Mapping
from functools import cache

from audit.script import script_of, word_counts
from audit.vocabulary import load

SAMPLE_CHARS = 1500
MIN_VOTES = 4
MIN_LEAD = 1.15  # the winner must have so many times the votes of the next
LEAST_SHARE = 8  # one in so many letters is of a script that tells the language
_NO_LETTERS = bytes(c for c in range(256) if not chr(c).isalpha() or c >= 128)
_BY_SCRIPT = {
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "HANGUL": "ko",
    "THAI": "th",
    "GREEK": "el",
    "HEBREW": "he",
    "LAO": "lo",
    "BENGALI": "bn",
    "TAMIL": "ta",
}


def language_of(text: str) -> str | None:
    """The ISO 639-1 code of a text's language, None when it cannot be told from its middle part."""
    start = max(0, min(len(text) // 3, len(text) - SAMPLE_CHARS))
    sample = text[start : start + SAMPLE_CHARS]
    plain = sample.encode("ascii", "ignore")
    if LEAST_SHARE * (len(sample) - len(plain)) <= len(plain.translate(None, _NO_LETTERS)):
        return _vote(sample)  # too few other letters, as in most texts
    scripts: Counter[str] = Counter()
    for char, times in Counter(sample).items():
        if char.isalpha():
            scripts[script_of(char)] += times
    total = sum(scripts.values())
    for script, lang in _BY_SCRIPT.items():
        if scripts[script] * LEAST_SHARE > total > 0:
            return lang
    if scripts["CJK"] * 2 > total > 0:
        return "zh"
    return _vote(sample)


def _vote(sample: str) -> str | None:
    votes: Counter[str] = Counter()
    counts, known = word_counts(sample), _stopwords()
    for word in counts.keys() & known.keys():
        for lang in known[word]:
            votes[lang] += counts[word]
    ranked = votes.most_common(2)
    if not ranked or ranked[0][1] < MIN_VOTES:
        return None
    if len(ranked) > 1 and ranked[0][1] < MIN_LEAD * ranked[1][1]:
        return None
    return ranked[0][0]


@cache
def _stopwords() -> Mapping[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for lang, vocabulary in load().items():
        for word in vocabulary.stopwords:
            table[word] = (*table.get(word, ()), lang)
    return table
