"""What a person sees in the terminal: the summary of an audit, and rules.

Audited text is made visible and wrapped in `Text`, so that neither the terminal nor Rich's markup obeys it.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from audit.finding import FAMILIES
from audit.progress import progress
from audit.registry import Rule
from audit.reuse import NOTHING
from audit.views import DocumentView, Piece
from audit.visible import clip, visible
from audit.wording import Judgement, by_weight, family_title, interval, judge, number, percent, plural

__all__ = [
    "passage",
    "progress",
    "show_comparison",
    "show_document",
    "show_rule",
    "show_rules",
    "show_summary",
]

WORST_SITES, WORST_DOCUMENTS, TOP_RULES, REASONS, BREAKS = 5, 3, 5, 5, 5
COMPARED_SITES = 20
BAR_CELLS, TITLE_CHARS, CONTEXT_CHARS, MARKED_CHARS = 16, 90, 90, 160
TONES = {"ok": "bold green", "warn": "bold yellow", "bad": "bold red", "none": "bold red"}
VERDICTS = {"ok": "green", "suspect": "yellow", "bad": "red", "unread": "dim"}
SEVERITIES = {"error": "red", "warning": "yellow", "info": "dim"}


def show_summary(
    summary: Mapping[str, Any], console: Console, *, out: Path | None = None, report: Path | None = None
) -> None:
    """Print a finished audit: verdict, families, rules, sites, worst documents, what was not read, where it lies."""
    _verdict(judge(summary), console)
    if summary["counts"]["read"]:
        _section(console, "Damage", _families(summary["families"], console))
        _section(console, "Rules with most documents", _rules(by_weight(summary["rules"])[:TOP_RULES]))
        _section(console, "Breaks", _breaks(summary.get("breaks", ())))
        _section(console, "Worst sites", _sites([s for s in summary["sites"] if s["bad"]][:WORST_SITES]))
        _section(console, "Worst documents", _documents(summary["worst"][:WORST_DOCUMENTS]))
    _section(console, "Not read", _unread(summary["unread"]))
    _section(console, "Not judged", _not_judged(summary["not_judged"]))
    _footer(summary, console, out, report)


def show_comparison(found: Mapping[str, Any], console: Console) -> None:
    """Print a comparison of extractors: mean scores by site, and the best where a difference was found."""
    names = found["extractors"]
    table = _table("", ">pages", *(f">{visible(name)}" for name in names), "best")
    for row in ({"site": "all", **found["all"]}, *found["sites"][:COMPARED_SITES]):
        scores = (number(row["scores"][name]) for name in names)
        best = Text(visible(row["best"]), "bold") if row["best"] else Text("no difference found", "dim")
        table.add_row(Text(clip(row["site"] or "(no site)", 40)), number(row["pages"]), *scores, best)
    _section(console, "Mean score", table)
    failures = _table(">", "", "")
    for row in found["failures"][:REASONS]:
        failures.add_row(number(row["pages"]), visible(row["extractor"]), Text(clip(row["reason"], TITLE_CHARS), "dim"))
    _section(console, "Pages without a text", failures if found["failures"] else None)
    unread = _table(">", "")
    for row in found["unread"][:REASONS]:
        unread.add_row(number(row["documents"]), Text(clip(row["reason"], TITLE_CHARS), "dim"))
    _section(console, "Not read", unread if found["unread"] else None)


def show_rule(rule: Rule, console: Console) -> None:
    """Print one rule's page: what it finds, and its options with their defaults."""
    console.print(Text.assemble((rule.code, "bold"), " ", (rule.name, "bold"), "  ", _severity(rule.severity)))
    about = f"{family_title(rule.family)} · sure to {percent(rule.confidence)}"
    console.print(Text(about + (" · what it marks can be removed" if rule.removable else ""), "dim"))
    console.print(Text("\n" + visible(rule.page, lines=True)), soft_wrap=True)
    if rule.options:
        table = _table("option", "type", "default")
        for o in rule.options:
            table.add_row(*map(Text, (o.name, _type(o.type), repr(o.default))))
        _section(console, "Options", table)


def show_rules(rules: Iterable[Rule], console: Console) -> None:
    """Print the list of rules, by family."""
    listed = list(rules)
    for family in FAMILIES:
        table = _table("", "", "", "")
        for r in (r for r in listed if r.family == family):
            table.add_row(Text(r.code, "bold"), Text(r.name), _severity(r.severity), Text(visible(r.title), "dim"))
        _section(console, family_title(family), table if table.row_count else None)


def show_document(document: DocumentView, console: Console) -> None:
    """Print a document: what was judged, its text with brackets around what is marked, and the findings."""
    score = "–" if document.score is None else number(document.score)
    style = VERDICTS[document.verdict]
    console.print(
        Text.assemble((score, f"bold {style}"), " ", (document.title, "bold"), " ", (document.verdict, style))
    )
    console.print(Text(f"{document.id}  {document.source}", "dim"), soft_wrap=True)
    risks = (f"{family_title(f).lower()} {percent(risk)}" for f, risk in document.risks)
    console.print(Text(" · ".join(risks) + "\n", "dim"))
    console.print(Text.assemble(*(part for piece in document.pieces for part in _piece(piece))), soft_wrap=True)
    found = _table(">", "", "", "")
    for f in document.findings:
        said = f"{f.message} {percent(f.confidence)} sure." + (f" Missing: “{visible(f.missing)}”" if f.missing else "")
        found.add_row(str(f.number), Text(f.rule, "bold"), _severity(f.severity), Text(f"line {f.line}: {said}"))
    _section(console, "Findings", found if document.findings else None)


def _piece(piece: Piece) -> Iterable[tuple[str, str]]:
    yield from ((f"[{f.number} {f.rule}]", "bold cyan") for f in piece.begins)
    if piece.kind == "skip":
        yield "\n[…]\n", "dim"
    elif piece.kind == "gap":
        yield "»…?«", "bold red"
    elif piece.kind == "mark":
        yield from (("»", "bold"), (piece.text, "reverse"), ("«", "bold"))
    else:
        yield piece.text, ""


def passage(found: Mapping[str, Any]) -> Text:
    """A finding's place in its context on one line, marked by brackets too, for where there is no colour."""
    marked = clip(found["marked"], MARKED_CHARS) or "…?"
    before, after = visible(found["before"][-CONTEXT_CHARS:]), clip(found["after"], CONTEXT_CHARS)
    before = before if len(found["before"]) <= CONTEXT_CHARS else f"…{before}"
    return Text.assemble((before, "dim"), ("»", "bold"), (marked, "bold reverse"), ("«", "bold"), (after, "dim"))


def _verdict(judgement: Judgement, console: Console) -> None:
    console.print(Text(judgement.headline, TONES[judgement.tone]))
    console.print(Text(judgement.detail))


def _section(console: Console, title: str, body: RenderableType | None) -> None:
    """A titled block, or nothing when there is nothing to show."""
    if body is not None:
        console.print(Text(f"\n{title}", "bold"))
        console.print(Padding(body, (0, 0, 0, 2), expand=False))


def _table(*heads: str) -> Table:
    """A table without lines; heads that begin with `>` stand over numbers."""
    headed = any(head.lstrip(">") for head in heads)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim", show_header=headed)
    for head in heads:
        table.add_column(head.lstrip(">"), justify="right" if head.startswith(">") else "left")
    return table


def _families(families: Mapping[str, Any], console: Console) -> Table:
    table = _table("", ">documents", ">of", ">rate", ">95 % interval", "")
    for family in FAMILIES:
        row = families[family]
        counts = (number(row["documents"]), number(row["of"]), percent(row["rate"]), interval(row["low"], row["high"]))
        table.add_row(family_title(family), *counts, _bar(row["rate"] or 0.0, console))
    return table


def _bar(rate: float, console: Console) -> Text:
    """A bar on an axis from 0 to 100 %; anything above nothing shows."""
    full, rest = ("#", "-") if console.options.ascii_only else ("━", "─")
    cells = max(round(rate * BAR_CELLS), int(rate > 0))
    return Text.assemble((full * cells, "red"), (rest * (BAR_CELLS - cells), "dim"))


def _rules(rules: list[dict[str, Any]]) -> Table | None:
    table = _table("", "", "", ">documents", ">rate", ">findings")
    for r in rules:
        counts = (number(r["documents"]), percent(r["rate"]), number(r["findings"]))
        table.add_row(Text(r["rule"], "bold"), Text(r["name"]), _severity(r["severity"]), *counts)
    return table if rules else None


def _breaks(rows: Sequence[Mapping[str, Any]]) -> Group | None:
    more = [Text(f"and {len(rows) - BREAKS} more in summary.json", "dim")] if len(rows) > BREAKS else []
    return Group(*(Text(visible(row["message"])) for row in rows[:BREAKS]), *more) if rows else None


def _sites(sites: list[dict[str, Any]]) -> Table | None:
    table = _table("", ">documents", ">bad", ">score", "most often")
    for s in sites:
        family = max(FAMILIES, key=lambda f: s["families"][f]["rate"] or 0.0)
        common = f"{family_title(family).lower()}, {percent(s['families'][family]['rate'])}"
        score = "–" if s["score"] is None else number(s["score"])
        table.add_row(Text(clip(s["site"] or "(no site)", 50)), number(s["documents"]), number(s["bad"]), score, common)
    return table if sites else None


def _documents(worst: list[dict[str, Any]]) -> Group | None:
    return Group(*(line for document in worst for line in _document(document))) if worst else None


def _document(document: Mapping[str, Any]) -> Iterable[RenderableType]:
    """Title, place and the two first findings of one document."""
    score = "–" if document["score"] is None else number(document["score"])
    style = VERDICTS[document["verdict"]]
    yield Text.assemble((score, f"bold {style}"), " ", (clip(document["title"] or document["id"], TITLE_CHARS), "bold"))
    yield Padding(Text(clip(document["source"], TITLE_CHARS), "dim"), (0, 0, 0, 2))
    for found in document["findings"][:2]:
        head = Text.assemble((found["rule"], "bold"), f" line {found['line']}: {visible(found['message'])}")
        yield Padding(Group(head, passage(found)), (0, 0, 0, 2))


def _unread(rows: list[dict[str, Any]]) -> Table | None:
    table = _table(">", "")
    for row in rows[:REASONS]:
        example = f"\n{clip(row['examples'][0], TITLE_CHARS)}" if row["examples"] else ""
        table.add_row(Text(number(row["documents"])), Text.assemble(visible(row["reason"]), (example, "dim")))
    return _with_rest(table, rows)


def _not_judged(rows: list[dict[str, Any]]) -> Table | None:
    table = _table(">", "", "")
    for row in rows[:REASONS]:
        what = family_title(row["family"]).lower()
        table.add_row(*map(Text, (number(row["documents"]), what, visible(row["reason"]))))
    return _with_rest(table, rows)


def _with_rest(table: Table, rows: list[dict[str, Any]]) -> Table | None:
    """The table with a last line for what it leaves out, None when there is nothing at all."""
    if rest := sum(r["documents"] for r in rows[REASONS:]):
        table.add_row(Text(number(rest)), Text("for other reasons", "dim"))
    return table if rows else None


def _reused(told: Mapping[str, Any]) -> str:
    """How many documents were not judged again, or why all were."""
    place, differing = visible(str(told["from"])), [visible(str(name)) for name in told["differing"]]
    if differing == [NOTHING]:
        return f"Nothing reused from {place}: it held no results yet"
    if differing:
        return f"Nothing reused from {place}: not of the same {' and the same '.join(differing)}"
    return f"{number(told['documents'])} of {number(told['of'])} documents read reused from {place}"


def _footer(summary: Mapping[str, Any], console: Console, out: Path | None, report: Path | None) -> None:
    speed = f"{plural(summary['counts']['seen'], 'document')} in {number(float(summary['seconds']['wall']))} s"
    console.print(Text(f"\n{speed}, {number(float(summary['documents_per_second']))} a second", "dim"))
    if paged := summary.get("pages"):
        said = f"{number(paged['matched'])} of {number(summary['counts']['read'])} documents read have their page"
        said += f"; --pages held {plural(paged['found'], 'page')}"
        useless = f" and {plural(paged['useless'], 'record')} without a page or an address" if paged["useless"] else ""
        console.print(Text(said + useless, "dim"))
    if reused := summary.get("reused"):
        console.print(Text(_reused(reused), "dim"))
    for label, place in (("Results", out), ("Report", report)):
        if place is not None:
            console.print(Text.assemble((f"{label}: ", "dim"), visible(str(place))), soft_wrap=True)


def _severity(word: str) -> Text:
    return Text(word, SEVERITIES[word])


def _type(kind: object) -> str:
    """`int`, or `tuple[str, ...]` as written in the signature."""
    return kind.__name__ if type(kind) is type else str(kind)
