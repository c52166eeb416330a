"""The beginning of a text as numbers: does it open as articles open, does it carry what is known of the article?"""

import re
from collections.abc import Sequence, Set
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from audit.cues import first
from audit.cues.blocks import content_probability
from audit.cues.items import item_of
from audit.cues.words import Linear, openings
from audit.outline import Role, outline
from audit.page import Block, Kind, Page
from audit.script import different_words, starts_lower, word_counts
from audit.together import kept
from audit.topic import counts_of

Paragraphs = list[tuple[int, Block]]
NAMES = (
    "opening", "opening2", "opening3", "opening_later", "opening_rank", "opening_gain", "words", "finished",
    "lower_start", "continuation", "pronoun", "odd_start", "numbered", "dateline", "quote", "list_first",
    "one_sentence", "index", "headings_before", "heading_words", "chrome_before", "skipped", "recurring",
    "recurring_gain", "weight", "weight_gain", "names", "new_names", "full_names", "bare_names", "title",
    "title_first", "title_second", "title_lead", "title_rest", "title_place", "title_stands", "title_best_at",
    "title_gain", "description", "description_first", "description_second", "description_lead",
    "description_text", "description_best", "description_best_at", "description_gain", "description_verbatim",
    "description_at", "paragraphs", "wrapped", "one_line", *first.NAMES, "first_item",
)  # fmt: skip

MOST = 8  # paragraphs looked at: the beginning, and enough to compare it with
MIN_WORDS = 8
HEADINGS = 3  # blocks above a paragraph among which its heading is looked for
LEAD_CHARS = 700
PARAGRAPH_CHARS = 1200  # so much of a paragraph is compared
MIN_LETTERS = 4  # shorter words are seldom the subject; pairs of characters stand for words in zh, ja, th
VERBATIM = 40  # characters of a description that are found word for word
_NUMBERED = re.compile(
    r"\W{0,3}(?!0?1\D)\d{1,2}[.):]\s?\D|[②-⑳]|(?:step|schritt|tip|paso|étape|part|teil|chapter|kapitel) (?!1\b)\d",
    re.I,
)
_DATELINE = re.compile(
    r"[^\n]{0,60}?(?:\([A-Z]\w{1,9}\)|[A-ZÄÖÜ]{3,40}+[^\n]{0,30}?)\s?[-–—:.]\s|[^\n]{0,16}\d{1,2}[日.]?[^\n]{0,12}[电電]"
)
_ODD = re.compile(r"[,;:)\]}»”%.…]")
# It begins with the space, which is found fast.
_NAME = re.compile(r" (?<=[^.!?:…\"“”„»«\s] )([^\W\d_a-zß-ÿа-я][\w'’-]+(?: [^\W\d_a-zß-ÿа-я][\w'’-]+)*)")
_CAPITALISED, _BORDER = re.compile(r"[A-ZÀ-Þ]\w+\Z"), re.compile(r"\b")
WORD_CHARS = 60  # a longer word is none
SEPARATOR = re.compile(r"\s[|–—·»-]\s")
_STOP = re.compile(r"[.!?。！？।؟۔]")


@kept
def paragraphs(page: Page) -> Paragraphs:
    """The first paragraphs of the content with their indices, labels and headings passed over."""
    content = content_probability(page)
    found = [(i, b) for i, b in enumerate(page.blocks) if content[i] > 0.5 and is_paragraph(b)]
    return found[:MOST]


def numbers(pages: Sequence[Page], model: Linear) -> list[NDArray[np.float32] | None]:
    """The numbers of pages, as in NAMES; None for one that has no paragraph. `model` is that of openings."""
    found = [paragraphs(page) for page in pages]
    texts = [block.text for some in found for _, block in some]
    scores = iter(model.score(openings(texts)).tolist() if texts else [])
    each = [(page, some, [next(scores) for _ in some]) for page, some in zip(pages, found, strict=True)]
    return [_numbers(*one) if one[1] else None for one in each]


def _numbers(page: Page, found: Paragraphs, scores: Sequence[float]) -> NDArray[np.float32]:
    words = [_telling(b.text[:PARAGRAPH_CHARS]) for _, b in found]
    row = [
        *_opening(scores),
        *_start(page, found),
        *_before(page, found[0][0]),
        *_recurrence(page, words),
        *_names(page, found[0][1]),
    ]
    row += [*_title(page, found, words), *_description(page, found, words)]
    row += [len(found), page.wrapped, page.one_line]
    row += [*first.cues_of(found[0][1].text, page.lang), _is_first_item(page, found[0][0])]
    return np.array(row, dtype=np.float32)


def is_paragraph(block: Block) -> bool:
    """Whether a block is a paragraph or entry, no label or heading."""
    return block.words >= MIN_WORDS and (
        block.is_running or block.kind is Kind.LIST or (block.kind is Kind.SHORT and block.finished)
    )


def _opening(scores: Sequence[float]) -> list[float]:
    """How much the first paragraphs look like the opening of an article, and like that among the others."""
    later = scores[1:] or [scores[0]]
    first3 = [*scores, -9.0, -9.0][:3]
    return [*first3, fmean(later), sum(s > scores[0] for s in later) / len(later), scores[0] - max(later)]


def _start(page: Page, found: Paragraphs) -> list[float]:
    i, block = found[0]
    groups = {h.group for h in outline(page).hits[i] if h.place == "start" and first.is_of_language(h, page.lang)}
    text = block.text
    return [
        min(block.words, 200), block.finished, starts_lower(text), "continuation" in groups, "pronoun" in groups,
        bool(_ODD.match(text)), bool(_NUMBERED.match(text)), bool(_DATELINE.match(text)), text[0] in "\"“„«「",
        block.kind is Kind.LIST, len(_STOP.findall(text[:-2])) == 0,
    ]  # fmt: skip


def _is_first_item(page: Page, i: int) -> bool:
    """Whether a paragraph is the first of numbered items, or stands under the heading of the first."""
    roles, first = outline(page).roles, max(0, i - HEADINGS)
    near = (item_of(page, page.blocks[j]) for j in range(first, i + 1) if roles[j] is Role.CONTENT)
    return any(item is not None and item.number == 1 and not item.opens for item in near)


def _before(page: Page, until: int) -> list[float]:
    """What stands before the first paragraph: headings, chrome, and blocks that are neither."""
    content = content_probability(page)[:until] > 0.5
    heads = [b for b, c in zip(page.blocks[:until], content, strict=True) if c and b.kind in (Kind.SHORT, Kind.HEADING)]
    chrome = until - int(content.sum())
    return [
        np.log1p(until),
        len(heads),
        heads[-1].words if heads else -1,
        np.log1p(chrome),
        sum(b.is_running for b in page.blocks[:until]),
    ]


def _recurrence(page: Page, words: Sequence[Set[str]]) -> list[float]:
    """How far the words of the first paragraph come again, absolutely and against the paragraphs after it."""
    counts = counts_of(page)
    total = max(1, counts.total())

    share, heavy = [], []
    for own in words:
        again = [times - 1 for word in own if (times := counts[word]) > 1]
        share.append(len(again) / max(1, len(own)))
        heavy.append(sum([(times / total) ** 0.5 for times in again]) / max(1, len(own)))
    return [share[0], share[0] - fmean(share), heavy[0], heavy[0] - fmean(heavy)]


def _names(page: Page, block: Block) -> list[float]:
    """Names of the first paragraph: how many, how many come again, in full, and bare ones that are full later."""
    names = _NAME.findall(block.text[:1500])
    rest = page.text[block.end : block.end + 20_000]
    again = sum(n.split()[-1] in rest for n in names)
    bare = sum(" " not in n and _is_full(n, rest) for n in names[:12])
    return [min(12, len(names)), again / len(names) if names else -1, sum(" " in n for n in names), bare]


def _is_full(name: str, text: str) -> bool:
    """Whether a capitalised word stands before a name somewhere in a text."""
    at = text.find(f" {name}")
    while at >= 0:
        before = text[max(at - WORD_CHARS, text.rfind(" ", 0, at) + 1) : at]
        if _CAPITALISED.search(before) and _BORDER.match(text, at + 1 + len(name)):
            return True
        at = text.find(f" {name}", at + 1)
    return False


def _title(page: Page, found: Paragraphs, words: Sequence[Set[str]]) -> list[float]:
    """How much of the headline's words the first paragraphs carry; -1 without a headline."""
    title = SEPARATOR.split(page.document.title or "")[0]
    own = _telling(title)
    if not own:
        return [-1.0] * 9
    start = found[0][1].start
    counts, head = counts_of(page), word_counts(page.text[: start + LEAD_CHARS])
    lead, rest = _telling(page.text[start : start + LEAD_CHARS]), {w for w in own if counts[w] > head[w]}
    used = own & (lead | rest)
    low = page.text[start:].lower()
    places = [low.find(w) / max(1, len(low)) for w in sorted(used)]
    above = page.text[:start].lower()
    second = words[1] if len(words) > 1 else set()
    stands = title.lower()[:30] in above
    parts = [len(own & w) / max(1, len(used)) for w in (words[0], second, lead)]
    shares = [len(own & w) / len(own) for w in words]
    placed = [fmean(places) if places else -1.0, stands, int(np.argmax(shares)), shares[0] - fmean(shares)]
    return [len(own), *parts, len(own & rest) / len(own), *placed]


def _description(page: Page, found: Paragraphs, words: Sequence[Set[str]]) -> list[float]:
    """How much of the description the first paragraphs carry, and where it stands word for word; -1 without one."""
    text = " ".join((page.document.description or "").split())
    own = _telling(text)
    if not own:
        return [-1.0] * 10
    start = found[0][1].start
    lead = _telling(page.text[start : start + LEAD_CHARS])
    shares = [len(own & w) / len(own) for w in words]
    best = int(np.argmax(shares))
    whole = " ".join(page.text.lower().split())
    places = (
        [whole.find(text.lower()[k : k + VERBATIM]) for k in (0, 20, len(text) // 2)]
        if len(text) >= 2 * VERBATIM
        else [-1]
    )
    seen = [p for p in places if p >= 0]
    at = seen[0] / max(1, len(whole)) if seen else -1.0
    parts = [
        shares[0],
        shares[1] if len(shares) > 1 else 0.0,
        len(own & lead) / len(own),
        len(own & counts_of(page).keys()) / len(own),
    ]
    return [len(own), *parts, shares[best], best, shares[0] - fmean(shares), len(seen), at]


def _telling(text: str) -> set[str]:
    return {w for w in different_words(text) if len(w) >= MIN_LETTERS or (len(w) == 2 and not w.isascii())}


def without(rows: NDArray[np.float32], *what: str) -> NDArray[np.float32]:
    """The rows as they are of documents without a title, or without a description."""
    out = rows.copy()
    out[:, [n.split("_")[0] in what for n in NAMES]] = -1
    return out
