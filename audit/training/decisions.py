"""The decisions' models: hashed words of openings and endings, and boosted trees over the cues, calibrated.

Every number that one model gives to the next is made out of fold: by models that have not seen the page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import brier_score_loss, roc_auc_score

from audit.cues import blocks, lead
from audit.cues.words import Linear, Words
from audit.segment import segment
from audit.training.boosting import Parameters, boosted, calibrated, knots_of
from audit.training.openings import examples, linears
from audit.training.samples import Sample, fold_of, samples, shortened

Arrays = dict[str, NDArray[Any]]
Numbers = NDArray[np.float32]
Flags = NDArray[np.bool_]
Folds = NDArray[np.int32]

CUT_TREES = Parameters(trees=110, rate=0.1, leaves=20, least=40)
LEAD_TREES = Parameters(trees=100, rate=0.08, leaves=10, least=60)
# The shares of clean documents that each decision may flag.
FLAGGED = {"end": 0.007, "middle": 0.004, "lead": 0.012}


@dataclass(frozen=True, slots=True)
class Cuts:
    """Rows of blocks that may be cut: the sample each belongs to, whether at its end, whether cut, whether known."""

    rows: Numbers
    sample: NDArray[np.int32]
    end: Flags
    cut: Flags
    known: Flags


def fit(folders: Sequence[Path], *, seed: int = 0, folds: int = 5) -> tuple[Arrays, dict[str, Any]]:
    """The arrays of `models/decisions.npz`, and what the models reach on pages they have not seen."""
    known = samples(folders)
    known += shortened(known, seed)
    of = np.array([fold_of(s.page, folds, seed) for s in known], dtype=np.int32)
    texts = examples(known, of.tolist(), seed)
    unseen = [linears(texts, without=fold) for fold in range(folds)]
    cuts, leads = cues(known, [unseen[fold] for fold in of])
    arrays, figures = decide(known, of, cuts, leads, seed)
    return arrays | words_as_arrays(linears(texts)), figures


def words_as_arrays(words: Words) -> Arrays:
    """The models of words as they are stored."""
    arrays: Arrays = {}
    for name in ("opening", "ending", "sentence"):
        linear: Linear = getattr(words, name)
        arrays |= {f"{name}.weights": linear.weights, f"{name}.line": np.array([linear.scale, linear.intercept])}
    return arrays


def cues(known: Sequence[Sample], words: Sequence[Words]) -> tuple[Cuts, Numbers]:
    """The numbers of all blocks that may be cut, and of all beginnings (NaN where a text has no paragraph)."""
    parts: list[tuple[Numbers, NDArray[np.int32], Flags, Flags, Flags]] = []
    leads = np.full((len(known), len(lead.NAMES)), np.nan, np.float32)
    for n, (sample, by_words) in enumerate(zip(known, words, strict=True)):
        page = segment(sample.document)
        if not page.blocks:
            continue
        rows = blocks.brief(page)
        ends, inside = blocks.candidates(rows)
        chosen = np.union1d(ends, inside) if _looks_inside(sample) else ends
        is_end = np.isin(chosen, ends)
        cut = np.array([_is_cut(sample, page.blocks[i].start, page.blocks[i].end) for i in chosen])
        known_here = np.full(len(chosen), sample.cuts is not None) & (is_end | sample.whole)
        of_sample = np.full(len(chosen), n, np.int32)
        parts.append((blocks.numbers(page, rows, chosen, by_words), of_sample, is_end, cut, known_here))
        found = lead.numbers(page, by_words.opening)
        if found is not None:
            leads[n] = found
    return Cuts(*(np.concatenate(column) for column in zip(*parts, strict=True))), leads


def decide(known: Sequence[Sample], of: Folds, cuts: Cuts, leads: Numbers, seed: int) -> tuple[Arrays, dict[str, Any]]:
    """Both forests with their calibration and thresholds, and their figures out of fold."""
    cut, cut_figures = _cut_forest(known, of, cuts, seed)
    first, lead_figures = _lead_forest(known, of, leads, seed)
    least = [*cut_figures["thresholds"].values(), *(figures["threshold"] for figures in lead_figures.values())]
    return cut | first | {"least": np.array(least)}, {"truncation": cut_figures, "missing_lead": lead_figures}


def _looks_inside(sample: Sample) -> bool:
    """Whether the paragraphs inside are learned from: whole or cut there, and some of the others."""
    return sample.clean or sample.kind == "middle" or (sample.made and crc32(sample.document.id.encode()) % 4 == 0)


def _is_cut(sample: Sample, start: int, end: int) -> bool:
    return any(start < at <= end + 1 for at in sample.cuts or ())


def _cut_forest(known: Sequence[Sample], of: Folds, cuts: Cuts, seed: int) -> tuple[Arrays, dict[str, Any]]:
    folds = of[cuts.sample]
    score, arrays = boosted(cuts.rows, cuts.cut, cuts.known, folds, CUT_TREES, seed)
    use = cuts.known & np.array([s.made for s in known])[cuts.sample]
    knots = knots_of(score[use], cuts.cut[use])
    sure = calibrated(score, knots)
    documents = {
        where: _by_sample(sure, cuts, flags, len(known)) for where, flags in (("end", cuts.end), ("middle", ~cuts.end))
    }
    whole = 1 - (1 - documents["end"]) * (1 - documents["middle"])
    made = np.array([s.made and _looks_inside(s) for s in known])
    truth = np.array([bool(s.cuts) for s in known])
    overall = knots_of(whole[made], truth[made])
    clean = np.array([s.clean for s in known])
    least = {where: _threshold(documents[where][clean], FLAGGED[where]) for where in documents}
    shown = (documents["end"] >= least["end"]) | (documents["middle"] >= least["middle"])
    figures = {**_figures(calibrated(whole, overall)[made], shown[made], truth[made], clean[made]), "thresholds": least}
    figures["recall"] = _recall_by_kind([s.kind for s in known], shown, truth)
    saved = {f"cut.{k}": v for k, v in arrays.items()} | {"cut.knots": knots, "truncation.knots": overall}
    return saved, figures


def _by_sample(sure: NDArray[np.float64], cuts: Cuts, flags: Flags, count: int) -> NDArray[np.float64]:
    """The highest probability among the flagged blocks of each sample."""
    out = np.zeros(count)
    np.maximum.at(out, cuts.sample[flags], sure[flags])
    return out


def _lead_forest(known: Sequence[Sample], of: Folds, leads: Numbers, seed: int) -> tuple[Arrays, dict[str, Any]]:
    """Learned from each text three times: alone, with its title, with title and description."""
    lost = np.array([s.lead_lost is True for s in known])
    usable = np.array([s.lead_lost is not None for s in known]) & ~np.isnan(leads[:, 0])
    variants = [lead.without(leads, *hidden) for hidden in (("title", "description"), ("description",), ())]
    rows, times = np.vstack(variants), len(variants)
    flat, arrays = boosted(rows, np.tile(lost, times), np.tile(usable, times), np.tile(of, times), LEAD_TREES, seed)
    score = flat.reshape(times, -1)
    real = np.array([not s.made for s in known]) & usable
    made, clean = np.array([s.made for s in known]) & usable, np.array([s.clean for s in known])
    figures: dict[str, Any] = {}
    saved = {f"lead.{k}": v for k, v in arrays.items()}
    for name, told, s in zip(
        ("knots", "known"), ("text alone", "with title and description"), (score[0], score[2]), strict=True
    ):
        saved[f"lead.{name}"] = knots_of(s[made], lost[made])
        sure = calibrated(s, saved[f"lead.{name}"])
        least = _threshold(sure[clean & usable], FLAGGED["lead"])
        figures[told] = _figures(sure[made], sure[made] >= least, lost[made], clean[made]) | {"threshold": least}
        figures[told]["auroc_real"] = (
            round(float(roc_auc_score(lost[real], sure[real])), 4) if lost[real].any() else None
        )
        figures[told]["recall"] = _recall_by_kind([s.lead_kind for s in known], sure >= least, lost & usable)
    return saved, figures


def _threshold(clean: NDArray[np.float64], most: float) -> float:
    """The least probability at which no more than a share of the clean documents are flagged, at least one half."""
    return max(0.5, round(float(np.quantile(clean, 1 - most)) + 1e-4, 4))


def _figures(sure: NDArray[np.float64], shown: Flags, truth: Flags, clean: Flags) -> dict[str, Any]:
    right = float((shown & truth).sum())
    precision, recall = right / max(1, shown.sum()), right / max(1, truth.sum())
    return {
        "auroc": round(float(roc_auc_score(truth, sure)), 4), "brier": round(float(brier_score_loss(truth, sure)), 4),
        "precision": round(precision, 4), "recall_all": round(recall, 4),
        "f1": round(2 * precision * recall / max(1e-9, precision + recall), 4),
        "clean_flagged": round(float(shown[clean].mean()), 4),
    }  # fmt: skip


def _recall_by_kind(kinds: Sequence[str], shown: Flags, truth: Flags) -> dict[str, float]:
    found = sorted({k for k, t in zip(kinds, truth, strict=True) if t})
    flags = {k: np.array([kind == k for kind in kinds]) & truth for k in found}
    return {k: round(float(shown[f].mean()), 4) for k, f in flags.items()}
