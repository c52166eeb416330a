"""TR1: a text that goes by a pattern stops before the pattern is complete."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from audit.finding import Mark
from audit.outline import Role, outline
from audit.page import Block, Page
from audit.registry import rule
from audit.script import CLOSERS, EDGE

QUESTION_MARKS = ("?", "？", "؟", "\u037e", "՞", "፧")  # the fourth is Greek, and looks like a semicolon
# So many answered questions make an interview, when they are so large a share of its paragraphs.
ANSWERED, ASKED, LONGEST = 1, 0.33, 60
# So many rows of as many cells, straight above the last one, make a table.
ROWS, SEPARATORS = 2, ("|", "\t", ";")
ROW_CHARS = 1000  # of a row; data of longer lines is no table of a text
_CLOSING = "".join(sorted(CLOSERS)) + EDGE


@rule("TR106", "unanswered-question", confidence=0.8, severity="error")
def unanswered_question(page: Page, *, max_words: int = LONGEST) -> Iterator[Mark]:
    """An interview stops after a question.

    Other paragraphs must be questions, a third of all, and a paragraph that is none must follow each: a text may well
    end with a question, an interview whose questions were all answered does not.

    Options: max_words, the longest question.
    """
    view = outline(page)
    if view.last is None or not _asks(page.blocks[view.last], max_words):
        return
    told = [b for b, role in zip(page.blocks, view.roles, strict=True) if role is Role.CONTENT and b.words > 2]
    asks = [_asks(block, max_words) for block in told]
    asked = sum(asks) - 1
    if asked >= ANSWERED and asked >= ASKED * (len(told) - 1) and not _in_a_row(asks):
        block = page.blocks[view.last]
        yield Mark(block.end, block.end, f"The last of {asked + 1} questions has no answer.")


@rule("TR107", "cut-row", confidence=0.85, severity="error")
def cut_row(page: Page) -> Iterator[Mark]:
    """A table stops inside a row: its last row has fewer cells than those above it, or an empty last one.

    Cells are parted by bars, tabs or semicolons, and two rows above must have the same number of them.
    """
    view = outline(page)
    if view.last is None:
        return
    at = page.blocks[view.last].last
    lines = page.lines[max(0, at - ROWS) : at + 1]
    able = len(lines) > ROWS and not lines[-1].finished and all(len(line.text) <= ROW_CHARS for line in lines)
    for sign in SEPARATORS if able else ():
        *above, last = (_cells(line.text, sign) for line in lines)
        if _stops(last, above):
            line = lines[-1]
            yield Mark(line.end, line.end, f"The last row of a table stops after “{line.text[-25:].strip()}”.")
            return


def _asks(block: Block, most: int) -> bool:
    return block.words <= most and block.text.rstrip(_CLOSING).endswith(QUESTION_MARKS)


def _in_a_row(asks: Sequence[bool]) -> bool:
    """Whether two questions follow each other."""
    return any(a and b for a, b in pairwise(asks))


def _cells(row: str, sign: str) -> list[str]:
    """The cells of a row, without those before a first and after a last border."""
    cells = [cell.strip(EDGE) for cell in row.split(sign)]
    return cells[1:] if not cells[0] else cells


def _stops(last: Sequence[str], above: Sequence[Sequence[str]]) -> bool:
    """Whether a row has the beginning of what those above it have, which are alike."""
    wanted = len(above[0])
    if not 1 < len(last) <= wanted or any(len(row) != wanted for row in above):
        return False
    return len(last) < wanted or (not last[-1] and all(row[-1] for row in above))
