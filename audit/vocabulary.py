"""The phrase lists of `models/phrases`: one TOML file a language, groups of phrases by where they may stand.

`models/README.md` explains the groups and positions.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from audit.resources import digest_of, folder
from audit.script import EDGE, fold

Position = Literal["line", "start", "has", "end"]
# Ornament around a label that does not change what it says: bullets, arrows, brackets, counts.
ORNAMENT = EDGE + "•·-–—―*+>»›→⟶➔▶►▸<«‹←|/\\:：.!…#'\"“”„()[]{}（）【】「」0123456789،۔؟,;?¿¡©®~_=✕×✖▼▾▲↓↑⌄🔗📷"

_WORDS = ("stopwords", "unending", "more", "by", "heads", "farewell")
_BETWEEN = "\0"  # what folding leaves as it is, unlike the end of a line


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """One language's phrases, folded: group -> position -> phrases; and the families that are not judged in it.

    `stopwords` are frequent words, `unending` those with which no sentence ends, `more` what cutters put in brackets,
    `by` what stands before an author's name, `heads` those of a text's first section, `farewell` how its author
    takes leave, `subjects` by group the beginnings of words by which an article about its subject is known, `opening`
    by kind the words that tell whether something stood before a first sentence.
    """

    stopwords: frozenset[str]
    unending: frozenset[str]
    more: frozenset[str]
    by: frozenset[str]
    heads: frozenset[str]
    farewell: frozenset[str]
    subjects: Mapping[str, tuple[str, ...]]
    opening: Mapping[str, tuple[str, ...]]
    not_judged: frozenset[str]
    groups: Mapping[str, Mapping[Position, tuple[str, ...]]]


def trim(folded: str) -> str:
    """A folded text without the ornament around it; a text that is all ornament stays as it is."""
    if folded[:1].isalpha() and folded[-1:].isalpha():  # as most are
        return folded
    return folded.strip(ORNAMENT) or folded.strip(EDGE)


@cache
def load() -> Mapping[str, Vocabulary]:
    """All languages' vocabularies by ISO 639-1 code, in code order."""
    out = {}
    for path in sorted(folder("models").glob("phrases/*.toml")):
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        words = {name: frozenset(_listed(table.pop(name, ""))) for name in _WORDS}
        not_judged = frozenset(table.pop("not_judged", ()))
        about, opening = (
            {kind: tuple(_listed(lines)) for kind, lines in table.pop(name, {}).items()}
            for name in ("subjects", "opening")
        )
        groups = {group: _placed(by_position) for group, by_position in table.items()}
        out[path.stem] = Vocabulary(**words, subjects=about, opening=opening, not_judged=not_judged, groups=groups)
    return out


@cache
def words_of_more() -> frozenset[str]:
    """What cutters put in brackets or dashes at the end of what goes on, in all languages."""
    return frozenset().union(*(vocabulary.more for vocabulary in load().values()))


@cache
def words_of_authors() -> frozenset[str]:
    """What stands before an author's name, in all languages."""
    return frozenset().union(*(vocabulary.by for vocabulary in load().values()))


@cache
def opening_heads() -> frozenset[str]:
    """What the first section of a text is headed, in all languages, without ornament."""
    return frozenset(trim(head) for vocabulary in load().values() for head in vocabulary.heads)


@cache
def farewells() -> tuple[str, ...]:
    """What the line begins with in which an author takes leave, in all languages."""
    return tuple(sorted(frozenset().union(*(vocabulary.farewell for vocabulary in load().values()))))


@cache
def subjects(group: str) -> tuple[str, ...]:
    """The beginnings of words by which an article about the subject of a group is known, in all languages."""
    return tuple(dict.fromkeys(word for v in load().values() for word in v.subjects.get(group, ())))


def not_judged(lang: str | None) -> frozenset[str]:
    """The families of which too few findings were right in a language, as measured on labelled texts."""
    known = load()
    return known[lang].not_judged if lang is not None and lang in known else frozenset()


@cache
def digest() -> str:
    """SHA-256 over all phrase files: names the version of the lists in the results."""
    return digest_of("models", "phrases/*.toml")


def _listed(lines: str) -> list[str]:
    """The entries of a list, one on each line: to parse and fold each by itself would take a tenth of every start."""
    return [line for line in fold(lines.replace("\n", _BETWEEN)).split(_BETWEEN) if line]


def _placed(by_position: Mapping[str, str]) -> Mapping[Position, tuple[str, ...]]:
    """Whole lines are compared without their ornament; elsewhere a phrase's own punctuation is part of it."""
    return {
        cast(Position, where): tuple(trim(p) if where == "line" else p.strip(EDGE) for p in _listed(lines))
        for where, lines in by_position.items()
        if lines
    }
