"""What a gate and a baseline measure of finished results: each metric for the crawl and for each of its groups."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from urllib.parse import urlsplit

import pandas as pd

from audit.conditions import Condition, Suppression
from audit.finding import FAMILIES, FAMILY_OF_PREFIX
from audit.table import Results

ALL, SMALL, NONE = "all", "(small ones)", "(none)"
Mask = pd.Series


@dataclass(frozen=True, slots=True)
class Measure:
    """A metric of a group: `k` of `n` documents for a rate; else `k` is None and the value one of `n` documents."""

    group: str
    value: float
    k: int | None
    n: int


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A suppression, how many findings it took away, and why it is stale, if it is."""

    suppression: Suppression
    findings: int
    stale: str | None


class Measures:
    """Measures of results whose suppressed findings do not count.

    Documents that were bad or suspect by suppressed findings alone are ok.
    """

    def __init__(self, results: Results, suppressions: Sequence[Suppression] = (), today: date | None = None) -> None:
        self.documents = results.documents
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
        sizes = groups.map(groups.value_counts())
        if condition.scope != ALL:
            groups = groups.where(sizes >= condition.min_n, SMALL)
        return [self._measure(condition.metric, str(name), part.index) for name, part in groups.groupby(groups)]

    def _groups(self, condition: Condition) -> pd.Series:
        names = group_names(self.documents, condition.scope)
        if condition.only:
            names = names[names.map(lambda name: fnmatchcase(name, condition.only or "*"))]
        return names

    def _measure(self, metric: str, group: str, index: pd.Index) -> Measure:
        rows = self.documents.loc[index]
        read = rows[self._read.loc[index]]
        match metric:
            case "documents":
                return Measure(group, len(rows), None, len(rows))
            case "score":
                return Measure(group, float(read["score"].mean()), None, len(read))
            case "score_p10":
                return Measure(group, float(read["score"].quantile(0.1)), None, len(read))
            case "bad_words":
                bad = read.loc[self._verdict.loc[read.index] == "bad", "words"].sum()
                return Measure(group, float(bad / max(1, read["words"].sum())), None, len(read))
        hit, of = self._rate(metric)
        k, n = int((hit & of).loc[index].sum()), int(of.loc[index].sum())
        return Measure(group, k / n if n else float("nan"), k, n)

    def _rate(self, metric: str) -> tuple[Mask, Mask]:
        """Which documents a metric hits, of which."""
        if metric in ("bad", "suspect"):
            return self._verdict == metric, self._read
        if metric == "unread":
            return ~self._read, pd.Series(True, index=self.documents.index)
        if metric == "not_judged":
            return self.documents[list(FAMILIES)].isna().any(axis=1), self._read
        family = metric if metric in FAMILIES else FAMILY_OF_PREFIX[metric[:2]]
        found = self._findings[self._findings["family" if metric in FAMILIES else "rule"] == metric]
        return self.documents["id"].isin(set(found["id"])), self.documents[family].notna()

    def _hit(self, findings: pd.DataFrame, one: Suppression) -> Mask:
        """The findings that a suppression is about."""
        fits = pd.Series(True, index=self.documents.index)
        for pattern, column in ((one.site, "site"), (one.path, "source"), (one.url, "url")):
            if pattern is not None:
                shown = self.documents[column].fillna("")
                fits &= shown.map(lambda value, pattern=pattern: fnmatchcase(value, pattern))
        return (findings["rule"] == one.rule) & findings["id"].isin(set(self.documents.loc[fits, "id"]))


def group_names(documents: pd.DataFrame, scope: str) -> pd.Series:
    """The name of each document's group: its site, the first folder of its address, language or source folder."""
    if scope == ALL:
        return pd.Series(ALL, index=documents.index)
    if scope in ("site", "lang"):
        return documents[scope].fillna(NONE).astype(str)
    if scope == "folder":
        return documents["source"].map(lambda source: str(PurePosixPath(source).parent))
    return documents["url"].map(_path, na_action="ignore").fillna(NONE).astype(str)


def _path(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return NONE
    return f"{parts.hostname or ''}/{parts.path.strip('/').partition('/')[0]}"
