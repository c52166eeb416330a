"""CH501 and LK108: lines that no phrase list knows, but that read like labels, by the line model."""

from collections.abc import Callable, Iterator

from audit.boilerplate import LEAST_SURE
from audit.finding import Mark
from audit.model import reasons
from audit.outline import Outline, Role, is_repeated, outline
from audit.page import Block, Kind, Page
from audit.registry import rule

MOST_REASONS = 3
SHORT_WORDS = 8
LABELS = ("advertisement",)  # LK107 tells of it
LEAST_ASKING = 0.5  # of phrases that ask, with less, hardly one in four is injected
# Lists and code of real articles read like labels, too: of what is found with less, as much is right as wrong.
LEAST = 0.6
PROMPT = (">>>", "$ ")  # of an interpreter or shell


@rule("CH501", "reads-like-chrome", confidence=0.75)
def reads_like_chrome(page: Page) -> Iterator[Mark]:
    """A line inside the text reads like the furniture of a site, by its words, its looks and its neighbours.

    No phrase of the lists names it; the line model, learned from scraped pages, tells. The finding's confidence is the
    model's probability, and its message what weighed most.
    """
    yield from _marks(page, Role.CHROME, "The line reads like part of the site")


@rule("LK108", "line-inside", confidence=0.75)
def line_inside(page: Page) -> Iterator[Mark]:
    """A line or two between two paragraphs belong to something else: a button, a caption, another page's headline.

    Either a phrase of the lists names what a site asks there (“Share this article”), or the line model tells. More of
    such lines in a row are site chrome.
    """
    view = outline(page)
    for i, cause in enumerate(view.causes):
        asks = cause is not None and view.roles[i] is Role.LINK and view.noise[i] >= LEAST_ASKING
        if cause is not None and asks and cause.group not in LABELS:
            block, said = page.blocks[i], " ".join(page.text[cause.start : cause.end].split())
            sure = max(LEAST_SURE, view.noise[i])
            yield Mark(block.start, block.end, f"“{said}” stands between two paragraphs of the text.", sure)
    yield from _marks(page, Role.LINK, "The line between two paragraphs is no part of them")


def _marks(page: Page, role: Role, what: str) -> Iterator[Mark]:
    """A mark for every block inside the text that has a role by the line model alone."""
    view = outline(page)
    found = [i for i in range(len(page.blocks)) if view.roles[i] is role and _is_by_model(page, view, i)]
    for i, why in zip(found, reasons(page, found) if found else (), strict=True):
        block = page.blocks[i]
        said = ", ".join(_REASONS[part](block, view, i) for part in why[:MOST_REASONS])
        yield Mark(block.start, block.end, f"{what}: {said}." if said else f"{what}.", view.noise[i])


def _is_by_model(page: Page, view: Outline, i: int) -> bool:
    block = page.blocks[i]
    known = view.causes[i] is not None or is_repeated(page, block)
    known = known or any(h.group == "link_text" and h.place == "line" for h in view.hits[i])
    code = block.kind is Kind.CODE or block.text.startswith(PROMPT) or not any(map(str.isalnum, block.text))
    return not (known or code or view.at_edge(i)) and view.noise[i] >= page.bar(LEAST)


def _looks(block: Block, view: Outline, i: int) -> str:
    length = "short" if block.words <= SHORT_WORDS else "not written like the prose around it"
    return length if block.finished else f"{length}, no sentence"


def _place(block: Block, view: Outline, i: int) -> str:
    if view.first is None or view.last is None:
        return "where no text is"
    if view.first < i < view.last:
        return "where labels often stand"
    return "before the text begins" if i < view.first else "after the end of the text"


_REASONS: dict[str, Callable[[Block, Outline, int], str]] = {
    "looks": _looks,
    "phrases": lambda block, view, i: "holding a phrase that sites use",
    "place": _place,
    "words": lambda block, view, i: "with words the text does not share",
    "label": lambda block, view, i: "worded like a label",
    "around": lambda block, view, i: "among lines like it",
}
