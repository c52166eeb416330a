"""What a line looks like: list entry, table row, code, heading, dialogue, or text.

Each pattern is anchored at the start or end of one line and has no nested repetition, so it is linear.
"""

import re
from functools import lru_cache

from audit.page import Kind
from audit.script import count_words, ends_sentence, is_spaceless

# From here on a line without an end of sentence still counts as running text. Titles seldom reach 12 words
# (99 % of the titles of 1,400 pages looked at); in scripts without spaces `count_words` halves the characters.
PROSE_WORDS = 12
# A finished sentence of fewer words ("Thank you.", "Sure!") stays a short line: menus and buttons end in dots too.
SENTENCE_WORDS = 4
KNOWN_CHARS = 100  # shorter lines come again, on a site's other pages

_LIST = re.compile(r"(?:[-*+•·‣▪●○◦⁃∙◆■□➤➢►✓✔]\s|\(?\d{1,3}[.)]\s|\(?[a-zA-Z]\)\s|\d{1,3}[.、．](?=[^\s\d])|[①-⑳])")
_HEADING = re.compile(r"#{1,6}\s|={2,6}\s*[^=\s].*==$|\*\*[^*]{1,80}\*\*:?$")
_DIALOGUE = re.compile(r"[–—―]\s?\S|(?:Q|A|F|P|R|S|В|О|问|答|問)\s?[:：]\s?\S")
_CODE_START = re.compile(
    r"(?:>>> |\.\.\. |\$ [a-z]|#!/|#include|import [\w.]+$|from [\w.]+ import |def \w+\(|class \w+[(:{]|"
    r"@[\w.]+(?:\(.*)?$|(?:const|let|var) \w+ ?=|function \w*\(|return [^.]*;$|"
    r"(?:public|private) (?:static|final|class|void|int|string|String)\b|<\?php|</?[a-z][\w-]*[ >/]|//|/\*|\*/|"
    r"SELECT .*FROM )"
)
_CODE_ENDS = ("{", "}", ");", "=>", "\\", "()", "])")
# With these a line that a pattern can match begins, and a line of code ends.
_HEADING_FIRST, _DIALOGUE_FIRST = frozenset("#=*"), frozenset("–—―QAFPRSВО问答問")
_CODE_FIRST, _CODE_LAST = frozenset(">.$#ifdc@lvrp</*S"), frozenset("{};>\\)")
_CODE_SIGN = re.compile(r"[=<>{}\[\]$_]|\w\(|\w[.:]\w")  # prose and verse, too, have lines that end in a semicolon
_RULE = re.compile(r"[-=_*~|+:\s]{3,}$")


def look(text: str) -> tuple[Kind, int, bool]:
    """The kind of one line without regard to its neighbours, its words, and whether it ends a sentence."""
    return _known(text) if len(text) <= KNOWN_CHARS else _look(text)


def _look(text: str) -> tuple[Kind, int, bool]:
    words, finished = count_words(text), ends_sentence(text)
    kind = _marked_kind(text, finished)
    if kind is None:
        prose = words >= PROSE_WORDS or (finished and words >= _least(text))
        kind = Kind.PROSE if prose else Kind.SHORT
    return kind, words, finished


_known = lru_cache(maxsize=1 << 14)(_look)


def is_rule(text: str) -> bool:
    """Whether a line is only a drawn line, such as `-----`."""
    return bool(_RULE.match(text))


def _least(text: str) -> int:
    # four characters of Chinese are already two words of thought
    return 2 if is_spaceless(text) else SENTENCE_WORDS


def _marked_kind(text: str, finished: bool) -> Kind | None:
    first = text[0]
    if first == "|" or text.count("|") >= 3 or text.count("\t") >= 2:
        return Kind.TABLE
    if first in _HEADING_FIRST and _HEADING.match(text):
        return Kind.HEADING
    if _is_code(text, finished):
        return Kind.CODE
    if (text[1:2] == ")" or not first.isalpha()) and _LIST.match(text):
        return Kind.LIST
    if finished and first in _DIALOGUE_FIRST and _DIALOGUE.match(text):
        return Kind.DIALOGUE
    return None


def _is_code(text: str, finished: bool) -> bool:
    first, last = text[0], text[-1]
    starts = first in _CODE_FIRST and _CODE_START.match(text)
    if not (starts or last in _CODE_LAST) or (not text.isascii() and is_spaceless(text)):
        return False
    if starts:
        return True
    if last == ";":
        return " " not in text or bool(_CODE_SIGN.search(text))
    return not finished and text.endswith(_CODE_ENDS)
