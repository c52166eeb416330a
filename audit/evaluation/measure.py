"""From outcomes to figures: of all documents, of each language and of each page kind."""

import numpy as np
import pandas as pd

from audit.evaluation.figures import FamilyFigures, Measured, Triple
from audit.evaluation.outcomes import EITHER
from audit.evaluation.statistics import auroc, calibration, quality, share, triple
from audit.finding import FAMILIES
from audit.marked import NOISE

GROUPS = 30  # languages or kinds told one by one, those of most pages first


def measure(frame: pd.DataFrame, name: str, seed: int) -> Measured:
    """The figures of a frame of outcomes."""
    told = frame[frame["y_truncation"].notna()]
    clean = told[told["clean"].astype(bool)]
    scored = frame[frame["f1"].notna()]
    groups = frame[frame["group"].notna()].groupby("group")
    return Measured(
        name=name,
        documents=len(frame),
        unread=int(frame["unread"].sum()),
        pages=int(frame["page"].nunique()),
        families={family: _family(frame, family, seed) for family in FAMILIES},
        lines={str(group): _counted(rows, "line", seed) for group, rows in groups},
        characters={part: _counted(told, part, seed) for part in (*NOISE, EITHER)},
        clean_flagged=share(int(clean["any"].sum()), len(clean)),
        quality=quality(scored["f1"].to_numpy(float), scored["score"].to_numpy(float)),
    )


def by(frame: pd.DataFrame, column: str, seed: int) -> tuple[Measured, ...]:
    """The figures of each value of a column, at most GROUPS of them."""
    pages = frame.groupby(column)["page"].nunique()
    ranked = pages.reset_index().sort_values(["page", column], ascending=[False, True])
    names = ranked[column].head(GROUPS)
    return tuple(measure(frame[frame[column] == name], str(name), seed) for name in names)


def _counted(rows: pd.DataFrame, name: str, seed: int) -> Triple:
    tp, fp, fn = (rows[f"{name}_{c}"].to_numpy(float) for c in ("tp", "fp", "fn"))
    return triple(rows["page"], tp, fp, fn, seed)


def _family(frame: pd.DataFrame, family: str, seed: int) -> FamilyFigures:
    rows, lost = frame[frame[f"y_{family}"].notna()], frame[frame[f"lost_{family}"].notna()]
    y, hit = rows[f"y_{family}"].to_numpy(bool), rows[f"hit_{family}"].to_numpy(bool)
    risk = rows[f"risk_{family}"].to_numpy(float)  # None becomes NaN
    judged = ~np.isnan(risk)
    lost_risk = np.nan_to_num(lost[f"risk_{family}"].to_numpy(float))
    drawn = triple(rows["page"], (y & hit).astype(float), (~y & hit).astype(float), (y & ~hit).astype(float), seed)
    right = int((y & hit).sum())
    return FamilyFigures(
        documents=len(rows),
        not_judged=int((~judged).sum()),
        flagged=Triple(share(right, int(hit.sum())), share(right, int(y.sum())), drawn.f1),
        auroc=auroc(y, np.nan_to_num(risk), rows["page"], seed),
        auroc_lost=auroc(lost[f"lost_{family}"].to_numpy(bool), lost_risk, lost["page"], seed),
        calibration=calibration(y[judged], risk[judged]) if judged.any() else None,
    )
