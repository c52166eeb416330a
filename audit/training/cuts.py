"""The numbers that the decisions learn from: of all blocks that may be cut, and of all beginnings."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from audit.cues import blocks, lead
from audit.cues.words import Words
from audit.model import VIEWS
from audit.page import Page
from audit.resources import models_from
from audit.segment import segment
from audit.training.boosting import Flags
from audit.training.gluing import is_glued
from audit.training.samples import Sample

Numbers = NDArray[np.float32]
Folds = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Cuts:
    """Rows of blocks that may be cut: the sample each belongs to, whether at its end, whether cut, whether known.

    `glued` tells whether link text is glued to the end, and `told` whether that is known and can be; `labels` is what
    the line model says of the words after the last whole sentence, 0 where nothing can be glued.
    """

    rows: Numbers
    sample: NDArray[np.int32]
    end: Flags
    cut: Flags
    known: Flags
    glued: Flags
    told: Flags
    labels: Numbers


def cues(known: Sequence[Sample], of: Folds, words: Sequence[Words], unseen: Path) -> tuple[Cuts, Numbers]:
    """The numbers of all blocks that may be cut, and of all beginnings (NaN where a text has no paragraph)."""
    parts: list[Cuts] = []
    leads = np.full((len(known), len(lead.NAMES)), np.nan, np.float32)
    for n, (sample, fold) in enumerate(zip(known, of.tolist(), strict=True)):
        with models_from(unseen / str(fold)):
            page = segment(sample.document)
            if not page.blocks:
                continue
            parts.append(_cuts(page, sample, n, words[fold]))
            found = lead.numbers([page], words[fold].opening)[0]
        if found is not None:
            leads[n] = found
    columns = [field.name for field in fields(Cuts)]
    return Cuts(*(np.concatenate([getattr(part, name) for part in parts]) for name in columns)), leads


def _cuts(page: Page, sample: Sample, number: int, words: Words) -> Cuts:
    looks = blocks.looks([page], words)[0]
    taken = looks.is_end | looks_inside(sample)
    chosen, is_end, numbers = looks.chosen[taken], looks.is_end[taken], looks.rows[taken]
    cut = np.array([_is_cut(sample, page.blocks[i].start, page.blocks[i].end) for i in chosen])
    known = np.full(len(chosen), sample.cuts is not None) & (is_end | sample.whole)
    of_sample = np.full(len(chosen), number, np.int32)
    glued = np.array([is_glued(sample, page.blocks[i]) for i in chosen])
    able = blocks.may_be_glued(numbers)
    told, labels = able & (sample.injected is not None), np.zeros((len(chosen), VIEWS), np.float32)
    if able.any():
        labels[able] = blocks.labels([page.blocks[i] for i in chosen[able]])
    return Cuts(numbers, of_sample, is_end, cut, known, glued & told, told, labels)


def looks_inside(sample: Sample) -> bool:
    """Whether the paragraphs inside are learned from: whole or cut there, and some of the others."""
    return (
        sample.clean
        or bool(sample.injected)
        or sample.kind == "middle"
        or (sample.made and crc32(sample.document.id.encode()) % 4 == 0)
    )


def _is_cut(sample: Sample, start: int, end: int) -> bool:
    return any(start < at <= end + 1 for at in sample.cuts or ())
