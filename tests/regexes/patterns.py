"""The regular expressions of the package, found wherever they stand, and what it does with each."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import audit
from audit.errors import MissingExtraError

METHODS = {"compile", "match", "search", "fullmatch", "split", "sub", "subn", "findall", "finditer"}
Pattern = re.Pattern[Any]


@dataclass(frozen=True)
class Use:
    """A pattern, and the way it is used: at one place by `match` or `fullmatch`, else anywhere, as by `finditer`."""

    pattern: Pattern
    way: str


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
                    held[f"{module.name}.{name}{f'[{number}]' * bool(number)}"] = Use(pattern, _way(tree, name))
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
                yield node.lineno, Use(re.compile(pattern), name if name in ("match", "fullmatch") else "finditer")


def _way(tree: ast.AST, name: str) -> str:
    """How a module uses the pattern of this name, taken to be used anywhere when it is given away."""
    methods = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and _is_name(node.value, name)}
    whole = sum(_is_name(node, name) and isinstance(node.ctx, ast.Load) for node in ast.walk(tree))  # type: ignore[attr-defined]
    as_method = sum(isinstance(node, ast.Attribute) and _is_name(node.value, name) for node in ast.walk(tree))
    if not methods or whole != as_method or methods - {"match", "fullmatch"}:
        return "finditer"
    return "fullmatch" if "fullmatch" in methods else "match"  # which goes back more


def _is_name(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name
