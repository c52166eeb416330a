"""A document as the report and the terminal show it: its text in pieces, each with the findings on it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from audit.exhibits import link
from audit.finding import FAMILIES
from audit.visible import clip, visible

TITLE_CHARS, MESSAGE_CHARS, MISSING_CHARS, SOURCE_CHARS = 160, 400, 1_000, 400


@dataclass(frozen=True, slots=True)
class Found:
    """A finding in a document; `number` counts from 1 in the order of the text."""

    number: int
    rule: str
    name: str
    family: str
    start: int
    end: int
    line: int
    confidence: float
    severity: str
    removable: bool
    message: str
    missing: str


@dataclass(frozen=True, slots=True)
class Piece:
    """Text under the same findings; a `gap` is where something is missing, a `skip` characters not kept.

    `begins` are the findings that begin with this piece.
    """

    kind: Literal["text", "mark", "gap", "skip"]
    text: str
    family: str = ""
    removable: bool = False
    begins: tuple[Found, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentView:
    """One document, safe to show but for `key`, its id as read. `place` numbers the report's documents from 1."""

    place: int
    key: str
    id: str
    title: str
    source: str
    link: str | None
    site: str
    score: float | None
    verdict: str
    lang: str
    chars: int
    risks: tuple[tuple[str, float | None], ...]
    findings: tuple[Found, ...]
    marked: frozenset[int]  # numbers of the findings that lie in the parts kept of a long text
    pieces: tuple[Piece, ...]
    removed: int
    cleaned: str


def view(row: Mapping[str, Any], place: int = 1) -> DocumentView:
    """The view of a line of `examples.jsonl`."""
    findings = tuple(_found(n, f) for n, f in enumerate(sorted(row["findings"], key=_order), 1))
    pieces = tuple(piece for start, text in row["parts"] for piece in _pieces(start, text, findings))
    return DocumentView(
        place=place,
        key=row["id"],
        id=clip(row["id"], SOURCE_CHARS),
        title=clip(row["title"] or "/".join(row["source"].split("/")[-2:]), TITLE_CHARS),
        source=clip(row["source"], SOURCE_CHARS),
        link=link(row["url"]),
        site=clip(row["site"] or "", TITLE_CHARS),
        score=row["score"],
        verdict=row["verdict"],
        lang=clip(row["lang"] or "unknown", TITLE_CHARS),
        chars=row["chars"],
        risks=tuple((family, row["risks"][family]) for family in FAMILIES),
        findings=findings,
        marked=frozenset(f.number for piece in pieces for f in piece.begins),
        pieces=pieces,
        removed=sum(len(p.text) for p in pieces if p.removable),
        cleaned="".join("\n[…]\n" if p.kind == "skip" else "" if p.removable else p.text for p in pieces),
    )


def _order(f: Mapping[str, Any]) -> tuple[int, int, str]:
    return f["start"], -f["end"], f["rule"]


def _found(number: int, f: Mapping[str, Any]) -> Found:
    missing = f["evidence"].get("missing")
    plain = {k: f[k] for k in ("rule", "name", "family", "start", "end", "line", "confidence", "severity", "removable")}
    quoted = clip(missing, MISSING_CHARS, lines=True) if isinstance(missing, str) else ""
    return Found(number=number, message=clip(f["message"], MESSAGE_CHARS), missing=quoted, **plain)


def _pieces(start: int, text: str, findings: tuple[Found, ...]) -> Iterator[Piece]:
    """Cut a part of the text, which begins at offset `start`, wherever a finding begins or ends."""
    end = start + len(text)
    if start:
        yield Piece("skip", "")
    spans = [f for f in findings if f.start < f.end and f.start < end and f.end > start]
    gaps = [f for f in findings if f.start == f.end and start <= f.start <= end]
    cuts = sorted({start, end, *(f.start for f in gaps), *(at for f in spans for at in (f.start, f.end))})
    cuts = [at for at in cuts if start <= at <= end]
    for at, until in zip(cuts, [*cuts[1:], end], strict=True):
        here = tuple(f for f in gaps if f.start == at)
        if here:
            yield Piece("gap", "", here[0].family, begins=here)
        if at < until:
            yield from _span(text[at - start : until - start], [f for f in spans if f.start <= at < f.end], at)


def _span(text: str, over: list[Found], at: int) -> Iterator[Piece]:
    """Text under the same findings, its line breaks apart, so that no empty line is marked."""
    shown = visible(text, lines=True)
    if not over:
        yield Piece("text", shown)
        return
    innermost, removable = min(over, key=lambda f: f.end - f.start), any(f.removable for f in over)
    begins = tuple(f for f in over if f.start == at)
    lines = [line for line in re.split(r"(\n+)", shown) if line]
    first = next((n for n, line in enumerate(lines) if line.strip("\n")), 0)
    for n, line in enumerate(lines):
        own = begins if n == first else ()
        if line.strip("\n"):
            yield Piece("mark", line, innermost.family, removable, own)
        else:
            yield Piece("text", line, removable=removable, begins=own)
