"""Why a text may end with a line without a full stop: it is signed, a list or verse, or its author leaves stops out."""

import re
from collections.abc import Sequence

from audit.outline import Role, outline
from audit.page import RUNNING_KINDS, Block, Kind, Page
from audit.script import fold
from audit.sentences import sentences
from audit.vocabulary import load

# More of the other paragraphs than this share, and so many of them, are without a full stop where the author leaves it
# out.
HABIT, PARAGRAPHS = 0.5, 2
LINES = 6  # of verse, which make a habit
# So many lines of so few characters straight below each other, in a text whose paragraphs stand apart, are set as
# verse, an address or a list.
STACKED, STACKED_CHARS = 3, 64
INITIALS = 2  # letters of a name that is all capitals; longer ones are acronyms
_END = 70  # characters of a line that are looked at
_NAME = r"[^\W\d_][\w.'’-]*"
# An agency or author in brackets after the last sentence; a name after a dash; a quotation's source after a dash.
_BRACKETED = re.compile(r"[.!?…。][\"”’»]?\s?\([^()]{1,40}\)$")
_AFTER_DASH = re.compile(rf"\s[-–—~]\s?({_NAME}(?: {_NAME}){{0,2}})$")
_SOURCE = re.compile(r"(?:[.!?…。！？][\"”»“’]|[」』])\s?[-–—―~]{1,2}\s?([^\W\d_])[^-–—―~]{2,59}$")
# Who said what is quoted: “…,” said Teal; „…“, so Teal; «…», — сказал Тил.
_SAID = re.compile(rf"(?:[.,!?…][”\"»“]|[”\"»“],)\s(?:[-–—]\s)?(?:[^\W\d_]+\s){{1,2}}({_NAME})$")
# Names after the end of a sentence, two at least after a full stop, as one may begin the next; or after a comma.
_AFTER_STOP = re.compile(rf"(?:[!?][\"”’»]?|[.…][\"”’»]?(?=\s{_NAME} ))\s({_NAME}(?: {_NAME}){{0,2}})$")
_AFTER_COMMA = re.compile(rf",\s({_NAME}(?: {_NAME})?)$")


def is_attributed(block: Block) -> bool:
    """Whether a block ends with who said or wrote what it quotes or tells: after a dash, a quotation or in brackets."""
    end = block.text[-_END:]
    source, name = _SOURCE.search(end), _AFTER_DASH.search(end) or _SAID.search(end)
    if _BRACKETED.search(end) or (source and not source[1].islower()):
        return True
    return name is not None and _are_capitals(name[1].split())


def is_signed(page: Page, block: Block) -> bool:
    """Whether the last block of a text ends with its author's name, or with the source of what it quotes.

    Scripts without capitals do not tell names from words, so that of them only sources are known.
    """
    end = block.text[-_END:]
    named = _AFTER_STOP.search(end) or _AFTER_COMMA.search(end)
    return is_attributed(block) or (named is not None and _are_new_names(page, block, named[1].split()))


def is_stacked(page: Page, last: int) -> bool:
    """Whether a block is the last of some short lines without full stops that are set below each other."""
    first = last + 1 - STACKED
    lines = page.blocks[max(0, first) : last + 1]
    if first < 0 or any(line.after_gap for line in lines[1:]):
        return False
    apart = [b.after_gap for b in page.blocks[:first] if b.is_running]
    short = all(line.end - line.start <= STACKED_CHARS and not line.finished for line in lines)
    return short and 2 * sum(apart) > len(apart)


def is_announced(page: Page, last: int) -> bool:
    """Whether a short last line is what the line above it announces with a colon."""
    return last > 0 and not page.blocks[last].is_running and page.blocks[last - 1].text.endswith((":", "："))


def leaves_stops_out(page: Page, last: Block, share: float = HABIT) -> bool:
    """Whether more than a share of the paragraphs, entries or lines of verse before the last have no full stop.

    Labels never have one, so nothing follows from theirs; nor from those of other entries where one has begun a second
    sentence.
    """
    if last.kind is Kind.SHORT or (last.kind is Kind.LIST and sentences(last.text)[0]):
        return False
    kinds = (last.kind,) if last.kind in (Kind.LIST, Kind.VERSE) else RUNNING_KINDS
    roles = outline(page).roles
    alike = [b for b, role in zip(page.blocks, roles, strict=True) if b.kind in kinds and role is Role.CONTENT]
    open_ones = [not b.finished for b in alike if b.end <= last.start]
    least = LINES if last.kind is Kind.VERSE else PARAGRAPHS
    return sum(open_ones) >= least and sum(open_ones) > share * len(open_ones)


def _are_capitals(words: Sequence[str]) -> bool:
    return all(word[0].isupper() for word in words)


def _are_new_names(page: Page, block: Block, words: Sequence[str]) -> bool:
    """Whether the last words of a block are names, none of them a frequent word, an acronym or elsewhere in lower case.

    The last of them must be new to the text: persons whom it tells of begin sentences and stand in lists.
    """
    vocabulary = load().get(page.lang or "")
    common = vocabulary.stopwords | vocabulary.unending if vocabulary else frozenset()
    if not _are_capitals(words) or any(fold(w) in common or (w.isupper() and len(w) > INITIALS) for w in words):
        return False
    before = page.text[: block.end - len(words[-1])]
    return not (any(_has_word(page.text, w.lower()) for w in words) or _has_word(before, words[-1]))


def _has_word(text: str, word: str) -> bool:
    return word in text and re.search(rf"\b{re.escape(word)}\b", text) is not None
