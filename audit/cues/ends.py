"""The end of a block as numbers: does a sentence end there, does something else stand there?"""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from audit.cues.words import Words, endings, stopped
from audit.grammar import is_function_word
from audit.outline import outline
from audit.page import Block, Kind, Page
from audit.phrases import Hit
from audit.script import CLOSERS, EDGE, MARKS, TERMINATORS, fold
from audit.sentences import sentences
from audit.vocabulary import words_of_more

NAMES = (
    "sentences", "tail_words", "ends_comma", "ends_colon", "ends_dash", "ends_opener", "ends_lower",
    "ends_digit", "ends_other", "omission", "label_after_dots", "near_dots", "function_word", "ending_score",
    "sentence_score", "title_case", "signature", "short", "layout", "verse", "open_bracket", "open_quote",
    "credit", "address", "digits", "paywall",
)  # fmt: skip
_SCORES = slice(NAMES.index("ending_score"), NAMES.index("sentence_score") + 1)
# What cutters leave: “[+1234 chars]”, “[…]”, “(continued)”, “continued on page 4”, and “(more)”, “—More…”, “(mehr)”.
COUNT = r"(?:…|\.{3})?[ \t]{0,3}[\[(]\+\s?\d{1,9}\s[^\W\d]{2,12}[\])]"
BRACKET = r"[\[(（【][ \t]{0,3}(?:…|\.{3}|&hellip;)[ \t]{0,3}[\])）】]"
_CONTINUED = r"[(\[](?:continued|cont\.|cont['’]d)[)\]]|\bcontinued on page [a-z]?\d{1,3}\.?"
_OMISSION = re.compile(rf"(?:{COUNT}|{BRACKET})$", re.I)
_OMISSION_LAST = frozenset("])）】-–—….")  # what a mark of omission ends with, or the number of a page
_WORD_OF_MORE = re.compile(r"[-–—(（\[]\s?([^\W\d_][^-–—()（）\[\]…]{1,20})(?<!\s)\s?(?:[-–—)）\]…]|\.{3})$")
_GOES_ON = re.compile(rf"(?:{_CONTINUED})$", re.I)
_DOTS = re.compile(r"(?:…|\.{3,})[\"'”’»“]?$")
_TRAILING_OFF = re.compile(r"(?:…|\.{3})[ \t]?[\"'”’»“]$")
_CREDIT_WORDS = (
    "photo", "foto", "image", "picture", "bild", "source", "quelle", "credit", "crédit", "by", "von", "par", "por",
    "fuente", "fonte", "©", "(c)",
)  # fmt: skip
_CREDIT = re.compile(rf"(?:©|\(c\)|(?:{'|'.join(_CREDIT_WORDS[:-2])})s?\b[^:]{{0,12}}:?\s)", re.I)
_CREDIT_SIGNS = "/–—-"  # what every match of the next has, unless it ends with a bracket
_CREDIT_END = re.compile(r"(?:\([^()]{1,40}\)|[/–—-]\s?[A-Z][^/–—-]{1,30})$", re.I)
_ADDRESS = re.compile(
    r"(?:https?://|www\.|\S@\S|\b[\w-]+\.(?:com|org|net|io|de|gov|edu)\b)\S*(?:\s\W*)?$|[\d() +-]{9,}$"
)
# What every match has, or ends with besides digits.
_ADDRESS_SIGNS = ("@", "://", "www.", ".com", ".org", ".net", ".io", ".de", ".gov", ".edu")
_NUMBER_LAST = "() +-"
_DIGITS = b"0123456789"
_NEAR_DOTS = re.compile(r"(?:…|\.{3})[\s\[(|→»>]*[^\s.!?…]+(?: [^\s.!?…]+){0,3}\W{0,3}$")
_DASHES = "-–—~"
_SIGNATURE = re.compile(r"(?:[-–—~][ ]?|[!?.,] )[^\W\d_a-zß-ÿа-я][\w.'’-]*(?: [^\W\d_a-zß-ÿа-я][\w.'’-]*){0,3}$")
_PAIRS = (("(", ")"), ("[", "]"), ("（", "）"))
_QUOTES = (("“", "”"), ("«", "»"), ("「", "」"), ("„", "“"))
DOT_SIGNS = ("…", "...", "+")


def goes_on(text: str) -> str:
    """What copy that goes on is marked with at the end of a text, “(more)” or “(continued)”; empty where it is not."""
    if found := _GOES_ON.search(text):
        return found[0]
    word = _WORD_OF_MORE.search(text)
    return word[0] if word and fold(word[1]) in words_of_more() else ""


def is_omission(text: str) -> bool:
    """Whether a text ends with a cutter's mark other than bare dots."""
    last = text[-1:]
    if last == "." and not text.endswith("..."):  # a stop ends no mark, unless the number of a page is before it
        last = text[-2:-1]
        return last.isdecimal() and bool(goes_on(text))
    return (last in _OMISSION_LAST or last.isdecimal()) and bool(_OMISSION.search(text) or goes_on(text))


def has_dots(text: str) -> bool:
    """Whether a text ends with dots or another mark of omission, a few words after it passed over."""
    end = text[-40:]
    if "…" not in end and "..." not in end and "+" not in end:  # DOT_SIGNS, as this is asked of every block
        return False
    return bool(_DOTS.search(end) or is_omission(end) or _NEAR_DOTS.search(end))


def is_shortened(text: str) -> bool:
    """Whether a text ends with the mark of a cutter: dots, but for those in a quotation, which are the author's."""
    return has_dots(text) and not _TRAILING_OFF.search(text[-6:])


def close(places: Sequence[tuple[Page, int]], done: NDArray[np.bool_], words: Words) -> NDArray[np.float64]:
    """The numbers of the ends of blocks of pages, a row each, as in NAMES; `done`: whether their sentence ends."""
    blocks = [page.blocks[i] for page, i in places]
    split = [sentences(block.text) for block in blocks]
    rows = np.array([_close(*x, *cut) for x, cut in zip(places, split, strict=True)], dtype=np.float64)
    still_open = np.flatnonzero(~done).tolist()
    if still_open:
        ended, told = endings([blocks[k].text for k in still_open]), stopped([split[k][1] for k in still_open])
        rows[~done, _SCORES] = np.column_stack([words.ending.score(ended), words.sentence.score(told)])
    return rows


def _close(page: Page, i: int, before: int, tail: str) -> list[float]:
    """The numbers of the end of block `i`, but for the scores of its words; `tail` is its last sentence."""
    block, kind, hits = page.blocks[i], page.blocks[i].kind, outline(page).hits[i]
    text, words = block.text, tail.split()
    end = text[-80:]
    return [
        min(12, before), min(60, len(words)), *_last_character(text),
        is_omission(text[-40:]), _label_after_dots(page, block, hits),
        ("…" in end or "..." in end) and bool(_NEAR_DOTS.search(end)),
        is_function_word(text, page.lang), 0.0, 0.0, _title_case(words),
        _is_signed(end), kind is Kind.SHORT,
        kind in (Kind.TABLE, Kind.CODE), kind is Kind.VERSE, _is_open(text, _PAIRS), _is_open(text, _QUOTES),
        _is_credit(page, block), _is_address(end), _digits(tail[-100:]) / min(100, len(tail) or 1),
        bool(hits) and any(h.group == "paywall" for h in hits),
    ]  # fmt: skip


def _is_signed(end: str) -> bool:
    """Whether a text ends with a name after a dash or the end of a sentence."""
    last = end.rpartition(" ")[2]
    if "a" <= last[:1] <= "z" and not any(map(last.__contains__, _DASHES)):  # as most do
        return False
    return bool(_SIGNATURE.search(end))


def _is_credit(page: Page, block: Block) -> bool:
    """Whether a block is, or ends with, what looks like the credit of a picture."""
    text, end, folded = block.text, block.text[-80:], page.folded
    around = f"{folded[block.end - len(end) : block.end]} {folded[block.start : min(block.start + 20, block.end)]}"
    if any(map(around.__contains__, _CREDIT_WORDS)) and (_CREDIT.search(end) or _CREDIT.match(text)):
        return True
    signed = end[-1] == ")" or any(map(end.__contains__, _CREDIT_SIGNS))
    return signed and bool(_CREDIT_END.search(end[-42:]))


def _is_address(end: str) -> bool:
    """Whether a text ends with an address, or with what looks like a telephone number."""
    last = end[-1]
    if not (last in _NUMBER_LAST or last.isdecimal() or any(map(end.__contains__, _ADDRESS_SIGNS))):
        return False
    return bool(_ADDRESS.search(end))


def _last_character(text: str) -> list[bool]:
    """Which kind of character a block ends with: comma, colon, dash, opener, letter but no capital, digit, other."""
    last = text[-1]
    kinds = [
        last in ",;،，、؛；",
        last in ":：",
        last in "-–—‐",
        last in "([{“„«「（",
        (last.isalpha() and not last.isupper()) or last in MARKS,
        last.isdigit(),
    ]
    return [*kinds, not any(kinds) and last not in TERMINATORS and last not in CLOSERS and not last.isupper()]


def _label_after_dots(page: Page, block: Block, hits: Sequence[Hit]) -> bool:
    """Whether the block ends with dots and a label such as “Read more”."""
    for hit in hits:
        if hit.group in ("link_text", "continues") and block.end - hit.end <= 5 and hit.start - block.start > 12:
            before = page.text[block.start : hit.start].rstrip(EDGE + "([|→»>")
            return bool(_DOTS.search(before[-8:]))
    return False


def _title_case(words: Sequence[str]) -> float:
    words = [w for w in words[-14:] if w[0].isalpha()]
    return sum([w[0].isupper() for w in words]) / len(words) if words else 0.0


def _digits(text: str) -> int:
    """How many characters are digits, such as ² too."""
    if text.isascii():
        return len(text) - len(text.encode().translate(None, _DIGITS))
    return sum(map(str.isdigit, text))


def _is_open(text: str, pairs: tuple[tuple[str, str], ...]) -> bool:
    found = [(a, b) for a, b in pairs if a in text]
    return any(text.rfind(a) > text.rfind(b) and text.count(a) > text.count(b) for a, b in found) if found else False
