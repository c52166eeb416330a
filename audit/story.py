"""What the report tells, drawn from `summary.json`: every choice is made here, the templates only set it in type."""

import json
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from audit.exhibits import Culprit, Evidence, culprits, evidence
from audit.finding import FAMILIES
from audit.promises import Promises, promises
from audit.visible import clip, visible
from audit.wording import FAMILY_MEANINGS, Judgement, by_weight, family_title, judge, plural

NAME_CHARS, LINE_CHARS, CONFIGURATION_CHARS, COMMAND_CHARS = 120, 240, 20_000, 2_000
BREAKS = 20
SCALES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0)  # where a bar may end
# From each rate on a table cell is one shade darker. The lower end of the interval counts: two documents of a small
# site must not outshine half of a large one.
HEATS = (0.02, 0.05, 0.10, 0.25, 0.50)
QUANTILES = (("p05", 5), ("p10", 10), ("p25", 25), ("p50", 50), ("p75", 75), ("p90", 90), ("p95", 95))


@dataclass(frozen=True, slots=True)
class Share:
    """So many documents of so many, with the rate and its 95 % interval; these are None where nothing was judged."""

    documents: int
    of: int
    rate: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class FamilyRow:
    """How common one kind of damage is, and how many documents could not be judged for it."""

    family: str
    title: str
    meaning: str
    share: Share
    not_judged: int


@dataclass(frozen=True, slots=True)
class RuleRow:
    """How common one rule's findings are."""

    code: str
    name: str
    family: str
    severity: str
    findings: int
    share: Share


@dataclass(frozen=True, slots=True)
class Cell:
    """A site's share of one family: shade 0 to 5, and whether it is surely above the crawl's own rate."""

    share: Share
    heat: int
    above: bool


@dataclass(frozen=True, slots=True)
class SiteRow:
    """One site, or the rest of them in one row. `key` is the site as read, empty for the rest; it is never shown."""

    key: str
    name: str
    documents: int
    unread: int
    bad: int
    score: float | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class RecurringRow:
    """A line that many documents of a site carry."""

    site: str
    line: str
    documents: int
    of: int
    rule: str


@dataclass(frozen=True, slots=True)
class Missing:
    """Documents that were not judged, altogether or for one family, and why."""

    what: str
    reason: str
    documents: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bin:
    """Documents with a score from `low` to below `high`; `height` is the share of the fullest bin."""

    low: int
    high: int
    documents: int
    height: float


@dataclass(frozen=True, slots=True)
class Group:
    """Documents of one language or format; what does not apply is None."""

    name: str
    documents: int
    bad: int | None
    score: float | None
    unread: int | None


@dataclass(frozen=True, slots=True)
class Method:
    """How the figures came about."""

    tool: str
    command: str
    inputs: tuple[str, ...]
    configuration: str
    digests: tuple[tuple[str, str], ...]
    started: str | None
    seconds: tuple[tuple[str, float], ...]
    speed: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class ReportData:
    """Everything on the page, safe to show."""

    title: str
    judgement: Judgement
    gate: Promises | None
    counts: Mapping[str, int]
    scale: float
    families: tuple[FamilyRow, ...]
    rule_scale: float
    rules: tuple[RuleRow, ...]
    silent_rules: tuple[RuleRow, ...]
    unread: tuple[Missing, ...]
    not_judged: tuple[Missing, ...]
    sites: tuple[SiteRow, ...]
    other_sites: SiteRow | None
    breaks: tuple[str, ...]
    recurring: tuple[RecurringRow, ...]
    culprits: tuple[Culprit, ...]
    evidence: Mapping[str, Evidence]
    mean_score: float | None
    quantiles: tuple[tuple[int, float], ...]
    histogram: tuple[Bin, ...]
    languages: tuple[Group, ...]
    formats: tuple[Group, ...]
    method: Method


def gather(
    summary: Mapping[str, Any],
    *,
    title: str | None = None,
    timestamp: bool = True,
    gate: Mapping[str, Any] | None = None,
) -> ReportData:
    """The report of a finished audit and its gate.

    Without `timestamp`, nothing in it depends on when and how fast it was made.
    """
    rules = tuple(_rule(r) for r in by_weight(summary["rules"]))
    families = tuple(_family(f, summary) for f in FAMILIES)
    return ReportData(
        title=clip(title or _default_title(summary), NAME_CHARS),
        judgement=judge(summary),
        gate=promises(gate),
        counts=summary["counts"],
        scale=_scale(f.share for f in families),
        families=families,
        rule_scale=_scale(r.share for r in rules),
        rules=rules,
        silent_rules=tuple(_rule(r) for r in summary["rules"] if not r["documents"]),
        unread=tuple(_unread(u) for u in summary["unread"]),
        not_judged=tuple(_not_judged(n) for n in summary["not_judged"]),
        sites=tuple(_site(s, s["site"] or "(no site)", summary) for s in summary["sites"]),
        other_sites=_other_sites(summary),
        breaks=tuple(clip(b["message"], LINE_CHARS) for b in summary.get("breaks", ())[:BREAKS]),
        recurring=tuple(recurring_row(r) for r in summary["recurring"]),
        culprits=culprits(summary),
        evidence=evidence(summary),
        mean_score=summary["score"]["mean"],
        quantiles=_quantiles(summary["score"]["quantiles"]),
        histogram=_histogram(summary["score"]["histogram"]),
        languages=tuple(_group(g, g["lang"] or "unknown") for g in summary["languages"]),
        formats=tuple(_group(g, g["format"]) for g in summary["formats"]),
        method=_method(summary, timestamp),
    )


def _default_title(summary: Mapping[str, Any]) -> str:
    first, *more = [i.rstrip("/\\") or i for i in summary["inputs"]] or ["crawl"]
    return f"{first} and {len(more)} more" if more else first


def _share(row: Mapping[str, Any]) -> Share:
    return Share(row["documents"], row["of"], row["rate"], row["low"], row["high"])


def _scale(shares: Iterable[Share]) -> float:
    """The end of the axis that bars share: the first round rate that the highest interval stays under."""
    highest = max((s.high or 0.0 for s in shares), default=0.0)
    return next(end for end in SCALES if end >= min(highest, 1.0))


def _family(family: str, summary: Mapping[str, Any]) -> FamilyRow:
    not_judged = sum(n["documents"] for n in summary["not_judged"] if n["family"] == family)
    return FamilyRow(
        family, family_title(family), FAMILY_MEANINGS[family], _share(summary["families"][family]), not_judged
    )


def _rule(row: Mapping[str, Any]) -> RuleRow:
    return RuleRow(row["rule"], row["name"], row["family"], row["severity"], row["findings"], _share(row))


def _unread(row: Mapping[str, Any]) -> Missing:
    examples = tuple(clip(e, NAME_CHARS) for e in row["examples"])
    return Missing("unread", clip(row["reason"], LINE_CHARS), row["documents"], examples)


def _not_judged(row: Mapping[str, Any]) -> Missing:
    return Missing(family_title(row["family"]), clip(row["reason"], LINE_CHARS), row["documents"], ())


def _site(row: Mapping[str, Any], name: str, summary: Mapping[str, Any]) -> SiteRow:
    cells = tuple(_cell(row["families"][f], summary["families"][f]) for f in FAMILIES)
    return SiteRow(
        row.get("site") or "",
        clip(name, NAME_CHARS),
        row["documents"],
        row["unread"],
        row["bad"],
        row.get("score"),
        cells,
    )


def _other_sites(summary: Mapping[str, Any]) -> SiteRow | None:
    rest = summary["other_sites"]
    return _site(rest, plural(rest["sites"], "other site") if rest["sites"] else "(no site)", summary) if rest else None


def _cell(row: Mapping[str, Any], crawl: Mapping[str, Any]) -> Cell:
    above = row["low"] is not None and crawl["rate"] is not None and row["low"] > crawl["rate"]
    return Cell(_share(row), sum((row["low"] or 0) >= heat for heat in HEATS), above)


def recurring_row(row: Mapping[str, Any]) -> RecurringRow:
    """A recurring line, safe to show."""
    site, line = clip(row["site"] or "(no site)", NAME_CHARS), clip(row["line"], LINE_CHARS)
    return RecurringRow(site, line, row["documents"], row["of"], row["rule"] or "")


def _quantiles(row: Mapping[str, float | None]) -> tuple[tuple[int, float], ...]:
    found = [(percentile, row[key]) for key, percentile in QUANTILES]
    return tuple((percentile, value) for percentile, value in found if value is not None)


def _histogram(counts: list[int]) -> tuple[Bin, ...]:
    fullest, width = max(counts, default=0) or 1, 100 // max(1, len(counts))
    return tuple(Bin(i * width, (i + 1) * width, n, n / fullest) for i, n in enumerate(counts))


def _group(row: Mapping[str, Any], name: str) -> Group:
    return Group(clip(name, NAME_CHARS), row["documents"], row.get("bad"), row.get("score"), row.get("unread"))


def _method(summary: Mapping[str, Any], timestamp: bool) -> Method:
    tool, seconds = summary["tool"], summary["seconds"]
    digests = {"configuration": summary["configuration_digest"], "rules": tool["rules_digest"], **tool["models"]}
    configuration = json.dumps(summary["configuration"], indent=2, sort_keys=True, ensure_ascii=False)
    return Method(
        tool=f"{tool['name']} {tool['version']}",
        command=clip(shlex.join(summary["command"]), COMMAND_CHARS),
        inputs=tuple(clip(i, LINE_CHARS) for i in summary["inputs"][:50]),
        configuration=clip(configuration, CONFIGURATION_CHARS, lines=True),
        digests=tuple((name, visible(str(digest))) for name, digest in digests.items()),
        started=summary["started"] if timestamp else None,
        seconds=tuple((name, float(value)) for name, value in seconds.items()) if timestamp else (),
        speed=(summary["documents_per_second"], summary["bytes_per_second"]) if timestamp else None,
    )
