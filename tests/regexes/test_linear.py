"""No regular expression of the package takes more than linear time, whatever the text.

Each is attacked with texts of so many, twice and three times so many units, and its steps are counted. Where each unit
costs the same, the second difference of the three counts is nothing; of a pattern that takes time squared it grows with
the square of their number. No clock is asked: `python -m tests.regexes` does that.
"""

import re
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from .attacks import attacks, repeats
from .patterns import Use, uses
from .steps import Counter, TooManyError

FEW = 12  # units, and twice and three times so many: enough where no repetition has a bound
BEYOND = 1.2  # times the largest bound of a repetition, below which what it repeats looks squared
SLACK = 1  # step a unit by which the ends of a text may differ
# Patterns that take time squared, and how many characters they are given at most: the end of a block, a word.
BOUNDED = {
    "audit.checks.endings._CONTACT": 80,
    "audit.checks.marks._DOTS": 40,
    "audit.cues.ends._ADDRESS": 80,
    "audit.cues.ends._DOTS": 40,
    "audit.cues.lead._CAPITALISED": 60,
    "audit.script._AFTER": 100,
}
MOST_STEPS = 100_000  # at that many characters: `re` takes them in less than a millisecond
USES = uses()
DEPTH = 20_000  # of calls: the matcher calls itself for each character that it may have to give back


@pytest.fixture(autouse=True)
def deep() -> Iterator[None]:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(DEPTH)
    yield
    sys.setrecursionlimit(before)


def squared(use: Use) -> str | None:
    """The attack under which a pattern takes more than linear time, if there is one."""
    counter, largest = Counter(use.pattern), max(repeats(use.pattern), default=0)
    for attack in attacks(use.pattern):
        if all(_is_squared(counter, use, attack, units) for units in (FEW, int(BEYOND * largest) + FEW)):
            return "{!r} + {!r} * n + {!r}".format(*attack)
    return None


def _is_squared(counter: Counter, use: Use, attack: tuple[str, str, str], units: int) -> bool:
    try:
        one, two, three = (counter.steps(_text(use, attack, n * units), use.way) for n in (1, 2, 3))
    except TooManyError:
        return True
    return three - 2 * two + one > SLACK * units


def _text(use: Use, attack: tuple[str, str, str], units: int) -> Any:
    before, unit, end = attack
    text = before + unit * units + end
    return text.encode("utf-8", "replace") if isinstance(use.pattern.pattern, bytes) else text


def test_all_patterns_are_found() -> None:
    assert BOUNDED.keys() <= USES.keys()
    assert {"audit.visible._HIDDEN", "audit.readers.html._PAGE", "audit.checks.lead._DATELINE"} <= USES.keys()
    assert len(USES) > 80


@pytest.mark.parametrize(
    ("pattern", "way"),
    [
        (r"\s+$", "finditer"),
        (r"\d+x", "finditer"),
        (r"<!--.*?-->", "finditer"),
        (r"(?>a+)b", "finditer"),
        (r"a++b", "finditer"),
        (r"\w+@\w+", "finditer"),
        (r"(?<!\w)[\w.]+@", "finditer"),
        (r"a*a*b", "match"),
        (r"\w+\s*\w+$", "match"),
        (r".*=.*=x", "match"),
        (r"(?:a+)+b", "match"),
        (r"(?:a|a)*b", "match"),
        (r"(?:a|ab|b)*c", "match"),
        (r"(?:\w+\s?)*$", "match"),
        (r"\w+\w*", "fullmatch"),
        (r"(?=.*x)a", "finditer"),
        (r"(?i:É+)$", "finditer"),
    ],
)
def test_a_bad_pattern_is_found(pattern: str, way: str) -> None:
    assert squared(Use(re.compile(pattern), way))


@pytest.mark.parametrize(
    ("pattern", "way"),
    [
        (r"\s+$", "match"),
        (r"(?<!\s)\s++$", "finditer"),
        (r"\w+", "finditer"),
        (r"\w{1,40}@", "finditer"),
        (r"(?:a|b)*c", "match"),
        (r"(?:[ab],)+x", "match"),
        (r"\bx[^>]{0,60}>", "finditer"),
        (r"(?=\d{1,3}x)\d", "finditer"),
        (r"<[^<>]*>", "match"),
    ],
)
def test_a_good_pattern_is_not(pattern: str, way: str) -> None:
    assert squared(Use(re.compile(pattern), way)) is None


@pytest.mark.parametrize("name", USES)
def test_steps_grow_with_the_text_and_no_faster(name: str) -> None:
    use = USES[name]
    if name not in BOUNDED:
        assert squared(use) is None
        return
    assert squared(use), f"{name} is linear now: it needs no bound"
    counter, most = Counter(use.pattern), BOUNDED[name]
    for before, unit, end in attacks(use.pattern):
        text = _text(use, (before, unit, end), max(1, (most - len(before + end)) // len(unit)))
        assert counter.steps(text[:most], use.way) < MOST_STEPS, (before, unit, end)


@pytest.mark.parametrize("name", USES)
def test_what_is_counted_is_what_re_does(name: str) -> None:
    counter = Counter(USES[name].pattern)
    for attack in attacks(USES[name].pattern):
        text = _text(USES[name], attack, 5)
        assert counter.spans(text) == [found.span() for found in USES[name].pattern.finditer(text)], attack
