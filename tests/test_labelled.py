"""Labelled texts: both formats are read, and every mistake in them is told with its place."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from audit.errors import AuditError
from audit.labelled import load, pages_of, tables
from audit.marked import Span, line_labels, line_spans

GOOD: dict[str, Any] = {
    "id": "a",
    "text": "It rained.\nRead more\n",
    "spans": [{"family": "link_text", "start": 11, "end": 20}],
}


def marked(folder: Path, *rows: object) -> Path:
    path = folder / "marked.jsonl"
    path.write_text("".join(f"{json.dumps(r)}\n" for r in rows), encoding="utf-8")
    return path


def test_a_text_marked_by_hand(tmp_path: Path) -> None:
    (document,) = load([marked(tmp_path, GOOD | {"page": "p", "lang": "en", "url": "https://www.a.example/1"})])
    assert document.page == "p"
    assert document.truth == {"truncation": False, "chrome": False, "missing_lead": False, "link_text": True}
    assert document.labels == ("content", "noise")
    assert document.document.lang is None, "the language is for the auditor to find out"
    assert document.seen_as("text").url is None
    assert document.seen_as("meta").url == "https://www.a.example/1"


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"spans": [{"family": "noise", "start": 0, "end": 1}]}, "no family is called 'noise'"),
        ({"spans": [{"family": "chrome", "start": 0, "end": 99}]}, "does not lie in the text's 21 characters"),
        ({"spans": [{"family": "chrome", "start": 5, "end": 4}]}, "does not lie in"),
        ({"spans": [{"family": "chrome", "start": True, "end": 4}]}, "whole numbers"),
        ({"spans": [{"family": "chrome", "start": 4, "end": 4}]}, "cannot be empty"),
        ({"spans": [{"family": "chrome", "start": 4}]}, "span 1: not an object of family, start, end"),
        ({"spans": {}}, "'spans' is not a list"),
        ({"language": "en"}, "unknown key 'language': the keys are id, text"),
        ({"text": " \n"}, "the id or the text is empty"),
        ({"text": "half \ud800"}, "half a surrogate pair"),
        ({"title": 7}, "'title' is not a string"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, change: dict[str, Any], complaint: str) -> None:
    path = marked(tmp_path, GOOD, GOOD | {"id": "b"} | change)
    with pytest.raises(AuditError, match=r"marked\.jsonl:2: ") as caught:
        load([path])
    assert complaint in str(caught.value)


def test_other_mistakes(tmp_path: Path) -> None:
    for rows, complaint in (
        ([GOOD, GOOD], "the id 'a' is there twice"),
        ([[]], "not an object"),
        ([{"id": "x"}], "'spans'"),
    ):
        with pytest.raises(AuditError, match=complaint):
            load([marked(tmp_path, *rows)])
    (tmp_path / "marked.jsonl").write_text("{", encoding="utf-8")
    with pytest.raises(AuditError, match="not valid JSON"):
        load([tmp_path])
    with pytest.raises(AuditError, match=r"no lines.parquet, defects.parquet or .jsonl"):
        load([tmp_path / "nowhere"])


def test_line_spans_are_the_lines() -> None:
    text = " a b \r\n\n\u2028c\x0bd"
    assert [text[s:e] for s, e in line_spans(text)] == text.splitlines()
    assert line_labels("Home It rained.", [Span("chrome", 0, 4)]) == ("partial",)
    assert line_labels("   Home  ", [Span("chrome", 3, 7)]) == ("noise",)


def test_texts_marked_by_hand_become_tables(tmp_path: Path) -> None:
    path = marked(tmp_path, GOOD, GOOD | {"id": "b", "spans": []})
    (folder,) = tables([path], tmp_path / "all")
    assert pages_of([folder]) == {"a", "b"}
    found = load([folder])
    assert [d.labels for d in found] == [("content", "noise"), ("content", "content")] * 2
    assert [d.group for d in found] == ["article_extractors"] * 2 + ["marked spans"] * 2
    assert [d.truth.get("link_text") for d in found] == [None, None, True, False]
    assert found[2].spans == (Span("link_text", 11, 20),)
    (folder,) = tables([folder], tmp_path / "some", lambda page: page == "b")
    assert pages_of([folder]) == {"b"}
    assert len(load([path], limit=1)) == 1


def test_a_source_page_goes_with_its_texts(tmp_path: Path) -> None:
    tables([marked(tmp_path, GOOD, GOOD | {"id": "b"})], tmp_path / "all")
    folder = tmp_path / "all" / "00"
    pd.DataFrame([{"page": "a", "html": "<p>It rained.</p>"}]).to_parquet(folder / "source.parquet")
    assert {d.document.html for d in load([folder])} == {None}
    with_source = load([folder], source=True)
    assert {(d.page, d.seen_as("source").html) for d in with_source} == {("a", "<p>It rained.</p>")}
    assert {d.seen_as("meta").html for d in with_source} == {None}


def test_tables_are_checked(tmp_path: Path) -> None:
    row = {"page": "1", "extractor": "x", "group": "g", "kind": "article", "url": None, "title": None, "text": "a\nb"}
    frame = pd.DataFrame([row | {"labels": ["content"]}])
    frame.to_parquet(tmp_path / "lines.parquet")
    with pytest.raises(AuditError, match=r"lines\.parquet: row 1: its labels are not one a line"):
        load([tmp_path])
    frame.drop(columns="labels").to_parquet(tmp_path / "lines.parquet")
    with pytest.raises(AuditError, match="no column labels; the columns are page"):
        load([tmp_path])
    (tmp_path / "lines.parquet").write_bytes(b"PAR1 no")
    with pytest.raises(AuditError, match=r"lines\.parquet: "):
        load([tmp_path])


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"spans": [{"family": "chrome", "start": 3, "end": 99}]}, "does not lie in the text's"),
        ({"defects": ["rust"]}, "no family is called rust"),
        ({"text": None}, "its text is missing"),
    ],
)
def test_a_mistake_in_a_table_is_told_with_its_row(tmp_path: Path, change: dict[str, Any], complaint: str) -> None:
    row = {"id": "1", "page": "1", "text": "It rained.", "defects": ["chrome"], "spans": []} | change
    pd.DataFrame([row]).to_parquet(tmp_path / "defects.parquet")
    with pytest.raises(AuditError, match=rf"defects\.parquet: row 1: .*{complaint}"):
        load([tmp_path])
