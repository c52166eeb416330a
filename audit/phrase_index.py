"""The phrases of all languages as they are looked up: as whole lines, as beginnings, and anywhere by one automaton.

The index is made at each start of the program, so phrases are joined list by list and not one by one.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

import ahocorasick_rs

from audit.vocabulary import Position, load

Place = Literal["line", "start", "has", "inline", "pointer"]
FIRST, FEW = 5, 2  # characters by which beginnings are looked up, and those of fewer characters
MIN_INLINE = 4  # characters of a label looked for inside a paragraph
# Groups whose labels also stand inside a paragraph, after a sentence: "… to the area. read more". What asks the reader
# for something does so in several words there: “Share” alone is a word like any other.
INLINE_GROUPS = ("link_text", "continues", "advertisement", "share", "subscribe")
ASKING_GROUPS, ASKING_WORDS = ("share", "subscribe"), 3


@dataclass(frozen=True, slots=True)
class Index:
    """The phrases: groups of whole lines, groups and languages of beginnings, and place and group of each pattern.

    `begins` are the beginnings by their first FIRST characters, `short` those that have fewer, by FEW.
    """

    lines: Mapping[str, tuple[str, ...]]
    starts: Mapping[str, tuple[tuple[str, frozenset[str]], ...]]
    begins: Mapping[str, tuple[str, ...]]
    short: Mapping[str, tuple[str, ...]]
    anywhere: tuple[tuple[str, Place, str], ...]
    automaton: ahocorasick_rs.AhoCorasick


@cache
def index() -> Index:
    """The index of all phrase lists."""
    starts, anywhere = _starts(), sorted(_anywhere())
    automaton = ahocorasick_rs.AhoCorasick([phrase for phrase, *_ in anywhere])
    begins = _by_first((p for p in starts if len(p) >= FIRST), FIRST)
    short = _by_first((p for p in starts if len(p) < FIRST), FEW)
    return Index(_lines(), starts, begins, short, tuple(anywhere), automaton)


def _lists(where: Position) -> Iterator[tuple[str, dict[str, tuple[str, ...]]]]:
    """Each group, in order, with its phrases of a position by language."""
    known = load()
    for group in sorted({group for v in known.values() for group in v.groups}):
        yield group, {lang: v.groups[group][where] for lang, v in known.items() if where in v.groups.get(group, {})}


def _lines() -> dict[str, tuple[str, ...]]:
    out: dict[str, tuple[str, ...]] = {}
    for group, by_lang in _lists("line"):
        phrases = set[str]().union(*by_lang.values())
        shared = {phrase: (*out[phrase], group) for phrase in phrases & out.keys()}
        out |= dict.fromkeys(phrases, (group,)) | shared
    return out


def _starts() -> dict[str, tuple[tuple[str, frozenset[str]], ...]]:
    out: dict[str, tuple[tuple[str, frozenset[str]], ...]] = {}
    for group, by_lang in _lists("start"):
        langs: dict[str, frozenset[str]] = {}
        for lang, phrases in by_lang.items():
            one = frozenset((lang,))
            shared = {phrase: langs[phrase] | one for phrase in langs.keys() & phrases}
            langs |= dict.fromkeys(phrases, one) | shared
        out |= {phrase: (*out.get(phrase, ()), (group, of)) for phrase, of in langs.items()}
    return out


def _anywhere() -> set[tuple[str, Place, str]]:
    """What may stand inside a block: a phrase, how, and its group."""
    out = set[tuple[str, Place, str]]()
    for group, by_lang in _lists("has"):
        out |= {(phrase, "has", group) for phrases in by_lang.values() for phrase in phrases}
    for group, by_lang in _lists("start"):
        if group == "link_text":
            out |= {(phrase, "pointer", group) for phrases in by_lang.values() for phrase in phrases}
    for group, by_lang in _lists("end"):
        out |= {(phrase, "inline", group) for phrases in by_lang.values() for phrase in phrases}
    for group, by_lang in _lists("line"):
        if group in INLINE_GROUPS:
            least = ASKING_WORDS if group in ASKING_GROUPS else 1
            phrases = set[str]().union(*by_lang.values())
            out |= {(p, "inline", group) for p in phrases if len(p) >= MIN_INLINE and len(p.split()) >= least}
    return out


def _by_first(phrases: Iterable[str], chars: int) -> dict[str, tuple[str, ...]]:
    found = defaultdict[str, list[str]](list)
    for phrase in phrases:
        found[phrase[:chars]].append(phrase)
    return {first: tuple(some) for first, some in found.items()}
