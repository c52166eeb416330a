"""CH502 and LK112: lines in which a site speaks to its visitors, in words that no phrase list has."""

from collections.abc import Iterator

from audit.finding import Mark
from audit.outline import Role, is_repeated, outline
from audit.own import is_piece
from audit.page import Page
from audit.registry import rule
from audit.speech import spoken

# Where the line model is less sure, as of a sentence between two paragraphs, and where it is surer: what the lists of
# phrases name is told by their rules.
SURE, SUREST = 0.7, 0.75
_WORDED = "is worded as sites speak to their visitors, and shares few words with the text"


@rule("CH502", "speaks-for-the-site", confidence=0.7)
def speaks_for_the_site(page: Page) -> Iterator[Mark]:
    """A line above or below the text says what a site says to its visitors.

    No phrase of the lists names it. Its words tell, learned from lines that were written for this as sites word them
    in forty-three languages: appeals, notices, prices of subscriptions, questions about the page. It has little in
    common with the text. A text that is about such matters itself, such as a manual or terms of use, is left alone.
    """
    yield from _marks(page, Role.CHROME, f"The line {_WORDED}.")


@rule("LK112", "speaks-inside", confidence=0.7)
def speaks_inside(page: Page) -> Iterator[Mark]:
    """A line or two between paragraphs say what a site says to its visitors, as CH502 has it."""
    yield from _marks(page, Role.LINK, f"The line between two paragraphs {_WORDED}.")


def _marks(page: Page, role: Role, message: str) -> Iterator[Mark]:
    view = outline(page)
    for i in sorted(spoken(page)):
        block = page.blocks[i]
        own = is_repeated(page, block) or (role is Role.LINK and is_piece(page, i))
        if view.roles[i] is role and view.causes[i] is None and not own:
            yield Mark(block.start, block.end, message, min(SUREST, max(SURE, view.noise[i])))
