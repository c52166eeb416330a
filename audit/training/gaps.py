"""What tells whether the blocks of a page around a text are its article's, learned from pages whose article is known.

The blocks that the article has, and a text lacks, are losses; those that it lacks as well are the site's. Texts are
the damaged ones and what real extractors made. What one step gives to the next is out of fold.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, roc_auc_score

from audit.document import Document
from audit.engines.local import LocalEngine
from audit.labelled import fold_of, ranked, table
from audit.segment import segment
from audit.source.evidence import gaps_of, laid_out
from audit.source.gaps import SIDES, Gap, probability, score, whole
from audit.source.layout import FOUND, Layout
from audit.source.losses import LOST_WORDS, UNCOVERED
from audit.source.reader import parse
from audit.training.boosting import calibrated, knots_of
from audit.training.learned import Arrays, Learned

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]

EXTRACTORS = 4  # texts that real extractors made of one page, at most: they are much alike
LEAST_TEXTS = 200
INVERSE_PENALTY = 0.3
LEAST_SPREAD = 0.05
UNIT = 8  # pages read at once

Known = tuple[int, str, str, list[dict[str, str]]]  # a page: its fold, its HTML, its article, and texts
Unit = list[Known]
Weights = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """A gap beside one text of a page of `fold`, and whether the article has `lost` words there.

    `owned` tells of each block whether it is the article's, None where that is doubtful.
    """

    fold: int
    gap: Gap
    owned: tuple[bool | None, ...]
    lost: bool


def fit(folders: Sequence[Path], *, seed: int, folds: int, unseen: Path) -> Learned | None:
    """The arrays of `models/gaps.npz` and their figures out of fold; None where too few pages are known."""
    del unseen  # no other model has a say in it
    read = LocalEngine().map_units(_read, _units(folders, folds, seed), None, _failed)
    sides = [pair for part in read for pair in part]
    if len(sides) < LEAST_TEXTS:
        return None
    learned = [one for n in range(len(SIDES)) if (one := _side([pair[n] for pair in sides], folds))]
    if len(learned) < len(SIDES):
        return None
    apart = [_named([side.apart[fold] for side in learned]) for fold in range(folds)]
    return Learned(
        _named([s.arrays for s in learned]), dict(zip(SIDES, (s.figures for s in learned), strict=True)), apart
    )


def _units(folders: Sequence[Path], folds: int, seed: int) -> Iterator[Unit]:
    """The pages of the folders whose HTML and article are known, a few at once, with their texts."""
    pages = [page for folder in folders for page in _pages(folder, folds, seed)]
    yield from (pages[i : i + UNIT] for i in range(0, len(pages), UNIT))


def _pages(folder: Path, folds: int, seed: int) -> Iterator[Known]:
    html, made, real = (table(folder, name) for name in ("source", "defects", "lines"))
    if html is None or made is None:
        return
    texts = {page: part.to_dict("records") for page, part in made.groupby("page")}
    ranks = () if real is None else ranked(real, seed).groupby("page")
    drawn = {page: part.head(EXTRACTORS).to_dict("records") for page, part in ranks}
    for page, source in sorted(zip(html["page"], html["html"], strict=True)):
        whole_ones = [row["text"] for row in texts.get(page, ()) if not len(row["defects"])]
        if whole_ones:
            article = min(whole_ones, key=lambda text: (text.count("\n"), text))  # the one that is not hard-wrapped
            yield fold_of(page, folds), source, article, [_shown(row) for row in (*texts[page], *drawn.get(page, ()))]


def _shown(row: Mapping[Any, Any]) -> dict[str, str]:
    """What the auditor may know of a text beside its page."""
    return {key: row[key] for key in ("text", "title", "description") if isinstance(row.get(key), str)}


def _read(unit: Sequence[Known], _: None) -> list[tuple[Side, Side]]:
    found = []
    for fold, html, article, texts in unit:
        markup = parse(html)
        gold = laid_out(segment(Document("", "", article)), markup) if markup else None
        if markup is None or gold is None:
            continue
        for text in texts:
            layout = laid_out(segment(Document("", "", **text)), markup)
            gaps = gaps_of(layout) if layout else None
            if layout and gaps:
                found.append((_known(fold, gaps[0], layout, gold), _known(fold, gaps[1], layout, gold)))
    return found


def _known(fold: int, gap: Gap, layout: Layout, gold: Layout) -> Side:
    """A gap with what the article says of it: which blocks it has, and whether it has any, or more of the edge's."""
    shares = [gold.share_covered(piece) for piece in gap.pieces]
    owned = tuple(True if s >= FOUND else False if s <= UNCOVERED else None for s in shares)
    match = layout.matches[gap.block]
    edge = layout.markup.pieces[layout.owner(match.first if gap.side == "lead" else match.end - 1)]
    inside = range(edge.start, match.first) if gap.side == "lead" else range(match.end, edge.end)
    cut = sum(gold.covered[w] and not layout.covered[w] for w in inside) >= LOST_WORDS
    return Side(fold, _light(gap), owned, cut or any(owned))


def _light(gap: Gap) -> Gap:
    """A gap without its words, which teach nothing more."""
    pieces = tuple(piece._replace(text="", parts=(), links=()) for piece in gap.pieces)
    return replace(gap, pieces=pieces, ruled=gap.ruled and replace(gap.ruled, quote=""))


def _failed(unit: Sequence[Known], reason: str) -> list[tuple[Side, Side]]:
    raise RuntimeError(f"pages of which one begins {unit[0][2][:40]!r} could not be read: {reason}")


def _named(sides: Sequence[Mapping[str, NDArray[Any]]]) -> Arrays:
    both = zip(SIDES, sides, strict=True)
    return {f"{side}.{name}": array for side, arrays in both for name, array in arrays.items()}


def _side(known: Sequence[Side], folds: int) -> Learned | None:
    """Both regressions and the knots of one side; None when some fold's others do not show both losses and none."""
    of = np.array([side.fold for side in known])
    blocks = [(n, row, own) for n, s in enumerate(known) for row, own in zip(s.gap.rows, s.owned, strict=True)]
    sure = [(n, row, own) for n, row, own in blocks if own is not None]
    rows, owned = np.array([row for _, row, _ in sure]), np.array([own for *_, own in sure])
    asked = [side for side in known if side.gap.may_be_lost]
    lost, fold = np.array([side.lost for side in asked]), np.array([side.fold for side in asked])
    of_block = of[[n for n, *_ in sure]]
    if not (_is_mixed(owned, of_block, folds) and _is_mixed(lost, fold, folds)):
        return None
    signs = [_weights(rows[of_block != k], owned[of_block != k]) for k in range(folds)]
    last = np.array([whole(s.gap, [probability(row, signs[s.fold]) for row in s.gap.rows]) for s in asked])
    wholes = [_weights(last[fold != k], lost[fold != k]) for k in range(folds)]
    told = np.array([score(row, wholes[k]) for row, k in zip(last.tolist(), fold, strict=True)])
    knots = knots_of(told, lost)
    chance = np.array([probability(row, signs[k]) for (_, row, _), k in zip(sure, of_block, strict=True)])
    return Learned(
        _arrays(_weights(rows, owned), _weights(last, lost), knots),
        {"blocks": _figures(chance, owned), "texts": _figures(calibrated(told, knots), lost)},
        [_arrays(s, w, knots) for s, w in zip(signs, wholes, strict=True)],
    )


def _arrays(signs: Weights, last: Weights, knots: NDArray[np.float32]) -> Arrays:
    return {"signs": np.array(signs), "whole": np.array(last), "knots": knots}


def _is_mixed(truth: Flags, of: NDArray[np.int_], folds: int) -> bool:
    """Whether both kinds are there without any of the folds."""
    return all(len(set(truth[of != k].tolist())) > 1 for k in range(folds))


def _weights(rows: Numbers, truth: Flags) -> Weights:
    """A logistic regression: the weight of each column, and what stands by itself."""
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + LEAST_SPREAD
    model = LogisticRegression(C=INVERSE_PENALTY, max_iter=2000).fit((rows - mean) / spread, truth)
    weights = model.coef_[0] / spread
    return (*weights.tolist(), float(model.intercept_[0] - weights @ mean))


def _figures(told: NDArray[np.floating], truth: Flags) -> dict[str, Any]:
    return {
        "count": len(truth),
        "share": round(float(truth.mean()), 4),
        "auroc": round(float(roc_auc_score(truth, told)), 4),
        "brier": round(float(brier_score_loss(truth, told)), 4),
    }
