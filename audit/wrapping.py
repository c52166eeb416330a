"""Hard-wrapped text: finds out whether a text is wrapped, and which lines belong together.

A wrapper breaks a line because the next word would not have fitted. So in wrapped text the lines that stop in
mid-sentence are long, and adding the first word of the next line would pass the width.
"""

from collections.abc import Sequence

from audit.page import Kind, Line
from audit.script import is_spaceless

MAX_WIDTH = 132  # the widest line of old terminals; nobody wraps wider
MIN_WIDTH = 24
MIN_PAIRS = 3  # neighbouring lines that flow into each other before a text counts as wrapped
# Tolerance: real texts were wrapped before an edit or with another width for the first line of a paragraph.
FULL = 0.72
# The share of unfinished full lines whose break was forced. On 1,689 texts of known wrapping this and the other
# numbers find 347 of 350 wrapped ones and take one of the others for wrapped.
FORCED = 0.4

_FLOWING_KINDS = (Kind.PROSE, Kind.SHORT, Kind.LIST, Kind.DIALOGUE, Kind.HEADING)


def width_of(lines: Sequence[Line]) -> int | None:
    """The width a text was wrapped at, in characters; None when it is not wrapped."""
    if len(lines) <= MIN_PAIRS:
        return None
    lengths = sorted(len(line.text) for line in lines)
    width = lengths[int(0.98 * (len(lengths) - 1))]
    if not MIN_WIDTH <= width <= MAX_WIDTH:
        return None
    full = [i for i in range(len(lines) - 1) if _is_full(lines[i], width) and not lines[i].finished]
    flows = [i for i in full if flows_on(lines[i], lines[i + 1], width) and _forced(lines[i], lines[i + 1], width)]
    return width if len(flows) >= MIN_PAIRS and len(flows) >= FORCED * len(full) else None


def flows_on(line: Line, following: Line, width: int) -> bool:
    """Whether the sentence of a line goes on in the next line of a text wrapped at `width`."""
    if following.after_gap or line.kind not in _FLOWING_KINDS or following.kind not in (Kind.PROSE, Kind.SHORT):
        return False
    if not _is_full(line, width):
        return False
    # A finished sentence ends a paragraph, unless the break was forced.
    return not line.finished or _forced(line, following, width)


def _is_full(line: Line, width: int) -> bool:
    return len(line.text) >= FULL * width


def _forced(line: Line, following: Line, width: int) -> bool:
    first = 1 if is_spaceless(following.text) else len(following.text.split(None, 1)[0])
    return len(line.text) + 1 + first > width * 0.97
