"""What is missing in a document: is its end cut, is a paragraph inside cut, is its lead missing?

Small trained models weigh all cues of a page at once; rules name what they see and where, these decide how probable
it is. The weights lie in `models/decisions.npz`: numbers only, never code.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from audit import resources
from audit.cues import blocks, lead, meanings
from audit.cues.words import Linear, Words
from audit.forest import Forest, Rows, strongest
from audit.grammar import is_function_word
from audit.page import Page
from audit.together import kept

NAME = "decisions"
MOST_REASONS = 3
# A first paragraph of fewer words may be a headline or standfirst, which need no full stop. Six of ten of them that
# looked cut were whole, and none that were told more surely than this.
STANDFIRST_WORDS, LEAST_OF_STANDFIRST = 45, 0.93


@dataclass(frozen=True, slots=True)
class Place:
    """A block at which text may be missing: its number, how probable that is, and whether that is worth reporting.

    `least` is the probability from which on such a place is reported.
    """

    block: int
    probability: float
    least: float

    @property
    def is_shown(self) -> bool:
        """Whether so few whole texts look like this that the place is reported."""
        return self.probability >= self.least


@dataclass(frozen=True, slots=True)
class Decision:
    """Of a page: its most probable end cut, the paragraphs inside that may be cut, and its lead.

    `truncation` is the probability that the text is cut anywhere. A place is None where there is nothing to judge.
    `glued` are blocks to whose end something else is glued, such as another page's headline: those that are shown.
    """

    end: Place | None
    inside: tuple[Place, ...]
    lead: Place | None
    truncation: float
    glued: tuple[Place, ...] = ()

    @property
    def places(self) -> tuple[Place, ...]:
        """All places at which the text may be cut, the end first."""
        return self.inside if self.end is None else (self.end, *self.inside)


@dataclass(frozen=True, slots=True, eq=False)
class Models:
    """The models and what calibrates them: knots of a document's truncation and of leads without and with metadata."""

    cut: Forest
    glued: Forest | None  # None where the texts that were learned from had too few such fragments
    lead: Forest
    words: Words
    truncation: NDArray[np.float32]
    leads: tuple[NDArray[np.float32], NDArray[np.float32]]
    least: Mapping[str, float]

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]]) -> "Models":
        """The models of the arrays that `audit.training.decisions` makes."""
        words = [
            Linear(arrays[f"{n}.weights"], *arrays[f"{n}.line"].tolist()) for n in ("opening", "ending", "sentence")
        ]
        least = dict(zip(blocks.BARS, arrays["least"].tolist(), strict=True))
        knots = arrays["lead.knots"], arrays["lead.known"]
        cut, lead = (Forest.of(arrays, name) for name in ("cut", "lead"))
        glued = Forest.of(arrays, "glued") if "glued.roots" in arrays else None
        return cls(cut, glued, lead, Words(*words), arrays["truncation.knots"], knots, least)


def models() -> Models:
    """The models in force. Raises FileNotFoundError when the installation is broken."""
    return _load(resources.model_file(NAME))


@lru_cache(maxsize=4)
def _load(path: Path) -> Models:
    return Models.of(resources.arrays(path))


def decide(page: Page) -> Decision:
    """The decision about a page."""
    return _decide(page) if page.blocks else Decision(None, (), None, 0.0)


@kept
def _decide(page: Page) -> Decision:
    known = models()
    rows = blocks.brief(page)
    glued = _glued(page, known)
    places, truncation = _cuts(page, known, [p.block for p in glued])
    followed, is_open = _followed(rows), (rows[:, _FINISHED] == 0) | (rows[:, _DOTS] > 0)
    end = max((p for p in places if not followed[p.block]), key=lambda p: p.probability)
    inside = tuple(p for p in places if followed[p.block] and is_open[p.block])
    return Decision(end, inside, _lead(page, known), truncation, glued)


@kept
def _looked_at(page: Page) -> tuple[NDArray[np.int64], NDArray[np.int64], Rows]:
    """The blocks of a page that may be its end, all that may be cut, in text order, and the numbers of these."""
    rows = blocks.brief(page)
    ends, inside = blocks.candidates(rows)
    chosen = np.union1d(ends, inside)
    return ends, chosen, blocks.numbers(page, rows, chosen, models().words)


def _cuts(page: Page, known: Models, glued: Sequence[int]) -> tuple[list[Place], float]:
    """The places at which the text may be cut, and how probably it is cut anywhere.

    What is glued to the end of a sentence cuts nothing. Where all places together are sure and none is by itself, the
    surest is shown.
    """
    ends, chosen, numbers = _looked_at(page)
    sure = np.where(np.isin(chosen, glued), 0.0, known.cut.probability(known.cut.score(numbers)))
    is_end = np.isin(chosen, ends)
    least = [page.bar(known.least["end" if e else "inside"]) for e in is_end]
    places = [Place(int(i), float(p), t) for i, p, t in zip(chosen, sure, least, strict=True)]
    whole = 1 - float((1 - sure[is_end].max()) * (1 - sure[~is_end].max(initial=0.0)))
    truncation = float(np.interp(whole, *known.truncation))
    if truncation >= page.bar(known.least["whole"]) and not any(p.is_shown for p in places):
        at = int(sure.argmax())
        places[at] = replace(places[at], least=places[at].probability)
    return places, truncation


def _glued(page: Page, known: Models) -> tuple[Place, ...]:
    """The blocks that end with a fragment of something else, where that is worth reporting."""
    _, chosen, numbers = _looked_at(page)
    able = blocks.may_be_glued(numbers)
    if known.glued is None or not able.any():
        return ()
    which, least = chosen[able].tolist(), page.bar(known.least["glued"])
    rows = np.hstack([numbers[able], blocks.labels(page, which)])
    sure = known.glued.probability(known.glued.score(rows)).tolist()
    places = (Place(block, p, least) for block, p in zip(which, sure, strict=True))
    return tuple(place for place in places if place.is_shown)


def is_standfirst(page: Page, place: Place) -> bool:
    """Whether a place may be the end of what stands above an article, without a full stop."""
    block = page.blocks[place.block]
    above = any(b.is_running and b.finished for b in page.blocks[: place.block])
    plain = block.words < STANDFIRST_WORDS and not is_function_word(block.text, page.lang)
    return plain and not above and place.probability < LEAST_OF_STANDFIRST


def reasons(page: Page, place: Place) -> list[str]:
    """Why the block of a place looks cut, in plain words, the strongest reason first."""
    known = models()
    _, chosen, numbers = _looked_at(page)
    return _in_words(known.cut, numbers[chosen.searchsorted(place.block)], blocks.NAMES, meanings.CUT)


def lead_reasons(page: Page) -> list[str]:
    """Why the beginning of a page looks as if something came before it, in plain words."""
    known = models()
    row = lead.numbers(page, known.words.opening)
    return [] if row is None else _in_words(known.lead, row, lead.NAMES, meanings.LEAD)


def _followed(rows: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Of each block whether a whole paragraph of the article comes after it, so that it is not the end."""
    whole = (rows[:, _RUNNING] > 0) & (rows[:, _FINISHED] > 0) & (rows[:, _CONTENT] > 0.5)
    return (whole[::-1].cumsum()[::-1] - whole) > 0


def _lead(page: Page, known: Models) -> Place | None:
    row = lead.numbers(page, known.words.opening)
    if row is None:
        return None
    told = bool(page.document.title or page.document.description)
    sure = float(np.interp(known.lead.score(row[None])[0], *known.leads[told]))
    return Place(lead.paragraphs(page)[0][0], sure, page.bar(known.least["known lead" if told else "lead"]))


def _in_words(forest: Forest, row: NDArray[np.float32], names: Sequence[str], words: Mapping[str, str]) -> list[str]:
    ranked = strongest(forest.contributions(row).tolist(), names, len(names))
    return list(dict.fromkeys(words[n] for n in ranked if n in words))[:MOST_REASONS]


_FINISHED, _RUNNING, _CONTENT, _DOTS = (blocks.BRIEF.index(n) for n in ("finished", "running", "content", "dots"))
