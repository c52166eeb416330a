"""Where the words of a text stand on its page.

Runs of four words find their place by a table of the page's runs; a run is then followed word by word. Blocks with
runs that the page has once are placed first; the others, such as a headline that the page repeats, go where their
neighbours are.
"""

from bisect import bisect_left
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from itertools import accumulate, chain, count, repeat
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

GRAM = 4
MAX_PLACES = 40  # of a run that are noted: a page of one word a million times must not take its square
SURE_WORDS = 8

Few = tuple[str, ...]  # fewer words than a run has
Window = tuple[int, int]  # where the block before ends, and where the next one that was placed begins


class Run(NamedTuple):
    """Words [at, at + length) of a block are the words from `place` on of the page."""

    at: int
    place: int
    length: int


class Match(NamedTuple):
    """The runs of one block, in the block's order; `found` of its words are in them."""

    runs: tuple[Run, ...]
    words: int
    found: int

    @property
    def share(self) -> float:
        """The share of the block's words that were found."""
        return self.found / self.words if self.words else 0.0

    @property
    def first(self) -> int:
        """The first word on the page."""
        return self.runs[0].place

    @property
    def end(self) -> int:
        """One past the last word on the page."""
        return self.runs[-1].place + self.runs[-1].length


class Grams:
    """Every run of four words of a page, as numbers in order.

    A run is a number of which its words are the digits. Where a page has more than 65,535 different words two runs may
    have the same: whoever follows a run finds out.
    """

    def __init__(self, words: Sequence[str]) -> None:
        self._digits = dict(zip(dict.fromkeys(words), count(1), strict=False))
        grams = self._numbers(words)
        order = np.argsort(grams, kind="stable")
        self._grams: list[int] = grams[order].tolist()
        self._places: list[int] = order.tolist()

    def of(self, words: Sequence[str]) -> list[int]:
        """The numbers of each run of these words."""
        numbers: list[int] = self._numbers(words).tolist()
        return numbers

    def places(self, run: int) -> list[int]:
        """The places of a run by its number, the first of them if they are many."""
        first = end = bisect_left(self._grams, run)
        most = min(len(self._grams), first + MAX_PLACES)
        while end < most and self._grams[end] == run:
            end += 1
        return self._places[first:end]

    def _numbers(self, words: Sequence[str]) -> NDArray[np.uint64]:
        digits = np.fromiter(map(self._digits.get, words, repeat(0)), np.uint64, len(words))
        size = max(0, len(words) - GRAM + 1)
        base, numbers = np.uint64(len(self._digits) + 1), digits[:size]
        for k in range(1, GRAM):
            numbers = numbers * base + digits[k : k + size]
        return numbers


class Aligner:
    """The words of a page, of which `bounds` are where its blocks begin and end."""

    def __init__(self, words: Sequence[str], bounds: Sequence[tuple[int, int]]) -> None:
        self._words, self._bounds = words, bounds
        self._grams = Grams(words)
        self._runs: list[int] = []  # those of the text that is being placed
        self._few: dict[Few, list[int]] = {}  # the places of its blocks of a few words

    def align(self, blocks: Sequence[Sequence[str]]) -> list[Match]:
        """The match of every block; one without runs was not found."""
        self._runs = self._grams.of(list(chain.from_iterable(blocks)))
        self._few = self._places_of({tuple(block) for block in blocks if 0 < len(block) < GRAM})
        begins = list(accumulate(map(len, blocks), initial=0))
        found = [
            self._placed(block, begin, None) if len(block) >= SURE_WORDS else None
            for block, begin in zip(blocks, begins, strict=False)
        ]
        expected = 0
        after = self._starts(found)
        matches = list[Match]()
        for block, begin, match, limit in zip(blocks, begins, found, after, strict=False):
            if match is None or not match.runs:
                match = self._placed(block, begin, (expected if expected else max(0, limit - len(block)), limit))
            if match.runs and len(block) >= SURE_WORDS:
                expected = match.end
            matches.append(match)
        return matches

    @staticmethod
    def _starts(found: Sequence[Match | None]) -> list[int]:
        """For each block, where the next placed block begins."""
        after, start = [], 0
        for match in reversed(found):
            if match and match.runs:
                start = match.first
            after.append(start)
        return after[::-1]

    def _placed(self, block: Sequence[str], begin: int, target: Window | None) -> Match:
        """The match in or near a window of a block that begins at that word of the text.

        Without a window, only runs that the page has once count as a beginning.
        """
        if len(block) < GRAM:
            places = self._few.get(tuple(block)) if target else None
            if not (places and target):
                return Match((), len(block), 0)
            return Match((Run(0, _nearest(places, *target), len(block)),), len(block), len(block))
        runs: list[Run] = []
        last = target
        at = 0
        while at + GRAM <= len(block):
            place = self._place(begin + at, last)
            length = self._follow(block, at, place) if place >= 0 else 0
            if length < GRAM:
                at += 1
                continue
            back = self._back(block, at, place, runs[-1].at + runs[-1].length if runs else 0)
            runs.append(Run(at - back, place - back, length + back))
            at += length
            last = (place + length, last[1] if last else 0)
        return Match(tuple(runs), len(block), sum(run.length for run in runs))

    def _place(self, run: int, near: Window | None) -> int:
        """The place of a run of the text: the only one, or that in or near a window; -1 without."""
        places = self._grams.places(self._runs[run])
        if len(places) == 1:
            return places[0]
        return _nearest(places, *near) if places and near else -1

    def _places_of(self, asked: AbstractSet[Few]) -> dict[Few, list[int]]:
        """Where blocks of the page have only these few words, or else begin or end with them."""
        found: dict[Few, list[int]] = {}
        for start, end in self._bounds if asked else ():
            if end - start < GRAM and (few := tuple(self._words[start:end])) in asked:
                _note(found, few, start)
        asked = asked - found.keys()
        edges = {edge for bound in self._bounds for edge in bound} if asked else set()
        for size in {len(few) for few in asked}:
            begins = {few[0] for few in asked if len(few) == size}
            for place in sorted(edges | {edge - size for edge in edges if edge >= size}):
                if self._words[place : place + 1] and self._words[place] in begins:
                    few = tuple(self._words[place : place + size])
                    if few in asked:
                        _note(found, few, place)
        return found

    def _follow(self, block: Sequence[str], at: int, place: int) -> int:
        """How many words are the same from there on."""
        most = min(len(block) - at, len(self._words) - place)
        if block[at : at + most] == self._words[place : place + most]:
            return most
        return next(n for n in range(most) if block[at + n] != self._words[place + n])

    def _back(self, block: Sequence[str], at: int, place: int, least: int) -> int:
        back = 0
        while at - back > least and place - back > 0 and block[at - back - 1] == self._words[place - back - 1]:
            back += 1
        return back


def _note(table: dict[Few, list[int]], key: Few, place: int) -> None:
    places = table.setdefault(key, [])
    if len(places) < MAX_PLACES:
        places.append(place)


def _nearest(places: Sequence[int], target: int, limit: int) -> int:
    """The first place from `target` on and before `limit`; without one the nearest, rather after than before it."""
    inside = [p for p in places if target <= p < limit]
    if inside:
        return inside[0]
    return min(places, key=lambda p: (p - target if p >= target else 2 * (target - p), p))
