"""CH4: lines that are chrome by how often they stand on the site, or by what they are made of."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping

from audit.finding import Mark
from audit.outline import Role, is_repeated, outline
from audit.page import Block, Kind, Page
from audit.registry import rule

_TAG = re.compile(
    r"<(?:div|span|p|a|img|script|style|iframe|li|ul|ol|td|tr|table|h[1-6]|figure|section)\s[^<>]{0,300}>"
    r"|</(?:div|span|p|a|li|ul|td|tr|table|h[1-6]|strong|em|figure|section|script)>"
    r"|<br ?/?>|&(?:nbsp|amp|lt|gt|quot|#\d{2,5});",
    re.I,
)
# A rule, or a declaration: “name: what it means;” is an entry of many a list, so the name has to be a property's.
_CSS = re.compile(
    r"[.#@]?[\w-][\w .,>#:-]{0,160}\{[^{}:]*:[^{}]*\}"
    r"|\s*(?:-(?:webkit|moz|ms|o)-)?(?:align|animation|background|border|bottom|box|clear|color|content|cursor|display"
    r"|fill|flex|float|font|grid|height|justify|left|letter|line|list|margin|max|min|opacity|outline|overflow|padding"
    r"|position|right|text|top|transform|transition|vertical|visibility|white|width|word|z)(?:-[a-z]{1,20}){0,3}"
    r"\s?:\s?[^;{}]{1,60};$"
)
_SCRIPT = re.compile(
    r"(?:window|document)\.\w+|function\s?\(|googletag|dataLayer|\$\(|var \w+ ?=|\"@context\"|=== ?['\"]|\}\)\("
)
# Each search with what stands in whatever it finds, and a character, found faster, that a text with that has.
_SIGNS: tuple[tuple[Callable[[str], re.Match[str] | None], Mapping[str, str]], ...] = (
    (_TAG.search, {"<": "<", "&": "&"}),
    (_CSS.match, {"{": "{", ";": ";"}),
    (
        _SCRIPT.search,
        {
            **{"window.": ".", "document.": ".", "function": "(", "googletag": "g", "dataLayer": "L"},
            **{"$(": "$", "var ": "=", '"@context"': "@", "===": "=", "})(": "}"},
        },
    ),
)
_CREDIT = re.compile(
    r"(?:(?:photo|image|picture|foto|fotos|bild|imagen|crédit photo|credit|quelle|kép"
    r"|zdjęcie|фото|صورة|写真|图片|图|摄影)\s?(?:by (?-i:[A-ZÀ-Þ])|credit|courtesy|:|：|©|/)"
    r"|©|\(c\) |\(?(?:AP|AFP|Getty|Reuters|EPA|dpa) ?(?:Photo|Images)?/)",
    re.I,
)
_CREDIT_FIRST = frozenset("pifbcqkzфص写图摄©(agredPIFBCQKZФAGRED") | frozenset("ıİK")  # letters it can begin with
CREDIT_WORDS = 30
CREDITS = 2
LINK_TEXT = 0.6  # of what is injected between paragraphs LK108 tells from so much noise on
# A line of a few words is a credit, too, when an agency stands in it beside a sign: “Jane Roe / Reuters”.
AGENCY_WORDS = 9
_AGENCY = re.compile(
    r"\b(?:AP|AFP|APA|AAP|EPA|EFE|ANSA|ANP|NTB|TT|PAP|ČTK|TASS|Reuters|dpa|Bloomberg|Anadolu|Xinhua|Yonhap|Kyodo|Belga"
    r"|Getty(?: Images)?|picture[ -]alliance|imago(?: images)?|Keystone|Scanpix|Lehtikuva|NurPhoto|Shutterstock|iStock"
    r"|Alamy|Adobe Stock|Unsplash|Pexels|Pixabay|Fotolia|Depositphotos)\b"
)
_BESIDE = re.compile(r"[/|©]| via ")
# A text about markup names a tag in brackets or quotes, or beside a word for one.
_OPENED, _CLOSED, AROUND = "([“„«\"'‘「", ")]”“»\"'’」", 20
_A_TAG = r"(?:\b(?:tags?|elements?|balises?|etiquetas?|тег\w{0,3}|etykiet\w{0,3})\b|标签|標籤|タグ|태그)"
_TAG_BEFORE, _TAG_AFTER = re.compile(rf"{_A_TAG}\s?$", re.I), re.compile(rf"\s?{_A_TAG}", re.I)
WRITTEN = 0.05  # lines of less noise are the formulas and commands of an article


@rule("CH401", "repeated-on-site", confidence=0.95)
def repeated_on_site(page: Page) -> Iterator[Mark]:
    """The line stands on many documents of its site, so that it belongs to the site and not to the text.

    The site needs five documents, and the line must stand on four of them and on three in ten. A text that the site
    has several times counts once, and so does a refrain inside a text; the intro of a series stands on too few.
    On a site of fewer documents it is the lines that are the template of at least five other sites of the crawl.
    """
    if not page.repeats:
        return
    view = outline(page)
    for i, block in enumerate(page.blocks):
        if is_repeated(page, block) and view.causes[i] is None:
            repeat = page.repeats[block.first]
            yield Mark(block.start, block.end, f"The line {repeat.said}.", evidence=repeat.evidence)


@rule("CH403", "leftover-markup", confidence=0.85)
def leftover_markup(page: Page, *, max_code_lines: int = 2) -> Iterator[Mark]:
    """HTML tags, style sheets or scripts of the page are left in the text.

    Texts about programming show such code on purpose: where there are more lines of code than max_code_lines, or
    many marks of it, none is reported.

    Options: max_code_lines, the most lines of code of a text that is not about code.
    """
    marked = [] if "`" in page.text else _marked(page)
    code = sum([line.kind is Kind.CODE for line in page.lines]) if marked else 0
    if code > max_code_lines or len(marked) > 12:
        return
    view = outline(page)
    for i in marked:
        block = page.blocks[i]
        tag = _TAG.search(block.text)
        if tag and block.words > 12:
            start, end = block.start + tag.start(), block.start + tag.end()
            if not _is_named(block.text, tag):
                yield Mark(start, end, f"Markup is left in the text: “{tag[0][:60]}”.")
        elif view.noise[i] >= WRITTEN:
            yield Mark(block.start, block.end, f"Markup or script is left in the text: “{block.text[:60]}”.")


@rule("CH404", "caption-credit", confidence=0.75, severity="info")
def caption_credit(page: Page, *, max_words: int = CREDIT_WORDS, max_credits: int = CREDITS) -> Iterator[Mark]:
    """A picture's caption with its credit stands in the text: “Photo: Jane Roe”, “© AFP”.

    Also “Jane Roe / Reuters” alone on a line. A text that credits more pictures than max_credits, those of agencies
    apart, does so on purpose: a gallery, or a list of finds.

    Options: max_words, the longest caption; max_credits, the most credits of a text.
    """
    view = outline(page)
    found: list[Block] = []
    agencies: list[Block] = []
    told = page.bar(LINK_TEXT)
    for block, role, noise in zip(page.blocks, view.roles, view.noise, strict=True):
        if block.words > max_words or role is Role.CHROME or (role is Role.LINK and noise >= told):
            continue
        if block.words <= AGENCY_WORDS and not block.finished and _is_agency(block):
            agencies.append(block)
        elif (text := block.text.lstrip("([*_ "))[:1] in _CREDIT_FIRST and _CREDIT.match(text):
            found.append(block)
    for block in (*agencies, *(found if len(found) <= max_credits else ())):
        yield Mark(block.start, block.end, f"The line is the credit of a picture: “{block.text[:60]}”.")


def _is_named(text: str, tag: re.Match[str]) -> bool:
    """Whether a text speaks of a tag that stands in it."""
    before, after = text[max(0, tag.start() - AROUND) : tag.start()], text[tag.end() : tag.end() + AROUND]
    enclosed = before[-1:] and after[:1] and before[-1] in _OPENED and after[0] in _CLOSED
    return bool(enclosed or _TAG_BEFORE.search(before) or _TAG_AFTER.match(after))


def _is_agency(block: Block) -> bool:
    """Whether a line of few words is the name of a photographer or of nobody, and of an agency."""
    if block.kind in (Kind.TABLE, Kind.CODE):
        return False
    if not _BESIDE.search(block.text):  # as almost all
        return _AGENCY.fullmatch(block.text.strip("() ")) is not None
    return _AGENCY.search(block.text) is not None


def _marked(page: Page) -> list[int]:
    """The blocks that markup stands in. Only those with a sign of it are searched, as few have one."""
    starts = [block.start for block in page.blocks]
    found = set()
    for find, signs in _SIGNS:
        for sign, rare in signs.items():
            at = page.text.find(sign) if rare in page.text else -1
            while at >= 0:
                i = max(0, bisect_right(starts, at) - 1)
                if i not in found and find(page.blocks[i].text[:2000]):
                    found.add(i)
                at = page.text.find(sign, max(at + 1, page.blocks[i].end))
    return sorted(found)
