"""TR1: the text stops in the middle of a sentence or word.

Terminal punctuation of every line misfires badly as a rule (C4's removed 16 % of the documents of one corpus), so
only the last block of content is looked at, and a missing full stop alone is never enough.
"""

import re
from collections.abc import Iterator

from audit.boilerplate import is_teaser
from audit.cues.ends import is_shortened
from audit.decisions import decide, reasons
from audit.finding import Mark
from audit.grammar import is_function_word
from audit.outline import Role, outline
from audit.page import Block, Kind, Page
from audit.phrases import INSIDE
from audit.registry import rule
from audit.script import EDGE, is_in_words, is_unpunctuated, tokens
from audit.unclosed import BRACKETS, quotes_of, unclosed
from audit.unstopped import HABIT, is_announced, is_signed, is_stacked, leaves_stops_out

_SIGNATURE = re.compile(
    r"(?:\([^()]{1,40}\)|[-–—/][^-–—/]{1,40}|\b(?:dpa|afp|ap|rtr|reuters|efe|ansa|apa|tass|xinhua))$", re.I
)
_SIGNED = re.compile(r"[.!?…。][\"'”’»]?\s?\([^()]{1,40}\)$")  # an agency or author after the last sentence
_EMOJI = re.compile(r"[☀-➿🌀-🫿]$")
_CONTACT = re.compile(rf"\S@\S+\.\w+$|https?://\S+$|\d$|{_EMOJI.pattern}")
# Hardly a whole text ends with dots, unless they stand after an exclamation of fewer words.
LEAST_WITH_DOTS, LEAST_WORDS_BEFORE_DOTS = 0.55, 5
# From the first on an open end is worth a look though whole texts with as much are not so few; from the second on
# dots count after fewer words, too, and more of the other paragraphs have to be without a full stop to excuse it.
LEAST_OPEN, SURE = 0.42, 0.85
HABIT_OF_SURE = 0.8
CHROME = 0.9  # what the outline takes for chrome with this probability of noise is no end of an article
LONGEST = 200  # characters of a word
LABELS = 100  # characters of labels at the end of a block
SENTENCE_WORDS = 6  # before its comma are more than a salutation
_OPEN_ENDS = (",", ";", "(", "[", "“", "„", "«", "，", "、", "،", "；")


@rule("TR101", "cut-mid-sentence", confidence=0.85, severity="error")
def cut_mid_sentence(page: Page, *, min_words: int = 12, min_words_after_prose: int = 7) -> Iterator[Mark]:
    """The text stops in the middle of a sentence.

    Looks at the last line of content, after site chrome at the end is set aside. The line must be running text:
    headings, signatures, ratings, captions and list entries may end without a full stop. A line that stops with a
    word no sentence ends with ("the", "und", "de la") or with a comma is a cut even when it is short. Where most
    paragraphs end without a full stop, the author leaves it out, and only such words count.

    Options: min_words, the least words of such a line; min_words_after_prose, the least words when the block
    before it is a finished sentence.
    """
    block = _last_block(page)
    if block is None or is_unpunctuated(block.text[-60:]):
        return
    before = _before_labels(page, block)
    if is_function_word(before, page.lang):
        at, word = block.start + len(before), before.split()[-1]
        yield Mark(at, at, f"The text stops before a label with “{word}”, a word that cannot end a sentence.", 0.95)
        return
    if _has_mark(block) or _CONTACT.search(block.text[-80:]):
        return
    at = block.end
    if block.text.endswith(_OPEN_ENDS):
        sure = 0.95 if block.kind in (Kind.PROSE, Kind.SHORT) and block.words >= SENTENCE_WORDS else 0.9
        yield Mark(at, at, f"The text ends with “{block.text[-1]}”, where a sentence goes on.", sure)
    elif is_stacked(page, outline(page).last or 0):
        return
    elif block.words >= 4 and is_function_word(block.text, page.lang):
        word = block.text.split()[-1]
        yield Mark(at, at, f"The text ends with “{word}”, a word that cannot end a sentence.", 0.95)
    elif (
        _is_running(page, block, min_words, min_words_after_prose)
        and not (_SIGNATURE.search(block.text) or is_signed(page, block))
        and not leaves_stops_out(page, block)
    ):
        yield Mark(
            at, at, f"The last line of the text stops without the end of its sentence, after {block.words} words."
        )


@rule("TR102", "cut-mid-word", confidence=0.9, severity="error")
def cut_mid_word(page: Page, *, min_words: int = 4) -> Iterator[Mark]:
    """The text stops in the middle of a word.

    The last word ends with a hyphen, or it is the beginning of a longer word of the same text, does not occur as a
    word by itself, and no sentence ends there.

    Options: min_words, the least words of the last line.
    """
    block = _last_block(page)
    if block is None or block.words < min_words or not block.is_running:
        return
    last = block.text.split()[-1]
    if re.search(r"\w-$", last):
        yield Mark(block.end, block.end, f"The text ends with the hyphenated beginning of a word, “{last}”.")
        return
    if not is_in_words(page.text.rstrip(EDGE)[-1]):
        return
    low = page.text.rstrip(EDGE).lower()
    fragment = (tokens(low[-LONGEST:]) or [""])[-1]
    if len(fragment) < 3 or not low.endswith(fragment) or low.count(fragment) == 1:  # as almost all
        return
    words = tokens(low)
    whole = next((w for w in words if w.startswith(fragment) and len(w) >= len(fragment) + 3), None)
    if whole and words.count(fragment) == 1:
        yield Mark(block.end, block.end, f"The text ends with “{last}”, the beginning of “{whole}”.")


@rule("TR103", "announces-nothing", confidence=0.6, severity="warning")
def announces_nothing(page: Page, *, min_words: int = 6, min_words_after_prose: int = 3) -> Iterator[Mark]:
    """The last line announces with a colon what never comes.

    Nothing at all may stand below it, as a list, a telephone number or a link there may be what it announces.

    Options: min_words, the least words of the line; min_words_after_prose, the least words below a finished
    paragraph. Shorter ones are labels.
    """
    block = _last_block(page)
    if block is None or not block.text.endswith((":", "：")) or block is not page.blocks[-1]:
        return
    if block.words >= (min_words_after_prose if _is_after_prose(page, block) else min_words):
        yield Mark(block.end, block.end, "The last line ends with a colon, and nothing follows.")


@rule("TR104", "left-open", confidence=0.75, severity="warning")
def left_open(page: Page, *, max_words: int = 120) -> Iterator[Mark]:
    """A bracket, quotation or code fence that opens in the last paragraph is never closed.

    Counts only when the sentence is unfinished as well: quotations over several paragraphs are opened anew in each.

    Options: max_words, the longest paragraph looked at.
    """
    if "```" in page.text and sum(line.text.startswith("```") for line in page.lines) % 2:
        yield Mark(page.blocks[-1].end, page.blocks[-1].end, "The code block at the end is never closed.", 0.95)
        return
    block = _last_block(page)
    if block is None or block.words > max_words or not block.is_running:
        return
    opening = unclosed(block.text, (*BRACKETS, *quotes_of(page.text)))
    if opening:
        yield Mark(block.end, block.end, f"The last paragraph opens “{opening}” and stops before it is closed.")


@rule("TR105", "ends-abruptly", confidence=0.7, severity="error")
def ends_abruptly(page: Page) -> Iterator[Mark]:
    """The text stops where texts do not end.

    No single sign proves it: how the last line ends and its words, what stands below it, and how the other paragraphs
    end are weighed together, by numbers learned from whole and from cut articles.
    """
    end = decide(page).end
    if end is None or is_unpunctuated(page.blocks[end.block].text[-60:]):
        return
    block, sure = page.blocks[end.block], end.probability >= page.bar(SURE)
    shortened = is_shortened(block.text) and (sure or block.words >= LEAST_WORDS_BEFORE_DOTS)
    bare = shortened and block.text.endswith(("…", "..."))
    if end.probability < min(page.bar(LEAST_WITH_DOTS if bare else LEAST_OPEN), end.least):
        return
    view = outline(page)
    if bare and is_teaser(view, end.block):
        return
    is_chrome = view.roles[end.block] is not Role.CONTENT and view.noise[end.block] >= CHROME
    if not shortened and (is_chrome or view.is_finished(block, end.block) or _needs_no_stop(page, end.block, sure)):
        return
    why = "; ".join(reasons(page, end)) or "its last line does not look like an end"
    yield Mark(block.end, block.end, f"The text stops where texts do not end: {why}.", end.probability)


def _needs_no_stop(page: Page, last: int, sure: bool) -> bool:
    """Whether the last block ends with a sign in place of a full stop, or like the others without one."""
    block = page.blocks[last]
    if _EMOJI.search(block.text[-2:]) or is_signed(page, block) or is_stacked(page, last) or is_announced(page, last):
        return True
    return leaves_stops_out(page, block, HABIT_OF_SURE if sure else HABIT)


def _last_block(page: Page) -> Block | None:
    """The last block of content; None when it is finished, or there is none."""
    view = outline(page)
    if view.last is None or view.is_finished(page.blocks[view.last], view.last):
        return None
    return page.blocks[view.last]


def _before_labels(page: Page, block: Block) -> str:
    """What stands in the last block of content before labels that were glued to its end; empty without them.

    Where one says that the text goes on, TR202 tells of it.
    """
    view = outline(page)
    labels = [h.start for h in view.hits[view.last or 0] if h.place in INSIDE and h.group != "continues"]
    at = min(labels, default=block.start)
    return page.text[block.start : at].rstrip(EDGE) if block.end - at <= LABELS else ""


def _has_mark(block: Block) -> bool:
    # marks such as "[+1234 chars]" are a rule of their own
    return block.text.endswith(("]", "…", "...", "…)", "...)", ":", "："))


def _is_running(page: Page, block: Block, alone: int, after_prose: int) -> bool:
    if block.kind not in (Kind.PROSE, Kind.SHORT, Kind.DIALOGUE, Kind.HEADING):
        return False
    if block.words >= alone:
        return True
    return block.words >= after_prose and _is_after_prose(page, block) and not _is_title(block)


def _is_after_prose(page: Page, block: Block) -> bool:
    """Whether nothing or a finished paragraph stands straight above a block."""
    above = [b for b in page.blocks if b.end <= block.start][-1:]
    return all(b.is_running and b.finished for b in above)


def _is_title(block: Block) -> bool:
    """Most words capitalised, as in English titles and lists of names."""
    words = [w for w in block.text.split() if w[0].isalpha()]
    return sum(w[0].isupper() for w in words) > 0.6 * len(words)
