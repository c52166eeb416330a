"""What is missing in a document: is its end cut, is a paragraph inside cut, is its lead missing?

Small trained models weigh all cues of a page at once; rules name what they see and where, these decide how probable
it is. The weights lie in `models/decisions.npz`: numbers only, never code.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from audit import resources
from audit.cues import blocks, lead, meanings
from audit.cues.words import Linear, Words
from audit.forest import Forest, strongest
from audit.grammar import is_function_word
from audit.page import Page
from audit.together import at_once

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


@at_once
def _decide(pages: Sequence[Page]) -> list[Decision]:
    known, seen = models(), [_looks(page) for page in pages]
    leads, glued = _leads(pages, known), _glued(pages, seen, known)
    chances = known.cut.probability(known.cut.score(np.concatenate([looks.rows for looks in seen])))
    edges = np.cumsum([0, *(len(looks.chosen) for looks in seen)]).tolist()
    out = []
    for page, looks, (a, b), stuck, first in zip(pages, seen, pairwise(edges), glued, leads, strict=True):
        places, truncation = _cuts(page, looks, chances[a:b], [p.block for p in stuck], known)
        followed = _followed(looks.brief)
        is_open = (looks.brief[:, _FINISHED] == 0) | (looks.brief[:, _DOTS] > 0)
        end = max((p for p in places if not followed[p.block]), key=lambda p: p.probability)
        inside = tuple(p for p in places if followed[p.block] and is_open[p.block])
        out.append(Decision(end, inside, first, truncation, stuck))
    return out


@at_once
def _looks(pages: Sequence[Page]) -> list[blocks.Looks]:
    return blocks.looks(pages, models().words)


def _cuts(
    page: Page, looks: blocks.Looks, chances: NDArray[np.float64], glued: Sequence[int], known: Models
) -> tuple[list[Place], float]:
    """The places at which the text may be cut, and how probably it is cut anywhere.

    What is glued to the end of a sentence cuts nothing. Where all places together are sure and none is by itself, the
    surest is shown.
    """
    sure = np.where(np.isin(looks.chosen, glued), 0.0, chances) if glued else chances
    least = np.where(looks.is_end, page.bar(known.least["end"]), page.bar(known.least["inside"]))
    places = list(map(Place, looks.chosen.tolist(), sure.tolist(), least.tolist()))
    whole = 1 - float((1 - sure[looks.is_end].max()) * (1 - sure[~looks.is_end].max(initial=0.0)))
    truncation = float(np.interp(whole, *known.truncation))
    if truncation >= page.bar(known.least["whole"]) and not any(p.is_shown for p in places):
        at = int(sure.argmax())
        places[at] = replace(places[at], least=places[at].probability)
    return places, truncation


def _glued(pages: Sequence[Page], seen: Sequence[blocks.Looks], known: Models) -> list[tuple[Place, ...]]:
    """Of each page the blocks that end with a fragment of something else, where that is worth reporting."""
    able = [blocks.may_be_glued(looks.rows) for looks in seen]
    which = [(page, int(i)) for page, looks, a in zip(pages, seen, able, strict=True) for i in looks.chosen[a]]
    if known.glued is None or not which:
        return [()] * len(pages)
    rows = np.concatenate([looks.rows[a] for looks, a in zip(seen, able, strict=True)])
    rows = np.hstack([rows, blocks.labels([page.blocks[i] for page, i in which])])
    sure = known.glued.probability(known.glued.score(rows)).tolist()
    found: dict[Page, list[Place]] = {page: [] for page in pages}
    for (page, i), chance in zip(which, sure, strict=True):
        if (place := Place(i, chance, page.bar(known.least["glued"]))).is_shown:
            found[page].append(place)
    return [tuple(found[page]) for page in pages]


def is_standfirst(page: Page, place: Place) -> bool:
    """Whether a place may be the end of what stands above an article, without a full stop."""
    block = page.blocks[place.block]
    above = any(b.is_running and b.finished for b in page.blocks[: place.block])
    plain = block.words < STANDFIRST_WORDS and not is_function_word(block.text, page.lang)
    return plain and not above and place.probability < LEAST_OF_STANDFIRST


def reasons(page: Page, place: Place) -> list[str]:
    """Why the block of a place looks cut, in plain words, the strongest reason first."""
    looks = _looks(page)
    return _in_words(models().cut, looks.rows[looks.chosen.searchsorted(place.block)], blocks.NAMES, meanings.CUT)


def lead_reasons(page: Page) -> list[str]:
    """Why the beginning of a page looks as if something came before it, in plain words."""
    known = models()
    row = lead.numbers([page], known.words.opening)[0]
    return [] if row is None else _in_words(known.lead, row, lead.NAMES, meanings.LEAD)


def _followed(rows: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Of each block whether a whole paragraph of the article comes after it, so that it is not the end."""
    whole = (rows[:, _RUNNING] > 0) & (rows[:, _FINISHED] > 0) & (rows[:, _CONTENT] > 0.5)
    return (whole[::-1].cumsum()[::-1] - whole) > 0


def _leads(pages: Sequence[Page], known: Models) -> list[Place | None]:
    """Of each page its first paragraph, and how probably something came before it."""
    rows = zip(pages, lead.numbers(pages, known.words.opening), strict=True)
    found = {page: row for page, row in rows if row is not None}
    scores = known.lead.score(np.array(list(found.values()), np.float32).reshape(-1, len(lead.NAMES)))
    out: dict[Page, Place] = {}
    for page, score in zip(found, scores, strict=True):
        told = bool(page.document.title or page.document.description)
        sure = float(np.interp(score, *known.leads[told]))
        out[page] = Place(lead.paragraphs(page)[0][0], sure, page.bar(known.least["known lead" if told else "lead"]))
    return [out.get(page) for page in pages]


def _in_words(forest: Forest, row: NDArray[np.float32], names: Sequence[str], words: Mapping[str, str]) -> list[str]:
    ranked = strongest(forest.contributions(row).tolist(), names, len(names))
    return list(dict.fromkeys(words[n] for n in ranked if n in words))[:MOST_REASONS]


_FINISHED, _RUNNING, _CONTENT, _DOTS = (blocks.BRIEF.index(n) for n in ("finished", "running", "content", "dots"))
