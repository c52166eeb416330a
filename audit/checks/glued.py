"""LK109: something else is glued to the end of a paragraph."""

from collections.abc import Iterator

from audit.decisions import decide, is_standfirst
from audit.finding import Mark
from audit.outline import Role, outline
from audit.page import Page
from audit.registry import rule
from audit.sentences import sentences

_OWN = "-–—―~([（"  # so begin the source of a quotation, a signature and a reference, which are the author's


@rule("LK109", "glued-headline", confidence=0.75)
def glued_headline(page: Page) -> Iterator[Mark]:
    """A headline, label or credit is glued to the end of a paragraph: “… he said. Five walks for spring”.

    It follows the end of a sentence and is none itself. Whether it is that or a sentence that was cut is weighed by
    numbers learned from whole and cut articles and from articles with another page's headline in this place.
    """
    roles = outline(page).roles
    for place in decide(page).glued:
        block = page.blocks[place.block]
        tail = sentences(block.text)[1]
        own = tail[0] in _OWN or is_standfirst(page, place)
        if roles[place.block] is Role.CONTENT and not own:
            said = " ".join(tail.split())
            message = f"“{said}” follows the end of a sentence and is no part of the paragraph."
            yield Mark(block.end - len(tail), block.end, message, place.probability)
