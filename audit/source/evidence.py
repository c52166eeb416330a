"""What the source page proves of a text: where each of its blocks stands there, and what is lost."""

from functools import lru_cache

from audit.page import Page
from audit.source.align import Aligner
from audit.source.facts import Evidence, Loss, Place, Stand
from audit.source.gaps import Gaps
from audit.source.layout import FOUND, Layout
from audit.source.losses import Losses
from audit.source.markup import parse
from audit.source.words import words_of_line

__all__ = ["Evidence", "Loss", "Place", "Stand", "evidence"]

# A page that has less of the text than this is not where it came from, or builds its text by script.
LEAST_SHARE = 0.6
LEAST_WORDS = 15
LIKELY = 0.5  # a less probable loss is none, but a risk
_ARTICLE = (Place.BODY, Place.HOME)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


@lru_cache(maxsize=2)
def evidence(page: Page) -> Evidence | None:
    """What the source page proves of a text.

    None without a page or the library that reads it, and when the page is not where the text came from.
    """
    markup = parse(page.document.html or "")
    if markup is None:
        return None
    aligner = Aligner(markup.words, [(p.start, p.end) for p in markup.pieces])
    words = [words_of_line(block.text) for block in page.blocks]
    matches = aligner.align(words)
    total = sum(m.words for m in matches)
    found = sum(r.length for m in matches for r in m.runs)
    if found < LEAST_WORDS or found < LEAST_SHARE * total:
        return None
    return _compared(Layout(page, markup, matches, words))


def _compared(layout: Layout) -> Evidence:
    losses = Losses(layout)
    stands = tuple(_stand(layout, b) for b in range(len(layout.matches)))
    main = [b for b, s in enumerate(stands) if s.place in _ARTICLE]
    running = [b for b in main if losses.is_running(b)]
    last = max((b for b in running if stands[b].place is Place.BODY), default=None)
    if last is None:
        return Evidence(stands, None, None, (), 0, (), None, None, layout.known)
    first = running[0]
    last = max((b for b in main if b > last and losses.is_cut_short(b)), default=last)
    holes = tuple(hole for b in main if b != last and (hole := losses.hole(b)))
    inserted = tuple(losses.insertions(main))
    gaps, skipped = Gaps(layout, losses.said), losses.skipped(first)
    lead, tail = gaps.before(first, losses.lead(first)), gaps.after(last, losses.tail(last))
    shown = (loss if loss and loss.sure >= LIKELY else None for loss in (lead, tail))
    risks = (loss.sure if loss else 0.0 for loss in (lead, tail))
    return Evidence(stands, *shown, holes, skipped, inserted, first, last, layout.known, *risks)


def _stand(layout: Layout, b: int) -> Stand:
    match = layout.matches[b]
    if match.share < FOUND:
        return Stand(Place.ABSENT, share=1.0 if layout.says(layout.words[b]) else match.share)
    run = max(match.runs, key=lambda r: r.length)
    i = layout.owner(run.place + run.length // 2)
    region = layout.region(i)
    heading = any(layout.markup.elements[e].tag in _HEADINGS for e in layout.paths[i][:2])
    linked = layout.markup.pieces[i].linked / layout.markup.pieces[i].words
    order = layout.in_order(b)
    return Stand(_place(layout, i, region), region, match.share, layout.is_over(i), linked, heading, order)


def _place(layout: Layout, i: int, region: str | None) -> Place:
    if i in layout.heads:
        return Place.HEADLINE
    if region:
        return Place.REGION
    if not layout.in_home(i):
        return Place.HOME if layout.is_over(i) and layout.is_prose(i) else Place.OUTSIDE
    if layout.markup.pieces[i].is_link:
        return Place.LINK
    return Place.BODY if layout.shape(i) in layout.shapes else Place.HOME
