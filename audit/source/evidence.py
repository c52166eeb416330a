"""What the source page proves of a text: where each of its blocks stands there, and what is lost."""

from collections.abc import Sequence
from functools import lru_cache

from audit.page import Page
from audit.source.align import Aligner
from audit.source.facts import Evidence, Loss, Place, Stand
from audit.source.gaps import Gap, Gaps, weighed
from audit.source.layout import FOUND, Layout
from audit.source.losses import Losses
from audit.source.markup import Markup
from audit.source.reader import as_written, parse
from audit.source.words import words_of_line

__all__ = ["Evidence", "Loss", "Place", "Stand", "evidence"]

# A page that has less of the text than this is not where it came from, or builds its text by script.
LEAST_SHARE = 0.6
LEAST_WORDS = 15
LONG, FOUND_OF_LONG = 16, 0.4  # found words that are a paragraph, whatever was added to it, and their least share
LINK_SHARE = 0.9  # of the words of a block that is a link
LIKELY = 0.5  # a less probable loss is none, but a risk
_ARTICLE = (Place.BODY, Place.HOME)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


@lru_cache(maxsize=2)
def evidence(page: Page) -> Evidence | None:
    """What the source page proves of a text.

    None without a page or the library that reads it, and when the page is not where the text came from.
    """
    if not page.document.html:
        return None
    markup = parse(as_written(page.document.html, page.text))
    layout = laid_out(page, markup) if markup else None
    return _compared(layout) if layout else None


def laid_out(page: Page, markup: Markup) -> Layout | None:
    """A source page beside a text; None when it is not where the text came from."""
    aligner = Aligner(markup.words, [(p.start, p.end) for p in markup.pieces])
    words = [words_of_line(block.text) for block in page.blocks]
    matches = aligner.align(words)
    total, found = sum(m.words for m in matches), sum(m.found for m in matches)
    if found < LEAST_WORDS or found < LEAST_SHARE * total:
        return None
    return Layout(page, markup, matches, words)


def gaps_of(layout: Layout) -> tuple[Gap, Gap] | None:
    """What the page has before and after the article's part of the text; None when it shows none of it."""
    losses = Losses(layout)
    _, edges = _articles(layout, losses, _stands(layout))
    return _gaps(layout, losses, *edges) if edges else None


def _compared(layout: Layout) -> Evidence:
    losses, stands = Losses(layout), _stands(layout)
    main, edges = _articles(layout, losses, stands)
    if edges is None:
        return Evidence(stands, None, None, (), 0, (), None, None, layout.known)
    first, last = edges
    holes = tuple(hole for b in main if b != last and (hole := losses.hole(b)))
    inserted, skipped = tuple(losses.insertions(main)), losses.skipped(first)
    lead, tail = map(weighed, _gaps(layout, losses, first, last))
    lead_risk, tail_risk = (loss.sure if loss else 0.0 for loss in (lead, tail))
    lead, tail = lead if lead_risk >= LIKELY else None, tail if tail_risk >= LIKELY else None
    return Evidence(stands, lead, tail, holes, skipped, inserted, first, last, layout.known, lead_risk, tail_risk)


def _articles(layout: Layout, losses: Losses, stands: Sequence[Stand]) -> tuple[list[int], tuple[int, int] | None]:
    """The blocks of the text that the page has in its article, and the first and last of them that are paragraphs."""
    main = [b for b, s in enumerate(stands) if s.place in _ARTICLE]
    running = [b for b in main if losses.is_running(b)]
    last = max((b for b in running if stands[b].place is Place.BODY), default=None)
    if last is None:
        return main, None
    return main, (running[0], max((b for b in main if b > last and losses.is_cut_short(b)), default=last))


def _gaps(layout: Layout, losses: Losses, first: int, last: int) -> tuple[Gap, Gap]:
    gaps = Gaps(layout, losses.said)
    return gaps.before(first, losses.lead(first)), gaps.after(last, losses.tail(last))


def _stands(layout: Layout) -> tuple[Stand, ...]:
    return tuple(_stand(layout, b) for b in range(len(layout.matches)))


def _stand(layout: Layout, b: int) -> Stand:
    match, markup = layout.matches[b], layout.markup
    if match.share < (FOUND if match.found < LONG else FOUND_OF_LONG):
        is_said = layout.says(layout.words[b]) or layout.spells(layout.words[b])
        return Stand(Place.ABSENT, share=1.0 if is_said else match.share)
    run = max(match.runs, key=lambda r: r.length) if len(match.runs) > 1 else match.runs[0]
    i = layout.owner(run.place + run.length // 2)
    region, element = layout.region(i), markup.pieces[i].element
    heading = markup.tags[element] in _HEADINGS or markup.tags[markup.parents[element]] in _HEADINGS
    linked = layout.linked(run)
    order = layout.in_order(b)
    place = Place.HEADLINE if layout.is_title(b) else _place(layout, i, region, linked)
    return Stand(place, region, match.share, layout.is_over(i), linked, heading, order, layout.in_article(i))


def _place(layout: Layout, i: int, region: str | None, linked: float) -> Place:
    if i in layout.heads:
        return Place.HEADLINE
    if region:
        return Place.REGION
    if not layout.in_home(i):
        return Place.HOME if layout.is_over(i) and layout.is_prose(i) else Place.OUTSIDE
    if linked >= LINK_SHARE:
        return Place.LINK
    return Place.BODY if layout.shape(i) in layout.shapes else Place.HOME
