"""Repair takes out what is removable, tidies the white space, comes to rest, and can be undone."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.errors import AuditError
from audit.finding import Finding
from audit.repair import Removal, repair, restore

NOISE = re.compile("Read more|Share")


def look(text: str) -> list[Finding]:
    about = ("LK102", "label-inside", "link_text")
    return [
        Finding("a", *about, m.start(), m.end(), 1, 0.97, "warning", True, "A label.", m[0], {})
        for m in NOISE.finditer(text)
    ]


@pytest.mark.parametrize(
    ("text", "repaired"),
    [
        ("One.\n\nRead more\n\nTwo.\n", "One.\n\nTwo.\n"),
        ("One.\n\nShare\nRead more\n\nTwo.", "One.\n\nTwo."),
        ("One. Read more Two.", "One. Two."),
        ("Share\nOne.\nRead more\n", "One.\n"),
        ("wordRead moreword", "wordRead moreword"),
        ("Read more\n", "Read more\n"),
    ],
)
def test_what_goes_and_what_stays(text: str, repaired: str) -> None:
    assert repair(text, look)[0] == repaired


def test_less_sure_than_asked_stays() -> None:
    assert repair("One. Read more", look, 0.98) == ("One. Read more", ())


@given(
    st.lists(st.sampled_from(["One.", "Two", "Read more", "Re", "ad more", "Share", " ", "\n", "\r\n", "ж"])).map(
        "".join
    )
)
def test_it_comes_to_rest_and_can_be_undone(text: str) -> None:
    now, removed = repair(text, look, 0.5)
    assert repair(now, look, 0.5) == (now, ())
    assert restore(now, removed) == text
    assert all(text[r.start : r.end] == r.text for r in removed)


def test_a_removal_of_another_text_is_refused() -> None:
    with pytest.raises(AuditError, match="not of this text"):
        restore("short", [Removal(90, 92, "ab", "CH101", "why", 1.0)])
