"""Texts marked by hand: JSON Lines with the spans of what is wrong, checked line by line."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audit.errors import AuditError
from audit.finding import FAMILIES

NOISE = ("chrome", "link_text")  # what stands in a text and can be removed; of the other families something is missing
NEEDED, OPTIONAL = ("id", "text", "spans"), ("url", "title", "description", "lang", "kind", "page")
SPAN_KEYS = ("family", "start", "end")
MOST, LEAST = 0.9, 0.1  # a line with more of it marked is noise, with less of it content, between them partly both


@dataclass(frozen=True, slots=True)
class Span:
    """Characters [start, end) of a text with a family's defect; empty where something is missing."""

    family: str
    start: int
    end: int


def read_marked(path: Path) -> Iterator[dict[str, Any]]:
    """Each object of a file. AuditError naming file and line of a mistake."""
    seen: set[str] = set()
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, ValueError) as error:
        raise AuditError(f"{path}: {error}") from None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        row, flaw = _parsed(line)
        flaw = flaw or _flaw(row) or (f"the id {row['id']!r} is there twice" if row["id"] in seen else None)
        if flaw:
            raise AuditError(f"{path}:{number}: {flaw}")
        seen.add(row["id"])
        yield row


def line_labels(text: str, spans: Sequence[Span]) -> tuple[str, ...]:
    r"""A label for each of `text.splitlines()`: `noise`, `content`, `partial` (both on one line) or `blank`.

    >>> line_labels("Read more\n\nIt rained.", [Span("link_text", 0, 9)])
    ('noise', 'blank', 'content')
    """
    marked = bytearray(len(text))
    for s in spans:
        if s.family in NOISE:
            marked[s.start : s.end] = bytes([1]) * (s.end - s.start)
    return tuple(_label(text, marked, start, end) for start, end in line_spans(text))


def line_spans(text: str) -> list[tuple[int, int]]:
    """Where each of `text.splitlines()` begins and ends, its break left out."""
    out, at = [], 0
    for line, whole in zip(text.splitlines(), text.splitlines(keepends=True), strict=True):
        out.append((at, at + len(line)))
        at += len(whole)
    return out


def _label(text: str, marked: bytearray, start: int, end: int) -> str:
    core = text[start:end].strip()
    if not core:
        return "blank"
    start = text.index(core, start)
    share = marked.count(1, start, start + len(core)) / len(core)
    return "noise" if share >= MOST else "content" if share <= LEAST else "partial"


def _parsed(line: str) -> tuple[dict[str, Any], str | None]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        return {}, f"not valid JSON: {error}"
    return (row, None) if isinstance(row, dict) else ({}, "not an object")


def _flaw(row: Mapping[str, Any]) -> str | None:
    """What makes this no labelled text."""
    if missing := [key for key in NEEDED if key not in row]:
        hint = "; a clean text has an empty list of spans" if "spans" in missing else ""
        return f"no {', '.join(map(repr, missing))}{hint}"
    if unknown := sorted(set(row) - {*NEEDED, *OPTIONAL}):
        return f"unknown key {unknown[0]!r}: the keys are {', '.join((*NEEDED, *OPTIONAL))}"
    for key in (*NEEDED[:2], *OPTIONAL):
        if not isinstance(row.get(key), str) and (key in NEEDED or row.get(key) is not None):
            return f"{key!r} is not a string"
    if not row["id"] or not row["text"].strip():
        return "the id or the text is empty"
    if any("\ud800" <= c <= "\udfff" for c in row["text"]):
        return "the text holds half a surrogate pair"
    if not isinstance(row["spans"], list):
        return "'spans' is not a list"
    flaws = (span_flaw(span, row["text"]) for span in row["spans"])
    return next((f"span {n}: {flaw}" for n, flaw in enumerate(flaws, 1) if flaw), None)


def span_flaw(span: object, text: str) -> str | None:
    """What makes this no span of the text."""
    if not isinstance(span, dict) or set(span) != set(SPAN_KEYS):
        return f"not an object of {', '.join(SPAN_KEYS)}"
    family, start, end = (span[key] for key in SPAN_KEYS)
    if family not in FAMILIES:
        return f"no family is called {family!r}; there are {', '.join(FAMILIES)}"
    if type(start) is not int or type(end) is not int:
        return "start and end must be whole numbers"
    if not 0 <= start <= end <= len(text):
        return f"[{start}, {end}) does not lie in the text's {len(text)} characters"
    if start == end and family in NOISE:
        return f"{family} cannot be missing, so its span cannot be empty"
    return None
