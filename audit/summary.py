"""Summaries of an audit: a tally that adds documents and merges, and the `summary.json` made of it.

Everything in a tally is bounded, and merging in the order of the parts gives the same answer however they were
spread over processes: counts add up, and examples are chosen by a digest of the document's id, never by chance.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import sqrt
from typing import Any

from audit import specimens
from audit.breaks import Breaks
from audit.document import Document
from audit.finding import FAMILIES, Audited, Finding, Verdict
from audit.script import EDGE
from audit.sites import digest
from audit.timeline import timeline

EXAMPLES, WORST, SITES, RECURRING, REASONS, PLACES = 10, 20, 200, 200, 50, 5
TEXTS = 2  # of a rule's surest and sampled documents, so many are kept whole, to be shown as pages
STRIP = 2000  # repeated lines kept
CONTEXT_CHARS, MARKED_CHARS = 120, 300
QUANTILES = (5, 10, 25, 50, 75, 90, 95)
Z95 = 1.959964
MAX_SITES = 20_000  # sites tallied one by one; those met later share one row

Repeated = tuple[int, int, str]  # minus the documents that have a line, minus those of its site, rule
Ranked = tuple[tuple[float, int], dict[str, Any]]  # sort key, example


@dataclass(slots=True)
class Group:
    """Counts of a set of documents: a site, a language, a format, or all."""

    counts: Counter[str] = field(default_factory=Counter)
    hit: Counter[str] = field(default_factory=Counter)  # documents with a finding, by family
    judged: Counter[str] = field(default_factory=Counter)
    points: int = 0  # sum of scores in hundredths: whole numbers add up the same in any order

    def add(self, a: Audited) -> None:
        """Count one document."""
        self.counts["documents"] += 1
        self.counts[a.verdict.value] += 1
        self.points += round(100 * (a.score or 0))
        for family in FAMILIES:
            self.judged[family] += a.risks[family] is not None
        self.hit.update({f.family for f in a.findings})

    def merge(self, other: "Group") -> None:
        """Add another group's counts."""
        self.counts.update(other.counts)
        self.hit.update(other.hit)
        self.judged.update(other.judged)
        self.points += other.points

    @property
    def read(self) -> int:
        """Documents that could be read."""
        return self.counts["documents"] - self.counts["unread"]

    def families(self) -> dict[str, dict[str, Any]]:
        """Rates by family."""
        return {f: rate(self.hit[f], self.judged[f]) for f in FAMILIES}

    def score(self) -> float | None:
        """The mean score."""
        return round(self.points / self.read / 100, 2) if self.read else None


@dataclass(slots=True)
class Tally:
    """What `summary.json` tells of the documents seen so far; a monoid under `merge`."""

    all: Group = field(default_factory=Group)
    sizes: Counter[str] = field(default_factory=Counter)
    sites: dict[str, Group] = field(default_factory=dict)
    languages: dict[str, Group] = field(default_factory=lambda: defaultdict(Group))
    formats: dict[str, Group] = field(default_factory=lambda: defaultdict(Group))
    scores: Counter[int] = field(default_factory=Counter)  # by hundredths
    rules: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    unread: Counter[str] = field(default_factory=Counter)
    unread_places: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    not_judged: Counter[str] = field(default_factory=Counter)
    recurring: dict[tuple[str, str], Repeated] = field(default_factory=dict)  # by site and line
    breaks: Breaks = field(default_factory=Breaks)
    worst: list[Ranked] = field(default_factory=list)
    examples: dict[tuple[str, str], list[Ranked]] = field(default_factory=lambda: defaultdict(list))
    texts: dict[str, dict[str, Any]] = field(default_factory=dict)  # by id, of the foremost examples

    def add(self, a: Audited, document: Document | None) -> None:
        """Count one judged document; `document` gives the context of its examples."""
        self.all.add(a)
        self._group(a.site).add(a)
        self.languages[a.lang or ""].add(a)
        self.formats[_format(a.source)].add(a)
        if a.verdict is Verdict.UNREAD:
            return self._add_unread(a)
        self.sizes.update(chars=a.chars, words=a.words, lines=a.lines)
        self.scores[round(100 * (a.score or 0))] += 1
        self.not_judged.update((a.reason or "").split("; ") if a.reason else ())
        for rule, n in Counter(f.rule for f in a.findings).items():
            self.rules[rule].update(documents=1, findings=n)
        if document is not None:
            self.sizes["with_page"] += document.html is not None
            self.sizes["bytes"] += len(document.text.encode("utf-8", "replace"))
            self._add_examples(a, document)
            self._add_recurring(a, document)
            self.breaks.add(a, document)

    def merge(self, other: "Tally") -> "Tally":
        """Add another part's tally."""
        self.all.merge(other.all)
        for mine, its in ((self.languages, other.languages), (self.formats, other.formats)):
            for key, group in its.items():
                mine[key].merge(group)
        for site, group in other.sites.items():
            self._group(site or None).merge(group)
        for counter in ("sizes", "scores", "unread", "not_judged"):
            getattr(self, counter).update(getattr(other, counter))
        for rule, counts in other.rules.items():
            self.rules[rule].update(counts)
        for reason, places in other.unread_places.items():
            self.unread_places[reason] = (self.unread_places[reason] + places)[:PLACES]
        self._merge_recurring(other.recurring)
        self.breaks.merge(other.breaks)
        self.worst = sorted(self.worst + other.worst, key=_key)[:WORST]
        for at, ranked in other.examples.items():
            self.examples[at] = sorted(self.examples[at] + ranked, key=_key)[:EXAMPLES]
        self.texts = {
            name: (self.texts.get(name) or other.texts[name])
            for name in self.shown()
            if name in self.texts or name in other.texts
        }
        return self

    def shown(self) -> list[str]:
        """Ids of the documents that are shown whole, the worst first."""
        ranked = [*self.worst, *(one for at in sorted(self.examples) for one in self.examples[at][:TEXTS])]
        return list(dict.fromkeys(row["id"] for _, row in ranked))

    def _merge_recurring(self, other: Mapping[tuple[str, str], Repeated]) -> None:
        for key, repeated in other.items():
            self.recurring[key] = min(self.recurring.get(key, repeated), repeated)
        if len(self.recurring) > 2 * STRIP:
            self.recurring = dict(_recurring(self)[:STRIP])

    def _group(self, site: str | None) -> Group:
        name = site or ""
        if name not in self.sites and len(self.sites) >= MAX_SITES:
            name = ""
        return self.sites.setdefault(name, Group())

    def _add_unread(self, a: Audited) -> None:
        reason = (a.reason or "")[:300]
        self.unread[reason] += 1
        self.unread_places[reason] = [*self.unread_places[reason], a.source][:PLACES]

    def _add_examples(self, a: Audited, document: Document) -> None:
        chosen, is_new = digest(a.id), False
        surest: dict[str, Finding] = {}
        for f in a.findings:
            if f.rule not in surest or f.confidence > surest[f.rule].confidence:
                surest[f.rule] = f
        for rule, best in surest.items():
            for kind, key in (("worst", (-best.confidence, chosen)), ("sample", (0.0, chosen))):
                ranked = self.examples[rule, kind]
                if len(ranked) < EXAMPLES or key < ranked[-1][0]:
                    is_new = True
                    self.examples[rule, kind] = sorted([*ranked, (key, example(best, document, a))], key=_key)[
                        :EXAMPLES
                    ]
        key = (a.score if a.score is not None else 100.0, chosen)
        if a.verdict is not Verdict.OK and (len(self.worst) < WORST or key < self.worst[-1][0]):
            is_new = True
            self.worst = sorted([*self.worst, (key, _worst(a, document))], key=_key)[:WORST]
        if is_new:
            self._keep_text(a, document)

    def _keep_text(self, a: Audited, document: Document) -> None:
        shown = set(self.shown())
        if a.id in shown:
            self.texts[a.id] = specimens.record(a, document)
            self.texts = {name: text for name, text in self.texts.items() if name in shown}

    def _add_recurring(self, a: Audited, document: Document) -> None:
        """The line at the beginning of each finding that pass 1 has counted."""
        for f in a.findings:
            match f.evidence:
                case {"documents": int(n), "of": int(of)} if f.removable and f.start < f.end:
                    line = document.text[f.start : f.end].splitlines()[0].strip(EDGE)
                    self._merge_recurring({(a.site or "", line[:MARKED_CHARS]): (-n, -of, f.rule)})


def rate(k: int, n: int) -> dict[str, Any]:
    """So many of `n` with Wilson's 95 % interval; null where there is nothing to judge."""
    if n == 0:
        return {"documents": k, "of": 0, "rate": None, "low": None, "high": None}
    p, z = k / n, Z95
    middle, spread = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    low, high = ((middle + sign * spread) / (1 + z * z / n) for sign in (-1, 1))
    return {
        "documents": k,
        "of": n,
        "rate": round(p, 6),
        "low": round(max(0.0, low), 6),
        "high": round(min(1.0, high), 6),
    }


def example(f: Finding, document: Document, a: Audited) -> dict[str, Any]:
    """A finding in its context, as `summary.json` carries it."""
    text = document.text
    about = {"id": a.id, "source": a.source, "url": a.url, "title": a.title}
    place = {
        name: getattr(f, name) for name in ("rule", "name", "family", "line", "start", "end", "confidence", "severity")
    }
    around = {
        "message": f.message,
        "before": text[max(0, f.start - CONTEXT_CHARS) : f.start],
        "marked": text[f.start : min(f.end, f.start + MARKED_CHARS)],
        "after": text[f.end : f.end + CONTEXT_CHARS],
    }
    return about | place | around


def _recurring(tally: Tally) -> list[tuple[tuple[str, str], Repeated]]:
    """The repeated lines, those on most documents first."""
    return sorted(tally.recurring.items(), key=lambda x: (x[1], x[0]))


def describe(tally: Tally, rules: Mapping[str, Any], judged_by: Iterable[str]) -> dict[str, Any]:
    """The part of `summary.json` that follows from the documents. `rules`: all by code; `judged_by`: those run."""
    active = set(judged_by)
    counts = {"seen": tally.all.counts["documents"], "read": tally.all.read}
    counts |= {name: tally.all.counts[name] for name in ("unread", "ok", "suspect", "bad")}
    counts |= {name: tally.sizes[name] for name in ("chars", "words", "lines", "bytes")}
    recurring = [
        {"site": site, "line": line, "documents": -n, "of": -of, "rule": rule}
        for (site, line), (n, of, rule) in _recurring(tally)[:STRIP]
    ]
    return {
        "counts": counts,
        "unread": [
            {"reason": reason, "documents": n, "examples": tally.unread_places[reason]}
            for reason, n in _ranked(tally.unread)[:REASONS]
        ],
        "not_judged": [
            {"family": text.partition(" not judged: ")[0], "reason": text.partition(" not judged: ")[2], "documents": n}
            for text, n in _ranked(tally.not_judged)[:REASONS]
        ],
        "families": tally.all.families(),
        "rules": [_rule_row(r, tally) for code, r in rules.items() if code in active],
        **_site_rows(tally),
        "languages": [
            {"lang": lang or None, "documents": g.counts["documents"], "bad": g.counts["bad"], "score": g.score()}
            for lang, g in _by_size(tally.languages)[:SITES]
        ],
        "formats": [
            {"format": name, "documents": g.counts["documents"], "unread": g.counts["unread"]}
            for name, g in _by_size(tally.formats)[:REASONS]
        ],
        "score": _distribution(tally),
        "breaks": tally.breaks.rows(),
        "breaks_pooled": {"days": tally.breaks.step, "forgotten_groups": tally.breaks.forgotten},
        "recurring": recurring[:RECURRING],
        "strip_list": recurring,
        "worst": [row for _, row in tally.worst],
        "examples": {
            code: {kind: [row for _, row in tally.examples.get((code, kind), [])] for kind in ("worst", "sample")}
            for code in sorted({code for code, _ in tally.examples})
        },
    }


def _rule_row(rule: Any, tally: Tally) -> dict[str, Any]:
    counts = tally.rules.get(rule.code, Counter())
    about = {"rule": rule.code, "name": rule.name, "family": rule.family, "severity": rule.severity}
    return about | rate(counts["documents"], tally.all.judged[rule.family]) | {"findings": counts["findings"]}


def _site_rows(tally: Tally) -> dict[str, Any]:
    """The sites with the most bad documents beyond the crawl's own rate, and one row for the rest."""
    share = tally.all.counts["bad"] / tally.all.read if tally.all.read else 0.0
    named = [(site, g) for site, g in tally.sites.items() if site]
    named.sort(key=lambda x: (-(x[1].counts["bad"] - share * x[1].read), x[0]))
    rest = Group()
    for _, group in named[SITES:]:
        rest.merge(group)
    if "" in tally.sites:
        rest.merge(tally.sites[""])
    others = max(0, len(named) - SITES)
    return {
        "sites": [
            {"site": site, **_group_row(g), "score": g.score(), "timeline": timeline(tally.breaks, site)}
            for site, g in named[:SITES]
        ],
        "other_sites": {"sites": others, **_group_row(rest)} if rest.counts["documents"] else None,
    }


def _group_row(g: Group) -> dict[str, Any]:
    return {**{name: g.counts[name] for name in ("documents", "unread", "bad")}, "families": g.families()}


def _distribution(tally: Tally) -> dict[str, Any]:
    """Mean, quantiles (nearest rank) and a histogram of twenty bins."""
    histogram = [0] * 20
    for hundredths, n in tally.scores.items():
        histogram[min(19, hundredths // 500)] += n
    quantiles: dict[str, float | None] = {f"p{q:02}": None for q in QUANTILES}
    ranked, seen = sorted(tally.scores.items()), 0
    for hundredths, n in ranked:
        seen += n
        for q in QUANTILES:
            if quantiles[f"p{q:02}"] is None and seen * 100 >= q * tally.all.read:
                quantiles[f"p{q:02}"] = hundredths / 100
    return {"mean": tally.all.score(), "quantiles": quantiles, "histogram": histogram}


def _worst(a: Audited, document: Document) -> dict[str, Any]:
    about = {"id": a.id, "source": a.source, "url": a.url, "site": a.site, "title": a.title}
    ranked = sorted(a.findings, key=lambda f: (f.severity != "error", -f.confidence, f.start))[:PLACES]
    return about | {"score": a.score, "verdict": a.verdict.value, "findings": [example(f, document, a) for f in ranked]}


def _format(source: str) -> str:
    """The extension of the file a document was read from: `crawl/a.jsonl.gz:12` -> `jsonl`."""
    name = re.sub(r"[:#]\d+$", "", source.rpartition("/")[2]).lower()
    parts = [p for p in name.split(".")[1:] if p not in ("gz", "bz2", "xz", "zst")]
    return parts[-1] if parts else name


def _ranked(counter: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counter.items(), key=lambda x: (-x[1], x[0]))


def _by_size(groups: Mapping[str, Group]) -> list[tuple[str, Group]]:
    return sorted(groups.items(), key=lambda x: (-x[1].counts["documents"], x[0]))


def _key(ranked: Ranked) -> tuple[float, int]:
    return ranked[0]
