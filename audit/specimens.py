"""Documents kept whole, to be shown: a bounded text with every finding, as `examples.jsonl` holds them."""

from operator import attrgetter
from typing import Any

from audit.document import Document
from audit.finding import Audited, Finding

# A long text keeps its beginning and its end: leads go missing at the one, and texts are cut at the other.
HEAD_CHARS, TAIL_CHARS = 12_000, 6_000
FINDINGS, EVIDENCE_CHARS = 200, 2_000
_KEPT = ("rule", "name", "family", "start", "end", "line", "confidence", "severity", "removable", "message")
_kept = attrgetter(*_KEPT)


def record(a: Audited, document: Document) -> dict[str, Any]:
    """One line of `examples.jsonl`. `parts` are pieces of the text, each with the offset it begins at."""
    about = {name: getattr(a, name) for name in ("id", "source", "url", "site", "title", "lang", "score", "sha256")}
    text, verdict = document.text, a.verdict.value
    about |= {"verdict": verdict, "chars": len(text), "risks": dict(a.risks), "reason": a.reason}
    return about | {"parts": parts(text), "findings": [_finding(f) for f in a.findings[:FINDINGS]]}


def parts(text: str) -> list[tuple[int, str]]:
    """The text in one piece, or its beginning and its end where it is long."""
    if len(text) <= HEAD_CHARS + TAIL_CHARS:
        return [(0, text)]
    return [(0, text[:HEAD_CHARS]), (len(text) - TAIL_CHARS, text[-TAIL_CHARS:])]


def _finding(f: Finding) -> dict[str, Any]:
    evidence = {k: v[:EVIDENCE_CHARS] if isinstance(v, str) else v for k, v in f.evidence.items()}
    return {**dict(zip(_KEPT, _kept(f), strict=True)), "evidence": evidence}
