"""Numbered items: “1. Soak the beans”, “Step 1”, “#1”, “步骤一”, by their number and the form in which it stands."""

import re
from dataclasses import dataclass
from functools import cache

from audit.page import Block, Page
from audit.script import is_spaceless
from audit.vocabulary import load

ITEM_CHARS = 80  # of its beginning that are looked at
_IDEOGRAPHS = {"一": 1, "二": 2, "①": 1, "②": 2}


@dataclass(frozen=True, slots=True)
class Item:
    """The number of an item, how it is set (“step”, “#”, “.”), and what is said after it, folded."""

    number: int
    form: tuple[str, str, str]
    says: str

    @property
    def opens(self) -> bool:
        """Whether it is headed as first sections of whole texts are: Introduction, Scope, Überblick."""
        return any(_begins(self.says, word) for word in _words("introductions"))


def item_of(page: Page, block: Block) -> Item | None:
    """The item that a block begins, None when it begins none."""
    found = _pattern().match(page.folded, block.start, min(block.end, block.start + ITEM_CHARS))
    if not found or not (found["word"] or found["sign"] or found["stop"]):
        return None
    digits = found["digits"]
    number = _IDEOGRAPHS.get(digits) or int(digits)
    says = page.folded[found.end() : min(block.end, block.start + ITEM_CHARS)].strip(" #*:.-–—")
    return Item(number, (found["word"] or "", found["sign"] or "", found["stop"] or ""), says)


def _begins(text: str, word: str) -> bool:
    after = text[len(word) : len(word) + 1]
    return text.startswith(word) and (not after.isalnum() or is_spaceless(word))


@cache
def _words(kind: str) -> tuple[str, ...]:
    return tuple(sorted({word for v in load().values() for word in v.opening.get(kind, ())}))


@cache
def _pattern() -> re.Pattern[str]:
    """A word for steps before the number, a sign before it, or a stop after it: one of them at least."""
    steps = "|".join(re.escape(word) for word in sorted(_words("steps"), key=lambda w: (-len(w), w)))
    digits = rf"\d{{1,2}}(?!\d)|[{''.join(_IDEOGRAPHS)}]"
    marks, sign = r"(?:[#*•>\-–—]{1,6} )?[^\w#№]{0,2}", r"[#№]|第(?=[\d一二]{1,2}步)"
    return re.compile(
        rf"{marks}(?:(?P<word>{steps})\s?)?(?P<sign>{sign})?(?P<digits>{digits})(?P<stop>[.)、．](?!\d)|:(?=\s))?"
    )
