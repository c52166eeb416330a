"""LK109: something else is glued to a paragraph."""

import re
from collections.abc import Iterator

from audit.decisions import decide, is_standfirst
from audit.finding import Mark
from audit.headline import headline_end
from audit.outline import Role, outline
from audit.page import Block, Page
from audit.registry import rule
from audit.sentences import sentences

_OWN = "-–—―~([（"  # so begin the source of a quotation, a signature and a reference, which are the author's
_ARROWS = "⇥→↑▶►▸➔⟶ \t"
# A sentence that ends before a digit or small letter ends all the same after a word that is hardly shortened.
_LAST_END = re.compile(r"[^\W\d_]{4}[.!?][\"”’»)]?\s+(?=[\da-zß-ÿа-я])")
# The entry of a list after the end of a sentence: a remark begins with a star, but after no formula.
_BULLET = re.compile(r"(?<=[.!?…。！？”\"»’])\s?(?:[•▪●]|(?<=\s)[*·](?=\s))\s?(?=[^\W\d_])(?![a-zß-ÿа-я])")
_BULLETS, PARAGRAPH_WORDS = frozenset("•▪●*·"), 15


@rule("LK109", "glued-headline", confidence=0.75)
def glued_headline(page: Page) -> Iterator[Mark]:
    """A headline, label or credit is glued to the end of a paragraph: “… he said. Five walks for spring”.

    It follows the end of a sentence and is none itself. Whether it is that or a sentence that was cut is weighed by
    numbers learned from whole and cut articles and from articles with another page's headline in this place.

    A bullet in the midst of a paragraph, the only one of it, is that of another page's headline as well: “… he said. •
    Five walks for spring The mayor had …”.
    """
    roles = outline(page).roles
    for place in decide(page).glued:
        block = page.blocks[place.block]
        tail = _last(block)
        own = tail.lstrip(_ARROWS)[:1] in _OWN or is_standfirst(page, place)
        if roles[place.block] is Role.CONTENT and not own:
            said = " ".join(tail.split())
            message = f"“{said}” follows the end of a sentence and is no part of the paragraph."
            yield Mark(block.end - len(tail), block.end, message, place.probability)
    for block, role in zip(page.blocks, roles, strict=True):
        if role is Role.CONTENT and (span := _after_bullet(page, block)):
            said = " ".join(page.text[slice(*span)].split())
            yield Mark(*span, f"“{said}” stands after a bullet in a paragraph and is no part of it.")


def _last(block: Block) -> str:
    """What follows the last sentence of a paragraph."""
    tail = sentences(block.text)[1]
    ends = [m.end() for m in _LAST_END.finditer(tail)]
    return tail[ends[-1] :] if ends else tail


def _after_bullet(page: Page, block: Block) -> tuple[int, int] | None:
    """The span of a bullet inside a paragraph that has no other, with the headline after it."""
    text = block.text
    if block.words < PARAGRAPH_WORDS or text[0] in _BULLETS or _BULLETS.isdisjoint(text):
        return None
    found = list(_BULLET.finditer(text))
    if len(found) != 1:
        return None
    end = found[0].end()
    title = text[end : end + headline_end(text[end:], page.lang)].rstrip()
    return (block.start + end - len(found[0][0].lstrip()), block.start + end + len(title)) if title else None
