"""What the noise of a text tells of the whole, learned from texts judged by models that have not seen their pages.

The token F1 from what real extractors made of articles; how much chrome and link text the rules leave unfound from
articles into which it was put.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import spearmanr
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import brier_score_loss, roc_auc_score

from audit.config import Config
from audit.document import Document
from audit.engines.local import LocalEngine
from audit.finding import Finding
from audit.judge import Judge
from audit.labelled import fold_of, ranked, table
from audit.page import Page
from audit.quality import DIRECTIONS, NAMES, PEAKS, Numbers, expected, numbers, peaks
from audit.resources import models_from
from audit.score import flagged_share
from audit.sites import Evidence
from audit.training.boosting import Parameters, calibrated, knots_of, regressed
from audit.training.learned import Arrays, Learned

KIND = "article"  # what a perfect extraction of another page holds is a matter of opinion
BAD = 0.8  # texts of a lower F1 are called bad in the figures
LEAST_TEXTS = 50
DRAWN = {"lines": 6, "defects": 3}  # texts of a page
UNIT = 25  # texts judged at once
OF = ("fold", "folder", "f1")
IS = ("there", "found")  # a family in a text

TREES = Parameters(trees=150, rate=0.06, leaves=10, least=40, l2=5.0)
# Trees learn so much of a text's rank by F1, and the rest of F1 itself: most texts lie close together near 1, where F1
# alone teaches little, and what is far below is seen by F1.
RANKED = 0.6
CLEAN = 0.7  # the weight of an article as it is, beside a real text: these show what nothing is wrong with
KNOTS, TEXTS_A_KNOT = 40, 5

Unit = tuple[str, int, Path, list[dict[str, Any]]]


def fit(folders: Sequence[Path], *, seed: int, folds: int, unseen: Path) -> Learned | None:
    """The arrays of `models/quality.npz` and their figures out of fold; None when too few texts can teach them."""
    read = {name: _seen(name, _drawn(folders, name, seed), folds, unseen) for name in DRAWN}
    texts = pd.DataFrame(read["lines"], columns=[*OF, *NAMES])
    made = pd.DataFrame(read["defects"], columns=[*OF, *NAMES, *PEAKS, *(f"{f} {w}" for f in PEAKS for w in IS)])
    if min(len(texts), len(made)) < LEAST_TEXTS or texts["fold"].nunique() < 2:
        return None
    learned = _f1(texts, made[made["f1"].notna()], folds, seed)
    curves: Arrays = {}
    figures: dict[str, Any] = {"f1": learned.figures}
    for family in PEAKS:
        rest = made[~made[f"{family} found"]]
        peak, there = rest[family].to_numpy(), rest[f"{family} there"].to_numpy(bool)
        curves[family] = knots_of(peak, there)
        figures[family] = _unfound(np.interp(peak, *curves[family]), there)
    return Learned({**learned.arrays, **curves}, figures, [{**arrays, **curves} for arrays in learned.apart])


def _f1(texts: pd.DataFrame, clean: pd.DataFrame, folds: int, seed: int) -> Learned:
    """The trees, and how right they are of real texts."""
    known = pd.concat([texts, clean], ignore_index=True)
    rows, f1 = known[[*NAMES]].to_numpy(np.float32), known["f1"].to_numpy()
    # A small set counts for more than its texts, and less than a large one.
    weight = 1 / np.sqrt(known.groupby("folder")["f1"].transform("size").to_numpy())
    weight[len(texts) :] *= CLEAN
    target = RANKED * _ranks(f1, weight) + (1 - RANKED) * f1
    of = known["fold"].to_numpy(np.int32)
    score, trees, apart = regressed(rows, target, weight, of, folds, TREES, seed, [*DIRECTIONS.values()])
    real = slice(len(texts))
    knots = _medians(score[real], f1[real])
    told = expected(calibrated(score[real], knots), rows[real])
    whole, *others = ({f"f1.{k}": v for k, v in arrays.items()} | {"f1.knots": knots} for arrays in (trees, *apart))
    by_folder = {
        f"set {number}": _figures(told[part.index], part["f1"].to_numpy()) for number, part in texts.groupby("folder")
    }
    return Learned(whole, {**_figures(told, f1[real]), "by set": by_folder}, others)


def _ranks(values: Numbers, weight: Numbers) -> Numbers:
    """The share of the weight that lies below each value, equal values sharing theirs."""
    _, which = np.unique(values, return_inverse=True)
    here = np.bincount(which, weight)
    return np.asarray(((here.cumsum() - here / 2) / here.sum())[which])


def _medians(score: Numbers, f1: Numbers) -> NDArray[np.float32]:
    """Scores and the median F1 of the texts around them, which never falls: the error that is left is least so."""
    parts = np.array_split(np.argsort(score, kind="stable"), min(KNOTS, len(score) // TEXTS_A_KNOT))
    at, middle = (
        np.array([take(values[part]) for part in parts]) for take, values in ((np.mean, score), (np.median, f1))
    )
    return np.vstack([at, IsotonicRegression().fit(at, middle).predict(at)]).astype(np.float32)


def _texts(row: dict[str, Any], judge: Judge) -> tuple[Any, ...] | None:
    """F1 and numbers of a real text."""
    page = judge.page(Document("", "", row["text"]))
    return (row["f1"], *_numbers(page, judge.findings(page))) if page.blocks else None


def _made(row: dict[str, Any], judge: Judge) -> tuple[Any, ...] | None:
    """F1 and numbers of an article; the peaks of its noise, and of each family whether it is there and is found.

    The F1 is known where nothing was put in or taken away.
    """
    page = judge.page(Document("", "", row["text"]))
    if not page.blocks:
        return None
    found = judge.findings(page)
    families = {f.family for f in found}
    flags = [flag for family in PEAKS for flag in (family in row["defects"], family in families)]
    return (None if len(row["defects"]) else 1.0, *_numbers(page, found), *peaks(page), *flags)


def _numbers(page: Page, found: Sequence[Finding]) -> list[float]:
    told: list[float] = numbers(page, flagged_share(page, found)).tolist()
    return told


def _drawn(folders: Sequence[Path], name: str, seed: int) -> Iterator[dict[str, Any]]:
    """Rows of a table of each folder, at most DRAWN of a page; of real texts those of articles whose F1 is known."""
    for number, folder in enumerate(folders):
        frame = table(folder, name)
        if frame is None or (name == "lines" and "f1" not in frame):
            continue
        if name == "lines":
            frame = frame[(frame["kind"] == KIND) & frame["f1"].notna()]
        frame = ranked(frame, seed)
        for row in frame[frame.groupby("page").cumcount() < DRAWN[name]].to_dict("records"):
            yield {"folder": number} | {str(k): v for k, v in row.items()}


def _seen(name: str, rows: Iterable[dict[str, Any]], folds: int, unseen: Path) -> list[tuple[Any, ...]]:
    """The fold and folder of each row and what is read from it, by models that have not seen its page."""
    by_fold: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        by_fold.setdefault(fold_of(row["page"], folds), []).append(row)
    units = [
        (name, fold, unseen / str(fold), part[i : i + UNIT])
        for fold, part in sorted(by_fold.items())
        for i in range(0, len(part), UNIT)
    ]
    return [row for part in LocalEngine().map_units(_read, units, None, _failed) for row in part]


def _read(unit: Unit, _: None) -> list[tuple[Any, ...]]:
    name, fold, models, rows = unit
    judge = Judge.untried(Config(models=models), Evidence())
    with models_from(models):
        read = [(row["folder"], (_texts if name == "lines" else _made)(row, judge)) for row in rows]
    return [(fold, folder, *known) for folder, known in read if known is not None]


def _failed(unit: Unit, reason: str) -> list[tuple[Any, ...]]:
    raise RuntimeError(f"{len(unit[3])} documents of {unit[3][0]['page']} could not be judged: {reason}")


def _figures(told: Numbers, f1: Numbers) -> dict[str, Any]:
    bad = f1 < BAD
    return {
        "texts": len(f1),
        "spearman": round(float(spearmanr(told, f1).statistic), 4),
        "mean_absolute_error": round(float(np.abs(told - f1).mean()), 4),
        "auroc_bad": round(float(roc_auc_score(bad, -told)), 4) if 0 < bad.sum() < len(bad) else None,
    }


def _unfound(told: Numbers, there: NDArray[np.bool_]) -> dict[str, Any]:
    """Not out of fold: a curve of few steps has little to learn by heart."""
    return {
        "texts": len(told),
        "share": round(float(there.mean()), 4),
        "brier": round(float(brier_score_loss(there, told)), 4),
    }
