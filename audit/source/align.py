"""Where the words of a text stand on its page.

Runs of four words find their place by a table of the page's runs; a run is then followed word by word. Blocks with
runs that the page has once are placed first; the others, such as a headline that the page repeats, go where their
neighbours are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

GRAM = 4
MAX_PLACES = 40  # of a run that are noted: a page of one word a million times must not take its square
SURE_WORDS = 8

Gram = tuple[str, ...]
Window = tuple[int, int]  # where the block before ends, and where the next one that was placed begins


@dataclass(frozen=True, slots=True)
class Run:
    """Words [at, at + length) of a block are the words from `place` on of the page."""

    at: int
    place: int
    length: int


@dataclass(frozen=True, slots=True)
class Match:
    """The runs of one block, in the block's order."""

    runs: tuple[Run, ...]
    words: int

    @property
    def share(self) -> float:
        """The share of the block's words that were found."""
        return sum(r.length for r in self.runs) / self.words if self.words else 0.0

    @property
    def first(self) -> int:
        """The first word on the page."""
        return self.runs[0].place

    @property
    def end(self) -> int:
        """One past the last word on the page."""
        return self.runs[-1].place + self.runs[-1].length


class Aligner:
    """The table of a page's words. `whole` maps the words of each of its short blocks to where they begin."""

    def __init__(self, words: Sequence[str], bounds: Sequence[tuple[int, int]]) -> None:
        self._words = words
        grams: list[Gram] = list(zip(words, words[1:], words[2:], words[3:], strict=False))
        self._last: dict[Gram, int] = dict(zip(grams, range(len(grams)), strict=True))
        self._first = self._last
        if len(self._last) < len(grams):
            self._first = dict(zip(reversed(grams), reversed(range(len(grams))), strict=True))
        self._grams = grams
        self._whole: dict[Gram, list[int]] = {}
        for start, end in bounds:
            if end - start < GRAM:
                _note(self._whole, tuple(words[start:end]), start)
        self._bounds = bounds
        self._repeated: dict[Gram, list[int]] = {}  # the places of runs that the page has more than once

    def align(self, blocks: Sequence[Sequence[str]]) -> list[Match]:
        """The match of every block; one without runs was not found."""
        self._repeated = self._places(blocks)
        found: list[Match | None] = [self._placed(b, None) if len(b) >= SURE_WORDS else None for b in blocks]
        expected = 0
        after = self._starts(found)
        for i, block in enumerate(blocks):
            if found[i] is None or not found[i].runs:  # type: ignore[union-attr]
                found[i] = self._placed(block, (expected if expected else max(0, after[i] - len(block)), after[i]))
            if found[i].runs and len(block) >= SURE_WORDS:  # type: ignore[union-attr]
                expected = found[i].end  # type: ignore[union-attr]
        return [m or Match((), len(b)) for m, b in zip(found, blocks, strict=True)]

    @staticmethod
    def _starts(found: Sequence[Match | None]) -> list[int]:
        """For each block, where the next placed block begins."""
        after, start = [], 0
        for match in reversed(found):
            if match and match.runs:
                start = match.first
            after.append(start)
        return after[::-1]

    def _placed(self, block: Sequence[str], target: Window | None) -> Match:
        """A block's match in or near a window; without one, only runs that the page has once count as a beginning."""
        if len(block) < GRAM:
            few = tuple(block)
            places = (self._whole.get(few) or self._edges.get(few)) if block and target else None
            return Match((Run(0, _nearest(places, *target), len(block)),) if places and target else (), len(block))
        runs: list[Run] = []
        last = target
        at = 0
        while at + GRAM <= len(block):
            gram = tuple(block[at : at + GRAM])
            place = self._first.get(gram, -1)
            if place >= 0 and place != self._last[gram]:
                place = -1 if last is None else _nearest(self._repeated[gram], *last)
            if place < 0:
                at += 1
                continue
            length = self._follow(block, at, place)
            back = self._back(block, at, place, runs[-1].at + runs[-1].length if runs else 0)
            runs.append(Run(at - back, place - back, length + back))
            at += length
            last = (place + length, last[1] if last else 0)
        return Match(tuple(runs), len(block))

    def _places(self, blocks: Sequence[Sequence[str]]) -> dict[Gram, list[int]]:
        """The places of those runs of the blocks that the page has more than once."""
        if self._first is self._last:
            return {}
        first, last = self._first.get, self._last.get
        runs = (gram for b in blocks for gram in zip(b, b[1:], b[2:], b[3:], strict=False))
        asked = {gram for gram in runs if first(gram) != last(gram)}
        found: dict[Gram, list[int]] = {}
        for place in [p for p, gram in enumerate(self._grams) if gram in asked] if asked else ():
            _note(found, self._grams[place], place)
        return found

    @cached_property
    def _edges(self) -> dict[Gram, list[int]]:
        """The places of a few words that begin or end a block, such as a label with a count."""
        found: dict[Gram, list[int]] = {}
        edges = {edge for bound in self._bounds for edge in bound}
        for size in range(1, GRAM):
            for place in sorted(edges | {edge - size for edge in edges if edge >= size}):
                _note(found, tuple(self._words[place : place + size]), place)
        return found

    def _follow(self, block: Sequence[str], at: int, place: int) -> int:
        """How many words are the same from there on."""
        most = min(len(block) - at, len(self._words) - place)
        if block[at : at + most] == self._words[place : place + most]:
            return most
        return next(n for n in range(GRAM, most) if block[at + n] != self._words[place + n])

    def _back(self, block: Sequence[str], at: int, place: int, least: int) -> int:
        back = 0
        while at - back > least and place - back > 0 and block[at - back - 1] == self._words[place - back - 1]:
            back += 1
        return back


K = TypeVar("K")


def _note(table: dict[K, list[int]], key: K, place: int) -> None:
    places = table.get(key)
    if places is None:
        table[key] = [place]
    elif len(places) < MAX_PLACES:
        places.append(place)


def _nearest(places: Sequence[int], target: int, limit: int) -> int:
    """The first place from `target` on and before `limit`; without one the nearest, rather after than before it."""
    inside = [p for p in places if target <= p < limit]
    if inside:
        return inside[0]
    return min(places, key=lambda p: (p - target if p >= target else 2 * (target - p), p))
