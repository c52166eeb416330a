"""LD3: the text does not open like an article."""

from collections.abc import Iterator

from audit.decisions import decide, lead_reasons
from audit.finding import Mark
from audit.model import FEW_WORDS
from audit.page import Kind, Page
from audit.registry import rule
from audit.script import starts_lower

# Without a headline or description to compare with, from the first on, in short texts from the second: with less, as
# many are whole as not, and of texts of other sites more. Where one of them is known, the bar is that of the models.
LEAST, LEAST_OF_FEW = 0.73, 0.78


@rule("LD301", "does-not-open", confidence=0.7, severity="warning")
def does_not_open(page: Page) -> Iterator[Mark]:
    """The text begins as articles go on, not as they open.

    The first paragraph's words, its names, what the later paragraphs are about and, where they are known, the headline
    and description are weighed together, by numbers learned from whole articles and from articles without their lead.
    """
    lead = decide(page).lead
    least = LEAST if page.words >= FEW_WORDS else LEAST_OF_FEW
    known = page.document.title or page.document.description
    if lead is None or not (lead.is_shown if known else lead.probability >= page.bar(least)):
        return
    if page.blocks[lead.block].kind is Kind.LIST:  # ingredients, changes, results: a list needs no lead
        return
    if not starts_lower(page.blocks[lead.block].text):  # LD101 tells of those
        at = page.blocks[lead.block].start
        why = "; ".join(lead_reasons(page)) or "its words are those of a later paragraph"
        yield Mark(at, at, f"The text does not open like an article: {why}.", lead.probability)
