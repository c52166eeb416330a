"""TR2: the text carries the mark of whoever shortened it."""

import re
from collections.abc import Iterator

from audit.boilerplate import is_teaser
from audit.cues.ends import BRACKET, COUNT, goes_on
from audit.decisions import decide
from audit.finding import Mark
from audit.outline import outline
from audit.page import Page
from audit.registry import rule

# NewsAPI and the like: "… [+1234 chars]"; WordPress: "[…]", "[...]".
_COUNT, _BRACKET = re.compile(COUNT), re.compile(BRACKET)
_CLOSES = "])）】"  # what a count or a bracket ends with
_DOTS = re.compile(r"(?:…|\.{3,})$")
_BEFORE = re.compile(r"…|\.{3}|\[(?:…|\.{3})\]")
_ALONE = re.compile(r"\A(?:…|\.{3})[.…]*+$")
_PAUSE = re.compile(r"[\"'”’»“‘«」』)]$")


@rule("TR201", "mark-at-end", confidence=0.95, severity="error")
def mark_at_end(page: Page, *, min_words_before_dots: int = 5) -> Iterator[Mark]:
    """The text ends with a mark that it was shortened: `[+1234 chars]`, `[…]`, `(...)`, `—More…`, or bare dots.

    Also `(continued)` and “Continued on page 4”, and dots on a line of their own.

    Dots of an author who lets a thought trail off look like dots of a cutter: they count less, not at all inside a
    closing quotation, not after a short line, and not below the head of a list of other texts, whose teasers end so.

    Options: min_words_before_dots, the least words of a last line whose dots count.
    """
    view, end = outline(page), decide(page).end
    places = (view.last, len(page.blocks) - 1, end.block if end and end.is_shown else None)
    for i in dict.fromkeys(i for i in places if i is not None and i >= 0):
        block = page.blocks[i]
        tail = block.text[-60:]
        for pattern, what in ((_COUNT, "a count of the characters left out"), (_BRACKET, "a mark of omission")):
            found = [m for m in pattern.finditer(tail) if len(tail) - m.end() <= 3]
            if found:
                start = block.end - len(tail) + found[-1].start()
                yield Mark(start, block.end, f"The text ends with {what}, “{block.text[start - block.start :]}”.", 0.99)
                return
        if said := goes_on(tail):
            yield Mark(
                block.end - len(said), block.end, f"The text ends with “{said}”, as copy is marked that goes on."
            )
            return
        labelled = any(h.place == "line" and h.group in ("link_text", "continues") for h in view.hits[i])
        if i and page.blocks[i - 1].is_running and (_ALONE if not labelled else _BEFORE).match(block.text):
            yield Mark(block.start, block.end, "The text ends with dots on a line of their own.", 0.9)
            return
        if is_teaser(view, i):
            continue
        if i == view.last and _DOTS.search(tail) and block.words >= min_words_before_dots and not _PAUSE.search(tail):
            start = block.end - len(_DOTS.search(tail)[0])  # type: ignore[index]
            yield Mark(
                start, block.end, "The text ends with dots, as cutters leave them.", 0.85 if block.is_running else 0.6
            )
            return


@rule("TR202", "goes-on-elsewhere", confidence=0.9, severity="error")
def goes_on_elsewhere(page: Page) -> Iterator[Mark]:
    """The text ends with an invitation to read the rest elsewhere: “Continue reading”, “Read the full story”.

    Counts for the last block of content, and for a label that follows it.
    """
    view = outline(page)
    if view.last is None:
        return
    last = page.blocks[view.last]
    for hit in [h for found in view.hits[view.last :] for h in found if h.group == "continues"]:
        closes = hit.block > view.last or hit.place == "line" or last.end - hit.end <= 5
        if closes and not _is_invitation_to_more(page, hit.block):
            label = page.text[hit.start : hit.end]
            yield Mark(hit.start, hit.end, f"The text ends with “{label}”: it goes on elsewhere.")
            return


@rule("TR203", "mark-inside", confidence=0.7, severity="warning")
def mark_inside(page: Page) -> Iterator[Mark]:
    """A mark of shortening stands inside the text, with text after it: a teaser or several cut texts in one.

    An omission inside a quotation, “[…]” between words of one sentence, is the author's and is passed over.
    """
    view = outline(page)
    if view.last is None:
        return
    for i, block in enumerate(page.blocks[view.head : view.last], view.head):
        if block.text[-1] not in _CLOSES or view.at_edge(i) or not block.is_running:
            continue
        found = _COUNT.search(block.text[-60:]) or _BRACKET.search(block.text[-8:])
        if found and block.text.endswith(found[0]):
            start = block.end - len(found[0])
            yield Mark(start, block.end, f"A paragraph inside the text ends with “{found[0]}”.")


def _is_invitation_to_more(page: Page, block: int) -> bool:
    """A label deep in the footer belongs to another story's teaser."""
    view = outline(page)
    return view.last is not None and block - view.last > 3
