"""Articles with another page's headline at the end of a paragraph: “… he said. Five walks for spring”.

Extractors glue them so, but the labelled texts have too few of them to learn from.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace

from audit.cues.lead import SEPARATOR
from audit.cues.words import ENDING_CHARS, sentences
from audit.language import language_of
from audit.page import Block
from audit.training.samples import Sample, whole

GLUED = 1  # paragraphs of an article that a headline is glued to, one a piece
AROUND = 10  # paragraphs on each side of it
LEAST_WORDS, MOST_WORDS = 2, 16  # of a headline


def glued(known: Sequence[Sample], seed: int) -> list[Sample]:
    """Pieces of whole articles with the headline of another page of the language glued to a paragraph."""
    articles = whole(known)
    languages = [language_of(sample.document.text) for sample in articles]
    headlines: dict[str | None, list[str]] = {}
    for sample, lang in zip(articles, languages, strict=True):
        if title := _headline(sample):
            headlines.setdefault(lang, []).append(title)
    return [
        piece
        for sample, lang in zip(articles, languages, strict=True)
        for piece in _glued(sample, headlines.get(lang, []), random.Random(f"{seed}:{sample.page}"))
    ]


def _headline(sample: Sample) -> str | None:
    title = SEPARATOR.split(sample.document.title or "")[0].strip()
    return title if LEAST_WORDS <= len(title.split()) <= MOST_WORDS else None


def _glued(sample: Sample, headlines: Sequence[str], rng: random.Random) -> Iterator[Sample]:
    lines = [line.strip() for line in sample.document.text.splitlines() if line.strip()]
    able = [i for i, line in enumerate(lines) if i and len(line) >= 2 * ENDING_CHARS and sentences(line)[0]]
    for n, at in enumerate(rng.sample(able, min(GLUED, len(able)))):
        headline = rng.choice(headlines) if headlines else ""
        if not headline or headline == _headline(sample):
            continue
        first = "\n\n".join(lines[max(0, at - AROUND) : at + 1]) + " "
        text = "\n\n".join([first + headline, *lines[at + 1 : at + 1 + AROUND]])
        document = replace(sample.document, id=f"{sample.document.id}/glued{n}", text=text)
        spans = ((len(first), len(first) + len(headline)),)
        yield Sample(document, sample.page, (), False, None, False, False, "glued", injected=spans)


def is_glued(sample: Sample, block: Block) -> bool:
    """Whether most of what stands after the last end of a sentence in a block is injected link text."""
    tail = sentences(block.text)[1]
    start = block.end - len(tail)
    shared = sum(max(0, min(b, block.end) - max(a, start)) for a, b in sample.injected or ())
    return 2 * shared > len(tail)
