"""TR6 and LD4: the source page shows what the text has lost."""

from collections.abc import Iterator

from audit.finding import Mark
from audit.page import Page
from audit.registry import rule
from audit.source.evidence import Loss, evidence
from audit.visible import clip

QUOTE_CHARS, MISSING_CHARS = 90, 400  # of what is missing, in a message and as evidence


@rule("LD401", "lead-lost", confidence=0.95, severity="error")
def lead_lost(page: Page, *, min_sure: float = 0.7) -> Iterator[Mark]:
    """The source page has a beginning of the article that the text lacks.

    A standfirst or paragraphs before the first one of the text, or the beginning of that paragraph itself. Captions,
    bylines, dates, and what stands in navigation, forms or boxes do not count.

    Options: min_sure, the least probability that what stands there belongs to the article.
    """
    shown = evidence(page)
    if shown and shown.lead and shown.lead.sure >= min_sure:
        loss = shown.lead
        at = page.blocks[loss.block].start
        where = "The paragraph begins earlier on the source page" if loss.inside else "The source page begins earlier"
        yield Mark(at, at, f"{where}, by {_amount(loss)}: “{_quote(loss)}”.", loss.sure, _lost(loss))


@rule("TR601", "tail-lost", confidence=0.95, severity="error")
def tail_lost(page: Page, *, min_words: int = 2, min_sure: float = 0.75) -> Iterator[Mark]:
    """The source page goes on where the text ends.

    The last paragraph of the text is longer on the page, or more paragraphs like it follow. Related lists, author
    boxes, comments and appeals do not count.

    Options: min_words, the least words that are missing; min_sure, the least probability that they are the article's.
    """
    shown = evidence(page)
    if shown and shown.tail and shown.tail.words >= min_words and shown.tail.sure >= min_sure:
        loss = shown.tail
        at = page.blocks[loss.block].end
        where = "The last paragraph goes on" if loss.inside else "The article goes on"
        message = f"{where} on the source page, by {_amount(loss)}: “{_quote(loss)}”."
        yield Mark(at, at, message, loss.sure, _lost(loss))


@rule("TR602", "paragraph-cut", confidence=0.93, severity="error")
def paragraph_cut(page: Page, *, max_places: int = 20) -> Iterator[Mark]:
    """A paragraph inside the text stops in mid-sentence, and the source page has the rest of it.

    Options: max_places, the most places reported.
    """
    shown = evidence(page)
    for loss in shown.holes[:max_places] if shown else ():
        at = page.blocks[loss.block].end
        message = f"This paragraph goes on on the source page, by {_amount(loss)}: “{_quote(loss)}”."
        yield Mark(at, at, message, loss.sure, _lost(loss))


def _lost(loss: Loss) -> dict[str, object]:
    return {"missing": clip(loss.quote, MISSING_CHARS), "words": loss.words}


def _amount(loss: Loss) -> str:
    return f"{loss.words} words"


def _quote(loss: Loss) -> str:
    return clip(loss.quote, QUOTE_CHARS)
