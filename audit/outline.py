"""What each block of a page is: content, site chrome or a link label; and where the content begins and ends.

The line model tells how probably a block is noise; the phrases found in a block tell why, and decide where the model
is not against it. Chrome gathers at the edges. As in the body-text extraction of Finn, Kushmerick and Smyth (2001),
every block has a value, positive for chrome and negative for content, and the edge zones are the prefix and the
suffix of the page with the largest sums.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby

import numpy as np

from audit.columns import KINDS, RUNNING, Looks, Numbers, looks
from audit.model import FEW_WORDS, probabilities
from audit.noise import is_noisy
from audit.notices import AGAINST, OTHER_GROUPS, apart, make_chrome
from audit.page import Block, Kind, Page
from audit.phrases import INSIDE, Hit, hits
from audit.script import ends_sentence
from audit.speech import spoken
from audit.together import kept

# Labels that sites put between paragraphs; other single labels inside an article may be its headings.
ANYWHERE_GROUPS = frozenset({"advertisement", "share", "subscribe", "player", "consent", "comments"})
# What a site asks of the reader between two paragraphs is injected there like the label of a link, and so is a line or
# two that no phrase names; other groups are site chrome wherever they stand.
ASKING_GROUPS = frozenset({"advertisement", "donate", "share", "subscribe"})
MOST_INJECTED = 2
# A phrase says something of its whole block only when the block is no longer than this many words; several that say
# the same, as of a notice on cookies, say it of a longer one.
REACH_WORDS = 45
WELCOME_WORDS = 8  # "Welcome to …" opens as many real paragraphs as sites
# On a page that has noise (`audit.noise`), blocks are noise from the first probability on, running text and long blocks
# from the second on, where their sentence does not end from the third on, and labels in an edge zone, among labels,
# from the last on. Inside, a phrase alone proves nothing:
# sections are headed “Contact”, too. In a text too short for the model more is asked, and one block has to be surer.
NOISE, LONG, OPEN, AT_EDGE = 0.33, 0.6, 0.45, 0.25
NOISE_OF_FEW, LONG_OF_FEW, AT_EDGE_OF_FEW = 0.6, 0.8, 0.35
SURE_OF_FEW = 0.9
LONG_WORDS, LABEL_WORDS = 16, 10
# An unfinished line of so many words, most in lower case, straight after a finished paragraph may be the next one, cut:
# it is noise from this probability on.
BEGUN_WORDS, BEGUN, TITLE_SHARE = 7, 0.7, 0.6
NEVER = 2.0  # no probability
# Values of a block for the edge zones; the unit is one label. Prose outweighs a label from ten words on.
STRONG, LABEL, WEAK, NEUTRAL = 3.0, 2.0, 0.5, -0.1
PROSE_PER_WORD = 0.2
MIN_REPEAT_SHARE = 0.3
ENTRY_WORDS = 8  # longer entries of lists are text
_TEXT = np.array([kind in (Kind.PROSE, Kind.DIALOGUE, Kind.VERSE) for kind in KINDS])
_WEAK_GROUPS = ("link_text", "paywall")


class Role(StrEnum):
    """What a block is taken to be."""

    CONTENT = "content"
    CHROME = "chrome"
    LINK = "link"

    __hash__ = str.__hash__  # that of Enum is written in Python, and roles are looked up a block


@dataclass(frozen=True, slots=True)
class Outline:
    """Roles, hits and causes by block. Content lies in blocks [head, tail); before and after are the edge zones.

    A block's cause is the hit that makes it chrome by itself, None when there is none; `noise` is the probability that
    it is chrome or link text. `first` and `last` are the outermost content blocks, None without content. `told` are
    the blocks that have hits, in order.
    """

    roles: tuple[Role, ...]
    hits: tuple[tuple[Hit, ...], ...]
    causes: tuple[Hit | None, ...]
    noise: tuple[float, ...]
    head: int
    tail: int
    first: int | None
    last: int | None
    told: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "told", tuple([i for i, h in enumerate(self.hits) if h]))

    def is_finished(self, block: Block, index: int) -> bool:
        """Whether a block ends its sentence, a label injected at its end set aside."""
        if block.finished or not self.hits[index]:
            return block.finished
        labels = (h.start - block.start for h in self.hits[index] if h.place in INSIDE and block.end - h.end <= 5)
        return any(_ends_whole(block.text[:at]) for at in labels)

    def at_edge(self, block: int) -> bool:
        """Whether a block lies in an edge zone."""
        return block < self.head or block >= self.tail


def outline(page: Page) -> Outline:
    """The outline of a page."""
    return _outline(page) if page.blocks else Outline((), (), (), (), 0, 0, None, None)


@kept
def _outline(page: Page) -> Outline:
    # Most blocks have neither phrases nor a repeat and are no noise: they are looked at by columns, the others closely.
    found, own, noisy, noise = hits(page), looks(page), is_noisy(page), 1 - probabilities(page)[:, 0]
    sure, least = noise.tolist(), _least(page, own, noise, noisy)
    told = [i for i, hit in enumerate(found) if hit]
    causes: list[Hit | None] = [None] * len(found)
    for i in told:
        if make_chrome(page, found[i], page.blocks[i], sure[i], noisy):
            causes[i] = _cause(found[i], page.blocks[i])
    repeated = {i for i, block in enumerate(page.blocks) if is_repeated(page, block)} if page.repeats else set()
    values = _values(own, noise, least)
    for i in told:
        values[i] = _value(page.blocks[i], found[i], causes[i], sure[i] >= least[i], values[i])
    values[list(repeated)] = STRONG
    head, tail = _edge(values), len(values) - _edge(values[::-1])
    if head > tail:  # chrome from end to end
        head = tail = 0
    likely = _likely(page, noise, least, head, tail)
    roles = [Role.CONTENT] * len(found)
    for i in {*told, *repeated, *likely}:
        roles[i] = _role(found[i], causes[i], i in repeated, i in likely, head <= i < tail)
    roles[head:tail] = _with_injected(roles[head:tail], causes[head:tail], [i in repeated for i in range(head, tail)])
    content = [i for i, role in enumerate(roles) if role is Role.CONTENT]
    first, last = (content[0], content[-1]) if content else (None, None)
    return Outline(tuple(roles), found, tuple(causes), tuple(sure), head, tail, first, last)


def _ends_whole(text: str) -> bool:
    """Whether a sentence is over before a label; dots there are the sign of a cut."""
    bare = text.rstrip(" \t\n([（【")
    return ends_sentence(bare) and not bare.endswith(("…", "..."))


def _least(page: Page, own: Looks, noise: Numbers, noisy: bool) -> Numbers:
    """The least probability of each block that makes it noise without any phrase; a line alone is all of its text."""
    if not noisy or len(noise) == 1 or (page.words < FEW_WORDS and noise.max() < page.bar(SURE_OF_FEW)):
        return np.full(len(noise), NEVER)
    few = page.words < FEW_WORDS
    short, long = page.bar(NOISE_OF_FEW if few else NOISE), page.bar(LONG_OF_FEW if few else LONG)
    unfinished = long if few else page.bar(OPEN)
    is_long = RUNNING[own.kind] | (own.words >= LONG_WORDS)
    return np.where(is_long, np.where(own.finished, long, unfinished), short)


def _likely(page: Page, noise: Numbers, least: Numbers, head: int, tail: int) -> set[int]:
    """The blocks that are noise without any phrase."""
    lower, begun = page.bar(AT_EDGE_OF_FEW if page.words < FEW_WORDS else AT_EDGE), page.bar(BEGUN)
    able = np.flatnonzero(noise >= np.minimum(least, lower))
    out = set(spoken(page))
    for i, sure, bar in zip(able.tolist(), noise[able].tolist(), least[able].tolist(), strict=True):
        block = page.blocks[i]
        is_sure = sure >= _bar(block, bar, head <= i < tail, lower)
        if is_sure and not (sure < begun and i and _is_begun(page.blocks[i - 1], block)):
            out.add(i)
    return out


def _cause(found: Sequence[Hit], block: Block) -> Hit | None:
    """The most specific of the hits that make a block chrome by themselves."""
    long = block.words > REACH_WORDS
    times = {group: apart(found, group) for group in {h.group for h in found}} if long else {}
    able = [h for h in found if h.group not in OTHER_GROUPS and _reaches(h, block, times.get(h.group, 1))]
    return max(able, key=lambda h: (h.place == "line", h.end - h.start), default=None)


def is_repeated(page: Page, block: Block) -> bool:
    """Whether a block's first line stands on many documents of the site."""
    repeat = page.repeats.get(block.first)
    return repeat is not None and repeat.documents >= MIN_REPEAT_SHARE * repeat.of


def _reaches(hit: Hit, block: Block, times: int) -> bool:
    if hit.group == "welcome":
        return block.words <= WELCOME_WORDS
    if hit.place == "start":
        return block.words <= REACH_WORDS and not (block.is_running and not hit.colon and hit.group == "related")
    return hit.place not in INSIDE and block.words <= REACH_WORDS * max(1, times)


def _values(own: Looks, noise: Numbers, least: Numbers) -> Numbers:
    """The values of blocks without phrases or repeats."""
    prose = _TEXT[own.kind] | ((own.kind == KINDS[Kind.LIST]) & (own.words > ENTRY_WORDS))
    plain = np.where(prose, -PROSE_PER_WORD * own.words, np.where(noise >= AGAINST, NEUTRAL, -LABEL))
    return np.where(noise >= least, LABEL, plain)


def _value(block: Block, found: Sequence[Hit], cause: Hit | None, likely: bool, plain: float) -> float:
    """The value of a block that has phrases; `plain` is the one without."""
    if cause:
        return STRONG if cause.place == "has" else LABEL
    weak = not likely and not block.finished
    return WEAK if weak and any(h.group in _WEAK_GROUPS and h.place not in INSIDE for h in found) else plain


def _edge(values: Numbers) -> int:
    """The length of the prefix with the largest positive sum."""
    sums = values.cumsum()
    return int(sums.argmax()) + 1 if sums.max() > 0 else 0


def _bar(block: Block, least: float, inside: bool, lower: float) -> float:
    """From which probability on the model alone makes a block noise; a label in an edge zone needs less."""
    if least < NEVER and not inside and block.words < LABEL_WORDS and not block.is_running:
        return min(least, lower)
    return least


def _is_begun(above: Block, block: Block) -> bool:
    """Whether a line below a paragraph may be the beginning of another, rather than a title or label."""
    if block.finished or block.words < BEGUN_WORDS or not (above.is_running and above.finished):
        return False
    words = [w for w in block.text.split() if w[0].isalpha()]
    return sum(w[0].isupper() for w in words) <= TITLE_SHARE * len(words)


def _with_injected(roles: Sequence[Role], causes: Sequence[Hit | None], repeated: Sequence[bool]) -> Iterator[Role]:
    """The roles of the blocks between the edge zones, where a chrome line or two between content are link text."""
    at = 0
    for role, run in groupby(roles):
        end = at + len(list(run))
        between = at > 0 and end < len(roles) and roles[at - 1] is roles[end] is Role.CONTENT
        injected = role is Role.CHROME and between and end - at <= MOST_INJECTED
        for cause, known in zip(causes[at:end], repeated[at:end], strict=True):
            own = known or (cause is not None and cause.group not in ASKING_GROUPS)
            yield Role.LINK if injected and not own else role
        at = end


def _is_no_heading(hit: Hit) -> bool:
    """Whether a label hardly heads a section of an article, as “Sign up” and “Contact us” do."""
    return hit.group in ANYWHERE_GROUPS or (hit.group == "related" and (hit.is_label or hit.place == "start"))


def _role(found: Sequence[Hit], cause: Hit | None, repeated: bool, likely: bool, inside: bool) -> Role:
    if found and any(h.group == "link_text" and h.place == "line" for h in found):
        return Role.LINK
    if cause and not inside:
        return Role.CHROME
    if cause and cause.group == "advertisement":
        return Role.LINK
    if repeated or (cause and (cause.place == "has" or _is_no_heading(cause))):
        return Role.CHROME
    return Role.CHROME if likely else Role.CONTENT
