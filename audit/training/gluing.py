"""Articles with another page's headline at the end of a paragraph: “… he said. Five walks for spring”.

Extractors glue them so, but the labelled texts have too few of them to learn from.
"""

import random
from collections.abc import Sequence
from dataclasses import replace

from audit.cues.lead import SEPARATOR
from audit.cues.words import ENDING_CHARS
from audit.language import language_of
from audit.page import Block
from audit.sentences import sentences
from audit.training.samples import Sample, whole

AROUND = 10  # paragraphs kept on each side of the one that a headline is glued to
LEAST_WORDS, MOST_WORDS = 2, 16  # of a headline


def glued(known: Sequence[Sample], seed: int) -> list[Sample]:
    """Pieces of whole articles with the headline of another page of the language glued to a paragraph."""
    articles = whole(known)
    languages = [language_of(sample.document.text) for sample in articles]
    headlines: dict[str | None, list[str]] = {}
    for sample, lang in zip(articles, languages, strict=True):
        if title := _headline(sample):
            headlines.setdefault(lang, []).append(title)
    pieces = (
        _glued(sample, headlines.get(lang, []), random.Random(f"{seed}:{sample.page}"))
        for sample, lang in zip(articles, languages, strict=True)
    )
    return [piece for piece in pieces if piece]


def _headline(sample: Sample) -> str | None:
    title = SEPARATOR.split(sample.document.title or "")[0].strip()
    return title if LEAST_WORDS <= len(title.split()) <= MOST_WORDS else None


def _glued(sample: Sample, headlines: Sequence[str], rng: random.Random) -> Sample | None:
    """The article around one of its paragraphs with a headline after it; None where there is no paragraph or other."""
    lines = [line.strip() for line in sample.document.text.splitlines() if line.strip()]
    able = [i for i, line in enumerate(lines) if i and len(line) >= 2 * ENDING_CHARS and sentences(line)[0]]
    if not (able and headlines):
        return None
    at, headline = rng.sample(able, 1)[0], rng.choice(headlines)
    if headline == _headline(sample):
        return None
    first = "\n\n".join(lines[max(0, at - AROUND) : at + 1]) + " "
    text = "\n\n".join([first + headline, *lines[at + 1 : at + 1 + AROUND]])
    document = replace(sample.document, id=f"{sample.document.id}/glued", text=text)
    spans = ((len(first), len(first) + len(headline)),)
    return Sample(document, sample.page, (), False, None, False, False, "glued", injected=spans)


def is_glued(sample: Sample, block: Block) -> bool:
    """Whether most of what stands after the last end of a sentence in a block is injected link text."""
    tail = sentences(block.text)[1]
    start = block.end - len(tail)
    shared = sum(max(0, min(b, block.end) - max(a, start)) for a, b in sample.injected or ())
    return 2 * shared > len(tail)
