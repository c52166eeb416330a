"""LK: the text of links that was injected into the prose."""

import re
from collections.abc import Iterator

from audit.finding import Mark
from audit.model import FEW_WORDS
from audit.outline import Outline, Role, outline
from audit.page import Block, Kind, Page
from audit.phrases import INSIDE, Hit
from audit.registry import rule

_URL_LINE = re.compile(r"<?(?:https?://|www\.)\S+>?$")
_SHORTENERS = ("pic.twitter.com/", "t.co/", "instagr.am/")
_SOCIAL = re.compile(rf"(?:{'|'.join(map(re.escape, _SHORTENERS))})\w{{4,20}}")
_EMBED = re.compile(
    r"(?:A post shared by|View this post on|Une publication partagée par|Ein Beitrag geteilt von) .{1,80}$"
    r"|[—–-] .{1,60}\(@\w{1,20}\) .{3,30}$"
)
_MARKDOWN = re.compile(r"!?\[([^\[\]\n]{0,120})\]\((?:https?:/|/|#|mailto:)[^()\s]{0,500}\)")
_REFERENCE = re.compile(r"\[(?:\d{1,2}|edit|citation needed|bearbeiten|modifier|editar)\]")
_KEY = re.compile(r"[\W_]{0,3}[^\W\d_][\w /-]{0,24}:\s")
_ANCHOR = re.compile(r"#[\w-]{2,40}$")
# Characters that an address, and the credit of an embed, begins with.
_ADDRESS_FIRST, _EMBED_FIRST = frozenset("<hw#"), frozenset("AVUE—–-")
_FIRST = _ADDRESS_FIRST | _EMBED_FIRST
MARKDOWN_LINKS = 3  # from here on links are the text's format, not damage
REFERENCES = 3
# Where the line model finds a line less noisy, “Learn more” or “Explainer: …” is as often a heading as a link.
LABEL, POINTER = 0.2, 0.08


@rule("LK101", "label-line", confidence=0.93)
def label_line(page: Page) -> Iterator[Mark]:
    """A line is nothing but the label of a link: “Read more”, “Click here”, “Mehr lesen”, “阅读更多”.

    “Continue reading” and the like count when the text does go on; at its end they are TR202.
    """
    view = outline(page)
    for i in view.told:
        block = page.blocks[i]
        hit = _first(view.hits[i], "link_text", "line") or _first(view.hits[i], "continues", "line")
        if hit and _is_link(hit, view.last) and (view.noise[i] >= LABEL or page.words < FEW_WORDS):
            sure = 0.93 if view.at_edge(i) or block.words > 1 else 0.8
            yield Mark(block.start, block.end, f"The line is only the label of a link, “{_cut(block.text)}”.", sure)


@rule("LK102", "label-inside", confidence=0.9)
def label_inside(page: Page) -> Iterator[Mark]:
    """A link's label stands inside a paragraph, after the end of a sentence: “… to hard-hit areas. read more”.

    Also the label of an advertisement, one in brackets, glued to the word before it (“areas.Read more”), or followed by
    the headline that it points to (“… to the area. Read also: Five ways to cross a fen”). After dots (“… of the fen...
    Read more”) it is the mark of a cut, which the rules TR2 tell of.
    """
    view = outline(page)
    for i in view.told:
        if view.causes[i] is not None and view.roles[i] is not Role.CONTENT:
            continue  # all of the block is the site's
        end = -1
        for hit in view.hits[i]:
            dotted = page.text[max(0, hit.start - 9) : hit.start].rstrip(" \n([").endswith(("...", "…"))
            if hit.place in INSIDE and hit.start >= end and _is_link(hit, view.last) and not dotted:
                start, end = _with_brackets(page.text, hit.start, hit.end)
                yield Mark(start, end, f"The label of a link, “{page.text[start:end]}”, stands after a sentence.")


@rule("LK103", "pointer-line", confidence=0.85)
def pointer_line(page: Page, *, max_words: int = 30) -> Iterator[Mark]:
    """A line points to another page: “Read also: …”, “RELATED: …”, “Lesen Sie auch: …”, “Baca juga: …”.

    The words that lead in must be followed by a colon or by a title; a finished sentence that merely begins with them
    is prose. Where they stand alone on their line, the title on the next one is meant.

    Options: max_words, the longest such line.
    """
    view = outline(page)
    for i in view.told:
        block = page.blocks[i]
        hit = _first(view.hits[i], "link_text", "start")
        if hit and _first(view.hits[i], "link_text", "line") and not block.finished and _has_title(page, i, max_words):
            title, lead = page.blocks[i + 1], page.text[hit.start : hit.end]
            yield Mark(title.start, title.end, f"The line is the title of another page, after “{lead}”.", 0.8)
        if hit is None or block.words > max_words or _first(view.hits[i], "link_text", "line"):
            continue
        title_like = " " in hit.phrase and not block.finished and block.words >= len(hit.phrase.split()) + 3
        doubtful = view.noise[i] < POINTER and page.words >= FEW_WORDS and not (hit.colon and " " in hit.phrase)
        if (hit.colon or title_like) and not doubtful and not (hit.colon and _is_entry(page, view, i, hit)):
            lead = page.text[hit.start : hit.end]
            sure = 0.92 if hit.colon else 0.75
            yield Mark(block.start, block.end, f"The line points to another page (“{lead}”).", sure)


@rule("LK104", "bare-address", confidence=0.85)
def bare_address(page: Page) -> Iterator[Mark]:
    """A web address stands where text should: a line that is only a URL, `pic.twitter.com/…`, `#section4`.

    The credit of an embed, “— Jane Roe (@roe) 4 March 2026”, counts as well. A URL that is part of a sentence is not
    reported.
    """
    view, shortened = outline(page), any(host in page.text for host in _SHORTENERS)
    for i, block in enumerate(page.blocks):
        if not (shortened or block.text[0] in _FIRST) or block.kind is Kind.CODE:
            continue
        if _is_embed(block) or (_is_address(block) and not view.at_edge(i) and _is_between_prose(page, i)):
            yield Mark(
                block.start, block.end, f"The line is only an address or the credit of an embed, “{_cut(block.text)}”."
            )
            continue
        if view.at_edge(i):
            continue
        for m in _SOCIAL.finditer(block.text) if shortened else ():
            yield Mark(
                block.start + m.start(), block.start + m.end(), f"A shortened address was left in the text, “{m[0]}”."
            )


@rule("LK105", "markdown-link", confidence=0.7, severity="info")
def markdown_link(page: Page, *, max_links: int = MARKDOWN_LINKS) -> Iterator[Mark]:
    """The source of a Markdown link, `[text](address)`, remains in a text that is not Markdown.

    Options: max_links, from more links on the text counts as Markdown.
    """
    if "]" not in page.text or "](" not in page.text:
        return
    found = list(_MARKDOWN.finditer(page.text))
    marked = any(line.kind is Kind.HEADING and line.text[0] == "#" for line in page.lines)
    if marked or len(found) > max_links or page.document.source.endswith(".md"):
        return
    for m in found:
        yield Mark(m.start(), m.end(), f"A Markdown link remains in the text, “{_cut(m[0])}”.")


@rule("LK106", "reference-mark", confidence=0.65, severity="info")
def reference_mark(page: Page, *, max_marks: int = REFERENCES) -> Iterator[Mark]:
    """A stray reference mark, “[1]” or “[edit]”, whose note is not in the text.

    Scholarly text cites often, or lists its notes at the end: more marks than max_marks are not reported.

    Options: max_marks, the most marks of a text.
    """
    if len(page.text) > 2_000_000 or "[" not in page.text:
        return
    found = [span for m in _REFERENCE.finditer(page.text) if (span := _after_a_word(page.text, *m.span()))]
    listed = any(line.text.startswith(("[1]", "1. ^", "^")) for line in page.lines[-30:])
    if len(found) > max_marks or listed or any(line.kind is Kind.CODE for line in page.lines):
        return
    for start, end in found:
        said = page.text[start:end].strip()
        yield Mark(start, end, f"The reference mark “{said}” points to a note that is not here.")


@rule("LK107", "advertisement-inside", confidence=0.9)
def advertisement_inside(page: Page) -> Iterator[Mark]:
    """The label of an advertisement, “Advertisement”, “Anzeige”, “广告”, stands inside the text."""
    view = outline(page)
    for i in view.told:
        block = page.blocks[i]
        if not view.at_edge(i) and _first(view.hits[i], "advertisement", "line"):
            yield Mark(
                block.start, block.end, f"The label of an advertisement, “{_cut(block.text)}”, stands inside the text."
            )


def _after_a_word(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The span of a mark with the space before it; None where nothing else is before it on its line."""
    start -= text[start - 1 : start] == " "
    return (start, end) if start and not text[start - 1].isspace() else None


def _has_title(page: Page, i: int, max_words: int) -> bool:
    """Whether a line after a lead-in that stands alone is a title: no sentence, and a paragraph comes after it."""
    if i + 2 >= len(page.blocks):
        return False
    title, below = page.blocks[i + 1 : i + 3]
    plain = title.kind in (Kind.SHORT, Kind.HEADING, Kind.PROSE) and not title.finished and title.words <= max_words
    return plain and below.is_running and below.finished


def _is_address(block: Block) -> bool:
    line = block.text
    if line[0] not in _ADDRESS_FIRST:
        return False
    return bool(_URL_LINE.match(line) or _ANCHOR.match(line))


def _is_embed(block: Block) -> bool:
    return block.text[0] in _EMBED_FIRST and block.words < 20 and bool(_EMBED.match(block.text))


def _is_between_prose(page: Page, i: int) -> bool:
    """A list of addresses at the end, or one under its heading, is the author's."""
    around = page.blocks[max(0, i - 1) : i] + page.blocks[i + 1 : i + 2]
    return len(around) == 2 and all(b.is_running and not b.text.endswith((":", "：")) for b in around)


def _is_link(hit: Hit, last: int | None) -> bool:
    """Whether a label belongs to a link: one that says that the text goes on does so before the last content only."""
    if hit.group == "continues":
        return last is not None and hit.block < last
    return hit.group in ("link_text", "advertisement", "share", "subscribe")


def _is_entry(page: Page, view: Outline, i: int, hit: Hit) -> bool:
    """Whether a line with one word before a colon stands in a list of such: “Sensor: …”, “Video: …”, “Weight: …”."""
    around = [j for j in (i - 1, i + 1) if 0 <= j < len(page.blocks) and not page.blocks[j].finished]
    keyed = [j for j in around if _KEY.match(page.blocks[j].text) and not _first(view.hits[j], "link_text", "start")]
    return " " not in hit.phrase and bool(keyed)


def _first(found: tuple[Hit, ...], group: str, place: str) -> Hit | None:
    return next((h for h in found if h.group == group and h.place == place), None)


def _with_brackets(text: str, start: int, end: int) -> tuple[int, int]:
    """The span with a bracket or arrow around it, and the full stop after it, as in “Read more.”."""
    if start and text[start - 1] in "([（【":
        closing = {"(": ")", "[": "]", "（": "）", "【": "】"}[text[start - 1]]
        at = text.find(closing, end, end + 6)
        return start - 1, at + 1 if at >= 0 else end
    while end < len(text) and text[end] in ".»›→>":
        end += 1
    return start, end


def _cut(text: str) -> str:
    flat = " ".join(text[:90].split())
    return flat if len(text) <= 90 else flat + "…"
