"""`strictness`: the same texts, more or fewer findings of the models."""

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import check_documents
from audit.config import Config
from audit.document import Document
from audit.labelled import load
from audit.page import Strictness
from audit.segment import segment

LEVELS: tuple[Strictness, ...] = get_args(Strictness)
SAMPLE = Path(__file__).parent / "samples" / "labelled.jsonl"


def texts_of_cases() -> Iterator[str]:
    """The texts of the rules' cases: of those of the sample alone, few are near a bar."""
    for path in sorted((Path(__file__).parent / "cases").glob("*.toml")):
        for case in tomllib.loads(path.read_text(encoding="utf-8")).get("flag", ()):
            if isinstance(case["text"], str):
                yield case["text"]


@cache
def found(level: Strictness) -> int:
    documents = [labelled.seen_as("meta") for labelled in load([SAMPLE])]
    documents += [Document(f"case {n}", "cases", text) for n, text in enumerate(texts_of_cases())]
    return sum(len(audited.findings) for audited in check_documents(documents, config=Config(strictness=level)))


def test_each_level_finds_more_than_the_one_below() -> None:
    assert LEVELS == ("low", "normal", "high")
    assert found("low") < found("normal") < found("high")


@given(st.floats(0.01, 0.99))
def test_normal_asks_for_what_is_asked_and_the_others_for_more_or_less(bar: float) -> None:
    low, normal, high = (segment(Document("d", "d", "A text."), None, level).bar(bar) for level in LEVELS)
    assert normal == pytest.approx(bar)
    assert 0 < high < normal < low < 1
