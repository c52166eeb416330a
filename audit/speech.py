"""Lines that a site says to its visitors, told by their wording, whatever the line model thinks of where they stand.

What sites say is worded in endless ways: the phrase lists hold the usual ones, and the last view of the line model's
words, which has learned from lines written for it, knows the others by their words. It alone is right too seldom, as
articles speak of newsletters and prices, too; so the line must have little in common with the rest of the text, the
line model must not be sure that it is content, and the text must not be about such matters itself.
"""

from audit.model import FEW_WORDS, probabilities, site_logits
from audit.page import Block, Kind, Page
from audit.together import kept
from audit.topic import shared
from audit.unclosed import OPENERS

# The least logit of a line's words, more for a line of few words, as labels are worded like headings, and in a text too
# short for the line model; the least noise that this must see in it; the most of its words that the text may share.
SAID, SAID_BRIEFLY, NOISE, SHARED = 2.0, 3.0, 0.2, 0.6
LEAST_WORDS, LABEL_WORDS, MOST_WORDS = 4, 6, 45
MOST_NUMBERS = 0.25  # of its words: lists of results and measures share few words with a text, either
# With so many lines that are worded so and that the line model takes for content, a text is about such matters.
MATTERS = 3
_OTHER_KINDS = (Kind.TABLE, Kind.CODE)


@kept
def spoken(page: Page) -> frozenset[int]:
    """The blocks in which the site speaks; none where the language of the text is not known."""
    logits = site_logits(page)
    said = (logits >= SAID).nonzero()[0].tolist() if page.lang else []
    brief = page.words < FEW_WORDS
    able = [i for i in said if _is_able(page.blocks[i], float(logits[i]), brief)]
    if not able:
        return frozenset()
    content, least = probabilities(page)[:, 0], page.bar(NOISE)
    noisy = [i for i in able if 1 - content[i] >= least]
    if len(able) - len(noisy) >= MATTERS:
        return frozenset()
    return frozenset(i for i in noisy if shared(page, page.blocks[i].text) <= SHARED)


def _is_able(block: Block, said: float, brief: bool) -> bool:
    """Whether a block so worded is a line in words, long enough to tell, in a `brief` text or a longer one."""
    if block.kind in _OTHER_KINDS or not LEAST_WORDS <= block.words <= MOST_WORDS or block.text.startswith(OPENERS):
        return False  # what is quoted, somebody else says
    words = block.text.split()
    numbers = sum(any(map(str.isdigit, word)) for word in words)
    return numbers <= MOST_NUMBERS * len(words) and said >= (
        SAID_BRIEFLY if brief or block.words < LABEL_WORDS else SAID
    )
