"""LK111: a sentence inside a paragraph in which the site asks for something."""

from collections.abc import Iterator

from audit.finding import Mark
from audit.notices import strange_groups
from audit.outline import Role, outline
from audit.page import Page
from audit.registry import rule
from audit.sentences import sentence_at, sentence_ends

ASKING = frozenset({"comments", "donate", "share", "subscribe"})
LEAST_WORDS = 15  # of a paragraph that has more in it than the appeal; a shorter one is a line of its own


@rule("LK111", "appeal-inside", confidence=0.7)
def appeal_inside(page: Page) -> Iterator[Mark]:
    """A sentence of a paragraph is the site's: “Sign up for our newsletter here.”, “Follow us on …”.

    It has one of the specific phrases of the lists, which hardly any article has, and the paragraph has other
    sentences, which are the text's own.
    """
    view = outline(page)
    for i in view.told:
        block = page.blocks[i]
        if view.roles[i] is not Role.CONTENT or not block.is_running or block.words < LEAST_WORDS:
            continue
        asking = [h for h in view.hits[i] if h.place == "has" and h.group in ASKING]
        ends, end = sentence_ends(block.text) if asking else [], -1
        for hit in asking:
            if hit.start < end or hit.group not in strange_groups(page):
                continue
            start, end = sentence_at(block.text, ends, hit.start - block.start, hit.end - block.start)
            start, end = block.start + start, block.start + end
            if (start, end) != (block.start, block.end):
                said = " ".join(page.text[hit.start : hit.end].split())
                yield Mark(start, end, f"The sentence with “{said}” is no part of the paragraph.")
