"""CH3: what a page shows instead of content: players, blocked embeds, errors."""

from collections.abc import Iterator

from audit.boilerplate import chrome_marks
from audit.finding import Mark
from audit.outline import outline
from audit.page import Page
from audit.registry import rule

MAX_PROSE_SHARE = 0.5  # error pages explain themselves, but hardly at this length


@rule("CH301", "player", confidence=0.92)
def player(page: Page) -> Iterator[Mark]:
    """Placeholders of players and embeds: “Enable JavaScript to play this video”, “This content is blocked”."""
    yield from chrome_marks(page, "player", "the placeholder of a player or embed")


@rule("CH302", "error-page", confidence=0.93, severity="error")
def error_page(page: Page, *, max_words: int = 120) -> Iterator[Mark]:
    """The whole document is an error, access-denied, captcha, “enable JavaScript” or parked page.

    In a longer text, or one that is mostly other prose, the same words are reported as the lines they stand on.

    Options: max_words, the longest text taken for an error page as a whole.
    """
    view = outline(page)
    found = [cause for i in view.told if (cause := view.causes[i]) is not None and cause.group == "error"]
    if not found:
        return
    prose = sum(b.words for b, cause in zip(page.blocks, view.causes, strict=True) if b.is_running and cause is None)
    if page.words <= max_words and prose <= MAX_PROSE_SHARE * max_words:
        said = page.text[found[0].start : found[0].end]
        yield Mark(
            page.blocks[0].start, page.blocks[-1].end, f"The page is an error or a check, not an article: “{said}”."
        )
    else:
        yield from chrome_marks(page, "error", "an error message of the site")
