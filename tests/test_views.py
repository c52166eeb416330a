"""A document's own view: its text in pieces, whole whatever the findings."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from audit.views import view

TEXT = "The first line stands.\nShare this\n\nThe last line is cut in the"


def row(text: str, *findings: tuple[int, int], **evidence: Any) -> dict[str, Any]:
    about = {"rule": "CH203", "name": "share", "family": "chrome", "confidence": 0.9, "severity": "warning"}
    found = [
        {**about, "start": a, "end": b, "line": 1, "message": "Why.", "removable": a < b, "evidence": evidence}
        for a, b in findings
    ]
    names = ("truncation", "chrome", "missing_lead", "link_text")
    return {
        "id": "a", "source": "a.txt", "url": None, "site": None, "title": None, "lang": None, "score": 50.0,
        "verdict": "bad", "chars": len(text), "risks": dict.fromkeys(names), "parts": [(0, text)], "findings": found,
    }  # fmt: skip


def test_spans_are_marked_and_what_is_missing_is_quoted_at_its_place() -> None:
    shown = view(row(TEXT, (23, 33), (len(TEXT), len(TEXT)), missing="net\x1b"))
    assert [(p.kind, p.text) for p in shown.pieces] == [
        ("text", TEXT[:23]), ("mark", "Share this"), ("text", TEXT[33:]), ("gap", ""),
    ]  # fmt: skip
    assert shown.pieces[-1].begins[0].missing == "net[U+001B]"
    assert (shown.removed, shown.cleaned) == (10, TEXT[:23] + TEXT[33:])


@given(
    st.text("ab \n", min_size=1, max_size=30), st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=6)
)
def test_nothing_of_a_text_is_lost_or_shown_twice(text: str, spans: list[tuple[int, int]]) -> None:
    found = [(min(a, b, len(text)), min(max(a, b), len(text))) for a, b in spans]
    shown = view(row(text, *found))
    assert "".join(p.text for p in shown.pieces) == text
    begun = [f.number for p in shown.pieces for f in p.begins]
    assert sorted(begun) == [f.number for f in shown.findings]
