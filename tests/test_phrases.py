"""Phrases are found where they may stand, at the right characters, and nowhere else."""

import textwrap
from collections.abc import Callable
from functools import partial
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.document import Document
from audit.page import Page
from audit.phrase_index import Place
from audit.phrases import Hit, hits
from audit.script import fold
from audit.segment import segment
from audit.vocabulary import load, trim

LEAD = "The harbour council met on Tuesday and agreed to mend the old pier before the winter storms arrive."

Growth = Callable[[Callable[[int], Callable[[], object]]], float]


def page(text: str) -> Page:
    return segment(Document("d", "d", text))


def found(text: str, place: str | None = None) -> list[Hit]:
    return [hit for block in hits(page(text)) for hit in block if place in (None, hit.place)]


def groups(text: str, place: str) -> set[str]:
    return {hit.group for hit in found(text, place)}


LINES = {
    "read more": "link_text", "Read more »": "link_text", "  → READ MORE (12) ": "link_text", "[Read more…]": "link_text", "Skip to content": "navigation",
    "• Home": "navigation", "Accept all cookies": "consent", "Leave a reply": "comments", "3 comments": "comments", "Comments (14)": "comments",
    "Advertisement": "advertisement", "Anzeige": "advertisement", "Weiterlesen": "continues", "Devamını oku": "link_text", "阅读更多": "link_text",
    "اقرأ المزيد": "link_text", "関連記事": "related", "और पढ़ें": "link_text", "Читать далее": "link_text", "Baca juga": "link_text", "Privacy policy": "legal",
    "CONTINUE READING →": "continues", "Don’t miss": "related",
}  # fmt: skip


@pytest.mark.parametrize(("line", "group"), LINES.items(), ids=LINES)
def test_a_whole_line(line: str, group: str) -> None:
    text = f"{LEAD}\n\n{line}\n\n{LEAD}"
    hit = next(hit for hit in found(text, "line") if hit.group == group)
    assert trim(fold(text[hit.start : hit.end])) == hit.phrase
    assert (hit.block, hit.colon) == (1, False)
    assert hit.langs <= set(load())


@pytest.mark.parametrize(
    "line",
    [
        "Homes",
        "readmore",
        "Read more about the old pier and who built it",
        "Home is where the pier is.",
        "The menu has fish",
        "x" * 121,
    ],
)
def test_more_than_the_phrase_is_no_whole_line(line: str) -> None:
    assert not found(f"{LEAD}\n\n{line}\n", "line")


STARTS = {
    "Read also: A new pier": ("link_text", True), "READ ALSO – a new pier": ("link_text", False), "Related: A new pier": ("link_text", True),
    "Lire aussi : La jetée": ("link_text", True), "Lesen Sie auch: Die Mole": ("link_text", True), "Читайте также: Новый причал": ("link_text", True),
    "Baca juga: Dermaga baru": ("link_text", True), "Leggi anche: Il molo": ("link_text", True), "اقرأ أيضا: الرصيف": ("link_text", True),
    "相关阅读：新码头": ("link_text", True), "【関連記事】新しい桟橋": ("link_text", True), "[관련기사] 새 부두": ("link_text", True),
    "Meanwhile the ferry went on": ("continuation", False), "Also the ferry went on": ("continuation", False),
}  # fmt: skip


@pytest.mark.parametrize(("line", "expected"), STARTS.items(), ids=STARTS)
def test_the_beginning_of_a_line(line: str, expected: tuple[str, bool]) -> None:
    assert expected in {(hit.group, hit.colon) for hit in found(f"{LEAD}\n\n{line}\n", "start")}


@pytest.mark.parametrize(
    "line",
    [
        "Readers also liked it",
        "Relatedness: a study",
        "Watch the pier fall",
        "Watchmen: a review",
        "They read also: nothing",
    ],
)
def test_words_that_only_begin_like_a_phrase(line: str) -> None:
    assert "link_text" not in groups(f"{LEAD}\n\n{line}\n", "start")


HAS = {
    "By continuing to use this site you agree.": "consent", "Your email address will not be published.": "comments",
    "Deine E-Mail-Adresse wird nicht veröffentlicht.": "comments", "You have reached your limit of free articles.": "paywall",
    "Subscribe to continue reading the story.": "paywall", "WE USE COOKIES TO make it better": "consent",
}  # fmt: skip


@pytest.mark.parametrize(("line", "group"), HAS.items(), ids=HAS)
def test_anywhere_in_a_line(line: str, group: str) -> None:
    assert group in groups(f"{LEAD}\n\n{line}\n", "has")
    assert group in groups(f"{LEAD}\n\nWell, {line}\n", "has")


@pytest.mark.parametrize("line", ["Nowe use cookies tops", "xwe use cookies to", "we use cookies together"])
def test_not_inside_words(line: str) -> None:
    assert "consent" not in groups(f"{LEAD}\n\n{line}\n", "has")


INLINE = {
    "at the end": f"{LEAD} Read more", "lower case": f"{LEAD} read more", "with an arrow": f"{LEAD} Read more »", "in brackets": f"{LEAD} (Read more)",
    "between": f"{LEAD} Read more The ferry went on.", "glued": f"{LEAD[:-1]}Read more", "quoted": f"He said: “{LEAD}” Read more",
}  # fmt: skip


@pytest.mark.parametrize("text", INLINE.values(), ids=INLINE)
def test_a_label_put_into_a_paragraph(text: str) -> None:
    hit = next(hit for hit in found(text, "inline") if hit.group == "link_text")
    assert text[hit.start : hit.end].lower() == "read more"


@pytest.mark.parametrize(
    "text",
    [
        f"{LEAD} They want to read more about it.",
        "People read more than they did.",
        "Read more books this year.",
        f"{LEAD} Read more slowly, he said.",
    ],
)
def test_a_sentence_about_reading_is_no_label(text: str) -> None:
    assert not found(text, "inline")


def test_a_wrapped_phrase_is_found_across_the_break() -> None:
    paragraph = f"{LEAD} Then it said: your email address will not be published, as always on such pages, and nobody was surprised. {LEAD}"
    for width in range(45, 90, 5):
        hit = next(hit for hit in found(textwrap.fill(f"{paragraph} {LEAD}", width), "has"))
        assert hit.phrase == "your email address will not be published"


@given(
    st.text(max_size=200)
    | st.lists(
        st.sampled_from([*LINES, *STARTS, *HAS, *INLINE.values(), LEAD, "\n", " ", "x", "。", "İ", "\u200b"])
    ).map("".join)
)
@settings(max_examples=300, deadline=None)
def test_hits_lie_in_their_blocks(text: str) -> None:
    whole = page(text)
    assert len(hits(whole)) == len(whole.blocks)
    for i, block in enumerate(hits(whole)):
        assert list(block) == sorted(block, key=lambda h: (h.start, -h.end, h.group))
        for hit in block:
            assert hit.block == i
            assert whole.blocks[i].start <= hit.start < hit.end <= whole.blocks[i].end
            assert hit.place in get_args(Place)


def test_every_phrase_is_found_in_its_place() -> None:
    """A phrase that its own matcher does not find is dead weight."""
    missed = []
    for lang, vocabulary in load().items():
        for group, by_position in vocabulary.groups.items():
            for where in ("line", "has"):
                phrases = by_position.get(where, ())
                missed += [(lang, group, where, phrase) for phrase in phrases if group not in groups(phrase, where)]
    assert not missed


@pytest.mark.parametrize(
    ("unit", "times"),
    [
        ("read more ", 50_000),
        ("Share\n", 30_000),
        ("we use cookies to", 30_000),
        ("r", 1_000_000),
        ("阅读更多", 40_000),
    ],
)
def test_work_grows_with_the_text_only(growth: Growth, unit: str, times: int) -> None:
    assert growth(lambda n: partial(hits, page(unit * n))) < 1
    hits(page(unit * times))  # of which one that was squared would not see the end
