"""Documents judged together are judged as each by itself would be, and cost each other nothing."""

import gc
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.config import Config
from audit.document import Document
from audit.finding import Verdict
from audit.judge import Judge, batches
from audit.page import Page
from audit.segment import segment
from audit.together import at_once, kept, together, uncollected

CRAWL = sorted((Path(__file__).parent / "samples" / "crawl").rglob("*.txt"))
TEXTS = [file.read_text(encoding="utf-8", errors="replace") for file in CRAWL]
JUDGE = Judge.of(Config())


def documents(texts: Sequence[str]) -> list[Document]:
    titles = [text.partition("\n")[0] if n % 3 else None for n, text in enumerate(texts)]
    return [
        Document(f"d{n}", "d.txt", text, title=title) for n, (text, title) in enumerate(zip(texts, titles, strict=True))
    ]


def test_in_company_as_alone() -> None:
    some = documents(TEXTS)
    assert len(some) > 20
    assert list(JUDGE.judge_all(some)) == [JUDGE.judge(document) for document in some]


@given(st.lists(st.sampled_from(TEXTS) | st.text(max_size=200), min_size=1, max_size=6))
@settings(max_examples=40, deadline=None)
def test_any_company_is_as_good(texts: list[str]) -> None:
    some = documents(texts)
    assert list(JUDGE.judge_all(some)) == [JUDGE.judge(document) for document in some]


def pages(*texts: str) -> list[Page]:
    return [segment(document) for document in documents(texts)]


def test_work_is_done_once_for_all_pages_with_blocks() -> None:
    asked: list[int] = []

    @at_once
    def lengths(some: Sequence[Page]) -> list[int]:
        asked.append(len(some))
        return [len(page.text) for page in some]

    one, none, other = pages("One.", " \n", "Another.")
    with together([one, none, other]):
        assert [lengths(other), lengths(one), lengths(other)] == [8, 4, 8]
    assert asked == [2]
    assert lengths(one) == 4
    assert asked == [2, 1]


def test_a_text_beyond_the_limits_costs_itself_only() -> None:
    @at_once
    def doubled(some: Sequence[Page]) -> list[str]:
        if any("bad" in page.text for page in some):
            raise ValueError("too much")
        return [page.text * 2 for page in some]

    good, bad = pages("good", "bad")
    with together([good, bad]):
        assert doubled(good) == "goodgood"
        with pytest.raises(ValueError, match="too much"):
            doubled(bad)


def test_what_is_kept_is_asked_once() -> None:
    asked: list[str] = []

    @kept
    def first(page: Page) -> str:
        asked.append(page.text)
        return page.text[:1]

    some = pages("a", "b", "c")
    with together(some):
        assert [first(page) for page in some * 2] == ["a", "b", "c"] * 2
    assert asked == ["a", "b", "c"]


def test_batches_are_bounded_by_number_and_length() -> None:
    sizes = [len(some) for some in batches(documents(["a"] * 5 + ["b" * 400_000] + ["c"] * 3), 4)]
    assert sizes == [4, 2, 3]
    pages = [replace(document, html="<p>" * 2_000_000) for document in documents(["a"] * 5)]
    assert [len(some) for some in batches(pages)] == [2, 2, 1]


def test_an_unread_document_keeps_its_place() -> None:
    found = list(JUDGE.judge_all(documents(["One is whole.", "  ", "Another one, too."])))
    assert [a.id for a in found] == ["d0", "d1", "d2"]
    assert [a.verdict is Verdict.UNREAD for a in found] == [False, True, False]


def test_whether_python_collects_garbage_is_the_callers_choice() -> None:
    states = []
    with suppress(ZeroDivisionError), uncollected():
        states.append(gc.isenabled())
        raise ZeroDivisionError
    states.append(gc.isenabled())
    gc.disable()
    try:
        list(JUDGE.judge_all(documents(["One is whole."])))
        states.append(gc.isenabled())
    finally:
        gc.enable()
    assert states == [False, True, False]
