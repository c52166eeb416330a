"""Every block of a page as numbers: what it is, how it ends, and what stands around it.

The same numbers serve the end of a text and the paragraphs inside it: a cut is a block that stops in the middle of
a sentence among blocks that do not.
"""

import re
from bisect import bisect_right
from collections import Counter

import numpy as np
from numpy.typing import NDArray

from audit.cues.words import Linear, ending_rows
from audit.grammar import is_function_word
from audit.outline import Role, outline
from audit.page import Block, Kind, Page
from audit.script import CLOSERS, EDGE, TERMINATORS, is_unpunctuated, starts_lower, tokens

Matrix = NDArray[np.float32]
OWN = (
    "words content finished sentences tail_words lower_start ends_comma ends_colon ends_dash ends_opener ends_lower "
    "ends_digit ends_other ends_dots ends_omission label_after_dots function_word ending_score title_case running short heading "
    "list layout verse open_bracket open_quote credit address digits label continues paywall chrome after_gap"
).split()
AROUND = "words content finished tail_words lower_start ends_dots ends_omission running heading list label continues chrome after_gap".split()
PLACE = (
    "after_blocks after_words after_content after_finished after_chrome after_continues before_words is_last_content is_last_running"
).split()
PAGE = (
    "blocks all_words finished_running unfinished_running finished_kind same_kind mean_words words_to_mean wrapped one_line lang_known "
    "spaceless fragment seen"
).split()
NAMES = (*OWN, *(f"next_{n}" for n in AROUND), *(f"next2_{n}" for n in AROUND), *(f"previous_{n}" for n in AROUND), *PLACE, *PAGE)

MOST_WORDS = 200.0
OMISSION = re.compile(
    r"(?:[\[(（【][ \t]{0,3}(?:…|\.{3}|&hellip;)[ \t]{0,3}[\])）】]|[\[(]\+\s?\d{1,9}[ \t][^\W\d]{2,12}[\])]|[-–—(\[]\s?more\s?[-–—)\]…])$", re.I
)
_DOTS = re.compile(r"(?:…|\.{3,})[\"'”’»“]?$")
_STOP = re.compile(r"[.!?…]+[\"'”’»)\]]*\s+(?=[^\s\da-zß-ÿа-я])|[。！？।؟۔॥]")
_CREDIT = re.compile(
    r"(?:©|\(c\)|(?:photo|foto|image|picture|bild|source|quelle|credit|crédit|by|von|par|por|fuente|fonte)s?\b[^:]{0,12}:?\s)|"
    r"(?:\([^()]{1,40}\)|[/–—-]\s?[A-Z][^/–—-]{1,30})$",
    re.I,
)
_ADDRESS = re.compile(r"(?:https?://|www\.|\S@\S|\b[\w-]+\.(?:com|org|net|io|de|gov|edu)\b)[^\s]*\W*$|[\d() +-]{9,}$")
_PAIRS = (("(", ")"), ("[", "]"), ("（", "）"))
_QUOTES = (("“", "”"), ("«", "»"), ("「", "」"), ("„", "“"))


def content_probability(page: Page) -> NDArray[np.float64]:
    """How probably each block is content of the article, by block."""
    roles = outline(page).roles
    value = {Role.CONTENT: 0.95, Role.LINK: 0.1, Role.CHROME: 0.05}
    return np.array([value[role] for role in roles], dtype=np.float64)


def numbers(page: Page, endings: Linear) -> Matrix:
    """The numbers of all blocks of a page that has any, one row a block, columns as in NAMES."""
    content = content_probability(page)
    own = np.array([_own(page, i, float(content[i]), endings) for i in range(len(page.blocks))], dtype=np.float32)
    picked = own[:, [OWN.index(n) for n in AROUND]]
    around = [_shifted(picked, 1), _shifted(picked, 2), _shifted(picked, -1)]
    return np.hstack([own, *around, _places(page, own), _of_page(page, own)]).astype(np.float32)


def _own(page: Page, i: int, content: float, endings: Linear) -> list[float]:
    block, view = page.blocks[i], outline(page)
    text, found = block.text, view.hits[i]
    done = view.is_finished(block, i)
    tail = text[_last_stop(text) :]
    kind = block.kind
    groups = {h.group for h in found if h.place != "inline"}
    return [
        min(block.words, MOST_WORDS), content, done, min(20, len(_STOP.findall(text[:4000]))), min(60, len(tail.split())),
        starts_lower(text), *_last_character(text), bool(_DOTS.search(text[-8:])), bool(OMISSION.search(text[-40:])), _label_after_dots(page, i),
        is_function_word(text, page.lang), 0.0 if done else endings.score(ending_rows(text)), _title_case(tail), block.is_running,
        kind is Kind.SHORT, kind is Kind.HEADING, kind is Kind.LIST, kind in (Kind.TABLE, Kind.CODE), kind is Kind.VERSE,
        _is_open(text, _PAIRS), _is_open(text, _QUOTES), bool(_CREDIT.search(text[-80:]) or _CREDIT.match(text)), bool(_ADDRESS.search(text[-80:])),
        sum(map(str.isdigit, tail[-100:])) / min(100, len(tail) or 1), "link_text" in groups, "continues" in groups,
        "paywall" in groups, view.causes[i] is not None, block.after_gap,
    ]  # fmt: skip


def _last_character(text: str) -> list[bool]:
    """Which kind of character a block ends with: comma, colon, dash, opener, small letter, digit, anything else."""
    last = text[-1]
    kinds = [last in ",;，、،；", last in ":：", last in "-–—‐", last in "([{“„«「（", last.islower(), last.isdigit()]
    return [*kinds, not any(kinds) and last not in TERMINATORS and last not in CLOSERS and not last.isupper()]


def _label_after_dots(page: Page, i: int) -> bool:
    """Whether the block ends with dots and a label such as “Read more”."""
    block = page.blocks[i]
    for hit in outline(page).hits[i]:
        if hit.group in ("link_text", "continues") and block.end - hit.end <= 5 and hit.start - block.start > 12:
            before = page.text[block.start : hit.start].rstrip(EDGE + "([|→»>")
            return bool(_DOTS.search(before[-8:]))
    return False


def _last_stop(text: str) -> int:
    """Where the last sentence of a block begins."""
    at = 0
    offset = max(0, len(text) - 1200)
    for match in _STOP.finditer(text, offset):
        if match.end() < len(text):
            at = match.end()
    return at


def _title_case(text: str) -> float:
    words = [w for w in text.split()[-14:] if w[0].isalpha()]
    return sum(w[0].isupper() for w in words) / len(words) if words else 0.0


def _is_open(text: str, pairs: tuple[tuple[str, str], ...]) -> bool:
    return any(text.rfind(a) > text.rfind(b) and text.count(a) > text.count(b) for a, b in pairs)


def _shifted(rows: Matrix, by: int) -> Matrix:
    """The rows of the neighbours so many places further on; -1 where there is none."""
    out = np.full_like(rows, -1)
    if by > 0:
        out[:-by] = rows[by:]
    else:
        out[-by:] = rows[:by]
    return out


def _places(page: Page, own: Matrix) -> Matrix:
    """What comes after each block and before it, as logarithms of amounts."""
    column = {n: own[:, i] for i, n in enumerate(OWN)}
    words, content = column["words"], column["content"]
    running = (column["running"] > 0) & (content > 0.5)
    amounts = [np.ones_like(words), words, words * content, running * column["finished"], column["chrome"], column["continues"]]
    after = [np.log1p(a[::-1].cumsum()[::-1] - a) for a in amounts]
    last = [_is_last(content > 0.5), _is_last(running)]
    return np.column_stack([*after, np.log1p(words.cumsum() - words), *last])


def _is_last(flags: NDArray[np.bool_]) -> NDArray[np.bool_]:
    out = np.zeros(len(flags), bool)
    where = np.flatnonzero(flags)
    if len(where):
        out[where[-1]] = True
    return out


def _of_page(page: Page, own: Matrix) -> Matrix:
    """What the other blocks of the text are like: how many of them are finished, how long they are."""
    column = {n: own[:, i] for i, n in enumerate(OWN)}
    n = len(own)
    words, done = column["words"], column["finished"]
    running = ((column["running"] > 0) & (column["content"] > 0.5)).astype(np.float32)
    others, finished = running.sum() - running, (running * done).sum() - running * done
    kinds = np.array([_KINDS[b.kind] for b in page.blocks])
    same = np.bincount(kinds, minlength=8)[kinds] - 1
    same_done = np.bincount(kinds, done, minlength=8)[kinds] - done
    mean = (running @ words - running * words) / np.maximum(others, 1)
    counts = Counter(tokens(page.text))
    ordered = sorted(counts)
    ends = np.array([_fragment(b, counts, ordered) for b in page.blocks], dtype=np.float32)
    flags = np.array([page.wrapped, page.one_line, page.lang is not None, is_unpunctuated(page.text[:500])], dtype=np.float32)
    return np.column_stack([
        np.full(n, np.log1p(n)), np.full(n, np.log1p(words.sum())), _share(finished, others), np.log1p(others - finished),
        _share(same_done, same), np.log1p(same), mean, words / np.maximum(mean, 1), np.tile(flags, (n, 1)), ends,
    ])  # fmt: skip


_KINDS = {kind: i for i, kind in enumerate(Kind)}


def _share(part: Matrix, whole: Matrix) -> Matrix:
    return np.where(whole > 0, part / np.maximum(whole, 1), -1)


def _fragment(block: Block, counts: Counter[str], ordered: list[str]) -> tuple[bool, float]:
    """Whether the last word is but the beginning of other words of the text, and how often it occurs; -1 for no word."""
    last = tokens(block.text[-40:])[-1:] if block.text[-1].isalnum() else []
    if not last:
        return False, -1.0
    at = bisect_right(ordered, last[0])
    longer = len(last[0]) >= 2 and at < len(ordered) and ordered[at].startswith(last[0])
    return longer and counts[last[0]] <= 1, min(5.0, counts[last[0]])
