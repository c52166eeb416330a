"""What the auditor said of a labelled document beside what is true, as counts that add up."""

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from audit.finding import FAMILIES, Audited, Finding, Verdict
from audit.labelled import Labelled
from audit.marked import NOISE, line_spans

Pair = tuple[Labelled, Audited]

EITHER = "either"
SCORED = ("content", "noise")  # other labels are no judgement to measure by
LINES_OF_A_PAGE = 80  # a page of more lines counts as so many: the hundredth menu entry must not outweigh an article


def frame_of(pairs: Iterable[Pair]) -> pd.DataFrame:
    """One row a document; see `_row` for the columns."""
    return pd.DataFrame([_row(labelled, audited) for labelled, audited in pairs])


def _row(known: Labelled, said: Audited) -> dict[str, Any]:
    """For each family its truth (`y_`), whether it was flagged (`hit_`) and its risk (`risk_`), None where not known.

    For noise lines and for characters of chrome, link text and either: true and false positives, false negatives.
    """
    hit = {f.family for f in said.findings}
    row: dict[str, Any] = {
        "page": known.page, "kind": known.kind, "lang": known.lang or said.lang,
        "group": known.group if known.labels else None, "f1": known.f1, "score": said.score or 0.0, "any": bool(hit),
        "unread": said.verdict is Verdict.UNREAD,
        "clean": bool(known.truth) and not any(known.truth.values()),
    }  # fmt: skip
    for family in FAMILIES:
        row[f"y_{family}"], row[f"lost_{family}"] = known.truth.get(family), known.lost.get(family)
        row[f"hit_{family}"], row[f"risk_{family}"] = family in hit, said.risks.get(family)
    lines = line_counts(known, said.findings) if known.labels else (0.0, 0.0, 0.0)
    row |= dict(zip(("line_tp", "line_fp", "line_fn"), lines, strict=True))
    for name in (*NOISE, EITHER):
        parts = NOISE if name == EITHER else (name,)
        counts = character_counts(known, said.findings, parts) if known.truth else (0, 0, 0)
        row |= dict(zip((f"{name}_tp", f"{name}_fp", f"{name}_fn"), counts, strict=True))
    return row


def line_counts(known: Labelled, found: Sequence[Finding]) -> tuple[float, float, float]:
    """True positives, false positives and false negatives among the noise lines, weighed by the length of the page."""
    covered = painted(len(known.document.text), [(f.start, f.end) for f in found if f.family in NOISE])
    weight = min(1.0, LINES_OF_A_PAGE / max(1, sum(label in SCORED for label in known.labels)))
    tp = fp = fn = 0
    for label, (start, end) in zip(known.labels, line_spans(known.document.text), strict=True):
        if label in SCORED and end > start:
            said, true = 2 * covered.count(1, start, end) >= end - start, label == "noise"
            tp, fp, fn = tp + (said and true), fp + (said and not true), fn + (true and not said)
    return tp * weight, fp * weight, fn * weight


def character_counts(known: Labelled, found: Sequence[Finding], families: Sequence[str]) -> tuple[int, int, int]:
    """True positives, false positives and false negatives among the characters."""
    length = len(known.document.text)
    want = painted(length, [(s.start, s.end) for s in known.spans if s.family in families])
    got = painted(length, [(f.start, f.end) for f in found if f.family in families])
    both = (int.from_bytes(want, "little") & int.from_bytes(got, "little")).to_bytes(length, "little").count(1)
    return both, got.count(1) - both, want.count(1) - both


def painted(length: int, spans: Iterable[tuple[int, int]]) -> bytearray:
    """A byte a character: 1 where a span covers it."""
    out = bytearray(length)
    for start, end in spans:
        out[start:end] = bytes([1]) * (min(end, length) - start)
    return out
