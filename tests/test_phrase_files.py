"""The phrase lists as data: every file well-formed, every phrase able to match."""

import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from audit.finding import FAMILIES
from audit.notices import OTHER_GROUPS
from audit.outline import ANYWHERE_GROUPS
from audit.phrase_index import INLINE_GROUPS
from audit.phrases import GRAMMAR_GROUPS
from audit.resources import folder
from audit.script import fold
from audit.vocabulary import digest, load, trim

# fmt: off
LANGUAGES = [
    "ar", "bg", "bn", "ca", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "he", "hi", "hr",
    "hu", "id", "is", "it", "ja", "ko", "lt", "lv", "nl", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sr",
    "sv", "sw", "ta", "th", "tr", "uk", "ur", "vi", "zh",
]
POSITIONS = {
    "link_text": {"line", "start", "end"}, "continues": {"line", "end"}, "paywall": {"line", "has"}, "navigation": {"line", "has"},
    "consent": {"line", "has"}, "subscribe": {"line", "has"}, "share": {"line", "has"}, "comments": {"line", "has"}, "login": {"line", "has"},
    "legal": {"line", "has"}, "related": {"line", "start"}, "author": {"start", "has"}, "advertisement": {"line"}, "player": {"line", "has"},
    "counters": {"line", "has"}, "error": {"line", "has"}, "donate": {"line", "has"}, "widget": {"line", "has"}, "welcome": {"start", "has"},
    "continuation": {"start"}, "pronoun": {"start"},
}
# fmt: on
NEEDED = set(POSITIONS) - {
    "pronoun",
    "welcome",
    "donate",
    "widget",
    "player",
    "author",
    "counters",
}  # not in every language
NO_GROUPS = {"stopwords", "unending", "more", "by", "heads", "farewell", "subjects", "opening", "not_judged"}
FILES = sorted(folder("models").glob("phrases/*.toml"))


def table(path: Path) -> dict[str, Any]:
    """What a file holds, its lists as such."""
    return lists(tomllib.loads(path.read_text(encoding="utf-8")))


def lists(table: dict[str, Any]) -> dict[str, Any]:
    """A table with its texts as lists of lines."""
    return {
        name: lists(found) if isinstance(found, dict) else found.splitlines() if isinstance(found, str) else found
        for name, found in table.items()
    }


def phrases(path: Path) -> list[tuple[str, str, str]]:
    return [
        (g, where, p)
        for g, by in table(path).items()
        if g not in NO_GROUPS
        for where, found in by.items()
        for p in found
    ]


def test_all_languages_are_there() -> None:
    assert [path.stem for path in FILES] == LANGUAGES
    assert list(load()) == LANGUAGES


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
class TestFile:
    def test_it_has_the_groups_and_positions_that_there_are(self, path: Path) -> None:
        groups = set(table(path)) - NO_GROUPS
        assert groups <= set(POSITIONS)
        assert groups >= NEEDED
        for group, where, _ in phrases(path):
            assert where in POSITIONS[group], f"[{group}] {where}"

    def test_no_group_has_a_phrase_twice(self, path: Path) -> None:
        seen = Counter((group, where, fold(p)) for group, where, p in phrases(path))  # two groups may share a label
        assert not [key for key, n in seen.items() if n > 1]

    def test_every_phrase_can_match(self, path: Path) -> None:
        for group, where, phrase in phrases(path):
            place = f"[{group}] {where}: {phrase!r}"
            assert phrase == phrase.strip(), place
            assert len(trim(fold(phrase)) if where == "line" else phrase) >= 2, place
            assert not re.search(r"[’‘\u200b\ufeff\n\t]|  ", phrase), place
            assert re.search(r"\w", phrase), place

    def test_phrases_found_anywhere_are_long_enough_to_mean_it(self, path: Path) -> None:
        for group, where, phrase in phrases(path):
            assert where != "has" or len(phrase) >= (3 if re.search("[\u3040-\u9fff\uac00-\ud7a3]", phrase) else 7), (
                f"[{group}] {phrase!r}"
            )

    def test_what_is_not_judged_is_a_family(self, path: Path) -> None:
        assert set(table(path).get("not_judged", ())) <= set(FAMILIES)

    @pytest.mark.parametrize(
        ("name", "least", "most"),
        [
            ("stopwords", 20, 60),
            ("unending", 0, 150),
            ("more", 0, 10),
            ("by", 0, 10),
            ("heads", 10, 90),
            ("farewell", 5, 60),
        ],
    )
    def test_it_has_lists_of_words(self, path: Path, name: str, least: int, most: int) -> None:
        words = table(path).get(name, [])
        assert least <= len(words) <= most
        assert len({fold(w) for w in words}) == len(words)
        assert all(w == w.strip() and w for w in words)

    def test_it_begins_with_the_name_of_the_language(self, path: Path) -> None:
        assert re.match(r"# [A-Z][a-z]+", path.read_text(encoding="utf-8"))
        assert b"\r" not in path.read_bytes()


def test_the_groups_that_rules_ask_for_exist() -> None:
    assert {*OTHER_GROUPS, *ANYWHERE_GROUPS, *INLINE_GROUPS, *GRAMMAR_GROUPS} <= set(POSITIONS)


def test_the_digest_names_the_lists() -> None:
    assert re.fullmatch("[0-9a-f]{64}", digest())
