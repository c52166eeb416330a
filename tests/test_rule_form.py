"""The form of the rules themselves: codes, names, user pages, options, case files, and patterns that stay linear."""

import inspect
import re
import tomllib
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from audit.finding import FAMILY_OF_PREFIX
from audit.registry import Rule, rules

parser: Any = import_module("re._parser")  # the standard library's own; it has no public name

CASES = Path(__file__).parent / "cases"
RULES = list(rules().values())
MANY = 3  # a repetition of more rounds than this, or without a limit, multiplies what stands in it

each_rule = pytest.mark.parametrize("rule", RULES, ids=[r.code for r in RULES])


@each_rule
def test_has_cases_of_both_kinds(rule: Rule) -> None:
    found = tomllib.loads((CASES / f"{rule.code}.toml").read_text(encoding="utf-8"))
    assert set(found) == {"flag", "pass"}
    assert all(sum("known" not in case for case in found[kind]) >= 2 for kind in found)


def test_no_case_file_is_left_over() -> None:
    assert {path.stem for path in CASES.glob("*.toml")} == set(rules())


def test_codes_and_names_are_unique() -> None:
    assert len({r.name for r in RULES}) == len({r.code for r in RULES}) == len(RULES)


@each_rule
def test_code_and_name_have_their_form(rule: Rule) -> None:
    assert re.fullmatch(r"[A-Z]{2}\d{3}", rule.code)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.name)
    assert FAMILY_OF_PREFIX[rule.code[:2]] == rule.family
    assert 0.5 <= rule.confidence < 1


@each_rule
def test_user_page_opens_with_a_sentence(rule: Rule) -> None:
    first = rule.page.splitlines()[0]
    assert first.endswith((".", ".”"))
    assert not first.startswith((" ", "_"))


@each_rule
def test_user_page_documents_the_options(rule: Rule) -> None:
    documented = rule.page.partition("Options:")[2]
    assert bool(documented) == bool(rule.options)
    for option in rule.options:
        assert re.search(rf"\b{option.name}, ", documented)


@each_rule
def test_options_have_a_type_and_a_default_and_are_used(rule: Rule) -> None:
    code = rule.check.__code__
    body = inspect.getsource(rule.check).partition(":\n")[2].replace(rule.check.__doc__ or "", "")
    for option in rule.options:
        assert option.type in (int, float, str, bool)
        assert isinstance(option.default, option.type)
        assert option.name in code.co_varnames
        assert re.search(rf"\b{option.name}\b", body)


def patterns() -> list[Any]:
    """Every compiled pattern of the modules that hold checks, and of the one that tells the kinds of lines."""
    names = {r.check.__module__ for r in RULES} | {"audit.kinds"}
    return [
        pytest.param(value.pattern, id=f"{module.rpartition('.')[2]}.{name}")
        for module in sorted(names)
        for name, value in sorted(vars(import_module(module)).items())
        if isinstance(value, re.Pattern)
    ]


def nested(parsed: Iterable[Any], inside: bool = False) -> bool:
    """Whether a parsed pattern has a repetition of variable length within another one."""
    for op, argument in parsed:
        if str(op) in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            low, high, body = argument
            varies = int(high) > MANY and low != high
            if (inside and varies) or nested(body, inside or varies):
                return True
        elif any(nested(part, inside) for part in subpatterns(argument)):
            return True
    return False


def subpatterns(argument: Any) -> Iterator[Any]:
    """The patterns inside an operator's argument: groups, branches, look-arounds."""
    if isinstance(argument, parser.SubPattern):
        yield argument
    elif isinstance(argument, tuple | list):
        for part in argument:
            yield from subpatterns(part)


@pytest.mark.parametrize("pattern", patterns())
def test_no_pattern_repeats_repetitions(pattern: str) -> None:
    assert not nested(parser.parse(pattern))


@pytest.mark.parametrize("pattern", [r"(a+)+", r"(?:\w*,){2,9}", r"(?:x|(?:y{0,8}z)*)+", r"(?=(a*b)*)"])
def test_repeated_repetitions_are_recognised(pattern: str) -> None:
    assert nested(parser.parse(pattern))
