"""A matcher that goes back as `re` does, and counts its steps: what a pattern costs, told without a clock.

It takes a pattern apart as `re` does and asks `re` about single characters and places only, so that it finds what `re`
finds, which the tests hold it to; a step is a character, a place or an alternative looked at.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import chain, takewhile
from re import _compiler as compiler  # type: ignore[attr-defined]
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

Then = Callable[[int], int | None]  # what follows from a place on: where the match ends, None when there is none
Part = Callable[[int, Then], int | None]
WIDE, PER_CHARACTER = 10_000, 1_000  # steps after which nobody counts on: what is linear takes far fewer
ONE_WIDE = (codes.LITERAL, codes.NOT_LITERAL, codes.ANY, codes.IN)
REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT)


class TooManyError(Exception):
    """More steps than any linear pattern takes."""


class Counter:
    """Counts what a pattern takes."""

    def __init__(self, pattern: re.Pattern[Any]) -> None:
        self._text: Any = ""
        self._steps = self._most = 0
        self._state, tree, flags = parsed(pattern)
        self._whole = self._sequence(tree, flags)

    def steps(self, text: Any, way: str) -> int:
        """How many steps `match`, `fullmatch` or `finditer` takes. Raises TooManyError."""
        self._begin(text)
        if way == "finditer":
            self._found()
        else:
            self._whole(0, _anywhere if way == "match" else lambda j: j if j == len(text) else None)
        return self._steps

    def spans(self, text: Any) -> list[tuple[int, int]]:
        """What `finditer` finds. Raises TooManyError."""
        self._begin(text)
        return self._found()

    def _begin(self, text: Any) -> None:
        self._text, self._steps, self._most = text, 0, WIDE + PER_CHARACTER * len(text)

    def _found(self) -> list[tuple[int, int]]:
        found, at, empty = list[tuple[int, int]](), 0, False
        while at <= len(self._text):
            start, end = at, self._whole(at, _but(at) if empty else _anywhere)
            at, empty = (at + 1, False) if end is None else (end, end == at)
            if end is not None:
                found.append((start, end))
        return found

    def _step(self) -> None:
        self._steps += 1
        if self._steps > self._most:
            raise TooManyError

    def _sequence(self, items: Sequence[Any], flags: int) -> Part:
        parts = [self._part(code, value, flags) for code, value in items]

        def follow(number: int, i: int, then: Then) -> int | None:
            if number == len(parts):
                return then(i)
            return parts[number](i, lambda j: follow(number + 1, j, then))

        return parts[0] if len(parts) == 1 else lambda i, then: follow(0, i, then)

    def _part(self, code: Any, value: Any, flags: int) -> Part:
        if code in REPEATS:
            low, high, inner = value
            if len(inner) == 1 and inner[0][0] in ONE_WIDE:
                return self._run(code, low, int(high), self._is(inner[0], flags))
            return self._loop(code, low, int(high), self._sequence(list(inner), flags))
        if code in ONE_WIDE:
            is_one = self._is((code, value), flags)
            return lambda i, then: then(i + 1) if is_one(i) else None
        if code is codes.SUBPATTERN:
            return self._sequence(list(value[3]), (flags | value[1]) & ~value[2])
        if code is codes.BRANCH:
            return self._branch([self._sequence(list(branch), flags) for branch in value[1]])
        if code is codes.ATOMIC_GROUP:
            once = self._sequence(list(value), flags)
            return lambda i, then: None if (end := once(i, _anywhere)) is None else then(end)
        if code in (codes.ASSERT, codes.ASSERT_NOT):
            return self._look(code, value[0], value[1], flags)
        assert code is codes.AT, f"{code} cannot be counted; what refers back to a group is not linear"
        place = self._alone((code, value), flags)
        return lambda i, then: then(i) if self._stands(place, i) else None

    def _stands(self, place: re.Pattern[Any], i: int) -> bool:
        self._step()
        return place.match(self._text, i) is not None

    def _is(self, item: Any, flags: int) -> Callable[[int], bool]:
        """Whether a character is what an item of the pattern takes."""
        alone, known = self._alone(item, flags), dict[Any, bool]()

        def test(i: int) -> bool:
            self._step()
            one = self._text[i : i + 1]
            if not one:
                return False
            if one not in known:
                known[one] = alone.match(one) is not None
            return known[one]

        return test

    def _alone(self, item: Any, flags: int) -> re.Pattern[Any]:
        made: re.Pattern[Any] = compiler.compile(parser.SubPattern(self._state, [item]), flags)
        return made

    def _run(self, code: Any, low: int, high: int, is_one: Callable[[int], bool]) -> Part:
        """One character again and again."""

        def upto(i: int, most: int) -> int:
            end = i
            while end - i < most and is_one(end):
                end += 1
            return end

        def greedy(i: int, then: Then) -> int | None:
            ends = range(upto(i, high), i + low - 1, -1)
            return self._first(ends[:1] if code is codes.POSSESSIVE_REPEAT else ends, then)

        def lazy(i: int, then: Then) -> int | None:
            end = upto(i, low)
            further = takewhile(lambda j: is_one(j - 1), range(end + 1, min(i + high, len(self._text)) + 1))
            return self._first(chain([end], further), then) if end - i == low else None

        return lazy if code is codes.MIN_REPEAT else greedy

    def _first(self, ends: Iterable[int], then: Then) -> int | None:
        for end in ends:
            self._step()
            if (found := then(end)) is not None:
                return found
        return None

    def _loop(self, code: Any, low: int, high: int, body: Part) -> Part:
        """More than one character again and again; once more only where that got further."""

        def more(count: int, i: int, then: Then) -> int | None:
            self._step()
            if count >= high:
                return None
            return body(i, lambda j: None if j == i and count >= low else again(count + 1, j, then))

        def again(count: int, i: int, then: Then) -> int | None:
            if count < low:
                return more(count, i, then)
            tries = (then, lambda j: more(count, j, then))
            for way in tries if code is codes.MIN_REPEAT else reversed(tries):
                if (found := way(i)) is not None:
                    return found
            return None

        if code is codes.POSSESSIVE_REPEAT:
            return lambda i, then: None if (end := again(0, i, _anywhere)) is None else then(end)
        return lambda i, then: again(0, i, then)

    def _branch(self, branches: Sequence[Part]) -> Part:
        def choose(i: int, then: Then) -> int | None:
            for branch in branches:
                self._step()
                if (found := branch(i, then)) is not None:
                    return found
            return None

        return choose

    def _look(self, code: Any, direction: int, inner: Any, flags: int) -> Part:
        """What stands ahead, or behind, where its width is known."""
        seen, back = self._sequence(list(inner), flags), inner.getwidth()[0] if direction < 0 else 0
        wanted = code is codes.ASSERT
        return lambda i, then: then(i) if (i >= back and seen(i - back, _anywhere) is not None) is wanted else None


def parsed(pattern: re.Pattern[Any]) -> tuple[Any, list[Any], int]:
    """A pattern as `re` takes it apart, with what it knows of the whole, and its flags."""
    flags = pattern.flags & ~re.UNICODE if isinstance(pattern.pattern, str) else pattern.flags
    tree = parser.parse(pattern.pattern, flags)
    return tree.state, list(tree), flags


def _anywhere(i: int) -> int | None:
    return i


def _but(place: int) -> Then:
    return lambda i: None if i == place else i
