"""TR3: something is missing in the middle of the text."""

import re
from collections.abc import Iterator, Sequence

from audit.cues.ends import is_shortened
from audit.decisions import STANDFIRST_WORDS, decide, is_standfirst, reasons
from audit.finding import Mark
from audit.grammar import is_function_word
from audit.outline import Role, outline
from audit.page import Block, Kind, Page
from audit.phrases import INSIDE, Hit
from audit.registry import rule
from audit.script import is_in_words, is_unpunctuated, starts_lower
from audit.unclosed import OPENERS, quotes_of, unclosed
from audit.unstopped import is_attributed

# Each alternative begins with a character, so that all others are passed over fast.
_HOLE = re.compile(r" ,(?<=\w ,)(?= \w)|, ,|\( \)(?<=\w \( \))| \.(?<=\w \.)(?= [A-Z])")
_SPACED = re.compile(r" [,.](?<=\w [,.])(?!\S)")
_CODE = re.compile(r"[{};]|=>|\(\) ?\.")  # an empty call is no hole
# So often a space before a comma is a typographer's habit or a tokeniser's, not a lost link.
_HABIT = 4
_WORD = re.compile(r"[^\W\d_]{2}")
_FIRST_ENTRY = re.compile(r"\(?1[.)、．]|①")
# Some words that end no sentence of prose end headings (“how to overcome those”): where the decision finds a cut less
# probable than this, they prove no cut.
LEAST_OF_WORD = 0.15
# A paragraph of at least so many words that stops inside a quotation is cut.
QUOTING_WORDS = 8
COPY_STANDFIRST_WORDS = 26  # hard-wrapped copy of an agency has no longer ones


@rule("TR301", "cut-paragraph", confidence=0.75, severity="warning")
def cut_paragraph(page: Page, *, min_words: int = 20) -> Iterator[Mark]:
    """A paragraph inside the text stops in the middle of its sentence, and the next one starts anew.

    The paragraph must be running text between running text. Texts whose paragraphs often end without a full stop
    are not judged: their author or site leaves it out. A line broken in two by markup, which goes on in lower case,
    is whole. A paragraph that stops inside a quotation, with no stop, is cut whatever the others look like.

    Options: min_words, the least words of such a paragraph; a shorter one may be a heading or caption, and counts only
    when it ends with a word no sentence ends with.
    """
    view = outline(page)
    running = [i for i, b in enumerate(page.blocks) if b.is_running and view.roles[i] is Role.CONTENT]
    if page.one_line or is_unpunctuated(page.text[:200]):
        return
    open_ones = [
        i
        for i in running
        if i != view.last and _is_unended(page, page.blocks[i], min_words) and not view.is_finished(page.blocks[i], i)
    ]
    if len(open_ones) > max(1, 0.1 * len(running)):
        open_ones = [i for i in open_ones if is_function_word(page.blocks[i].text, page.lang)]
    for i in open_ones[:5]:
        block, below = page.blocks[i], _below(page, i)
        if i == running[0] and block.words < (COPY_STANDFIRST_WORDS if page.wrapped else STANDFIRST_WORDS):
            continue
        if below is None or below.kind is not Kind.PROSE or starts_lower(below.text):
            continue
        if _goes_on(page, i) or _is_broken_line(page, i) or is_attributed(block):
            continue
        proven = is_function_word(block.text, page.lang) and _chance(page, i) >= LEAST_OF_WORD
        end = block.text[-25:].strip()
        message = f"This paragraph stops in the middle of a sentence (“… {end}”) and the next starts anew."
        yield Mark(block.end, block.end, message, 0.95 if proven else None)
    for i, opening in _left_open(page):
        block = page.blocks[i]
        message = f"This paragraph opens “{opening}” and stops before it is closed, and the next starts anew."
        yield Mark(block.end, block.end, message, 0.95)


@rule("TR302", "lost-words", confidence=0.6, severity="warning")
def lost_words(page: Page, *, max_places: int = _HABIT) -> Iterator[Mark]:
    """A hole where linked words were lost: “told , that”, “in , ,”, “( )”.

    Extractors that drop links leave the punctuation around them. More places than max_places are taken for the
    habit of a tokeniser or typographer and are not reported, nor are those of a text with more spaces than that before
    commas and full stops.

    Options: max_places, the most holes of a text.
    """
    if not _may_have_holes(page.text):
        return
    view = outline(page)
    holes, spaces = [], 0
    for i, block in enumerate(page.blocks):
        if block.is_running and view.roles[i] is Role.CONTENT and _may_have_holes(block.text):
            found = [m for m in _HOLE.finditer(block.text) if _misses_words(m, page.lang)]
            holes += [(block.start + m.start(), m[0]) for m in found]
            spaces += len(_SPACED.findall(block.text))
        if max(len(holes), spaces) > max_places:
            return
    for start, what in holes:
        yield Mark(
            start, start + len(what), f"Words seem to be lost before “{what.strip()}”, as where a link was dropped."
        )


@rule("TR303", "breaks-off-inside", confidence=0.7, severity="warning")
def breaks_off_inside(page: Page, *, max_places: int = 3) -> Iterator[Mark]:
    """A paragraph inside the text breaks off, by all signs together.

    Its last words, its length, what follows, and how the other paragraphs end are weighed by numbers learned from
    whole articles and from articles with a cut paragraph.

    Options: max_places, the most places of a text, the surest ones.
    """
    if is_unpunctuated(page.text[:200]):
        return
    view = outline(page)
    able = (p for p in decide(page).inside if p.is_shown and not _points_elsewhere(view.hits[p.block]))
    shown = [p for p in able if not (is_standfirst(page, p) or _goes_on(page, p.block))]
    ends = ((p, block) for p in shown if not is_attributed(block := page.blocks[p.block]))
    open_ones = [p for p, block in ends if is_shortened(block.text) or not view.is_finished(block, p.block)]
    surest = sorted(open_ones, key=lambda p: -p.probability)[:max_places]
    for place in sorted(surest, key=lambda p: p.block):
        at = page.blocks[place.block].end
        why = "; ".join(reasons(page, place)) or "its end does not look like one"
        yield Mark(at, at, f"A paragraph breaks off inside the text: {why}.", place.probability)


def _points_elsewhere(found: Sequence[Hit]) -> bool:
    """Whether a line leads to another page, “Read also: …”, so that nothing has to end there."""
    return any(hit.group == "link_text" and hit.place not in INSIDE for hit in found)


def _is_unended(page: Page, block: Block, min_words: int) -> bool:
    if block.finished or block.text.endswith((":", "：", ";", "…", "...", "]", ")")):
        return False
    return block.words >= min_words or (block.words >= 8 and is_function_word(block.text, page.lang))


def _may_have_holes(text: str) -> bool:
    return " ," in text or " ." in text or "( )" in text


def _misses_words(hole: re.Match[str], lang: str | None) -> bool:
    """A space before a comma alone is a slip; after "according to" it is a hole."""
    if hole[0] == "( )":
        return not _CODE.search(hole.string)
    return hole[0] == ", ," or is_function_word(hole.string[: hole.start()], lang)


def _chance(page: Page, i: int) -> float:
    """How probably a block is cut by the decision about the page."""
    return next((place.probability for place in decide(page).places if place.block == i), 0.0)


def _left_open(page: Page) -> Iterator[tuple[int, str]]:
    """The paragraphs inside the text that stop inside a quotation without any stop, each with the mark that opens it.

    Where the next one goes on in lower case or opens a quotation itself, it is one of several paragraphs.
    """
    view, pairs = outline(page), quotes_of(page.text)
    for i, block in enumerate(page.blocks[: view.last]):
        able = view.roles[i] is Role.CONTENT and (block.is_running or block.kind is Kind.HEADING)
        if not able or block.words < QUOTING_WORDS or not is_in_words(block.text[-1]):
            continue
        opening, below = unclosed(block.text, pairs), page.blocks[i + 1].text
        if opening and not (_goes_on(page, i) or starts_lower(below) or below.startswith(OPENERS)):
            yield i, opening


def _goes_on(page: Page, i: int) -> bool:
    """Whether what follows a block is but its next line, or the code, formula or numbered list that it leads to."""
    below = _below(page, i)
    if below is None:
        return False
    is_list = below.kind is Kind.LIST and _FIRST_ENTRY.match(below.text)
    is_formula = below.kind in (Kind.CODE, Kind.TABLE) or (below.words > 2 and not _WORD.search(below.text))
    return bool(is_list) or is_formula or (page.wrapped and not below.after_gap)


def _below(page: Page, i: int) -> Block | None:
    return page.blocks[i + 1] if i + 1 < len(page.blocks) else None


def _is_broken_line(page: Page, i: int) -> bool:
    """Whether neighbours show that markup broke one sentence into lines: a short piece stands next to it."""
    return any(b.kind is Kind.SHORT for b in page.blocks[i + 1 : i + 2])
