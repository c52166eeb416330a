"""Which blocks of a page may be the one at which its text, or a paragraph inside it, was cut."""

import numpy as np
from numpy.typing import NDArray

from audit.cues.blocks import NAMES, Matrix
from audit.page import Page

COLUMN = {name: i for i, name in enumerate(NAMES)}
REACH = 80  # blocks from the end in which marks are looked for: footers are long
MOST = 14
MIN_WORDS = 4


def end_candidates(page: Page, rows: Matrix) -> NDArray[np.int64]:
    """Blocks that may be the last of the article, in text order: site chrome may follow it, known as such or not."""
    running, content = rows[:, COLUMN["running"]] > 0, rows[:, COLUMN["content"]] > 0.5
    wordy = rows[:, COLUMN["words"]] >= MIN_WORDS
    picked = {len(rows) - 1}
    for flags, most in ((content, 1), (content & running, 3), (running, 2), (content & wordy, 3), (wordy & ~running, 2)):
        picked.update(np.flatnonzero(flags)[-most:].tolist())
    marked = rows[:, [COLUMN[n] for n in ("ends_dots", "ends_omission", "label_after_dots")]].any(axis=1)
    picked.update((i for i in np.flatnonzero(marked)[-4:].tolist() if i >= len(rows) - REACH))
    return np.array(sorted(picked)[-MOST:])


def middle_candidates(page: Page, rows: Matrix) -> NDArray[np.int64]:
    """Blocks inside the text that stop without the end of a sentence and have content after them."""
    open_ones = (rows[:, COLUMN["finished"]] == 0) & (rows[:, COLUMN["words"]] >= MIN_WORDS)
    inside = (rows[:, COLUMN["content"]] > 0.5) & (rows[:, COLUMN["after_content"]] > 1) & (rows[:, COLUMN["ends_colon"]] == 0)
    return np.flatnonzero(open_ones & inside)
