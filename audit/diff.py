"""`crawlaudit diff`: what changed from one audit of a crawl to a later one, or since a baseline was written."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import pandas as pd

from audit import baseline
from audit.conditions import RATES, Condition
from audit.errors import AuditError
from audit.finding import DOCUMENTS_FILE
from audit.intervals import chance, difference, discoveries
from audit.measures import SMALL, Measures
from audit.table import batches, load_results, load_summary

T = TypeVar("T")
Count = tuple[int, int]  # documents hit, of how many
Judged = tuple[str, float | None]  # verdict and score
STEP = 2.0  # a change of the score by less is none
LEAST, EFFECT = 20, 0.02  # of fewer documents on a side, and so near to each other, no rates differ for sure
LISTED = 200  # names kept of each kind: the tables of the audits have them all
VERDICTS = ("ok", "suspect", "bad", "unread")  # each worse than the one before
RANK = {verdict: rank for rank, verdict in enumerate(VERDICTS)}


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate before and after, and the 95 % interval of the difference; `sure` when chance hardly explains it."""

    name: str
    before: Count
    after: Count
    low: float
    high: float
    sure: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """A document whose verdict or score changed, each (verdict, score); the score is None where it was not read."""

    id: str
    before: Judged
    after: Judged


@dataclass(frozen=True, slots=True)
class Listed(Generic[T]):
    """So many in all, and the first of them."""

    total: int
    first: tuple[T, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed. Documents are matched by id; `same` is None since a baseline, which knows no documents.

    `sites` are those whose rate of bad documents surely changed, worst first. `not_comparable` says why changes may
    be no changes of the crawl.
    """

    before: str
    after: str
    not_comparable: tuple[str, ...]
    rates: tuple[Rate, ...]
    rules: tuple[Rate, ...]
    sites: Listed[Rate]
    new_sites: Listed[str]
    gone_sites: Listed[str]
    new: Listed[str]
    gone: Listed[str]
    worse: Listed[Moved]
    better: Listed[Moved]
    same: int | None


@dataclass(frozen=True, slots=True)
class _Side:
    """What is compared: rates of the crawl, the bad documents of sites, rank and score of documents by id."""

    made_by: Mapping[str, Any]
    rates: Mapping[str, Count]
    sites: Mapping[str, Count]
    documents: pd.DataFrame | None = None


def compare(before: Path, after: Path) -> Changes:
    """The changes from `before`, the results of an audit or a baseline file, to the results `after`.

    Raises AuditError when one of them is not there.
    """
    whole = not before.is_file()
    one, two = (_audit(before), _audit(after)) if whole else (_baseline(before), _measured(after))
    rules = {name: count for name, count in one.rates.items() if name not in RATES}
    sites = [rate for rate in _rates(one.sites, two.sites) if rate.sure]
    return Changes(
        before=str(before),
        after=str(after),
        not_comparable=tuple(_not_comparable(one, two)),
        rates=tuple(_rates({name: one.rates[name] for name in RATES if name in one.rates}, two.rates)),
        rules=tuple(_rates(rules, two.rates)),
        sites=_listed(sorted(sites, key=lambda rate: (-_gap(rate.before, rate.after), rate.name))),
        new_sites=_listed(sorted(set(two.sites) - set(one.sites)) if whole else []),  # it knows no small sites
        gone_sites=_listed(sorted(set(one.sites) - set(two.sites))),
        **_documents(one.documents, two.documents),
    )


def _audit(out: Path) -> _Side:
    """An audit by its summary, and no more columns of its documents than are compared: a crawl may be large."""
    summary = load_summary(out)
    parts = list(batches(out, DOCUMENTS_FILE, ("id", "site", "verdict", "score")))
    if not parts:
        raise AuditError(f"{out} holds no documents to compare")
    rows = _ranked(pd.concat(parts))
    counts, found = summary["counts"], {**summary["families"], **{r["rule"]: r for r in summary["rules"]}}
    rates = {"bad": (counts["bad"], counts["read"]), "suspect": (counts["suspect"], counts["read"])}
    rates |= {"unread": (counts["unread"], counts["seen"])}
    rates |= {name: (row["documents"], row["of"]) for name, row in found.items()}
    return _Side(baseline.versions(summary), rates, _sites(rows), rows.set_index("id")[["rank", "score"]])


def _baseline(file: Path) -> _Side:
    known = baseline.read(file)
    whole, sites = (known["scopes"].get(scope, {}) for scope in ("all", "site"))
    rates = {name: (k, n) for name, (_, k, n) in whole.get("all", {}).items() if k is not None}
    bad = {name: (row["bad"][1], row["bad"][2]) for name, row in sites.items() if name != SMALL and "bad" in row}
    return _Side(known["made_by"], rates, bad)


def _measured(out: Path) -> _Side:
    """An audit as a baseline measures it."""
    results = load_results(out)
    measures = Measures(results)
    metrics = (*RATES, *(row["rule"] for row in results.summary["rules"]))
    found = {name: one for name in metrics for one in measures.of(Condition(metric=name))}
    rates = {name: (one.k, one.n) for name, one in found.items() if one.k is not None}
    return _Side(baseline.versions(results.summary), rates, _sites(_ranked(results.documents)))


def _ranked(documents: pd.DataFrame) -> pd.DataFrame:
    return documents[["id", "site", "score"]].assign(rank=documents["verdict"].map(RANK).astype("int8"))


def _sites(rows: pd.DataFrame) -> dict[str, Count]:
    """The bad documents of those read, by site."""
    flags = pd.DataFrame({"bad": rows["rank"] == RANK["bad"], "read": rows["rank"] != RANK["unread"]})
    counted = flags.groupby(rows["site"]).sum()
    return {str(site): (int(bad), int(read)) for site, bad, read in counted.itertuples()}


def _documents(one: pd.DataFrame | None, two: pd.DataFrame | None) -> dict[str, Any]:
    if one is None or two is None:
        none: Listed[Any] = Listed(0, ())
        return {"new": none, "gone": none, "worse": none, "better": none, "same": None}
    both = one.add_suffix("_before").join(two.add_suffix("_after"), how="inner")
    step = both["rank_after"] - both["rank_before"]
    gap = (both["score_after"] - both["score_before"]).fillna(0.0)
    worse, better = (step > 0) | ((step == 0) & (gap <= -STEP)), (step < 0) | ((step == 0) & (gap >= STEP))
    return {
        "new": _listed(two.index.difference(one.index).tolist()),
        "gone": _listed(one.index.difference(two.index).tolist()),
        "worse": _moved(both[worse], gap[worse]),
        "better": _moved(both[better], gap[better]),
        "same": int((~worse & ~better).sum()),
    }


def _moved(both: pd.DataFrame, gap: pd.Series) -> Listed[Moved]:
    """Documents by how much their score changed, most first."""
    ranked = both.assign(gap=-gap.abs(), name=both.index).sort_values(["gap", "name"]).head(LISTED)
    before, after = (zip(ranked[f"rank_{when}"], ranked[f"score_{when}"], strict=True) for when in ("before", "after"))
    rows = zip(ranked.index, before, after, strict=True)
    return Listed(len(both), tuple(Moved(str(name), _judged(*then), _judged(*now)) for name, then, now in rows))


def _judged(rank: int, score: float) -> Judged:
    return VERDICTS[rank], None if score != score else float(score)


def _listed(names: Sequence[T]) -> Listed[T]:
    return Listed(len(names), tuple(names[:LISTED]))


def _rates(before: Mapping[str, Count], after: Mapping[str, Count]) -> list[Rate]:
    """The rates that both sides know. Of many some differ by chance: that is allowed for in what is sure."""
    pairs = [(name, then, after[name]) for name, then in before.items() if name in after]
    real = discoveries([chance(*now, *then) for _, then, now in pairs])
    return [
        Rate(name, then, now, *difference(*now, *then), sure=sure and _large(then, now))
        for (name, then, now), sure in zip(pairs, real, strict=True)
    ]


def _large(then: Count, now: Count) -> bool:
    return min(then[1], now[1]) >= LEAST and abs(_gap(then, now)) >= EFFECT


def _gap(then: Count, now: Count) -> float:
    return now[0] / now[1] - then[0] / then[1]


def _not_comparable(one: _Side, two: _Side) -> Iterator[str]:
    if other := [key.replace("_", " ") for key in one.made_by if one.made_by[key] != two.made_by[key]]:
        yield f"the audits differ in {', '.join(other)}, so that a change may be the tool's"
    then, now = one.documents, two.documents
    if then is not None and now is not None and then.index.intersection(now.index).empty:
        yield "no document has the same id in both, so that none can be followed"
