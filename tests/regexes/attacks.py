"""Texts that make a pattern go back: for each repetition in it, what is repeated again and again, and then no match.

Before it stands what comes before the repetition, behind it what ends no match; and so with characters by themselves,
those that texts are made of and those that the pattern names.
"""

import re
from collections.abc import Iterator
from re import _constants as codes  # type: ignore[attr-defined]
from typing import Any

from .steps import REPEATS, parsed

ENDS = ("", "\x01", " x")
ALONE = (" ", "a", "A", "a ", "A ", ".", ". ", "…", "1", "1 ", "1.", "\n", " \n", "\t", "-", "--", "<", ">", "(", "[", '"', "“", "|", "漢",
         "é", "http://", "www.", "a@", "a.", "/", "&", ";", ":", "#", "*", "_", "\u3000", "\u0301", "$", "%", "'")  # fmt: skip


def attacks(pattern: re.Pattern[Any]) -> list[tuple[str, str, str]]:
    """What to put first, what to repeat, what to put last."""
    tree = parsed(pattern)[1]
    units = [("", unit) for unit in ALONE] + [("", unit) for unit in _named(tree)] + list(_pumps(tree, ""))
    return [(before, unit, end) for before, unit in dict.fromkeys(units) if unit for end in ENDS]


def _named(items: list[Any]) -> Iterator[str]:
    """The characters of a pattern."""
    for code, value in items:
        inner = _inside(code, value)
        yield from (name for part in inner for name in _named(part))
        if not inner and code is not codes.AT:
            yield _one(code, value)


def _pumps(items: list[Any], before: str) -> Iterator[tuple[str, str]]:
    for code, value in items:
        for inner in _inside(code, value):
            if code in REPEATS and value[1] > 8:
                one = _sample(inner)
                yield from ((before, unit) for unit in (one, one + _sample(items), _every(inner)))
                yield "", before + one  # of a repetition that begins again and again
            yield from _pumps(inner, before)
        before += _sample([(code, value)])


def _every(items: list[Any]) -> str:
    """All alternatives of the items, one after the other."""
    parts = [
        _inside(code, value) if code in (codes.BRANCH, codes.SUBPATTERN) else [[(code, value)]] for code, value in items
    ]
    return "".join(_sample(part) for choices in parts for part in choices)


def _inside(code: Any, value: Any) -> list[list[Any]]:
    if code in REPEATS:
        return [list(value[2])]
    if code is codes.SUBPATTERN:
        return [list(value[3])]
    if code is codes.BRANCH:
        return [list(branch) for branch in value[1]]
    if code in (codes.ASSERT, codes.ASSERT_NOT):
        return [list(value[1])]
    return [list(value)] if code is codes.ATOMIC_GROUP else []


def _sample(items: list[Any]) -> str:
    """A text that the items match, roughly."""
    return "".join(_one(code, value) for code, value in items)


def _one(code: Any, value: Any) -> str:
    if code is codes.LITERAL:
        return chr(value)
    if code in (codes.NOT_LITERAL, codes.ANY):
        return "a"
    if code is codes.IN:
        return _member(value)
    if code in REPEATS:
        return _sample(list(value[2])) * max(int(value[0]), 1 if value[1] else 0)
    inside = _inside(code, value)
    return _sample(inside[0]) if inside and code is not codes.ASSERT_NOT else ""


_OF_CATEGORY: dict[Any, str] = {codes.CATEGORY_DIGIT: "1", codes.CATEGORY_SPACE: " ", codes.CATEGORY_NOT_SPACE: "a"}


def _member(choices: list[Any]) -> str:
    code, value = choices[0]
    if code is codes.NEGATE:
        barred = {v for c, v in choices[1:] if c is codes.LITERAL}
        return next(c for c in "ab1 .-漢" if ord(c) not in barred)
    if code is codes.LITERAL:
        return chr(value)
    return chr(value[0]) if code is codes.RANGE else _OF_CATEGORY.get(value, "a")


def repeats(pattern: re.Pattern[Any]) -> Iterator[int]:
    """The bounds of its repetitions, of those that have one."""
    yield from _bounds(parsed(pattern)[1])


def _bounds(items: list[Any]) -> Iterator[int]:
    for code, value in items:
        if code in REPEATS and value[1] is not codes.MAXREPEAT:
            yield int(value[1])
        for inner in _inside(code, value):
            yield from _bounds(inner)
