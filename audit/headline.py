"""Where a headline ends that stands in the midst of a paragraph, after a lead-in such as “Read also:”.

Headlines have no full stop: the first one belongs to the sentence after the headline, so this has to be found by how
it begins. Where nothing tells, no end is told: who removes too little leaves a headline, who removes too much a gap.
"""

import re
from collections.abc import Sequence

from audit.script import CLOSERS, is_spaceless
from audit.vocabulary import load

TITLE_WORDS = 20  # a headline is no longer
SEEN_CHARS, SEEN_WORDS = 600, 7  # looked at, and words after the first one of a sentence
# A sentence begins with a function word in upper case and goes on in lower case, most of it; or with another word where
# even more of it is. Headlines in which every word has a capital end so, and those of few capitals as well.
GOES_ON, GOES_ON_PLAINLY = 0.6, 0.7
NOUNS_IN_CAPITALS, GOES_ON_AMID_NOUNS = ("de", "lb"), 0.3
SHORTEST = 40  # characters in which a script with two cases has a small letter
SHORTENED = 2  # letters of a word that a full stop shortens: “Dr.”, “vs.”, “U.S.”
_OPENERS, _STOPS, _COLONS = "“\"'(«„‘¿¡", frozenset(".。।۔｡…"), frozenset(":：|–—-")
_ENDS = frozenset(".!?…")
_STOP = re.compile(rf"[.!?…؟।۔](?=[\s{re.escape(''.join(sorted(CLOSERS)))}]|$)|[。！？｡]")
_WORD = re.compile(r"\S+")


def headline_end(text: str, lang: str | None) -> int:
    """How many characters stand at the beginning of a text up to the end of a headline; 0 where that cannot be told.

    >>> [headline_end(t, "en") for t in ("Is the lock shut? It is.", "The lock keeper", "He rowed. The lock was shut.")]
    [17, 15, 10]
    >>> headline_end("Five walks for spring The keeper said that she rows.", "en")
    22
    """
    seen = text[:SEEN_CHARS]
    words = list(_WORD.finditer(seen))
    end, mark = _first_end(seen)
    short = sum(w.start() < end for w in words) <= TITLE_WORDS
    if short and mark not in _STOPS:
        return end
    if is_spaceless(seen):
        return words[1].start() if len(words) > 1 and words[0].end() < end else 0
    return _next_sentence(words, lang) or (end if short and _has_case(seen) else 0)


def _first_end(text: str) -> tuple[int, str]:
    """Where the first sentence of a text ends, shortened words passed over, with its mark; its end without one."""
    for m in _STOP.finditer(text):
        if m[0] != "." or not _is_shortened(text[max(0, m.start() - SHORTENED - 1) : m.start()]):
            return m.end(), m[0]
    return len(text), ""


def _next_sentence(words: Sequence[re.Match[str]], lang: str | None) -> int:
    """Where the first sentence begins that follows a headline; 0 where none is seen."""
    vocabulary = load().get(lang or "")
    common = vocabulary.stopwords if vocabulary else frozenset()
    amid_nouns = lang in NOUNS_IN_CAPITALS
    begun, maybe = 0, 0
    for i in range(1, min(len(words) - 1, TITLE_WORDS + 1)):
        core, before = words[i][0].lstrip(_OPENERS), words[i - 1][0]
        if maybe and before[-1] in _ENDS and not _is_shortened(before[:-1]):
            break  # what follows is the sentence after it
        if not core[:1].isupper():
            continue
        after = [w[0] for w in words[i + 1 : i + 1 + SEEN_WORDS]]
        low, next_low = sum(w[:1].islower() for w in after) / len(after), after[0][:1].islower()
        if _bare(core) in common and before[-1] not in _COLONS:
            set_off = next_low or amid_nouns or "," in (core[-1], after[0][-1])
            if set_off and low >= (GOES_ON_AMID_NOUNS if amid_nouns else GOES_ON):
                return words[i].start()
        if next_low and low >= GOES_ON_PLAINLY:
            maybe = maybe or words[i].start()
            begun = begun or (words[i].start() if core[-1] == "," or _bare(after[0]) not in common else 0)
    return begun or maybe


def _is_shortened(before: str) -> bool:
    """Whether what stands before a full stop ends with so few letters that it shortens a word."""
    last = before[-SHORTENED - 1 :]
    return last[-1:].isalpha() and not (len(last) > SHORTENED and last.isalpha())


def _has_case(text: str) -> bool:
    """Whether a script tells where a sentence begins, so that none begins in the text where none is seen."""
    return any(map(str.islower, text[:SHORTEST]))


def _bare(word: str) -> str:
    """A word as lists of function words have it: “It's” is “it”."""
    return re.split("['’]", word.lower().strip(_OPENERS + ",.;:!?"))[0]
