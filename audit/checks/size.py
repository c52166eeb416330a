"""TR4 and TR5: paywalls, limits of fields, and broken ends of bytes."""

from collections.abc import Iterator

from audit.finding import Mark
from audit.outline import outline
from audit.page import Page
from audit.registry import rule
from audit.script import ends_sentence

# Sizes at which databases, spreadsheets, feeds and crawlers cut: VARCHAR columns, NewsAPI (200, 260), Excel
# (32767), TEXT columns (65535), Common Crawl (500 KiB, 1 MiB, 5 MiB).
SIZES = frozenset({200, 255, 256, 260, 500, 512, 1000, 1024, 32767, 65535, 500 * 1024, 1 << 20, 5 << 20}) | frozenset(
    1 << n for n in range(11, 25)
)


@rule("TR401", "paywall", confidence=0.9, severity="error")
def paywall(page: Page, *, max_words_after: int = 150) -> Iterator[Mark]:
    """The text stops at a paywall: “Subscribe to continue reading”, “create a free account to unlock”.

    The prompt counts when little text follows it; an article about paywalls goes on.

    Options: max_words_after, the most words of running text after the prompt.
    """
    view = outline(page)
    for i in view.told:
        hit = next((h for h in view.hits[i] if h.group == "paywall" and h.place in ("has", "line")), None)
        if hit and sum(b.words for b in page.blocks[i + 1 :] if b.is_running) <= max_words_after:
            block = page.blocks[i]
            span = (block.start, block.end) if block.words <= 40 else (hit.start, hit.end)
            yield Mark(*span, f"A paywall prompt, “{page.text[hit.start : hit.end]}”, stands where the text stops.")
            return


@rule("TR501", "size-cut", confidence=0.9, severity="error")
def size_cut(page: Page, *, min_chars: int = 200) -> Iterator[Mark]:
    """The text's length, in characters or bytes, is exactly a limit at which programs cut, and its end is open.

    Options: min_chars, the shortest text looked at.
    """
    text = page.text
    if len(text) < min_chars or text[-1] == "\n" or ends_sentence(text[-40:]):  # whoever cuts adds no end of a line
        return
    for size, unit in ((len(text), "characters"), (len(text.encode("utf-8", "replace")), "bytes")):
        if size in SIZES:
            yield Mark(
                len(text), len(text), f"The text is exactly {size:,} {unit} long and stops in mid-sentence.", 0.97
            )
            return


@rule("TR503", "crawler-cut", confidence=0.9, severity="error")
def crawler_cut(page: Page, *, min_chars: int = 200) -> Iterator[Mark]:
    """The crawler cut the page off (`WARC-Truncated`), and the text stops in mid-sentence.

    A text that ends with a sentence may well have ended before the cut, as pages carry much after their article.

    Options: min_chars, the shortest text looked at.
    """
    core, why = page.text.rstrip(), page.document.truncated
    if why and len(core) >= min_chars and not ends_sentence(core[-40:]):
        message = f"The crawler cut the page off (WARC-Truncated: {why[:40]}), and the text stops in mid-sentence."
        yield Mark(len(core), len(core), message, evidence={"truncated": why[:40]})


@rule("TR502", "broken-character-at-end", confidence=0.97, severity="error")
def broken_character(page: Page) -> Iterator[Mark]:
    """The text ends with a broken character (U+FFFD): its bytes were cut inside one."""
    core = page.text.rstrip()
    if core.endswith("�") and core.count("�") == 1:  # more of them: the wrong encoding, not a cut
        yield Mark(len(core) - 1, len(core), "The last character is broken: the bytes of the text were cut inside it.")
