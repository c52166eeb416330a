"""What the phrases of a block prove by themselves, whatever the line model thinks: notices, labels, appeals."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence

from audit.page import Block, Page
from audit.phrases import Hit, hits
from audit.script import fold
from audit.sentences import sentence_ends
from audit.together import kept
from audit.topic import shared
from audit.vocabulary import subjects

# Groups of phrases that are not chrome: labels of links, signs that a text goes on, and grammar.
OTHER_GROUPS = frozenset({"link_text", "continues", "paywall", "continuation", "pronoun"})
# Below the first a phrase makes no block noise: the model knows a heading or sentence from a label. On a page that
# looks clean the model has to agree that the block is noise, unless a phrase is specific and strange to the text: no
# larger share of the words of its group's blocks stands in others. So many of them in such a block need no model, and
# nor does a whole line that is a label of several words: 974 whole articles have ten of them.
AGAINST, AGREED, UNSAID = 0.1, 0.4, 0.01
STRANGE, NOTICE = 0.6, 2
# Of the sentences of a block, at least this share has such phrases: an appeal in passing is not all of the block.
SAID = 0.5
# An article about cookies or newsletters quotes what sites say of them; it has the word in so many other paragraphs.
ABOUT = 2


def make_chrome(page: Page, found: Sequence[Hit], block: Block, noise: float, noisy: bool) -> bool:
    """Whether its phrases may make a block chrome that is so probably noise, on a page that is `noisy` or not."""
    if not found or noise >= AGREED:
        return bool(found)
    if noisy and noise >= AGAINST:
        return not block.is_running or _said_share(block, found) >= SAID
    if any(h.is_label and h.group not in OTHER_GROUPS for h in found):
        return True
    able = any(h.place == "has" for h in found)
    specific = [h for h in found if h.place == "has" and h.group in strange_groups(page)] if able else []
    if not specific or _said_share(block, specific) < SAID:
        return False
    return noise >= UNSAID or max(apart(specific, group) for group in {h.group for h in specific}) >= NOTICE


@kept
def strange_groups(page: Page) -> frozenset[str]:
    """The groups of specific phrases whose blocks, all together, have not much in common with the other blocks."""
    by_group = defaultdict[str, set[int]](set)
    for hit in (h for at in hits(page) for h in at if h.place == "has" and h.group not in OTHER_GROUPS):
        by_group[hit.group].add(hit.block)
    return frozenset(g for g, blocks in by_group.items() if _is_strange(page, g, blocks))


def _is_strange(page: Page, group: str, blocks: set[int]) -> bool:
    words = subjects(group)
    others = (fold(b.text) for i, b in enumerate(page.blocks) if words and i not in blocks and b.is_running)
    if sum(any(word in text for word in words) for text in others) >= ABOUT:
        return False
    return shared(page, " ".join(page.blocks[i].text for i in sorted(blocks))) <= STRANGE


def apart(found: Sequence[Hit], group: str) -> int:
    """How many phrases of a group a block has that do not overlap."""
    count, end = 0, -1
    for hit in found:
        if hit.group == group and hit.start >= end:
            count, end = count + 1, hit.end
    return count


def _said_share(block: Block, found: Sequence[Hit]) -> float:
    """The share of the sentences of a block that have one of the phrases."""
    ends = [block.start + at for at in sentence_ends(block.text)]
    said = {bisect_right(ends, hit.start) for hit in found}
    return len(said) / (len(ends) + 1)
