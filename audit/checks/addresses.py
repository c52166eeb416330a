"""LK104 to LK106: addresses of links, Markdown and marks of notes that stand in the text."""

import re
from collections.abc import Iterator

from audit.finding import Mark
from audit.outline import outline
from audit.page import Block, Kind, Page
from audit.registry import rule
from audit.visible import in_short

_URL_LINE = re.compile(r"<?(?:https?://|www\.)\S+>?$")
_SHORTENERS = ("pic.twitter.com/", "t.co/", "instagr.am/")
_SOCIAL = re.compile(rf"(?:{'|'.join(map(re.escape, _SHORTENERS))})\w{{4,20}}")
_EMBED = re.compile(
    r"(?:A post shared by|View this post on|Une publication partagée par|Ein Beitrag geteilt von) .{1,80}$"
    r"|[—–-] .{1,60}\(@\w{1,20}\) .{3,30}$"
)
_MARKDOWN = re.compile(r"!?\[([^\[\]\n]{0,120})\]\((?:https?:/|/|#|mailto:)[^()\s]{0,500}\)")
_REFERENCE = re.compile(r"\[(?:\d{1,2}|edit|citation needed|bearbeiten|modifier|editar)\]")
_ANCHOR = re.compile(r"#[\w-]{2,40}$")
# Characters that an address, and the credit of an embed, begins with.
_ADDRESS_FIRST, _EMBED_FIRST = frozenset("<hw#"), frozenset("AVUE—–-")
_FIRST = _ADDRESS_FIRST | _EMBED_FIRST
MARKDOWN_LINKS = 3  # from here on links are the text's format, not damage
REFERENCES = 3


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
                block.start,
                block.end,
                f"The line is only an address or the credit of an embed, “{in_short(block.text)}”.",
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
        yield Mark(m.start(), m.end(), f"A Markdown link remains in the text, “{in_short(m[0])}”.")


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


def _after_a_word(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The span of a mark with the space before it; None where nothing else is before it on its line."""
    start -= text[start - 1 : start] == " "
    return (start, end) if start and not text[start - 1].isspace() else None


def _is_address(block: Block) -> bool:
    line = block.text
    if line[0] not in _ADDRESS_FIRST:
        return False
    return bool(_URL_LINE.match(line) or _ANCHOR.match(line))


def _is_embed(block: Block) -> bool:
    return block.text[0] in _EMBED_FIRST and block.words < 20 and bool(_EMBED.match(block.text))


def _is_between_prose(page: Page, i: int) -> bool:
    """A list of addresses at the end, one under its heading, or one that ends an open sentence, is the author's."""
    around = page.blocks[max(0, i - 1) : i] + page.blocks[i + 1 : i + 2]
    running = len(around) == 2 and all(b.is_running and not b.text.endswith((":", "：")) for b in around)
    return running and around[0].finished
