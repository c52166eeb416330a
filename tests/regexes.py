"""Every regular expression of the package, and texts that make a bad one slow.

For each repetition in a pattern a text is made of it: what stands before, the repeated part again and again, and then
what ends no match. A pattern that backtracks takes time squared, or worse, on one of these.
"""

import ast
import importlib
import pkgutil
import re
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import audit
from audit.errors import MissingExtraError

ENDS = ("", "\x01", "!", " x", "\n")
ALONE = (" ", "a", "A", "a ", "A ", ".", ". ", "…", "1", "1 ", "1.", "\n", " \n", "\t", "-", "--", "<", ">", "(", "[", '"', "“", "|", "漢",
         "é", "http://", "www.", "a@", "a.", "/", "&", ";", ":", "#", "*", "_", "\u3000", "\u0301", "$", "%", "'")  # fmt: skip
_USES = {"compile", "match", "search", "fullmatch", "split", "sub", "subn", "findall", "finditer"}


def patterns() -> dict[str, re.Pattern[Any]]:
    """All patterns by `module: pattern`: those that modules hold, in whatever, and those that functions spell out."""
    found: dict[str, re.Pattern[Any]] = {}
    for module in pkgutil.walk_packages(audit.__path__, "audit."):
        if module.name.endswith("__main__"):
            continue
        held = list(_spelled(Path(getattr(find_spec(module.name), "origin", ""))))
        with suppress(MissingExtraError):  # of what is not installed the source tells
            held += _held(list(vars(importlib.import_module(module.name)).values()))
        found |= {f"{module.name}: {pattern.pattern!r}": pattern for pattern in held}
    return found


def _held(values: Iterable[object], depth: int = 4) -> Iterator[re.Pattern[Any]]:
    for value in values:
        if isinstance(value, re.Pattern):
            yield value
        elif isinstance(value, dict) and depth:
            yield from _held([*value.keys(), *value.values()], depth - 1)
        elif isinstance(value, (tuple, list, set, frozenset)) and depth:
            yield from _held(value, depth - 1)


def _spelled(source: Path) -> Iterator[re.Pattern[Any]]:
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and (node.func.value.id, node.func.attr in _USES) == ("re", True)
            and isinstance(node.args[0], ast.Constant)
        ):
            yield re.compile(node.args[0].value)


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
        return _sample(list(value[2])) * max(value[0], 1 if value[1] else 0)
    inside = _inside(code, value)
    return _sample(inside[0]) if inside and code is not codes.ASSERT_NOT else ""


_OF_CATEGORY = {codes.CATEGORY_DIGIT: "1", codes.CATEGORY_SPACE: " ", codes.CATEGORY_NOT_SPACE: "a"}


def _member(choices: list[Any]) -> str:
    code, value = choices[0]
    if code is codes.NEGATE:
        barred = {v for c, v in choices[1:] if c is codes.LITERAL}
        return next(c for c in "ab1 .-漢" if ord(c) not in barred)
    if code is codes.LITERAL:
        return chr(value)
    return chr(value[0]) if code is codes.RANGE else _OF_CATEGORY.get(value, "a")


def seconds(pattern: re.Pattern[Any], text: str) -> float:
    """CPU time of looking for the pattern everywhere in a text."""
    subject = text.encode("utf-8", "replace") if isinstance(pattern.pattern, bytes) else text
    began = time.thread_time()
    for _ in pattern.finditer(subject):
        pass
    return time.thread_time() - began
