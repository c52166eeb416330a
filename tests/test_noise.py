"""Whether a page has noise at all is told by all its blocks together."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.document import Document
from audit.noise import NAMES, is_noisy, likelihood, numbers
from audit.page import Page
from audit.segment import segment

STORY = "\n\n".join(
    f"The council of {town} met on Tuesday and agreed to mend the old pier before the summer, the mayor said there. "
    "Nobody spoke against it, and the gulls were not asked."
    for town in ("Ayr", "Oban", "Wick", "Thurso", "Nairn")
)
MENU = "Home\nAbout us\nContact\nLog in\nSubscribe to our newsletter\nPrivacy policy\nCookie settings\n\n"
FOOTER = "\n\nShare on Facebook\nShare on Twitter\nLeave a Reply\nRelated posts\nPrivacy policy\nAll rights reserved"


def page(text: str) -> Page:
    return segment(Document("d", "d", text, lang="en"))


def test_a_story_is_clean_and_one_in_its_site_is_not() -> None:
    clean, menu, both = (likelihood(page(text)) for text in (STORY, MENU + STORY, MENU + STORY + FOOTER))
    assert clean < menu <= both <= 1
    assert [is_noisy(page(text)) for text in (STORY, MENU + STORY, MENU + STORY + FOOTER)] == [False, True, True]


@pytest.mark.parametrize("times", [1, 5, 40])
def test_a_page_of_nothing_else_has_noise_however_long_it_is(times: int) -> None:
    assert is_noisy(page((MENU + FOOTER) * times))
    assert is_noisy(page(MENU * times + STORY + FOOTER * times))


def test_a_page_without_blocks_has_no_noise() -> None:
    assert likelihood(page(" \n ")) == 0
    assert not is_noisy(page(""))


noises = st.lists(st.floats(0, 1), min_size=1, max_size=60)


@given(noises, st.data())
def test_numbers_are_finite_and_in_their_order(noise: list[float], data: st.DataObject) -> None:
    words = data.draw(st.lists(st.integers(0, 500), min_size=len(noise), max_size=len(noise)))
    found = dict(zip(NAMES, numbers(np.array(noise), np.array(words, dtype=float)), strict=True))
    assert np.isfinite(list(found.values())).all()
    assert found["noisiest"] >= found["second"] >= found["third"] >= found["fourth and fifth"]
    assert found["in a row"] >= max(found["above"], found["below"]) - 1e-9 or len(noise) > 40


@pytest.mark.parametrize(
    ("noise", "row"),
    [([0.1] * 9, 0.0), ([0.5] * 4, 4 * 0.5), ([0.1, 0.5, 0.5, 0.1, 0.5], 2 * 0.5)],
)
def test_the_longest_row_of_doubtful_blocks(noise: list[float], row: float) -> None:
    """By the plain definition: the largest sum of logits, each with half a unit added, of blocks in a row; its log."""
    found = dict(zip(NAMES, numbers(np.array(noise), np.ones(len(noise))), strict=True))
    assert found["in a row"] == pytest.approx(np.log1p(row))
