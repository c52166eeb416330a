"""Text -> page: lines, then blocks, with exact offsets into the text as read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import sentencex

from audit import kinds, wrapping
from audit.document import Document
from audit.language import language_of
from audit.page import Block, Kind, Line, Page, Repeat, Strictness
from audit.script import EDGE, count_words, ends_sentence

# A text of so few lines, one of them so long, is an article whose line breaks were lost.
ONE_LINE_LINES = 3
ONE_LINE_CHARS = 400
# A stanza: at least three lines in a row, none long, that neither fill a width nor all end a sentence.
STANZA_LINES = 3
VERSE_CHARS = 64
# Longer lines are not worth more looks than this: a line of megabytes is data, not prose.
SENTENCE_CHARS = 200_000
# sentencex takes time squared for scripts without spaces and for open quotes, so it gets no more than this at once.
STRETCH_CHARS = 10_000
_HEADED = frozenset((Kind.PROSE, Kind.LIST, Kind.DIALOGUE, Kind.CODE, Kind.TABLE))  # what a heading stands over
_ENDS = (". ", "! ", "? ", "。", "！", "？", "। ", "۔ ", "؟ ", " ")  # where a stretch may end, best first, a space last


def segment(
    document: Document,
    repeats: Mapping[int, Repeat] | None = None,
    strictness: Strictness = "normal",
) -> Page:
    """The page of a document. `repeats`: how often the site has each line, by index of the line."""
    plain = tuple(split_lines(document.text))
    lines = _with_verse(plain)
    lang = document.lang or language_of(document.text)
    one_line = len(lines) <= ONE_LINE_LINES and any(len(line.text) >= ONE_LINE_CHARS for line in lines)
    width = None if one_line else wrapping.width_of(lines)
    lines = _with_verse(plain, width) if width else lines
    if one_line:
        blocks = [b for i, line in enumerate(lines) for b in _sentences(document.text, line, i, lang)]
    elif width:
        spans = list(_runs(lines, width))
        looks = _with_headings([_kind(lines[a], a == b) for a, b in spans])
        blocks = [_block(document.text, lines, a, b, kind) for (a, b), kind in zip(spans, looks, strict=True)]
    else:
        looks = _with_headings([line.kind for line in lines])
        blocks = [_alone(*x) for x in zip(lines, range(len(lines)), looks, strict=True)]
    return Page(document, lines, tuple(blocks), width is not None, one_line, lang, repeats or {}, strictness)


def split_lines(text: str) -> Iterator[Line]:
    """The lines that are not blank, as `str.splitlines` cuts them."""
    at = 0
    after_gap = True
    for number, raw in enumerate(text.splitlines(keepends=True), 1):
        core = raw.strip(EDGE)
        if core:
            start = at + raw.index(core[0])
            yield Line(start, start + len(core), number, core, after_gap, *kinds.look(core))
        after_gap = not core
        at += len(raw)


def _runs(lines: Sequence[Line], width: int) -> Iterator[tuple[int, int]]:
    """First and last line index of each block."""
    first = 0
    for i in range(len(lines)):
        if i + 1 < len(lines) and wrapping.flows_on(lines[i], lines[i + 1], width):
            continue
        yield first, i
        first = i + 1


def _kind(first: Line, alone: bool) -> Kind:
    """The kind of a block by its first line: what flows on into a second one is no label."""
    return Kind.PROSE if first.kind is Kind.SHORT and not alone else first.kind


def _block(text: str, lines: Sequence[Line], first: int, last: int, kind: Kind) -> Block:
    line = lines[first]
    if last == first:
        return _alone(line, first, kind)
    end = lines[last].end
    body = text[line.start : end]
    return Block(line.start, end, body, kind, count_words(body), first, last, line.after_gap, ends_sentence(body))


def _alone(line: Line, index: int, kind: Kind) -> Block:
    """A line that is a block by itself."""
    return Block(line.start, line.end, line.text, kind, line.words, index, index, line.after_gap, line.finished)


def _sentences(text: str, line: Line, index: int, lang: str | None) -> Iterator[Block]:
    """The sentences of a line; pieces only cut it, so they give the offsets."""
    at = line.start
    for piece in _pieces(line.text, lang or "en") if len(line.text) <= SENTENCE_CHARS else [line.text]:
        core = piece.strip(EDGE)
        if core:
            start = at + piece.index(core[0])
            kind, words, done = kinds.look(core)
            yield Block(start, start + len(core), core, kind, words, index, index, at == line.start, done)
        at += len(piece)


def _pieces(text: str, lang: str) -> Iterator[str]:
    at = 0
    while at < len(text):
        stretch = text[at : at + STRETCH_CHARS]
        if at + STRETCH_CHARS < len(text):
            ends = (stretch.rfind(end) + len(end) for end in _ENDS if end in stretch)
            stretch = stretch[: next(ends, STRETCH_CHARS)]
        found = sentencex.segment(lang, stretch)
        yield from found if "".join(found) == stretch else [stretch]
        at += len(stretch)


def _with_headings(looks: Sequence[Kind]) -> list[Kind]:
    """The kinds of blocks, where a short one directly over running text or a list is a heading."""
    below = [*looks[1:], None][: len(looks)]
    return [
        Kind.HEADING if kind is Kind.SHORT and under in _HEADED else kind
        for kind, under in zip(looks, below, strict=True)
    ]


def _with_verse(lines: tuple[Line, ...], width: int | None = None) -> tuple[Line, ...]:
    """The lines with those of stanzas as verse. A paragraph that fills the known width of its text is none."""
    out = list(lines)
    first = 0
    for i in range(1, len(lines) + 1):
        if i == len(lines) or lines[i].after_gap:
            if _is_stanza(lines[first:i]) and not (width and _fills(lines[first:i], width)):
                out[first:i] = [replace(line, kind=Kind.VERSE) for line in lines[first:i]]
            first = i
    return tuple(out)


def _fills(lines: Sequence[Line], width: int) -> bool:
    return sum(wrapping.flows_on(a, b, width) for a, b in pairwise(lines)) * 2 >= len(lines) - 1


def _is_stanza(lines: Sequence[Line]) -> bool:
    if len(lines) < STANZA_LINES:
        return False
    for line in lines:
        if len(line.text) > VERSE_CHARS or line.words < 3 or line.kind not in (Kind.SHORT, Kind.PROSE):
            return False
    pauses = sum(line.text[-1] in ",;:،、，—–-" for line in lines)
    return pauses >= 1 and pauses + sum(line.finished for line in lines) >= 0.4 * len(lines)
