"""LK101, LK102 and LK107: the labels of links and of advertisements."""

import re
from collections.abc import Iterator

from audit.finding import Mark
from audit.headline import headline_end
from audit.model import FEW_WORDS
from audit.outline import Role, outline
from audit.page import Page
from audit.phrases import INSIDE, Hit, first_of
from audit.registry import rule
from audit.visible import in_short

LABEL = 0.2  # where the line model finds a line less noisy, “Learn more” is as often a heading as a link
BRACKETS, BRACKET_CHARS = {"(": ")", "[": "]", "（": "）", "【": "】"}, 200
COLONS = ":："
_COLON = re.compile(rf"\s?[{COLONS}]")


@rule("LK101", "label-line", confidence=0.93)
def label_line(page: Page) -> Iterator[Mark]:
    """A line is nothing but the label of a link: “Read more”, “Click here”, “Mehr lesen”, “阅读更多”.

    “Continue reading” and the like count when the text does go on; at its end they are TR202.
    """
    view = outline(page)
    for i in view.told:
        block = page.blocks[i]
        hit = first_of(view.hits[i], "link_text", "line") or first_of(view.hits[i], "continues", "line")
        if hit and _is_link(hit, view.last) and (view.noise[i] >= LABEL or page.words < FEW_WORDS):
            sure = 0.93 if view.at_edge(i) or block.words > 1 else 0.8
            yield Mark(block.start, block.end, f"The line is only the label of a link, “{in_short(block.text)}”.", sure)


@rule("LK102", "label-inside", confidence=0.9)
def label_inside(page: Page) -> Iterator[Mark]:
    """A link's label stands inside a paragraph, after the end of a sentence: “… to hard-hit areas. read more”.

    Also the label of an advertisement, one in brackets, glued to the word before it (“areas.Read more”), or followed by
    the headline that it points to (“… to the area. Read also: Five ways to cross a fen”); of that headline as much is
    marked as is no part of the next sentence. After dots (“… of the fen...
    Read more”) it is the mark of a cut, which the rules TR2 tell of.
    """
    view = outline(page)
    for i in view.told:
        if view.causes[i] is not None and view.roles[i] is not Role.CONTENT:
            continue  # all of the block is the site's
        end = -1
        for hit in view.hits[i]:
            dotted = page.text[max(0, hit.start - 9) : hit.start].rstrip(" \n([").endswith(("...", "…"))
            if hit.place in INSIDE and hit.start >= end and _is_link(hit, view.last) and not dotted:
                stop = _pointer_end(page, hit) if hit.group == "link_text" else hit.end
                start, end = _with_brackets(page.text, hit.start, stop)
                yield Mark(start, end, f"The label of a link, “{page.text[start:end]}”, stands after a sentence.")


@rule("LK107", "advertisement-inside", confidence=0.9)
def advertisement_inside(page: Page) -> Iterator[Mark]:
    """The label of an advertisement, “Advertisement”, “Anzeige”, “广告”, stands inside the text."""
    view = outline(page)
    for i in view.told:
        block = page.blocks[i]
        if not view.at_edge(i) and first_of(view.hits[i], "advertisement", "line"):
            yield Mark(
                block.start,
                block.end,
                f"The label of an advertisement, “{in_short(block.text)}”, stands inside the text.",
            )


def _is_link(hit: Hit, last: int | None) -> bool:
    """Whether a label belongs to a link: one that says that the text goes on does so before the last content only."""
    if hit.group == "continues":
        return last is not None and hit.block < last
    return hit.group in ("link_text", "advertisement", "share", "subscribe")


def _pointer_end(page: Page, hit: Hit) -> int:
    """Where a label ends, or a lead-in with the headline after its colon; without that, if its end cannot be told."""
    end = hit.start + len(hit.phrase)
    colon = hit.phrase[-1] in COLONS or _COLON.match(page.text, end)
    if not colon:
        return hit.end
    end = end if colon is True else colon.end()
    closing = BRACKETS.get(page.text[hit.start - 1 : hit.start])
    if closing and (at := page.text.find(closing, end, end + BRACKET_CHARS)) >= 0:
        return at
    title = headline_end(page.text[end : page.blocks[hit.block].end], page.lang)
    return end + len(page.text[end : end + title].rstrip())


def _with_brackets(text: str, start: int, end: int) -> tuple[int, int]:
    """The span with a bracket or arrow around it, and the full stop after it, as in “Read more.”."""
    if closing := BRACKETS.get(text[max(0, start - 1) : start]):
        at = text.find(closing, end, end + 6)
        return start - 1, at + 1 if at >= 0 else end
    while end < len(text) and text[end] in ".»›→>":
        end += 1
    return start, end
