"""No regular expression of the package takes more than linear time, whatever the text.

For each repetition in a pattern, texts are made of it: what stands before, the repeated part again and again, and then
what ends no match. A pattern that goes back takes time squared, or worse, on one of these; CPU time tells, with a wide
margin: a factor of four and more lies between what is expected, what is allowed, and what a bad pattern takes.
"""

import ast
import collections
import importlib
import pkgutil
import re
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

import audit
from audit.errors import MissingExtraError

SIZES = (25, 100, 500, 2000)  # characters; 2000 take microseconds in linear time, and 20 milliseconds in squared time
FAST = 0.003  # seconds of CPU: faster than any pattern that is worth a second look
BRIEF = 0.03  # seconds of CPU that a pattern of the second kind may take at its bound
GROWTH = 8  # for four times the text: 4 in linear time, 16 in squared time
# Patterns that take time squared, and how many characters they are given at most: the end of a block, a word.
BOUNDED = {
    "audit.checks.endings._CONTACT": 80,
    "audit.checks.marks._DOTS": 40,
    "audit.cues.ends._ADDRESS": 80,
    "audit.cues.ends._DOTS": 40,
    "audit.cues.lead._CAPITALISED": 60,
    "audit.script._AFTER": 100,
}
ENDS = ("", "\x01", " x")
ALONE = (" ", "a", "A", "a ", "A ", ".", ". ", "…", "1", "1 ", "1.", "\n", " \n", "\t", "-", "--", "<", ">", "(", "[", '"', "“", "|", "漢",
         "é", "http://", "www.", "a@", "a.", "/", "&", ";", ":", "#", "*", "_", "\u3000", "\u0301", "$", "%", "'")  # fmt: skip
METHODS = {"compile", "match", "search", "fullmatch", "split", "sub", "subn", "findall", "finditer"}
Pattern = re.Pattern[Any]


@dataclass(frozen=True)
class Use:
    """A pattern, and whether the package only ever asks whether it matches at one place."""

    pattern: Pattern
    anchored: bool


def uses() -> dict[str, Use]:
    """All patterns: those that modules hold, in whatever, and those that functions spell out."""
    found: dict[str, Use] = {}
    for module in pkgutil.walk_packages(audit.__path__, "audit."):
        if module.name.endswith("__main__"):
            continue
        tree = ast.parse(Path(getattr(find_spec(module.name), "origin", "")).read_text(encoding="utf-8"))
        held: dict[str, Use] = {}
        with suppress(MissingExtraError):  # of what is not installed only the source can tell
            for name, value in vars(importlib.import_module(module.name)).items():
                for number, pattern in enumerate(_held(value)):
                    held[f"{module.name}.{name}{f'[{number}]' * bool(number)}"] = Use(pattern, _anchored(tree, name))
        known = [use.pattern for use in held.values()]
        found |= held
        found |= {f"{module.name}:{line}": use for line, use in _spelled(tree) if use.pattern not in known}
    return found


def _held(value: object, depth: int = 4) -> Iterator[Pattern]:
    inside: Iterable[object] = ()
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        inside = (*value, *value.values())
    elif isinstance(value, (tuple, list, set, frozenset)):
        inside = value
    if depth:
        for part in inside:
            yield from _held(part, depth - 1)


def _spelled(tree: ast.AST) -> Iterator[tuple[int, Use]]:
    """Patterns in calls such as `re.split("...", text)`, with their lines."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(ast.Name("re"), name), args=[ast.Constant(pattern), *_]) if (
                name in METHODS
            ):
                yield node.lineno, Use(re.compile(pattern), name in ("match", "fullmatch"))


def _anchored(tree: ast.AST, name: str) -> bool:
    methods = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and _is_name(node.value, name)}
    whole = sum(_is_name(node, name) and isinstance(node.ctx, ast.Load) for node in ast.walk(tree))  # type: ignore[attr-defined]
    as_method = sum(isinstance(node, ast.Attribute) and _is_name(node.value, name) for node in ast.walk(tree))
    return bool(methods) and methods <= {"match", "fullmatch"} and whole == as_method


def _is_name(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def attacks(pattern: re.Pattern[Any]) -> Iterator[tuple[str, str, str]]:
    """What to put first, what to repeat, what to put last."""
    yield from (("", unit, end) for unit in ALONE for end in ENDS)
    text = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    for before, unit in _pumps(list(parser.parse(text, pattern.flags & ~re.UNICODE)), ""):
        if unit:
            yield from ((before, unit, end) for end in ENDS)


def _pumps(items: list[Any], before: str) -> Iterator[tuple[str, str]]:
    for code, value in items:
        for inner in _inside(code, value):
            if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT) and value[1] > 8:
                yield before, _sample(inner)
                yield before, _sample(inner) + _sample(items)
            yield from _pumps(inner, before)
        before += _sample([(code, value)])


def _inside(code: Any, value: Any) -> list[list[Any]]:
    if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
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
    if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
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


def seconds(use: Use, text: str) -> float:
    """CPU time of what the package does with a pattern, on a text."""
    subject = text.encode("utf-8", "replace") if isinstance(use.pattern.pattern, bytes) else text
    began = time.thread_time()
    if use.anchored:
        use.pattern.match(subject)
    else:
        collections.deque(use.pattern.finditer(subject), 0)
    return time.thread_time() - began


USES = uses()


def attacked(use: Use, before: str, unit: str, end: str, size: int) -> float:
    return seconds(use, before + unit * max(1, size // len(unit)) + end)


def test_all_patterns_are_found() -> None:
    assert {"audit.visible._HIDDEN", "audit.readers.html._PAGE", "audit.checks.lead._DATELINE"} <= USES.keys()
    assert len(USES) > 80


def test_a_bad_pattern_would_be_found() -> None:
    assert worst(Use(re.compile(r"\s+$"), False))
    assert worst(Use(re.compile(r"(?:a+)+b"), True))
    assert not worst(Use(re.compile(r"\s+$"), True))


@pytest.mark.parametrize("name", USES)
def test_time_grows_with_the_text_and_no_faster(name: str) -> None:
    if name in BOUNDED:
        bad = [attack for attack in attacks(USES[name].pattern) if attacked(USES[name], *attack, BOUNDED[name]) > BRIEF]
        assert not [attack for attack in bad if attacked(USES[name], *attack, BOUNDED[name]) > BRIEF]
    else:
        assert worst(USES[name]) is None


def worst(use: Use) -> str | None:
    """The text that takes a pattern more than linear time, if there is one."""
    for before, unit, end in dict.fromkeys(attacks(use.pattern)):
        last = 0.0
        for size in SIZES:
            last, took = attacked(use, before, unit, end, size), last
            if last > FAST and min(attacked(use, before, unit, end, size) for _ in range(3)) > max(FAST, GROWTH * took):
                return f"{before!r} + {unit!r} * n + {end!r}: {last:.4f} s for {size} characters"
    return None
