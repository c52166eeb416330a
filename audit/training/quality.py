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
from sklearn.linear_model import LinearRegression
from sklearn.metrics import brier_score_loss, roc_auc_score

from audit.config import Config
from audit.document import Document
from audit.engines.local import LocalEngine
from audit.judge import Judge
from audit.labelled import fold_of, ranked, table
from audit.quality import LEAST, NAMES, PEAKS, Numbers, expected, numbers, peaks
from audit.resources import models_from
from audit.training.boosting import knots_of
from audit.training.learned import Arrays, Learned

KIND = "article"  # what a perfect extraction of another page holds is a matter of opinion
BAD = 0.8  # texts of a lower F1 are called bad in the figures
LEAST_TEXTS = 50
DRAWN = {"lines": 6, "defects": 3}  # texts of a page
UNIT = 25  # texts judged at once

IS = ("there", "found")  # a family in a text

Unit = tuple[str, int, Path, list[dict[str, Any]]]


def fit(folders: Sequence[Path], *, seed: int, folds: int, unseen: Path) -> Learned | None:
    """The arrays of `models/quality.npz` and their figures out of fold; None when too few texts can teach them."""
    read = {name: _seen(name, _drawn(folders, name, seed), folds, unseen) for name in DRAWN}
    texts = pd.DataFrame(read["lines"], columns=["fold", "f1", *NAMES])
    made = pd.DataFrame(read["defects"], columns=["fold", *PEAKS, *(f"{f} {w}" for f in PEAKS for w in IS)])
    if min(len(texts), len(made)) < LEAST_TEXTS or texts["fold"].nunique() < 2:
        return None
    told = np.zeros(len(texts))
    for fold in range(folds):
        there = (texts["fold"] == fold).to_numpy()
        if there.any():
            told[there] = expected(texts.loc[there, [*NAMES]].to_numpy(), _weights(texts[~there]))
    arrays: Arrays = {"weights": _weights(texts)}
    figures: dict[str, Any] = {"f1": _figures(told, texts["f1"].to_numpy())}
    for family in PEAKS:
        rest = made[~made[f"{family} found"]]
        peak, there = rest[family].to_numpy(), rest[f"{family} there"].to_numpy(bool)
        arrays[family] = knots_of(peak, there)
        figures[family] = _unfound(np.interp(peak, *arrays[family]), there)
    return Learned(arrays, figures)


def _texts(row: dict[str, Any], judge: Judge) -> tuple[Any, ...] | None:
    """F1 and numbers of a real text."""
    page = judge.page(Document("", "", row["text"]))
    return (row["f1"], *numbers(page).tolist()) if page.blocks else None


def _made(row: dict[str, Any], judge: Judge) -> tuple[Any, ...]:
    """The peaks of an article's noise, and of each family whether it is there and whether it is found."""
    page = judge.page(Document("", "", row["text"]))
    found = judge.findings(page)
    families = {f.family for f in found}
    flags = [flag for family in PEAKS for flag in (family in row["defects"], family in families)]
    return (*peaks(page), *flags)


def _drawn(folders: Sequence[Path], name: str, seed: int) -> Iterator[dict[str, Any]]:
    """Rows of a table of each folder, at most DRAWN of a page; of real texts those of articles whose F1 is known."""
    for folder in folders:
        frame = table(folder, name)
        if frame is None or (name == "lines" and "f1" not in frame):
            continue
        if name == "lines":
            frame = frame[(frame["kind"] == KIND) & frame["f1"].notna()]
        frame = ranked(frame, seed)
        for row in frame[frame.groupby("page").cumcount() < DRAWN[name]].to_dict("records"):
            yield {str(k): v for k, v in row.items()}


def _seen(name: str, rows: Iterable[dict[str, Any]], folds: int, unseen: Path) -> list[tuple[Any, ...]]:
    """The fold of each row and what is read from it, by models that have not seen its page."""
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
    judge = Judge.of(Config(models=models))
    with models_from(models):
        read = [(_texts if name == "lines" else _made)(row, judge) for row in rows]
    return [(fold, *row) for row in read if row is not None]


def _failed(unit: Unit, reason: str) -> list[tuple[Any, ...]]:
    raise RuntimeError(f"{len(unit[3])} documents of {unit[3][0]['page']} could not be judged: {reason}")


def _weights(frame: pd.DataFrame) -> Numbers:
    f1 = frame["f1"].clip(LEAST, 1 - LEAST)
    model = LinearRegression().fit(frame[[*NAMES]].to_numpy(), np.log(f1 / (1 - f1)))
    return np.append(model.coef_, model.intercept_)


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
