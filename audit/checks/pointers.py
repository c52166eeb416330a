"""LK103: a line, or the title below it, points to another page."""

import re
from collections.abc import Iterator

from audit.finding import Mark
from audit.model import FEW_WORDS
from audit.outline import Outline, outline
from audit.own import is_piece
from audit.page import Kind, Page
from audit.phrases import Hit, first_of
from audit.registry import rule
from audit.topic import held_by

_KEY = re.compile(r"[\W_]{0,3}[^\W\d_][\w /-]{0,24}:\s")
POINTER = 0.08  # where the line model finds a line less noisy, “Explainer: …” is as often a heading as a link
ENTRY_WORDS = 8  # of an entry in a list of what things are
HEADS = 0.5  # a line heads the paragraph below it when so many of its telling words stand there
_TITLES = (Kind.SHORT, Kind.HEADING, Kind.PROSE)
_BELOW = "continues below"  # what follows is the text's own, maybe a heading


@rule("LK103", "pointer-line", confidence=0.85)
def pointer_line(page: Page, *, max_words: int = 30) -> Iterator[Mark]:
    """A line points to another page: “Read also: …”, “RELATED: …”, “Lesen Sie auch: …”, “Baca juga: …”.

    The words that lead in must be followed by a colon or by a title; a finished sentence that merely begins with them
    is prose. Where they stand alone on their line, the title on the next one is meant, unless it heads the paragraph
    below it.

    Options: max_words, the longest such line.
    """
    view = outline(page)
    for i in view.told:
        block, hit = page.blocks[i], first_of(view.hits[i], "link_text", "start")
        if hit is None:
            continue
        lead = page.text[hit.start : hit.end]
        if first_of(view.hits[i], "link_text", "line"):
            if not block.finished and not hit.phrase.endswith(_BELOW) and _has_title(page, i, max_words):
                title = page.blocks[i + 1]
                yield Mark(title.start, title.end, f"The line is the title of another page, after “{lead}”.", 0.8)
        elif block.words <= max_words and _points(page, view, i, hit) and not is_piece(page, i):
            sure = 0.92 if hit.colon else 0.75
            yield Mark(block.start, block.end, f"The line points to another page (“{lead}”).", sure)


def _has_title(page: Page, i: int, max_words: int) -> bool:
    """Whether a line after a lead-in that stands alone is a title: no sentence, and a paragraph comes after it.

    A line that has its words in common with the paragraph heads it.
    """
    if i + 2 >= len(page.blocks):
        return False
    title, below = page.blocks[i + 1 : i + 3]
    plain = title.kind in _TITLES and not title.finished and title.words <= max_words
    return plain and below.is_running and below.finished and held_by(page, title.text, below.text) < HEADS


def _points(page: Page, view: Outline, i: int, hit: Hit) -> bool:
    """Whether words that lead in are followed by a title, and the line is no entry of a list and no title itself."""
    block, several = page.blocks[i], " " in hit.phrase
    if block.text == page.document.title or (i == 0 and not several):
        return False
    doubtful = view.noise[i] < POINTER and page.words >= FEW_WORDS and not (hit.colon and several)
    title_like = several and not block.finished and block.words >= len(hit.phrase.split()) + 3
    if doubtful or not (hit.colon or (title_like and block.text[-1] not in ":：")):
        return False
    return not (hit.colon and not several and _is_entry(page, view, i))


def _is_entry(page: Page, view: Outline, i: int) -> bool:
    """Whether a line with one word before a colon stands in a list of such: “Sensor: …”, “Video: …”, “Weight: …”."""
    around = [j for j in (i - 1, i + 1) if 0 <= j < len(page.blocks)]
    if page.blocks[i].kind is Kind.LIST and any(page.blocks[j].kind is Kind.LIST for j in around):
        return True
    return page.blocks[i].words <= ENTRY_WORDS and any(
        _KEY.match(page.blocks[j].text)
        and not (page.blocks[j].finished or first_of(view.hits[j], "link_text", "start"))
        for j in around
    )
