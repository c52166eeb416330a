"""Where the phrases of the vocabulary stand in a page, found in one linear pass.

Whole lines are looked up in a dictionary, beginnings by their first characters, and what may stand anywhere
by one Aho-Corasick automaton over all languages: time grows with the text, never with the lists.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from audit.page import Block, Page
from audit.phrase_index import FEW, FIRST, Place, index
from audit.script import EDGE, TERMINATORS, ends_sentence, is_in_words, is_spaceless
from audit.together import kept
from audit.vocabulary import ORNAMENT, trim

INSIDE: tuple[Place, ...] = ("inline", "pointer")  # these say nothing of the rest of their block
LINE_CHARS = 120  # longer lines are no labels
LEAD_IN_ENDS = (":", "：", "]", "】")  # what sets a label off from the title after it: “Read also:”, “【関連記事】”
QUOTED = 60  # characters before a phrase in which a quotation is looked for that holds it
LABEL_SIGNS = 4  # of a label in a script without spaces that has several words
TITLE_WORDS = 20  # a headline after a lead-in is no longer
GRAMMAR_GROUPS = ("continuation", "pronoun")

_COMMAS = tuple(",،，、")
_COLON, _NOTHING = re.compile(r"\s?[:：]"), re.compile("")
_ENDS = re.escape("".join(sorted(TERMINATORS)))
_SENTENCE = re.compile(rf"[^{_ENDS}]{{1,200}}[{_ENDS}]?")


@dataclass(slots=True)
class Hit:
    """A phrase at characters [start, end) of the text; `colon`: one, or the bracket that closes a label, follows.

    `langs` are the languages whose lists have it, of a beginning only.
    """

    group: str
    place: Place
    phrase: str
    block: int
    start: int
    end: int
    langs: frozenset[str] = frozenset()
    colon: bool = False

    @property
    def is_label(self) -> bool:
        """Whether a whole line is the phrase, and it has more than one word, as few headings of articles are."""
        several = " " in self.phrase or (len(self.phrase) >= LABEL_SIGNS and is_spaceless(self.phrase))
        return self.place == "line" and several


def first_of(found: Iterable[Hit], group: str, place: Place) -> Hit | None:
    """The first of some hits that is of a group and stands in a place."""
    return next((h for h in found if h.group == group and h.place == place), None)


@kept
def beginnings(page: Page) -> list[str]:
    """How each block of a page begins, or is where it is short, folded and without ornament."""
    return [trim(page.folded[b.start : b.end][: 2 * LINE_CHARS]) for b in page.blocks]


@kept
def hits(page: Page) -> tuple[tuple[Hit, ...], ...]:
    """The hits of each block of a page, in text order."""
    found: dict[int, list[Hit]] = defaultdict(list)
    lines, begins, short = index().lines, index().begins, index().short
    for i, core in enumerate(beginnings(page)):
        long, few = begins.get(core[:FIRST]), short.get(core[:FEW])  # most blocks begin like no phrase
        if (long and core.startswith(long)) or (few and core.startswith(few)) or core in lines:
            block = page.blocks[i]
            found[i] += _label_hits(block, i, core, page.folded.find(core[:1], block.start))
    for hit in _anywhere(page):
        found[hit.block].append(hit)
    out: list[tuple[Hit, ...]] = [()] * len(page.blocks)
    for i, some in found.items():
        out[i] = tuple(sorted(some, key=lambda x: (x.start, -x.end, x.group)))
    return tuple(out)


def _label_hits(block: Block, i: int, core: str, start: int) -> Iterator[Hit]:
    """Phrases that are the whole block or its beginning; `core` is it without ornament, and begins at `start`."""
    if len(block.text) <= LINE_CHARS:
        for group in index().lines.get(core, ()):
            yield Hit(group, "line", core, i, start, start + len(core))
    for phrase in (*index().begins.get(core[:FIRST], ()), *index().short.get(core[:FEW], ())):
        length = len(phrase)
        if not core.startswith(phrase) or not _bounded(core, length):
            continue
        set_off = (phrase[-1] + core[length : length + 2]).rstrip()[-1:]
        colon = set_off in LEAD_IN_ENDS or phrase[-1] in LEAD_IN_ENDS
        for group, langs in index().starts[phrase]:
            # One word begins a sentence as well as a label; what refers back is a beginning by nature.
            if colon or group in GRAMMAR_GROUPS or " " in phrase or is_spaceless(phrase):
                yield Hit(group, "start", phrase, i, start, start + length, langs, colon)


def _anywhere(page: Page) -> Iterator[Hit]:
    """Phrases found by the automaton: `has` phrases that are not quoted, and labels injected into a paragraph."""
    known, folded = index(), page.folded
    firsts = [block.start for block in page.blocks]
    for pattern, start, end in known.automaton.find_matches_as_indexes(folded, overlapping=True):
        at = bisect_right(firsts, start) - 1
        if at < 0 or end > page.blocks[at].end or not (_bounded(folded, end) or _is_joint(page.text, end)):
            continue
        phrase, place, group = known.anywhere[pattern]
        block = page.blocks[at]
        if place == "pointer":
            end = _headline_end(page.text, block, end)
        may_cut = (group == "continues" or page.one_line) and " " in phrase
        if place == "has":
            stands = _bounded(folded, start) and not _is_quoted(page.text[max(block.start, start - QUOTED) : start])
        else:
            stands = bool(end) and _is_injected(page.text, block, start, end, may_cut)
        if stands:
            yield Hit(group, place, phrase, at, start, end, colon=place == "pointer")


def _is_quoted(before: str) -> bool:
    """Whether a quotation is open after a text."""
    at = max(map(before.rfind, "“„”«»「」"))
    return before[-1:] == '"' or (at >= 0 and before[at] in "“„«「" and not (before[at] == "“" and "„" in before[:at]))


def _headline_end(text: str, block: Block, at: int) -> int:
    """Where the headline ends that a lead-in such as “Read also” and a colon at `at` announce; 0 without one.

    It goes on to the end of its block, or to the first mark that ends a sentence.
    """
    rest = text[at : block.end]
    colon = _COLON.match(rest) if text[at - 1] not in ":：" else _NOTHING.match(rest)
    if not colon:
        return 0
    title = _SENTENCE.match(rest, colon.end())
    words = title[0].split() if title else []
    return at + title.end() if title and 0 < len(words) <= TITLE_WORDS else 0


def _is_injected(text: str, block: Block, start: int, end: int, may_cut: bool) -> bool:
    """Whether a label inside a block stands for itself: after a finished sentence, before a new one or nothing.

    One that says that the text goes on may stand after a sentence that is cut, at the end of the block, and so may any
    in a text without lines.
    """
    before = text[max(block.start, start - 40) : start]
    after = text[end : min(block.end, end + 40)].lstrip(EDGE)
    glued = _is_joint(text, start)
    if not _bounded(text, start) and not glued:
        return False
    opened = before.rstrip(EDGE)[-1:] in ("(", "[", "（", "【")
    if not before.strip(ORNAMENT) and not opened:
        return False  # the block begins with it: a label line or a lead-in, not an injection
    if after[:1] in _COMMAS:
        return False  # a sentence that begins with it: “In the same connection, …”
    rest = after.lstrip(ORNAMENT)
    cut = may_cut and text[start].isupper() and (not rest or rest[0].isupper())
    if not (opened or glued or cut or ends_sentence(before)):
        return False
    return not rest or (not rest[0].islower() and (opened or after[:1] != rest[0] or rest[0].isupper() or glued))


def _is_joint(text: str, at: int) -> bool:
    """Whether a word ends and another begins with a capital at an offset, as where a label is glued to a sentence."""
    return text[max(0, at - 1) : at].islower() and text[at : at + 1].isupper()


def _bounded(text: str, at: int) -> bool:
    """Whether an offset is not inside a word; scripts without spaces have no such borders."""
    around = text[max(0, at - 1) : at + 1]
    return not (len(around) == 2 and is_in_words(around)) or is_spaceless(around)
