"""What the report tells, drawn from `summary.json`: every choice is made here, the templates only set it in type."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from audit.changes import Changed, changed
from audit.comparison import Comparison, comparison
from audit.exhibits import Culprit, Evidence, culprits, evidence
from audit.finding import FAMILIES
from audit.method import Method, method
from audit.promises import Promises, promises
from audit.shares import FamilyRow, RuleRow, family_row, rule_row, scale
from audit.site_rows import Break, RecurringRow, SiteRow, breaks, other_sites, recurring_row, site_rows
from audit.spreads import Counts, Spread, lengths, risks, scores
from audit.unjudged import Unjudged, unjudged
from audit.visible import clip
from audit.wording import Judgement, by_weight, judge

NAME_CHARS, LINE_CHARS, STRIP_LINES = 120, 240, 300
QUANTILES = (("p05", 5), ("p10", 10), ("p25", 25), ("p50", 50), ("p75", 75), ("p90", 90), ("p95", 95))


@dataclass(frozen=True, slots=True)
class Group:
    """Documents of one language or format; what does not apply is None."""

    name: str
    documents: int
    bad: int | None
    score: float | None
    unread: int | None


@dataclass(frozen=True, slots=True)
class StripList:
    """The first of the lines that sites repeat, to be taken out by the scraper: so many in all."""

    total: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReportData:
    """Everything on the page, safe to show. Scales are where the bars of a table end."""

    title: str
    judgement: Judgement
    changes: Changed | None
    gate: Promises | None
    counts: Mapping[str, int]
    unjudged: Unjudged
    scale: float
    families: tuple[FamilyRow, ...]
    rule_scale: float
    rules: tuple[RuleRow, ...]
    silent_rules: tuple[RuleRow, ...]
    sites: tuple[SiteRow, ...]
    other_sites: SiteRow | None
    breaks: tuple[Break, ...]
    recurring: tuple[RecurringRow, ...]
    strip_list: StripList
    comparison: Comparison | None
    culprits: tuple[Culprit, ...]
    evidence: Mapping[str, Evidence]
    mean_score: float | None
    quantiles: tuple[tuple[int, float], ...]
    scores: Spread
    lengths: Spread | None
    risks: tuple[Spread, ...]
    languages: tuple[Group, ...]
    formats: tuple[Group, ...]
    method: Method


@dataclass(frozen=True, slots=True)
class Beside:
    """What may lie beside a summary: the gate's outcome, changes, a comparison of extractors, counts of documents."""

    gate: Mapping[str, Any] | None = None
    changes: Mapping[str, Any] | None = None
    comparison: Mapping[str, Any] | None = None
    counts: Counts | None = None


def gather(
    summary: Mapping[str, Any], beside: Beside | None = None, *, title: str | None = None, timestamp: bool = True
) -> ReportData:
    """The report of a finished audit.

    Without `timestamp`, nothing in it depends on when and how fast it was made.
    """
    beside = beside or Beside()
    families = tuple(family_row(f, summary) for f in FAMILIES)
    rules = tuple(rule_row(r) for r in by_weight(summary["rules"]))
    return ReportData(
        title=clip(title or _default_title(summary), NAME_CHARS),
        judgement=judge(summary),
        changes=changed(beside.changes),
        gate=promises(beside.gate),
        counts=summary["counts"],
        unjudged=unjudged(summary),
        scale=scale(row.share.high for row in families),
        families=families,
        rule_scale=scale(row.share.high for row in rules),
        rules=rules,
        silent_rules=tuple(rule_row(r) for r in summary["rules"] if not r["documents"] and r["of"]),
        sites=site_rows(summary),
        other_sites=other_sites(summary),
        breaks=breaks(summary),
        recurring=tuple(recurring_row(r) for r in summary["recurring"]),
        strip_list=_strip_list(summary.get("strip_list", ())),
        comparison=comparison(beside.comparison),
        culprits=culprits(summary),
        evidence=evidence(summary),
        mean_score=summary["score"]["mean"],
        quantiles=_quantiles(summary["score"]["quantiles"]),
        scores=scores(summary),
        lengths=lengths(beside.counts) if beside.counts else None,
        risks=tuple(risks(beside.counts)) if beside.counts else (),
        languages=tuple(_group(g, g["lang"] or "unknown") for g in summary["languages"]),
        formats=tuple(_group(g, g["format"]) for g in summary["formats"]),
        method=method(summary, timestamp),
    )


def _default_title(summary: Mapping[str, Any]) -> str:
    first, *more = [i.rstrip("/\\") or i for i in summary["inputs"]] or ["crawl"]
    return f"{first} and {len(more)} more" if more else first


def _strip_list(rows: Iterable[Mapping[str, Any]]) -> StripList:
    lines = list(dict.fromkeys(row["line"] for row in rows))
    return StripList(len(lines), tuple(clip(line, LINE_CHARS) for line in lines[:STRIP_LINES]))


def _quantiles(row: Mapping[str, float | None]) -> tuple[tuple[int, float], ...]:
    found = [(percentile, row[key]) for key, percentile in QUANTILES]
    return tuple((percentile, value) for percentile, value in found if value is not None)


def _group(row: Mapping[str, Any], name: str) -> Group:
    return Group(clip(name, NAME_CHARS), row["documents"], row.get("bad"), row.get("score"), row.get("unread"))
