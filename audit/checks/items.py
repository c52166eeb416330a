"""LD106: the text starts with the first of its items; what they are items of is unsaid."""

from collections.abc import Iterator

from audit.cues.items import item_of
from audit.finding import Mark
from audit.outline import outline
from audit.page import Page
from audit.registry import rule

LEAST_WORDS = 8  # of a paragraph; rows of shorter lines are menus and tables of contents


@rule("LD106", "starts-with-first-item", confidence=0.75, severity="warning")
def starts_with_first_item(page: Page) -> Iterator[Mark]:
    """The text starts with the first of its items: “1. Soak the beans”, “Step 1”, “Schritt 1”, “步骤一”.

    The headline and the paragraph that say what the items are of are missing. The second item must come later in the
    same form, and a paragraph with the first. Texts whose first section is an introduction, an overview or the like
    are whole.
    """
    first = outline(page).first
    item = None if first is None else item_of(page, page.blocks[first])
    if first is None or item is None or item.number != 1 or item.opens:
        return
    told = 0
    for block in page.blocks[first:]:
        other = item_of(page, block)
        if other and other.form == item.form and other.number == 2:
            if told >= LEAST_WORDS:
                at = page.blocks[first].start
                yield Mark(at, at, "The text starts with the first of its items: nothing says what they are.")
            return
        told = max(told, block.words)
