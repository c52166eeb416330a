"""The decisions' models: hashed words of openings and endings, and boosted trees over the cues, calibrated.

Every number that one model gives to the next is made out of fold: by models that have not seen the page.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import brier_score_loss, roc_auc_score

from audit.cues import blocks, lead
from audit.cues.words import Linear, Words
from audit.labelled import fold_of
from audit.training.boosting import Flags, Parameters, boosted, calibrated, knots_of
from audit.training.cuts import Cuts, Folds, Numbers, cues, looks_inside
from audit.training.gluing import glued
from audit.training.learned import Arrays, Learned
from audit.training.openings import examples, linears
from audit.training.samples import BARE, Sample, bare, samples, shortened

CUT_TREES = Parameters(trees=200, rate=0.05, leaves=24, least=100, l2=5.0, columns=0.2)
GLUED_TREES = Parameters(trees=70, rate=0.1, leaves=12, least=40)
# What whole texts without their last full stop weigh: enough that most of them do not look cut, and not so much that
# those that are cut do not either.
BARE_WEIGHT = 0.3
LEAST_GLUED = 100  # fragments known to be glued on, without which nothing is learned of them
LEAD_TREES = Parameters(trees=100, rate=0.08, leaves=10, least=60)
# The shares of clean documents that each decision may flag; `whole` is for texts of which no one place stands out.
FLAGGED = {"end": 0.02, "inside": 0.013, "whole": 0.02, "glued": 0.003, "lead": 0.01}


def fit(folders: Sequence[Path], *, seed: int, folds: int, unseen: Path) -> Learned:
    """The arrays of `models/decisions.npz`, and what the models reach on pages they have not seen.

    `unseen` has a folder for each fold, with the line model that was learned without its pages.
    """
    known = samples(folders)
    known += [*shortened(known, seed), *glued(known, seed), *bare(known, seed)]
    of = np.array([fold_of(s.page, folds) for s in known], dtype=np.int32)
    texts = examples(known, of.tolist(), seed, unseen)
    by_fold = [linears(texts, without=fold) for fold in range(folds)]
    cuts, leads = cues(known, of, by_fold, unseen)
    learned = decide(known, of, cuts, leads, folds, seed)
    return Learned(
        {**learned.arrays, **words_as_arrays(linears(texts))},
        learned.figures,
        [{**arrays, **words_as_arrays(words)} for arrays, words in zip(learned.apart, by_fold, strict=True)],
    )


def words_as_arrays(words: Words) -> Arrays:
    """The models of words as they are stored."""
    arrays: Arrays = {}
    for name in ("opening", "ending", "sentence"):
        linear: Linear = getattr(words, name)
        arrays |= {f"{name}.weights": linear.weights, f"{name}.line": np.array([linear.scale, linear.intercept])}
    return arrays


def decide(known: Sequence[Sample], of: Folds, cuts: Cuts, leads: Numbers, folds: int, seed: int) -> Learned:
    """The forests with their calibration and thresholds, and their figures out of fold."""
    tail, is_tail = _glued_forest(known, of, cuts, folds, seed)
    cut = _cut_forest(known, of, cuts, is_tail, folds, seed)
    first = _lead_forest(known, of, leads, folds, seed)
    figures = {"truncation": cut.figures, "glued": tail.figures, "missing_lead": first.figures}
    alone, told = (part["threshold"] for part in first.figures.values())
    thresholds = {**cut.figures["thresholds"], "glued": tail.figures["threshold"], "lead": alone, "known lead": told}
    shared = {"least": np.array([thresholds[name] for name in blocks.BARS])}
    parts = zip(tail.apart, cut.apart, first.apart, strict=True)
    return Learned(
        {**tail.arrays, **cut.arrays, **first.arrays, **shared},
        figures,
        [{**a, **b, **c, **shared} for a, b, c in parts],
    )


def _glued_forest(known: Sequence[Sample], of: Folds, cuts: Cuts, folds: int, seed: int) -> tuple[Learned, Flags]:
    """What tells link text glued to a paragraph from a sentence cut, and which rows it takes for that, out of fold."""
    if cuts.glued.sum() < LEAST_GLUED:
        return Learned({}, {"threshold": 1.0}, [{}] * folds), np.zeros(len(cuts.rows), bool)
    rows = np.hstack([cuts.rows, cuts.labels])
    score, trees, apart = boosted(rows, cuts.glued, cuts.told, of[cuts.sample], folds, GLUED_TREES, seed)
    made, clean = (np.array([getattr(s, name) for s in known]) for name in ("made", "clean"))
    use = cuts.told & made[cuts.sample]
    knots = knots_of(score[use], cuts.glued[use])
    sure = calibrated(score, knots) * cuts.told
    least = _threshold(_by_sample(sure, cuts, cuts.told, len(known))[clean], FLAGGED["glued"])
    shown = sure >= least
    figures = _figures(sure[use], shown[use], cuts.glued[use], clean[cuts.sample][use]) | {"threshold": least}
    own = np.array([s.kind == "glued" for s in known])[cuts.sample] & cuts.glued
    figures |= {"fragments": int(cuts.glued[use].sum()), "recall of headlines": float(shown[own].mean())}
    return _named("glued", trees, figures, apart, {"glued.knots": knots}), shown


def _cut_forest(known: Sequence[Sample], of: Folds, cuts: Cuts, is_tail: Flags, folds: int, seed: int) -> Learned:
    """The forest of cuts; fragments that are taken for link text are none."""
    weight = np.where([s.kind == BARE for s in known], BARE_WEIGHT, 1.0)[cuts.sample]
    score, trees, apart = boosted(cuts.rows, cuts.cut, cuts.known, of[cuts.sample], folds, CUT_TREES, seed, weight)
    use = cuts.known & np.array([s.made for s in known])[cuts.sample]
    knots = knots_of(score[use], cuts.cut[use])
    sure = np.where(is_tail, 0.0, calibrated(score, knots))
    documents = {
        where: _by_sample(sure, cuts, flags, len(known)) for where, flags in (("end", cuts.end), ("inside", ~cuts.end))
    }
    whole = 1 - (1 - documents["end"]) * (1 - documents["inside"])
    made = np.array([s.made and looks_inside(s) for s in known])
    truth = np.array([bool(s.cuts) for s in known])
    overall = knots_of(whole[made], truth[made])
    documents["whole"] = calibrated(whole, overall)
    clean = np.array([s.clean for s in known])
    least = {where: _threshold(sure[clean], FLAGGED[where]) for where, sure in documents.items()}
    shown = np.logical_or.reduce([sure >= least[where] for where, sure in documents.items()])
    figures = {**_figures(documents["whole"][made], shown[made], truth[made], clean[made]), "thresholds": least}
    figures["recall"] = _recall_by_kind([s.kind for s in known], shown, truth)
    unstopped = np.array([s.kind == BARE for s in known])
    figures["flagged for a last full stop alone"] = float(shown[unstopped].mean()) if unstopped.any() else None
    return _named("cut", trees, figures, apart, {"cut.knots": knots, "truncation.knots": overall})


def _named(name: str, trees: Arrays, figures: dict[str, Any], apart: Sequence[Arrays], shared: Arrays) -> Learned:
    """The arrays of forests under the forest's name, with what calibrates them all."""
    whole, *others = ({f"{name}.{k}": v for k, v in arrays.items()} | shared for arrays in (trees, *apart))
    return Learned(whole, figures, others)


def _by_sample(sure: NDArray[np.float64], cuts: Cuts, flags: Flags, count: int) -> NDArray[np.float64]:
    """The highest probability among the flagged blocks of each sample."""
    out = np.zeros(count)
    np.maximum.at(out, cuts.sample[flags], sure[flags])
    return out


def _lead_forest(known: Sequence[Sample], of: Folds, leads: Numbers, folds: int, seed: int) -> Learned:
    """Learned from each text three times: alone, with its title, with title and description."""
    lost = np.array([s.lead_lost is True for s in known])
    usable = np.array([s.lead_lost is not None for s in known]) & ~np.isnan(leads[:, 0])
    variants = [lead.without(leads, *hidden) for hidden in (("title", "description"), ("description",), ())]
    rows, times = np.vstack(variants), len(variants)
    flat, trees, apart = boosted(
        rows, np.tile(lost, times), np.tile(usable, times), np.tile(of, times), folds, LEAD_TREES, seed
    )
    score = flat.reshape(times, -1)
    real = np.array([not s.made for s in known]) & usable
    made, clean = np.array([s.made for s in known]) & usable, np.array([s.clean for s in known])
    figures: dict[str, Any] = {}
    knots: Arrays = {}
    for name, told, s in zip(
        ("knots", "known"), ("text alone", "with title and description"), (score[0], score[2]), strict=True
    ):
        knots[f"lead.{name}"] = knots_of(s[made], lost[made])
        sure = calibrated(s, knots[f"lead.{name}"])
        least = _threshold(sure[clean & usable], FLAGGED["lead"])
        figures[told] = _figures(sure[made], sure[made] >= least, lost[made], clean[made]) | {"threshold": least}
        figures[told]["auroc_real"] = (
            round(float(roc_auc_score(lost[real], sure[real])), 4) if lost[real].any() else None
        )
        figures[told]["recall"] = _recall_by_kind([s.lead_kind for s in known], sure >= least, lost & usable)
    return _named("lead", trees, figures, apart, knots)


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
