"""CH601 and LK301: where the source page has what does not belong to the article."""

from collections.abc import Iterator

from audit.finding import Mark
from audit.outline import outline
from audit.page import Block, Kind, Page
from audit.registry import rule
from audit.source.evidence import Evidence, Place, Stand, evidence

# What the regions of a page are called in messages.
REGIONS = {
    "nav": "the navigation",
    "header": "the site's header",
    "footer": "the footer",
    "aside": "a box beside the article",
    "form": "a form",
    "dialog": "a dialog",
    "button": "a button",
    "related": "a list of other texts",
    "subscribe": "an appeal to subscribe",
    "share": "the buttons for sharing",
    "comments": "the comments",
    "consent": "a dialog",
    "author": "the box about the author",
    "tags": "the list of tags",
}
EDGE_SURE, OUTSIDE_SURE, INSIDE_SURE, LIST_SURE = 0.96, 0.85, 0.8, 0.75
PROSE_WORDS = 30  # such a paragraph, apart or in a box, may be a part of the article that is laid out otherwise
LABELS = (Kind.SHORT, Kind.HEADING, Kind.LIST)
LINK_SHARE = 0.9  # of the words of a line that is a link
COMPANY = 8  # lines that are looked at on either side of a doubtful one
LEAST_PLACED = 4  # words of a line whose place on the page is sure even where it is out of order
# Where the page leaves a doubt, a line's own words must look like a site's this much: in boxes or apart, and apart from
# the article but in the same element of the page, without a link.
APART, WITHIN = 0.3, 0.7
# At the edge these hold notes of the article as well; a table of contents is navigation.
_WEAK = frozenset(("aside", "author", "related"))
_DOUBTFUL = (Place.REGION, Place.OUTSIDE, Place.LINK, Place.ABSENT)
# Inside the text these hold what authors put there as well: quotes, tables of contents, boxes.
_MIXED = frozenset(("aside", "nav", "header", "button", "form", "tags", "author", "dialog"))


@rule("CH601", "chrome-on-page", confidence=0.95)
def chrome_on_page(page: Page, *, max_words_inside: int = 40) -> Iterator[Mark]:
    """The source page has the line in its navigation, header, footer, a form or box, or away from the article.

    Boxes inside an article may be its own, so that between paragraphs only those of sharing, comments, related texts
    and appeals count. Headlines, bylines and dates, which stand over the article, do not.

    Options: max_words_inside, the longest such block between paragraphs.
    """
    shown = evidence(page)
    if shown is None or shown.first is None or shown.last is None:
        return
    for i, (block, stand) in enumerate(zip(page.blocks, shown.stands, strict=True)):
        inside = shown.first <= i <= shown.last
        why = _inside(stand, block, max_words_inside) if inside else _at_edge(page, shown, i)
        if why:
            yield Mark(block.start, block.end, why[0], why[1], {"place": stand.region or str(stand.place)})


def _inside(stand: Stand, block: Block, most: int) -> tuple[str, float] | None:
    """Why a block between paragraphs is no part of the article."""
    if stand.place is not Place.REGION or stand.region in _MIXED or stand.region is None:
        return None
    if not (stand.in_order or block.words >= LEAST_PLACED):
        return None
    if block.words > most or block.kind is Kind.LIST or _may_be_own(stand):
        return None
    return f"On the source page it stands in {REGIONS[stand.region]}.", INSIDE_SURE


def _may_be_own(stand: Stand) -> bool:
    """Whether authors put such regions between paragraphs: lists of sources, the footers of boxes and quotes."""
    if stand.region == "footer":
        return stand.within and stand.linked < LINK_SHARE
    return stand.region == "related" and not stand.linked


def _at_edge(page: Page, shown: Evidence, i: int) -> tuple[str, float] | None:
    """Why a block before the first or after the last paragraph is no part of the article.

    In boxes or apart there may be notes of the article: those count next to what is surely the site's, whole
    paragraphs when that lies between them and the article.
    """
    block, stand, noise = page.blocks[i], shown.stands[i], outline(page).noise[i]
    if not (stand.in_order or block.words >= LEAST_PLACED):
        return None
    if stand.place is Place.OUTSIDE and stand.within and not stand.linked and noise < WITHIN:
        return None
    if block.words > PROSE_WORDS and block.finished and (stand.region is None or _is_weak(stand)):
        return None
    sentence = block.is_running and block.finished and not stand.linked
    if noise < APART and not (_is_sure(stand) and stand.region):
        return None
    stands_apart = _is_sure(stand) or (_is_cut_off(shown, i) if sentence else _has_company(shown, i))
    return _why(stand, block) if stands_apart else None


def _is_sure(stand: Stand) -> bool:
    """Whether a block is the site's by its place alone; one over the body may be a byline or date."""
    if stand.place is not Place.REGION or stand.over:
        return stand.place is Place.OUTSIDE and stand.linked > 0 and not stand.over
    return not _is_weak(stand) or (stand.region != "author" and stand.linked >= LINK_SHARE)


def _is_weak(stand: Stand) -> bool:
    """Whether a region may hold what is the article's as well, as the footer of an article does."""
    return stand.region in _WEAK or (stand.region == "footer" and stand.within)


def _has_company(shown: Evidence, i: int) -> bool:
    """Whether what is surely the site's is next to a block, or reached from it over other doubtful lines."""
    for step in (-1, 1):
        k = i + step
        while 0 <= k < len(shown.stands) and abs(k - i) <= COMPANY and shown.stands[k].place in _DOUBTFUL:
            if _is_sure(shown.stands[k]) or (_is_off(shown.stands[k]) and shown.stands[k].linked):
                return True
            k += step
    return False


def _is_cut_off(shown: Evidence, i: int) -> bool:
    """Whether a block of a sure region lies between the article and a block of the text."""
    first, last = shown.first or 0, shown.last or 0
    between = shown.stands[last + 1 : i] if i > last else shown.stands[i + 1 : first]
    return any(_is_sure(s) for s in between)


@rule("LK301", "link-on-page", confidence=0.75)
def link_on_page(page: Page, *, min_words: int = 4, max_words: int = 25, max_lines: int = 4) -> Iterator[Mark]:
    """A line between paragraphs is nothing but a link on the source page: to a related text, as a rule.

    Linked headings, lists of links and links within the page are the author's.

    Options: min_words, the shortest such line; max_words, the longest;
    max_lines, the most such lines: more are the text's own headings.
    """
    shown = evidence(page)
    if shown is None or shown.first is None or shown.last is None:
        return
    found = [
        page.blocks[i]
        for i in range(shown.first + 1, shown.last)
        if _is_title_linked(page.blocks[i], shown.stands[i])
        and min_words <= page.blocks[i].words <= max_words
        and _between_prose(page, shown, i)
    ]
    for block in found if len(found) <= max_lines else ():
        yield Mark(block.start, block.end, "On the source page the whole line is a link, between two paragraphs.")


def _is_title_linked(block: Block, stand: Stand) -> bool:
    """Whether a line is a link and neither a heading, an entry with a number nor a sentence."""
    return stand.place is Place.LINK and not (stand.is_heading or block.finished or block.text[0].isdigit())


def _why(stand: Stand, block: Block) -> tuple[str, float] | None:
    """What to say of a block at the edge that is no part of the article."""
    if stand.place is Place.REGION and stand.region:
        return f"On the source page it stands in {REGIONS[stand.region]}.", EDGE_SURE
    if stand.place is Place.OUTSIDE and not stand.over:
        return "The source page has it away from the article.", OUTSIDE_SURE
    if stand.place is Place.LINK and block.kind is not Kind.LIST and not stand.is_heading and not stand.over:
        return "On the source page it is a link beside the article.", LIST_SURE
    if stand.place is Place.ABSENT and block.kind in LABELS and any(map(str.isalpha, block.text)):
        return "It stands among lines that the source page has away from the article.", LIST_SURE
    return None


def _is_off(stand: Stand) -> bool:
    return stand.place in (Place.REGION, Place.OUTSIDE) and not stand.over


def _between_prose(page: Page, shown: Evidence, i: int) -> bool:
    return all(shown.stands[k].place is Place.BODY and page.blocks[k].is_running for k in (i - 1, i + 1))
