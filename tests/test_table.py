"""Results as tables: what goes in comes out, whatever it is."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import table
from audit.finding import FAMILIES, Audited, Finding, Verdict

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
maybe = st.none() | texts
numbers = st.none() | st.floats(allow_nan=False)
findings = st.builds(
    Finding,
    **dict.fromkeys(("id", "rule", "name", "family", "message", "excerpt"), texts),
    **dict.fromkeys(("start", "end", "line"), st.integers(0, 1 << 40)),
    confidence=st.floats(0, 1),
    severity=st.sampled_from(["error", "warning", "info"]),
    evidence=st.dictionaries(texts, st.integers() | texts, max_size=2),
)
audited = st.builds(
    Audited,
    id=texts,
    source=texts,
    verdict=st.sampled_from(Verdict),
    **dict.fromkeys(("url", "site", "title", "lang", "reason"), maybe),
    **dict.fromkeys(("chars", "words", "lines"), st.integers(0, 1 << 40)),
    score=numbers,
    risks=st.fixed_dictionaries(dict.fromkeys(FAMILIES, numbers)),
    findings=st.lists(findings, max_size=3).map(tuple),
)


@given(st.lists(audited, max_size=20), st.sampled_from([table.MOST_TEXT, 10]))
def test_rows_hold_what_was_judged(judged: list[Audited], most: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table, "MOST_TEXT", most)
        documents, found = table.document_rows(judged), table.finding_rows(judged)
    documents.validate(full=True)
    found.validate(full=True)
    assert documents.to_pylist() == [
        {name: getattr(a, name) for name in table.DOCUMENTS.names if hasattr(a, name)}
        | dict(a.risks)
        | {"findings": len(a.findings), "verdict": a.verdict.value}
        for a in judged
    ]
    wanted = [f for a in judged for f in a.findings]
    rows = found.to_pylist()
    assert [{**row, "evidence": json.loads(row["evidence"])} for row in rows] == [
        {name: getattr(f, name) for name in table.FINDINGS.names} for f in wanted
    ]
