"""LD1: the text's beginning shows that something came before it."""

import re
from collections.abc import Iterator

from audit.cues.first import is_of_language
from audit.finding import Mark
from audit.grammar import is_function_word
from audit.outline import Role, outline
from audit.page import Block, Kind, Page
from audit.registry import rule
from audit.script import fold, starts_lower
from audit.topic import counts_of
from audit.vocabulary import load

_DROP_CAP = re.compile(r"([A-ZÀ-ÞА-Я])\s+([a-zß-ÿа-я]+)\b")
# Letters that are words by themselves in many languages, and those that are in none: "V Praze", "W styczniu",
# "È utile", "U kunt" and "Å bruke" are whole, which only the other words of the text can tell.
_WORDS = frozenset("AIOÀÉEYУВОСКИЯА")
_NO_WORDS = frozenset("BCDFGHJLMNPQRTXГДЕЛМНПРТФХЦЧШЩЭЮ")
_DATELINE = re.compile(
    r"[^\n]{0,60}?(?:\((?:[A-Z]{2,40}+|Reuters|dpa|Xinhua)[^)\n]{0,20}\)|[A-Z]{3,40}+[^\n]{0,30}?)\s?[-–—:]\s|[^\n]{0,16}\d{1,2}[日.]?[^\n]{0,12}[电電]"
)
_CONTINUES = re.compile(r"[,;:)\]}»”%]")
# Names, commands and addresses; "npm" has no vowel; Dutch sentences may begin with 's, 't and 'n. A stop or colon after
# which a space comes ends a sentence, and names no file.
_TOKEN_LIKE = re.compile(
    r"[a-z]+(?:[A-Z0-9_/@\\(=]|[.:][a-z0-9_:/]|-[A-Z0-9])|[a-z]-\w|[a-z0-9.-]+\.(?:com|org|net|io|de)\b"
    r"|[b-df-hj-np-tv-xz]{3,5} |['’][stn] [A-ZÀ-Þ]"
)
_HYPHENATED = re.compile(r"[a-z0-9]{1,40}-[a-z0-9-]{1,80}")
_RUNS_ON = (",", ":", "،", "，", "：")  # what is set off by these is said in the next line
SUBJECT_WORDS, SUBJECT_TIMES = 4, 3  # a label that the text has so often is what it is about


@rule("LD101", "starts-mid-sentence", confidence=0.88, severity="error")
def starts_mid_sentence(page: Page, *, min_words: int = 8) -> Iterator[Mark]:
    """The text starts in the middle of a sentence or word: in lower case, or with punctuation that follows something.

    Names that begin in lower case (iPhone, npm), code, lists and texts written without capitals do not count, nor what
    a line above begins: one that ends with a comma or colon, or names the subject (“useState”, “is a hook that …”).

    Options: min_words, the least words of the first paragraph.
    """
    i = _first_running_index(page)
    if i is None or page.blocks[i].words < min_words or _is_begun_above(page, i):
        return
    block = page.blocks[i]
    at = block.start
    if _CONTINUES.match(block.text):
        yield Mark(at, at, f"The text starts with “{block.text[0]}”, which follows something that is missing.")
    elif starts_lower(block.text) and not _is_name(page, block) and _has_capitals(page):
        yield Mark(at, at, f"The text starts in lower case, inside a sentence: “{_opening(block)}”.")


@rule("LD102", "starts-with-continuation", confidence=0.6, severity="warning")
def starts_with_continuation(page: Page) -> Iterator[Mark]:
    """The text starts with words that refer back: “Meanwhile”, “He added”, “zuvor hatte”, “وأكد التقرير”.

    A first sentence may begin with a pronoun for effect, so that the pronouns alone count only in news prose, where
    a name never follows within the sentence.
    """
    view = outline(page)
    i = _first_running_index(page)
    if i is None:
        return
    block = page.blocks[i]
    if starts_lower(block.text) and _is_begun_above(page, i):
        return
    for hit in view.hits[i]:
        if hit.group == "continuation" and hit.place == "start" and is_of_language(hit, page.lang):
            said = page.text[hit.start : hit.end]
            yield Mark(
                block.start, block.start, f"The text starts with “{said}”, which refers back to something unsaid."
            )
            return


@rule("LD103", "broken-lead", confidence=0.65, severity="warning")
def broken_lead(page: Page, *, min_words: int = 26, max_words: int = 60) -> Iterator[Mark]:
    """The lead is not whole: the first paragraph breaks off, and no headline, dateline or title stands over it.

    Republished agency copy that lost its head looks so: the line with headline and dateline was dropped and the
    paragraph under it damaged with it.

    Options: min_words, the least words of such a paragraph; shorter ones are headlines
    and standfirsts, which need no full stop; max_words, the most: longer ones are lists glued into one.
    """
    i = _first_running_index(page)
    if i is None or page.document.title or page.one_line:
        return
    block = page.blocks[i]
    above = [b for b in page.blocks[:i] if b.kind in (Kind.SHORT, Kind.HEADING)]
    below = page.blocks[i + 1] if i + 1 < len(page.blocks) else None
    if (
        above
        or outline(page).is_finished(block, i)
        or _DATELINE.match(block.text)
        or below is None
        or not below.is_running
    ):
        return
    if (
        min_words <= block.words <= max_words
        and not starts_lower(below.text)
        and not block.text.endswith((":", "…", "...", "]"))
    ):
        message = (
            "The text has neither headline nor dateline, and its first paragraph breaks off: its lead is not whole."
        )
        yield Mark(block.start, block.start, message, 0.95 if is_function_word(block.text, page.lang) else None)


@rule("LD104", "split-drop-cap", confidence=0.9, severity="warning")
def split_drop_cap(page: Page) -> Iterator[Mark]:
    """The first letter, a drop capital, is split from its word: “T he year …”, or stands on a line of its own."""
    i = _first_running_index(page)
    if i is None:
        return
    block = page.blocks[i]
    above = page.blocks[i - 1] if i else None
    if above and len(above.text) == 1 and above.text.isupper() and starts_lower(block.text):
        yield Mark(above.start, block.start + 1, f"The first letter, “{above.text}”, is split from its word.")
    elif (split := _DROP_CAP.match(block.text)) and _is_split(page, *split.groups()):
        end = block.start + split.end()
        yield Mark(block.start, end, f"The first letter is split from its word: “{split[0]}”.")


@rule("LD105", "headline-only", confidence=0.8, severity="error")
def headline_only(page: Page, *, max_words: int = 30) -> Iterator[Mark]:
    """Only a headline is left, the body is missing. A page that tells of an error never had one.

    Options: max_words, the most words of such a text.
    """
    view = outline(page)
    if view.roles.count(Role.CONTENT) > 2 or any(cause and cause.group == "error" for cause in view.causes):
        return
    content = [i for i, role in enumerate(view.roles) if role is Role.CONTENT]
    words = sum(page.blocks[i].words for i in content)
    if content and 3 <= words <= max_words:
        end = page.blocks[content[-1]].end
        if not any(view.is_finished(page.blocks[i], i) for i in content):
            yield Mark(end, end, "Only a headline is here; the body of the article is missing.")


def _first_running_index(page: Page) -> int | None:
    """The first block of running text among the content, unless other content than titles stands before it."""
    view = outline(page)
    for i, block in enumerate(page.blocks):
        if view.roles[i] is not Role.CONTENT:
            continue
        if block.is_running:
            return i
        if block.kind not in (Kind.SHORT, Kind.HEADING):
            return None
    return None


def _is_begun_above(page: Page, i: int) -> bool:
    """Whether the sentence of a block begins in the one above: with a colon, or a label that is the text's subject."""
    if not i:
        return False
    above = page.blocks[i - 1]
    if above.text.endswith(_RUNS_ON):
        return True
    is_label = outline(page).roles[i - 1] is Role.CONTENT and above.words <= SUBJECT_WORDS and not above.finished
    is_name = is_label and not is_function_word(above.text, page.lang)
    return is_name and page.text.count(above.text) >= SUBJECT_TIMES


def _is_name(page: Page, block: Block) -> bool:
    """Whether the first word looks like a name or command, or a marked heading or line of code has it.

    A word with a hyphen is a name where the text has it again (create-react-app).
    """
    word = block.text.split(None, 1)[0]
    joined = _HYPHENATED.match(word)
    if joined and page.text.count(joined[0]) > 1:
        return True
    marked = (line.text for line in page.lines if line.kind is Kind.CODE or line.text.startswith("# "))
    return bool(_TOKEN_LIKE.match(block.text)) or any(word in text.split() for text in marked)


def _has_capitals(page: Page) -> bool:
    """Whether other paragraphs begin with a capital, so that this one should."""
    others = [b for b in page.blocks if b.is_running][1:6]
    return sum(not starts_lower(b.text) for b in others) >= 0.5 * len(others)


def _is_split(page: Page, letter: str, rest: str) -> bool:
    """Whether a capital letter belongs to the word after it: the two make a known word, or neither is one by itself."""
    if letter in _WORDS:
        return False
    known, vocabulary, word = counts_of(page), load().get(page.lang or ""), fold(letter + rest)
    if known[word] or (vocabulary and word in vocabulary.stopwords):
        return True
    return letter in _NO_WORDS and known[fold(rest)] <= 1  # “T cells”, “R packages”


def _opening(block: Block) -> str:
    return block.text[:40].replace("\n", " ").strip() + " …"
