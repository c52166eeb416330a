"""The sample crawl against its labels: how many of the damaged documents and strings are found, and which clean ones.

FLOORS holds today's figures rounded down to 0.05. To raise one, improve the program, run `pytest tests/test_samples.py
--log-cli-level=INFO`, which shows the figures, and write the new ones here; a floor is never lowered to let a change
pass.
"""

import json
import logging
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from audit.config import Config
from audit.document import Document
from audit.finding import FAMILIES, Audited
from audit.inputs import plan, read_unit
from audit.records import ReadOptions
from audit.run import judge_documents

SAMPLES = Path(__file__).parent / "samples"
CRAWL = SAMPLES / "crawl"
NEAR = 40  # characters: a label of something missing gives some text beside the place
log = logging.getLogger(__name__)

# family -> (precision, recall) over documents, and the share of labelled strings and places found
FLOORS: Mapping[str, tuple[float, float, float]] = {
    "truncation": (0.95, 1.0, 0.9),
    "chrome": (1.0, 0.85, 0.8),
    "missing_lead": (1.0, 0.8, 0.8),
    "link_text": (1.0, 0.85, 0.75),
}
# Clean documents that are flagged, and by which family. A new one fails the test; so does one that is cured.
KNOWN_FALSE_ALARMS: Mapping[str, set[str]] = {
    # An entry whose author left the full stop out after a sentence: "… the chandler's and knock".
    "smallpress-review.example/seven-bookshops.md": {"truncation"},
}


@cache
def labels() -> Mapping[str, list[dict[str, str]] | None]:
    table: dict[str, list[dict[str, str]] | None] = json.loads((SAMPLES / "labels.json").read_text(encoding="utf-8"))
    return table


@cache
def crawl() -> Mapping[str, tuple[Document, Audited]]:
    """Every document of the crawl that can be read, with its judgement, by its key in the labels."""
    found = plan([str(CRAWL)])
    read = [d for unit in found.units for d in read_unit(unit, ReadOptions()) if isinstance(d, Document)]
    return {key(d): (d, audited) for d, audited in zip(read, judge_documents(read, Config()), strict=True)}


def key(document: Document) -> str:
    return document.source.partition("crawl/")[2]


def labelled(family: str) -> set[str]:
    return {name for name, defects in labels().items() if any(d["family"] == family for d in defects or ())}


def flagged(family: str) -> set[str]:
    """Documents with a finding of the family that is more than a remark."""
    return {
        name
        for name, (_, audited) in crawl().items()
        if any(f.family == family and f.severity != "info" for f in audited.findings)
    }


def places(family: str) -> Iterator[bool]:
    """For each labelled string or place of the family whether it was found."""
    for name, defects in labels().items():
        for defect in defects or ():
            if defect["family"] == family:
                document, audited = crawl()[name]
                yield is_found(document.text, defect, audited)


def is_found(text: str, defect: Mapping[str, Any], audited: Audited) -> bool:
    """A string is found when findings of its family, or of its kin, cover half of it; a place when one points at it."""
    kin = {"chrome", "link_text"} if defect["family"] in ("chrome", "link_text") else {defect["family"]}
    spans = [(f.start, f.end) for f in audited.findings if f.family in kin]
    if not defect["text"]:
        at = text.find(defect["before"]) if "before" in defect else text.find(defect["after"]) + len(defect["after"])
        return any(start - NEAR <= at <= end + NEAR for start, end in spans)
    starts = [i for i in range(len(text)) if text.startswith(defect["text"], i)]
    return any(2 * covered(spans, i, i + len(defect["text"])) >= len(defect["text"]) for i in starts)


def covered(spans: list[tuple[int, int]], start: int, end: int) -> int:
    return len({i for a, b in spans for i in range(max(a, start), min(b, end))})


def test_every_labelled_document_is_read_and_no_other() -> None:
    assert set(crawl()) == {name for name, defects in labels().items() if defects is not None}


@pytest.mark.parametrize("family", FAMILIES)
def test_the_family_is_found_as_often_as_before(family: str) -> None:
    expected, found, each = labelled(family), flagged(family), list(places(family))
    hits = len(expected & found)
    figures = (hits / len(found), hits / len(expected), sum(each) / len(each))
    log.info("%s: precision %.3f, recall %.3f, places %.3f", family, *figures)
    log.info("missed: %s; too much: %s", sorted(expected - found), sorted(found - expected))
    assert all(figure >= floor for figure, floor in zip(figures, FLOORS[family], strict=True)), figures


def test_no_clean_document_is_flagged_but_the_known_ones() -> None:
    clean = {name for name, defects in labels().items() if defects == []}
    alarms = {name: {f for f in FAMILIES if name in flagged(f)} for name in clean}
    assert {name: found for name, found in alarms.items() if found} == KNOWN_FALSE_ALARMS
