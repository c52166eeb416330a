"""What ends a sentence, what opens one, how many words there are: in many scripts."""

import unicodedata
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from audit.script import (
    CLOSERS,
    EDGE,
    INVISIBLE,
    TERMINATORS,
    count_words,
    different_words,
    ends_sentence,
    fold,
    is_spaceless,
    is_unpunctuated,
    script_of,
    starts_lower,
    tokens,
    word_counts,
)

FINISHED = {
    "en": "The ferry left at noon.", "question": "Who paid for it?", "quote": "“We are done,” she said. “Go home.”",
    "nested": "He wrote: ‘Nobody came (not even I).’”", "de": "Der Zug fährt nicht mehr!“", "fr": "Il est parti !",
    "zh": "渡轮中午离港。", "zh quote": "他说：“走吧！”", "ja": "船は正午に出た。」", "hi": "नाव दोपहर को चली गई।",
    "ar": "هل عاد القارب؟", "ur": "کشتی واپس آ گئی۔", "am": "ጀልባው ሄደ።", "my": "လှေထွက်သွားသည်။", "km": "ទូកបានចេញ។",
    "ellipsis": "And then…", "footnote": "As noted before.[12]", "footnotes": "As noted before.[1][2] [3]",
    "bare footnote": "It was told.12", "superscript": "It was told.³", "markdown": "**It was told.**",
    "trailing space": "It was told. \u3000\u200b\n", "bom": "It was told.\ufeff", "guillemet": "«Всё кончено.»",
}  # fmt: skip
OPEN = {
    "word": "The ferry left at", "comma": "The ferry left,", "colon": "He said:", "bracket": "He left (", "empty": "",
    "blank": " \n\u200b", "only quotes": "“”", "zh": "渡轮中午离", "hi": "नाव दोपहर को", "ar": "عاد القارب إلى", "number": "In 2026 12",
    "footnote only": "[12]", "semicolon": "he left;", "dash": "he left —",
}  # fmt: skip


@pytest.mark.parametrize("text", FINISHED.values(), ids=FINISHED)
def test_finished_sentences(text: str) -> None:
    assert ends_sentence(text)


@pytest.mark.parametrize("text", OPEN.values(), ids=OPEN)
def test_unfinished_sentences(text: str) -> None:
    assert not ends_sentence(text)


@given(st.text(), st.sampled_from(sorted(TERMINATORS)), st.text(alphabet=sorted(CLOSERS | set(EDGE)), max_size=20))
def test_a_terminator_and_closing_marks_end_any_text(text: str, stop: str, tail: str) -> None:
    assert ends_sentence(text + stop + tail)


@given(st.text())
def test_white_space_at_the_edges_changes_no_answer(text: str) -> None:
    assert ends_sentence(text + EDGE) == ends_sentence(text)
    assert starts_lower(EDGE + text) == starts_lower(text)


@given(st.text())
def test_folding_keeps_every_offset(text: str) -> None:
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Don’t", "don't"),
        ("İSTANBUL", "istanbul"),
        ("A\xa0B\nC", "a b c"),
        ("ΟΔΟΣ", "οδος"),
        ("STRASSE ß ẞ", "strasse ß ß"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "words"),
    [("", 0), (" \n ", 0), ("one two  three", 3), ("渡轮中午离港", 4), ("船は出た", 3), ("เรือออกแล้ว", 6), ("배가 떠났다", 2),
     ("القارب عاد اليوم", 3), ("नाव चली गई", 3), ("тихий порт", 2), ("Ba-ba 3.5 it's", 3)],
)  # fmt: skip
def test_count_words(text: str, words: int) -> None:
    assert count_words(text) == words


@given(st.text(), st.text())
def test_words_add_up_over_a_space(one: str, other: str) -> None:
    together = count_words(f"{one} {other}")
    assert 0 <= together - count_words(one) - count_words(other) <= 1  # two odd characters of a dense script


@pytest.mark.parametrize(
    ("text", "spaceless"),
    [("渡轮中午离港", True), ("船は正午に出た。", True), ("เรือออกแล้ว", True), ("ເຮືອອອກ", True), ("លម្អិត", True), ("လှေထွက်", True),
     ("배가 떠났다", False), ("القارب", False), ("नाव", False), ("Boot", False), ("тихий", False), ("", False), ("1、2、3", False),
     ("The word 船 in a sentence", False)],
)  # fmt: skip
def test_scripts_without_spaces(text: str, spaceless: bool) -> None:
    assert is_spaceless(text) is spaceless


@pytest.mark.parametrize(
    ("text", "is_so"), [("เรือออกแล้ว", True), ("ເຮືອອອກແລ້ວ", True), ("渡轮", False), ("boat", False), ("", False)]
)
def test_scripts_without_full_stops(text: str, is_so: bool) -> None:
    assert is_unpunctuated(text) is is_so


@pytest.mark.parametrize(
    ("text", "lower"),
    [("and then", True), ("“and then", True), ("(und dann", True), ("¿qué", True), ("и потом", True), ("And", False), ("iPhone sales", False),
     ("eBay, which", False), ("3 people", False), ("他走了", False), ("ثم عاد", False), ("", False), ("\u200bwent on", True), ("- and", False)],
)  # fmt: skip
def test_starts_lower(text: str, lower: bool) -> None:
    assert starts_lower(text) is lower


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It's 3.5 km/h", ["it's", "3.5", "km", "h"]),
        ("渡轮离港", ["渡轮", "轮离", "离港"]),
        ("Grüße, Öl", ["grüße", "öl"]),
        ("मैं घर में हूँ।", ["मैं", "घर", "में", "हूँ"]),
        ("தமிழ் செய்தி", ["தமிழ்", "செய்தி"]),
        ("שָׁלוֹם, عَرَبِيّ", ["שָׁלוֹם", "عَرَبِيّ"]),
        ("", []),
        ("!?", []),
    ],
)
def test_tokens(text: str, found: list[str]) -> None:
    assert tokens(text) == found


@given(st.text(st.sampled_from("abBKÄéıİſΑΣσ_09 .,:'’-–“”«»\n\x00\u200b\ud800中文ไทのहि।٣²…")))
@example("ΑΣ:Α ΑΣ ΑΣ.Α")
def test_counted_words_are_the_tokens(text: str) -> None:
    assert word_counts(text) == Counter(tokens(text))
    assert different_words(text) == set(tokens(text))


@pytest.mark.parametrize(
    ("char", "script"),
    [
        ("a", "LATIN"),
        ("я", "CYRILLIC"),
        ("中", "CJK"),
        ("한", "HANGUL"),
        ("ا", "ARABIC"),
        ("न", "DEVANAGARI"),
        ("\x00", ""),
    ],
)
def test_script_of(char: str, script: str) -> None:
    assert script_of(char) == script


def test_the_character_sets_are_what_they_say() -> None:
    assert not TERMINATORS & CLOSERS
    assert not (TERMINATORS | CLOSERS) & set(EDGE)
    assert all(c.isspace() or unicodedata.category(c) in ("Cf", "Cc") for c in EDGE)
    assert all(c in EDGE for c in map(chr, range(0x110000)) if c.isspace())
    assert set(INVISIBLE) <= set(EDGE)


@pytest.mark.parametrize("tail", ["[1]", "\"'", ".", " ", "[", "1", "(a) ", "…", "!\u200b"])
def test_the_end_of_a_sentence_is_found_whatever_follows(
    growth: Callable[[Callable[[int], Callable[[], object]]], float], tail: str
) -> None:
    assert growth(lambda n: lambda: ends_sentence("It was told." + tail * n)) < 1
    ends_sentence("It was told." + tail * 200_000)  # of which one that was squared would not see the end
