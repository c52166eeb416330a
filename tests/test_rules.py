"""The rules, on the texts of `tests/cases`: one file a rule, with texts it must flag and texts it must leave alone.

    [[flag]]
    text = '''...'''
    marked = ["read more"]   # the text under each of the rule's findings, in order; "" where something is missing
    [[pass]]
    why = "what makes this text a trap"
    text = '''...'''         # no rule of the family may find anything

Besides, a case may have fields of a document (title, description, url, lang, source, html); `chars` or `bytes`, to which
the text is cut; `site_line`, a line that all documents of its site share (`elsewhere`: of another site); and `known`,
why the rule is not able to do it yet.
"""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from audit.config import Config
from audit.document import Document
from audit.finding import Audited
from audit.judge import Judge
from audit.registry import rules
from audit.sites import Evidence, Survey

CASES = Path(__file__).parent / "cases"
FIELDS = ("title", "description", "url", "lang", "source", "truncated", "html")
Case = dict[str, Any]


def case_file(code: str) -> dict[str, list[Case]]:
    return tomllib.loads((CASES / f"{code}.toml").read_text(encoding="utf-8"))


def cases(kind: str) -> list[Any]:
    return list(each_case(kind))


def each_case(kind: str) -> Iterator[Any]:
    for found in sorted(CASES.glob("*.toml")):
        for number, case in enumerate(case_file(found.stem).get(kind, ()), 1):
            label = re.sub(r"\W+", "-", case.get("why") or " ".join(m for m in case["marked"] if m)[:40]).strip("-")
            marks = [pytest.mark.xfail(reason=case["known"], strict=True)] if "known" in case else []
            yield pytest.param(found.stem, case, id=f"{found.stem}-{number}-{label or 'missing'}", marks=marks)


def document(case: Case) -> Document:
    text = case["text"][: case.get("chars")]
    text = text.encode()[: case.get("bytes")].decode("utf-8", "ignore")
    site = "site.example" if "site_line" in case else None
    return Document("case", **{"source": "case.txt", **{f: case[f] for f in FIELDS if f in case}}, text=text, site=site)


def evidence(case: Case) -> Evidence:
    """What a survey of the case's site finds out: nine more documents with the shared line."""
    survey = Survey()
    site = "elsewhere.example" if case.get("elsewhere") else "site.example"
    for number in range(9 if "site_line" in case else 0):
        text = f"{case['site_line']}\n\nThis is story number {number}, which has nothing to do with the others."
        survey.add(Document(f"other {number}", f"{number}.txt", text, site=site))
    return survey.evidence()


def judged(case: Case) -> tuple[Document, Audited]:
    given = document(case)
    audited = Judge.of(Config(), evidence(case)).judge(given)
    assert audited.score is not None, audited.reason
    return given, audited


@pytest.mark.parametrize(("code", "case"), cases("flag"))
def test_flags(code: str, case: Case) -> None:
    given, audited = judged(case)
    assert [given.text[f.start : f.end] for f in audited.findings if f.rule == code] == case["marked"]


@pytest.mark.parametrize(("code", "case"), cases("pass"))
def test_passes(code: str, case: Case) -> None:
    _, audited = judged(case)
    family = rules()[code].family
    assert [(f.rule, f.excerpt, f.message) for f in audited.findings if f.family == family] == []
