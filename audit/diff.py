"""`crawlaudit diff`: what changed between two audits of the same crawl."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from audit.baseline import versions
from audit.finding import FAMILIES
from audit.intervals import difference
from audit.table import Results

STEP = 2.0  # a change of the score by less is none
SHOWN = 20
WORSE = {"ok": 0, "suspect": 1, "bad": 2, "unread": 3}
Moved = tuple[str, float | None, float | None]  # a document's id, and its score before and after


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate before and after, each (hit, of), and the 95 % interval of the difference."""

    name: str
    before: tuple[int, int]
    after: tuple[int, int]
    low: float
    high: float

    @property
    def changed(self) -> bool:
        """Whether chance hardly explains the difference."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed, documents being matched by id. `not_comparable` is why rates cannot be compared."""

    new: tuple[str, ...]
    gone: tuple[str, ...]
    better: tuple[Moved, ...]
    worse: tuple[Moved, ...]
    same: int
    rates: tuple[Rate, ...]
    new_sites: tuple[str, ...]
    gone_sites: tuple[str, ...]
    not_comparable: str | None


def compare(before: Results, after: Results) -> Changes:
    """The changes from one audit to a later one."""
    one, two = (r.documents.set_index("id")[["verdict", "score"]] for r in (before, after))
    both = one.add_suffix("_before").join(two.add_suffix("_after"), how="inner")
    step = both["verdict_after"].map(WORSE) - both["verdict_before"].map(WORSE)
    score = (both["score_after"] - both["score_before"]).fillna(0.0)
    worse, better = (step > 0) | ((step == 0) & (score <= -STEP)), (step < 0) | ((step == 0) & (score >= STEP))
    sites = [set(r.documents["site"].dropna()) for r in (before, after)]
    return Changes(
        new=tuple(sorted(two.index.difference(one.index))),
        gone=tuple(sorted(one.index.difference(two.index))),
        better=_moved(both[better], score),
        worse=_moved(both[worse], score),
        same=int((~worse & ~better).sum()),
        rates=tuple(_rate(name, before, after) for name in ("bad", "unread", *FAMILIES)),
        new_sites=tuple(sorted(sites[1] - sites[0])),
        gone_sites=tuple(sorted(sites[0] - sites[1])),
        not_comparable=_not_comparable(before.summary, after.summary),
    )


def as_lines(changes: Changes) -> list[str]:
    """The changes in words; ids are as read and have to be made visible by who prints them."""
    lines = [f"Not comparable: {changes.not_comparable}"] if changes.not_comparable else []
    counts = [f"{len(changes.new)} new, {len(changes.gone)} gone, {len(changes.better)} better"]
    lines.append(f"Documents: {counts[0]}, {len(changes.worse)} worse, {changes.same} as before")
    for rate in changes.rates:
        (k, n), (m, of) = rate.before, rate.after
        sign = "changed" if rate.changed else "no sure change"
        lines.append(f"  {rate.name:13} {k} of {n} -> {m} of {of}, {rate.low:+.1%} to {rate.high:+.1%}: {sign}")
    for title, sites in (("New sites", changes.new_sites), ("Gone sites", changes.gone_sites)):
        if sites:
            lines.append(f"{title}: {', '.join(sites[:SHOWN])}" + (" …" if len(sites) > SHOWN else ""))
    for title, moved in (("worse", changes.worse), ("better", changes.better)):
        lines += [f"  {title}: {name}: {_score(then)} -> {_score(now)}" for name, then, now in moved[:SHOWN]]
    return lines


def _moved(both: pd.DataFrame, score: pd.Series) -> tuple[Moved, ...]:
    """Documents by how much their score changed, most first."""
    order = sorted(both.index, key=lambda name: (-abs(score.loc[name]), str(name)))
    then, now = (dict(zip(both.index, both[f"score_{when}"], strict=True)) for when in ("before", "after"))
    return tuple((str(name), _known(then[name]), _known(now[name])) for name in order)


def _known(score: float) -> float | None:
    return None if score != score else float(score)


def _rate(name: str, before: Results, after: Results) -> Rate:
    then, now = _counted(name, before), _counted(name, after)
    return Rate(name, then, now, *difference(*now, *then))


def _counted(name: str, results: Results) -> tuple[int, int]:
    documents, findings = results.documents, results.findings
    if name in FAMILIES:
        found = findings[(findings["family"] == name) & (findings["severity"] != "info")]
        judged = documents[name].notna()
        return int((judged & documents["id"].isin(set(found["id"]))).sum()), int(judged.sum())
    of = documents["verdict"] != "unread" if name == "bad" else documents["verdict"].notna()
    return int((documents["verdict"] == name).sum()), int(of.sum())


def _not_comparable(before: dict[str, Any], after: dict[str, Any]) -> str | None:
    then, now = versions(before), versions(after)
    other = [key for key in then if then[key] != now[key]]
    return f"the audits differ in {', '.join(other)}, so that a change may be the tool's" if other else None


def _score(score: float | None) -> str:
    return "not read" if score is None else f"{score:.1f}"
