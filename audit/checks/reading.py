"""CH501 and LK108: lines that no phrase list knows, but that read like labels, by the line model."""

from collections.abc import Callable, Iterator

from audit.boilerplate import least_sure
from audit.finding import Mark
from audit.model import reasons
from audit.outline import Outline, Role, is_repeated, outline
from audit.own import is_piece, speakers
from audit.page import Block, Kind, Page
from audit.phrases import first_of
from audit.registry import rule
from audit.speech import spoken

MOST_REASONS = 3
SHORT_WORDS = 8
LABELS = ("advertisement",)  # LK107 tells of it
LEAST_ASKING = 0.5  # of labels of one word that ask, with less, hardly one in four is injected
# Lists and code of real articles read like labels, too: of lines that are found with less, more are wrong than right.
LEAST_CHROME, LEAST_LINK = 0.45, 0.6
# Where nothing else on the page is chrome, nine in ten of the runs below this are link text or the author's.
LEAST_ALONE = 0.6
PROMPT = (">>>", "$ ")  # of an interpreter or shell


@rule("CH501", "reads-like-chrome", confidence=0.75)
def reads_like_chrome(page: Page) -> Iterator[Mark]:
    """A line inside the text reads like the furniture of a site, by its words, its looks and its neighbours.

    No phrase of the lists names it; the line model, learned from scraped pages, tells. The finding's confidence is the
    model's probability, and its message what weighed most.
    """
    least = LEAST_CHROME if _has_other_chrome(page) else LEAST_ALONE
    yield from _marks(page, Role.CHROME, least, "The line reads like part of the site")


@rule("LK108", "line-inside", confidence=0.75)
def line_inside(page: Page) -> Iterator[Mark]:
    """A line or two between two paragraphs belong to something else: a button, a caption, another page's headline.

    Either a phrase of the lists names what a site asks there (“Share this article”), or the line model tells. More of
    such lines in a row are site chrome.
    """
    view = outline(page)
    for i, cause in enumerate(view.causes):
        if cause is None or view.roles[i] is not Role.LINK or cause.group in LABELS:
            continue
        if cause.group == "related" and first_of(view.hits[i], "link_text", "line"):  # LK101 tells of it
            continue
        if cause.place == "has" or cause.is_label or view.noise[i] >= LEAST_ASKING:
            block, said = page.blocks[i], " ".join(page.text[cause.start : cause.end].split())
            sure = max(least_sure(view.hits[i], cause), view.noise[i])
            yield Mark(block.start, block.end, f"“{said}” stands between two paragraphs of the text.", sure)
    yield from _marks(page, Role.LINK, LEAST_LINK, "The line between two paragraphs is no part of them")


def _marks(page: Page, role: Role, least: float, what: str) -> Iterator[Mark]:
    """A mark for every block inside the text that has a role by the line model alone, at least so probably."""
    view, least = outline(page), page.bar(least)
    likely = (i for i, p in enumerate(view.noise) if p >= least and view.roles[i] is role)
    found = [i for i in likely if _is_by_model(page, view, i) and not (role is Role.LINK and is_piece(page, i))]
    for i, why in zip(found, reasons(page, found) if found else (), strict=True):
        block = page.blocks[i]
        said = ", ".join(_REASONS[part](block, view, i) for part in why[:MOST_REASONS])
        yield Mark(block.start, block.end, f"{what}: {said}." if said else f"{what}.", view.noise[i])


def _has_other_chrome(page: Page) -> bool:
    """Whether there is chrome on the page that more than the line model tells of, or that stands at an edge."""
    view = outline(page)
    return any(role is Role.CHROME and not _is_by_model(page, view, i) for i, role in enumerate(view.roles))


def _is_by_model(page: Page, view: Outline, i: int) -> bool:
    block = page.blocks[i]
    own = view.at_edge(i) or view.causes[i] is not None or i in spoken(page) or is_repeated(page, block)
    if own or block.text in speakers(page):
        return False
    labelled = any(h.group == "link_text" and h.place == "line" for h in view.hits[i])
    code = block.kind is Kind.CODE or block.text.startswith(PROMPT) or not any(map(str.isalnum, block.text))
    return not (labelled or code)


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
