"""What a gate and a baseline measure of finished results: each metric for the crawl and for each of its groups."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fnmatch import fnmatchcase
from math import sqrt
from pathlib import PurePosixPath
from urllib.parse import urlsplit

import pandas as pd

from audit.conditions import METRICS, Condition, Suppression
from audit.finding import FAMILIES, FAMILY_OF_PREFIX
from audit.intervals import Z95, wilson
from audit.table import Results

ALL, SMALL, NONE = "all", "(small ones)", "(none)"
COLUMN_OF_SCOPE = {"all": set[str](), "site": {"site"}, "path": {"url"}, "lang": {"lang"}, "folder": {"source"}}
NEW = {"sha256", "url"}  # by which an earlier audit knows a document
COUNTED = {"id", "rule", "family", "severity"}
Mask = pd.Series


@dataclass(frozen=True, slots=True)
class Measure:
    """A metric of a group: `k` of `n` documents for a rate; else `k` is None and the value one of `n` documents.

    `low` and `high` are the ends of its 95 % interval, were the documents drawn from more like them; None where there
    is none. The value is NaN where nothing is known.
    """

    group: str
    value: float
    k: int | None
    n: int
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A suppression, how many findings it took away, and why it is stale, if it is."""

    suppression: Suppression
    findings: int
    stale: str | None


def columns_for(
    conditions: Iterable[Condition], suppressions: Sequence[Suppression] = ()
) -> tuple[list[str], list[str]]:
    """The columns of documents and of findings that these need, of findings none where no finding tells anything."""
    documents, findings = {"id", "verdict"}, set[str]()
    for condition in conditions:
        documents |= COLUMN_OF_SCOPE[condition.scope]
        if condition.mode == "new":
            documents |= NEW
        if condition.metric in ("score", "score_p10", "bad_words"):
            documents |= {"score", "words"}
        elif condition.metric == "not_judged":
            documents |= {*FAMILIES}
        elif condition.metric not in METRICS or condition.metric in FAMILIES:
            documents.add(_family(condition.metric))
            findings |= COUNTED
    if suppressions:
        documents |= {"site", "source", "url"}
        findings |= COUNTED
    return sorted(documents), sorted(findings)


class Measures:
    """Measures of results whose suppressed findings do not count.

    Documents that were bad or suspect by suppressed findings alone are ok. Of a sample, `population` is the number of
    documents that it was drawn from.
    """

    def __init__(self, results: Results, suppressions: Sequence[Suppression] = (), today: date | None = None) -> None:
        self.documents = results.documents
        self.population: int | None = (results.summary.get("sample") or {}).get("of")
        self._read = self.documents["verdict"] != "unread"
        findings = results.findings[results.findings["severity"] != "info"]
        taken = pd.Series(False, index=findings.index)
        self.suppressed = []
        for one in suppressions:
            hit = self._hit(findings, one)
            stale = "expired" if one.until and one.until < (today or datetime.now(UTC).date()) else None
            if stale is None:
                taken |= hit
            self.suppressed.append(Suppressed(one, int(hit.sum()), stale or (None if hit.any() else "matches nothing")))
        self._findings = findings[~taken]
        freed = set(findings["id"]) - set(self._findings["id"])
        self._verdict = self.documents["verdict"].where(~self.documents["id"].isin(freed) | ~self._read, "ok")

    def of(self, condition: Condition, among: Mask | None = None) -> list[Measure]:
        """The condition's metric for each group of its scope, small groups pooled, in name order."""
        groups = self._groups(condition)
        if among is not None:
            groups = groups[among]
        if condition.scope != ALL:
            groups = groups.where(groups.map(groups.value_counts()) >= condition.min_n, SMALL)
        match condition.metric:
            case "documents":
                return list(self._counts(groups, whole=condition.scope == ALL and among is None))
            case "score" | "score_p10" | "bad_words":
                return list(self._values(condition.metric, groups[self._read.loc[groups.index]]))
        return list(self._rates(condition.metric, groups))

    def _groups(self, condition: Condition) -> pd.Series:
        names = group_names(self.documents, condition.scope)
        if condition.only:
            names = names[names.map(lambda name: fnmatchcase(name, condition.only or "*"))]
        return names

    def _counts(self, groups: pd.Series, *, whole: bool) -> Iterator[Measure]:
        """Documents; a sample knows only how many there are in all."""
        for name, n in groups.value_counts().sort_index().items():
            known = self.population if whole else None
            value = float(n) if self.population is None else float("nan") if known is None else float(known)
            yield Measure(str(name), value, None, int(known or n))

    def _rates(self, metric: str, groups: pd.Series) -> Iterator[Measure]:
        hit, of = self._rate(metric)
        counts = pd.DataFrame({"k": hit & of, "n": of}).loc[groups.index].groupby(groups).sum()
        for name, k, n in zip(counts.index, counts["k"].astype(int), counts["n"].astype(int), strict=True):
            yield Measure(str(name), k / n if n else float("nan"), int(k), int(n), *wilson(k, n))

    def _values(self, metric: str, groups: pd.Series) -> Iterator[Measure]:
        rows = self.documents.loc[groups.index, ["score", "words"]].assign(bad=self._verdict.loc[groups.index] == "bad")
        for name, part in rows.groupby(groups):
            value, low, high = VALUES[metric](part)
            yield Measure(str(name), value, None, len(part), low, high)

    def _rate(self, metric: str) -> tuple[Mask, Mask]:
        """Which documents a metric hits, of which."""
        if metric in ("bad", "suspect"):
            return self._verdict == metric, self._read
        if metric == "unread":
            return ~self._read, pd.Series(True, index=self.documents.index)
        if metric == "not_judged":
            return self.documents[list(FAMILIES)].isna().any(axis=1), self._read
        found = self._findings[self._findings["family" if metric in FAMILIES else "rule"] == metric]
        return self.documents["id"].isin(set(found["id"])), self.documents[_family(metric)].notna()

    def _hit(self, findings: pd.DataFrame, one: Suppression) -> Mask:
        """The findings that a suppression is about."""
        fits = pd.Series(True, index=self.documents.index)
        for pattern, column in ((one.site, "site"), (one.path, "source"), (one.url, "url")):
            if pattern is not None:
                shown = self.documents[column].fillna("")
                fits &= shown.map(lambda value, pattern=pattern: fnmatchcase(value, pattern))
        return (findings["rule"] == one.rule) & findings["id"].isin(set(self.documents.loc[fits, "id"]))


def _family(metric: str) -> str:
    """The family that a metric is, or that a rule is of."""
    return metric if metric in FAMILIES else FAMILY_OF_PREFIX[metric[:2]]


def _mean(rows: pd.DataFrame) -> tuple[float, float, float]:
    """The mean score, with the normal interval."""
    value, reach = rows["score"].mean(), Z95 * rows["score"].std() / sqrt(len(rows))
    return float(value), float(value - reach), float(value + reach)


def _tenth(rows: pd.DataFrame) -> tuple[float, float, float]:
    """The 10th percentile of the score, between those that Wilson's interval of a rate of 10 % names."""
    low, high = wilson(0.1 * len(rows), len(rows))
    value, low, high = (float(rows["score"].quantile(share)) for share in (0.1, low, high))
    return value, low, high


def _bad_words(rows: pd.DataFrame) -> tuple[float, float, float]:
    """The share of words in bad documents; long documents make the sample a smaller one (Kish's effective size)."""
    words = rows["words"].to_numpy(float)
    value = float(words[rows["bad"].to_numpy(bool)].sum() / max(1.0, words.sum()))
    size = float(words.sum() ** 2 / max(1.0, (words**2).sum()))
    return (value, *wilson(value * size, size))


VALUES = {"score": _mean, "score_p10": _tenth, "bad_words": _bad_words}


def group_names(documents: pd.DataFrame, scope: str) -> pd.Series:
    """The name of each document's group: its site, the first folder of its address, language or source folder."""
    if scope == ALL:
        return pd.Series(ALL, index=documents.index)
    if scope in ("site", "lang"):
        return documents[scope].astype(object).where(documents[scope].notna(), NONE)
    if scope == "folder":
        return documents["source"].map(lambda source: str(PurePosixPath(source).parent))
    return documents["url"].astype(object).map(_path, na_action="ignore").astype(object).fillna(NONE)


def _path(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return NONE
    return f"{parts.hostname or ''}/{parts.path.strip('/').partition('/')[0]}"
