"""CH402: lines that are chrome because they stand among a site's labels, above or below the text."""

import re
from collections.abc import Iterator

from audit.boilerplate import LEAST_SURE
from audit.finding import Mark
from audit.model import ENOUGH_WORDS
from audit.outline import Outline, Role, is_repeated, outline
from audit.own import is_byline, is_date, is_farewell, is_name, is_opening, speakers
from audit.page import Block, Page
from audit.registry import rule
from audit.together import kept
from audit.topic import stems

DATELINES = 4  # lines above the text that its date may stand in
# A line of so many words straight above the text is its headline where the line model is unsure. Where it is surer, and
# at the top of a page, the line must have this share of its telling words in common with the paragraphs, and below
# other lines a word more and running text under it. Of lines surer than the last hardly any is a headline.
TITLE_WORDS = 4
HEADLINE_SHARE, TITLE_SURE = 0.5, 0.8
FAREWELL_WORDS = 7
_DASH_NAME = re.compile(r"(?:—|–|--)\s?(?!\d)\w[\w.]{0,15}(?:\s[^\W\d_][\w.]{0,15})?$")  # “— JS”
_BULLET = re.compile(r"(?:[-*+•●▪o·–]|\d+[.)])\s")


@rule("CH402", "edge-fragments", confidence=0.75)
def edge_fragments(page: Page) -> Iterator[Mark]:
    """Lines among the site's labels, before the text begins or after it ended: menus, tags, teasers.

    Next to the text its date, its author, its headline, the head of its first section (“Key takeaways”) and the words
    with which its author takes leave are its own, and so are the names of those who speak in an interview.
    """
    view = outline(page)
    if page.words < ENOUGH_WORDS and not any(view.causes):  # too little to tell a signature from a menu
        return
    top, speaking = _top(view), speakers(page)
    for i in (*range(view.head), *range(view.tail, len(view.roles))):
        block = page.blocks[i]
        if view.roles[i] is not Role.CHROME or view.causes[i] is not None or is_repeated(page, block):
            continue
        if block.text not in speaking and not _is_own(page, view, i, top):
            near = "above the text" if i < top else "below the text"
            message = f"The line stands among the site's labels {near}."
            yield Mark(block.start, block.end, message, max(LEAST_SURE, view.noise[i]))


def _is_own(page: Page, view: Outline, i: int, top: int) -> bool:
    """Whether a line of an edge zone is, or may be, the text's own; `top` lines lie above the text."""
    block = page.blocks[i]
    text = block.text
    if not any(map(str.isalnum, text)):
        return True
    if top - DATELINES <= i <= view.tail and (is_date(text) or is_byline(text)):
        return True
    if page.words < ENOUGH_WORDS and block.is_running and block.finished:  # of its own, or a teaser
        return True
    return _heads(page, view, i, top) if i < top else _takes_leave(page, view, i)


def _top(view: Outline) -> int:
    """How many blocks lie above the text; of a page that is chrome from end to end, those before any content."""
    return view.head if view.tail else view.first or 0


def _heads(page: Page, view: Outline, i: int, top: int) -> bool:
    """Whether a line above the text is its headline, or heads its first section."""
    block, noise = page.blocks[i], view.noise[i]
    below = page.blocks[i + 1] if view.roles[i + 1 : i + 2] == (Role.CONTENT,) else None
    if below and is_opening(block.text):
        return True
    if block.words < TITLE_WORDS or _BULLET.match(block.text) or noise >= TITLE_SURE:
        return False
    if i == top - 1 and noise < LEAST_SURE:
        return True
    above_text = below is not None and below.is_running and block.words > TITLE_WORDS and not view.hits[i]
    return (i == 0 or above_text) and _told_share(page, block.text) >= HEADLINE_SHARE


def _takes_leave(page: Page, view: Outline, i: int) -> bool:
    """Whether a line straight below the text is its author's farewell, or the name under one."""
    block, above = page.blocks[i], view.roles[max(0, i - 2) : i]
    if above[-1:] == (Role.CONTENT,) and (_is_farewell(block) or _DASH_NAME.match(block.text)):
        return True
    return Role.CONTENT in above and is_name(block.text) and _is_farewell(page.blocks[i - 1])


def _is_farewell(block: Block) -> bool:
    return block.words <= FAREWELL_WORDS and is_farewell(block.text)


def _told_share(page: Page, text: str) -> float:
    """The share of a line's telling words that the paragraphs of the text have; 1 without any."""
    own = stems(page, text)
    return sum(stem in _told(page) for stem in own) / len(own) if own else 1.0


@kept
def _told(page: Page) -> frozenset[str]:
    """The beginnings of the words of the paragraphs."""
    roles = outline(page).roles
    prose = (b.text for b, role in zip(page.blocks, roles, strict=True) if b.is_running and role is Role.CONTENT)
    return frozenset().union(*(stems(page, text) for text in prose))
