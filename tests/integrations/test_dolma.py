"""Attributes files for Dolma, held to the form that its documentation and the source of its mixer ask for.

Dolma asks for old versions of much that others need, so it is not installed; its mixer (1.2.1) was tried by hand on
such files, with the configuration that docs/ shows.
"""

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import validate

import audit
from audit import Config, run
from audit.errors import AuditError
from audit.finding import FAMILIES
from audit.integrations.dolma import spans, write_attributes

SPAN = {
    "type": "array",
    "prefixItems": [
        {"type": "integer", "minimum": 0},
        {"type": "integer", "minimum": 1},
        {"type": "number", "minimum": 0, "maximum": 1},
    ],
    "minItems": 3,
    "maxItems": 3,
}
LINE = {
    "type": "object",
    "required": ["id", "attributes"],
    "properties": {
        "id": {"type": "string"},
        "attributes": {"type": "object", "additionalProperties": {"type": "array", "items": SPAN}},
    },
}


@pytest.fixture
def audited(crawl: Path, texts: dict[str, str]) -> Path:
    """A finished audit of two Dolma files, one of them compressed, with an id that both have."""
    folder = crawl / "wiki" / "documents"
    (folder / "2019-09").mkdir(parents=True)
    lines = [json.dumps({"id": name, "source": "weir", "text": text}) + "\n" for name, text in texts.items()]
    (folder / "a.jsonl").write_text("".join(lines), encoding="utf-8")
    with gzip.open(folder / "2019-09" / "b.jsonl.gz", "wt", encoding="utf-8") as stream:
        stream.write(lines[0])
    run.audit(["wiki/documents"], Config(), crawl / "crawlaudit-out")
    return crawl


def read(place: Path) -> list[dict[str, Any]]:
    data = gzip.decompress(place.read_bytes()) if place.suffix == ".gz" else place.read_bytes()
    rows = [json.loads(line) for line in data.decode().splitlines()]
    for row in rows:
        validate(row, LINE)
    return rows


def test_a_line_a_document_as_documented(
    audited: Path, texts: dict[str, str], run_documented: Callable[..., Any]
) -> None:
    run_documented("Dolma")
    place = audited / "wiki" / "attributes" / "crawlaudit"
    rows = read(place / "a.jsonl")
    assert [row["id"] for row in rows] == list(texts)
    assert [row["id"] for row in read(place / "2019-09" / "b.jsonl.gz")] == ["clean"]
    for row in rows:
        text, attributes = texts[row["id"]], row["attributes"]
        judged = audit.check_text(text)
        whole = [[0, len(text)]] if text else []
        assert [[span[:2] for span in attributes[f"crawlaudit__{name}"]] for name in ("score", *FAMILIES)] == [
            whole
        ] * 5
        for family in ("chrome", "link_text"):
            found = sorted((f.start, f.end) for f in judged.findings if f.family == family and f.removable)
            assert [(start, end) for start, end, _ in attributes[f"crawlaudit__{family}_spans"]] == found


@dataclass
class Found:
    start: int
    end: int
    confidence: float
    family: str
    removable: bool


@given(
    st.lists(
        st.builds(
            Found,
            st.integers(0, 30),
            st.integers(0, 30),
            st.floats(0, 1),
            st.sampled_from(["chrome", "link_text"]),
            st.booleans(),
        ),
        max_size=12,
    )
)
def test_spans_are_not_empty_do_not_overlap_and_cover_what_can_go(found: list[Found]) -> None:
    made = sorted((start, end, sure) for of_family in spans(found).values() for start, end, sure in of_family)
    assert all(start < end for start, end, _ in made)
    assert all(before[1] <= after[0] for before, after in pairwise(made))
    surest: dict[int, float] = {}
    for f in found:
        for place in range(f.start, f.end) if f.removable else ():
            surest[place] = max(surest.get(place, 0), f.confidence)
    assert {place: sure for start, end, sure in made for place in range(start, end)} == surest


def test_what_has_no_place_is_an_error(audited: Path) -> None:
    with pytest.raises(AuditError, match=r"a\.jsonl.* does not lie in elsewhere|b\.jsonl.* does not lie in elsewhere"):
        write_attributes("crawlaudit-out", "elsewhere", "attributes")
    with pytest.raises(AuditError, match="holds no finished audit"):
        write_attributes("nothing", "wiki/documents", "attributes")
    (audited / "plain").mkdir()
    (audited / "plain" / "a.txt").write_text("It rained all day.", encoding="utf-8")
    run.audit(["plain"], Config(), audited / "texts")
    with pytest.raises(AuditError, match=r"plain/a\.txt is no line of a file of documents"):
        write_attributes("texts", "plain", "attributes")
    (audited / "taken").write_text("", encoding="utf-8")
    with pytest.raises(AuditError, match="cannot write"):
        write_attributes("crawlaudit-out", "wiki/documents", "taken")
