"""Marks for the blocks that a group of phrases makes chrome: what the rules of the CH families share."""

from collections.abc import Iterator

from audit.finding import Mark
from audit.outline import Role, is_repeated, outline
from audit.page import Page

# A phrase, or company of labels, is evidence of its own: where the model is unsure, it is right more often than not.
LEAST_SURE = 0.55


def chrome_marks(page: Page, group: str, what: str, *, least: float = 0.0) -> Iterator[Mark]:
    """A mark for every chrome block whose most specific phrase is of `group`; `what` names it in the message.

    Blocks that the line model finds noise less probably than `least` are left out.
    """
    view = outline(page)
    for i in view.told:
        hit = view.causes[i]
        if hit is None or hit.group != group or view.roles[i] is not Role.CHROME or view.noise[i] < least:
            continue
        block = page.blocks[i]
        said = " ".join(page.text[hit.start : hit.end].split())
        where = "at the edge of the text" if view.at_edge(i) else "inside the text"
        message, sure, evidence = f"“{said}” is {what}, {where}.", max(LEAST_SURE, view.noise[i]), {}
        if is_repeated(page, block):
            repeat = page.repeats[block.first]
            message, evidence = f"{message[:-1]}; the line {repeat.said}.", repeat.evidence
        yield Mark(block.start, block.end, message, sure, evidence=evidence)
