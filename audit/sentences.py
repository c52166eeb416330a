"""The sentences of a paragraph."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise

TAIL_CHARS = 1200  # the last sentence of a paragraph is looked for in so much of its end
_STOPS, _FULL_STOPS = ".!?…。！？।؟۔॥", "。！？।؟۔॥"
# It begins with a set of characters, so that all others are passed over fast.
_STOP = re.compile(rf"[{_STOPS}](?:(?<=[{_FULL_STOPS}])|(?<![.!?…].)[.!?…]*+[\"'”’»)\]]*+\s++(?=[^\s\da-zß-ÿа-я]))")


def sentence_ends(text: str, start: int = 0) -> list[int]:
    """Where the sentences of a paragraph end, but for the last one, from an offset on."""
    return [m.end() for m in _STOP.finditer(text, start) if m.end() < len(text)]


def whole_sentences(text: str) -> list[str]:
    """The sentences of a paragraph but the last one, each with what ends it."""
    return [text[a:b].rstrip() for a, b in pairwise([0, *sentence_ends(text)])]


def sentence_at(text: str, ends: Sequence[int], start: int, end: int) -> tuple[int, int]:
    """The span of the sentences of a paragraph that hold the characters [start, end), with what ends them.

    `ends` are its `sentence_ends`, which whoever asks for many finds once.
    """
    before, after = bisect_right(ends, start), bisect_left(ends, end)
    first, last = ends[before - 1] if before else 0, ends[after] if after < len(ends) else len(text)
    return first, first + len(text[first:last].rstrip())


def sentences(text: str) -> tuple[int, str]:
    """How many sentences a paragraph has besides its last one, and the last one."""
    if not any(mark in text for mark in _STOPS):
        return 0, text
    ends = sentence_ends(text, max(0, len(text) - TAIL_CHARS))
    return len(ends), text[ends[-1] :] if ends else text
