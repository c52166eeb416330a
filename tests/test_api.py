"""The Python API: one text, a DataFrame, a stream of documents or records, a finished audit."""

import json
import pickle
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import audit
from audit import Checker, Config, Document, Verdict, run
from audit.api import FOUND, JUDGEMENT
from audit.errors import AuditError, UsageError
from audit.finding import FAMILIES
from audit.judge import MOST_TOGETHER
from audit.script import EDGE
from audit.table import DOCUMENTS, FINDINGS

STORY = (
    "The harbour council met on Tuesday and agreed to mend the old pier before the winter storms arrive from the west."
)
DAMAGED = f"{STORY} Read more"


def test_offsets_index_the_text() -> None:
    for before in ("", "\n\n", "\ufeff", "🎈 ", "\r\n"):
        text = before + DAMAGED
        (label,) = [f for f in audit.check_text(text).findings if f.family == "link_text"]
        assert text[label.start : label.end] == "Read more"


def test_a_clean_text_is_ok() -> None:
    found = audit.check_text(f"{STORY}\n\n{STORY}", url="https://www.Example.com:443/a", title="Pier", lang="en-GB")
    assert (found.verdict, found.findings, found.site, found.title, found.lang) == (
        Verdict.OK,
        (),
        "example.com",
        "Pier",
        "en",
    )
    assert None not in found.risks.values()


@pytest.mark.parametrize("text", ["", " \n\u3000", "\t", "\ufeff", "\u200b\u00ad", "\u2028"])
def test_an_empty_text_is_unread_with_its_reason(text: str) -> None:
    found = audit.check_text(text)
    assert (found.verdict, found.score, found.reason) == (Verdict.UNREAD, None, "the text is empty")


@pytest.mark.parametrize(
    "text", ["a", "\x00", "half \ud800 surrogate of the text.", "\x1b[31m", "=" * 500 + "x", "\ufeffa\u2028"], ids=ascii
)
def test_odd_texts_are_judged(text: str) -> None:
    assert audit.check_text(text).verdict is not Verdict.UNREAD


@given(st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_text_is_judged_and_every_finding_has_its_place(text: str) -> None:
    found = audit.check_text(text)
    assert (found.verdict is Verdict.UNREAD) == (not text.strip(EDGE))
    assert found.reason is None or "could not be judged" not in found.reason
    for f in found.findings:
        assert 0 <= f.start <= f.end <= len(text)
        assert 1 <= f.line <= max(1, len(text.splitlines()))
        assert Config().min_confidence <= f.confidence <= 1


def test_an_unknown_language_is_not_judged() -> None:
    found = audit.check_text(f"{STORY} {STORY}", lang="cy")
    assert [family for family in FAMILIES if found.risks[family] is None] == ["chrome", "missing_lead", "link_text"]


def test_the_configuration_is_used_and_checked() -> None:
    assert audit.check_text(DAMAGED, config=Config(ignore=("link_text",))).findings == ()
    with pytest.raises(UsageError, match="no rule is called"):
        audit.check_text(DAMAGED, config=Config(select=("nonsense",)))


def test_a_list_of_documents_is_surveyed_and_a_stream_is_not() -> None:
    line = "Westhaven tide and harbour news since the flood"
    documents = [
        Document(f"d{i}", f"{i}", f"{STORY} It was day {i}.\n\n{line}", site="post.example", lang="en")
        for i in range(12)
    ]
    (*_, last) = audit.check_documents(documents)
    assert any(f.evidence.get("of") == 12 for f in last.findings)
    (*_, last) = audit.check_documents(iter(documents))
    assert not any("of" in f.evidence for f in last.findings)


def test_the_page_is_evidence() -> None:
    told = (
        "The work begins in May and will keep the ferries away from the quay for three weeks of the summer.",
        "Nobody on the island has promised the money yet, and the mayor would not say whom she had asked for it.",
    )
    page = "".join(f"<p>{part}</p>" for part in (STORY, *told))
    text = f"{STORY}\n\n{told[0]}\n\n{told[1][:40]}"
    found = audit.check_text(text, html=f"<html><body><main>{page}</main></body></html>")
    assert [(f.rule, f.start) for f in found.findings] == [("TR601", len(text))]
    assert str(found.findings[0].evidence["missing"]).endswith("whom she had asked for it")


def test_records_are_read_as_lines_of_json_are() -> None:
    records: list[dict[str, Any]] = [
        {"story": DAMAGED, "link": "https://www.post.example/1", "id": 7},
        {"story": "", "id": "empty"},
        {"headline": "No text", "id": "none"},
        {"story": STORY},
    ]
    found = list(audit.check_documents(records, config=Config(fields={"text": "story"})))
    assert [(a.id, a.verdict.value, a.site) for a in found] == [
        ("7", "suspect", "post.example"),
        ("empty", "unread", None),
        ("none", "unread", None),
        ("record#4", "ok", None),
    ]
    assert found[2].reason == "no field 'story'; the record has: headline, id"


@dataclass
class Stored:
    """What can be gone through twice without being in memory."""

    gone_through: int = 0

    def __iter__(self) -> Iterator[dict[str, str]]:
        self.gone_through += 1
        return iter([{"text": STORY, "id": "same"}] * 2)


def test_what_can_be_gone_through_twice_is_surveyed() -> None:
    stored = Stored()
    assert [a.id for a in audit.check_documents(stored)] == ["same@record#1", "same@record#2"]
    assert stored.gone_through == 2


def test_a_stream_is_read_as_it_is_judged() -> None:
    taken: list[int] = []

    def records() -> Iterator[dict[str, str]]:
        for n in range(100):
            taken.append(n)
            yield {"text": STORY}

    judged = audit.check_documents(records())
    assert taken == []
    assert next(judged).verdict is Verdict.OK
    assert len(taken) == MOST_TOGETHER  # so many are judged side by side


@pytest.mark.parametrize("wrong", ["a text", 7, None, b"bytes", ["a", "list"]])
def test_what_is_no_document_is_an_error_of_the_caller(wrong: Any) -> None:
    with pytest.raises(TypeError, match=r"record#1 is of type .*, neither a Document nor a mapping"):
        list(audit.check_documents([wrong]))


def test_a_checker_travels_as_its_configuration() -> None:
    checker = pickle.loads(pickle.dumps(Checker(Config(ignore=("link_text",)))))
    assert checker({"text": DAMAGED}).findings == ()
    assert [f.rule for f in Checker()({"text": DAMAGED}).findings] == ["LK102"]
    with pytest.raises(UsageError, match="no rule is called"):
        Checker(Config(select=("nonsense",)))


def test_a_judgement_is_plain_and_whole() -> None:
    found = audit.judgement(audit.check_text(DAMAGED))
    assert json.loads(json.dumps(found)) == found
    assert list(found) == [*JUDGEMENT, "findings"]
    assert [list(f) for f in found["findings"]] == [list(FOUND)]
    unread = audit.judgement(audit.check_text(""))
    assert (unread["verdict"], unread["score"], unread["chrome"], unread["findings"]) == ("unread", None, None, [])


def test_a_finished_audit_is_loaded_by_its_path(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(DAMAGED, encoding="utf-8")
    run.audit([str(tmp_path / "a.txt")], Config(), tmp_path / "out")
    loaded = audit.load_results(str(tmp_path / "out"))
    assert (list(loaded.documents), list(loaded.findings)) == (DOCUMENTS.names, FINDINGS.names)
    assert loaded.summary["counts"] | {"read": 1} == loaded.summary["counts"]
    with pytest.raises(AuditError, match="holds no finished audit"):
        audit.load_results(tmp_path)


def test_a_frame_gives_one_row_a_row() -> None:
    frame = pd.DataFrame(
        {
            "text": [DAMAGED, None, STORY, np.nan, "", pd.NA],
            "url": ["https://a.example/1", None, np.nan, "x", pd.NaT, ""],
        },
        index=list("fedcba"),
    )
    documents, findings = audit.check_frame(frame)
    assert list(documents["id"]) == list(documents.index) == list("fedcba")
    assert list(documents["verdict"]) == ["suspect", "unread", "ok", "unread", "unread", "unread"]
    assert set(documents["reason"][documents["verdict"] == "unread"]) == {"the text is empty"}
    assert documents["site"]["f"] == "a.example"
    assert list(documents.columns) == DOCUMENTS.names
    assert list(findings.columns) == FINDINGS.names
    assert set(findings["id"]) == {"f"}
    assert list(documents["findings"]) == [len(findings), 0, 0, 0, 0, 0]


def test_columns_are_named_or_found() -> None:
    frame = pd.DataFrame({"body": [STORY], "Überschrift": ["Pier"], "id": [7], "lang": ["de_DE"]})
    documents, _ = audit.check_frame(frame, "body", title="Überschrift")
    assert documents[["id", "title", "lang"]].to_dict("records") == [{"id": "7", "title": "Pier", "lang": "de"}]


@pytest.mark.parametrize(
    ("text", "columns", "name"), [("text", {}, "text"), ("body", {"title": "headline"}, "headline")]
)
def test_a_missing_column_is_named_with_those_there_are(text: str, columns: dict[str, Any], name: str) -> None:
    with pytest.raises(KeyError, match=f"no column '{name}'.*the columns are body"):
        audit.check_frame(pd.DataFrame({"body": [STORY]}), text, **columns)


def test_an_empty_frame_gives_empty_frames() -> None:
    documents, findings = audit.check_frame(pd.DataFrame({"text": []}))
    assert (len(documents), len(findings)) == (0, 0)
    assert list(documents.columns) == DOCUMENTS.names


def test_odd_cells_are_survived() -> None:
    frame = pd.DataFrame(
        {"text": [STORY, 12.5, ["a", "b"], "half \ud800 of it", b"bytes"], "title": ["\udfff", 3, None, [1, 2], {}]},
        dtype=object,
    )
    documents, _findings = audit.check_frame(frame)
    assert "unread" not in set(documents["verdict"])
    assert documents["title"][0] == "\ufffd"


def test_ids_that_are_not_unique_get_their_source() -> None:
    documents, _ = audit.check_frame(pd.DataFrame({"text": [STORY] * 3, "id": ["a", "a", "b"]}, index=[1, 1, 1]))
    assert documents["id"].is_unique
    assert list(documents["id"]) == ["a@frame#1", "a@frame#2", "b"]


def test_the_public_names() -> None:
    assert all(callable(getattr(audit, name)) for name in audit.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = audit.nonsense
