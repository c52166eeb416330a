"""What the noise of a text tells of the whole."""

import numpy as np
import pytest

from audit.document import Document
from audit.page import Page
from audit.quality import estimate, expected, numbers, peaks, unfound
from audit.segment import segment

STORY = "\n\n".join(
    f"The council of {town} met on Tuesday and agreed to mend the old pier before the summer, the mayor said there."
    for town in ("Ayr", "Oban", "Wick", "Thurso", "Nairn")
)
MENU = "Home\nAbout us\nContact\nLog in\nSubscribe to our newsletter\nPrivacy policy\nCookie settings\n\n"


def page(text: str) -> Page:
    return segment(Document("d", "d", text, lang="en"))


def test_the_more_chrome_the_lower_the_estimate() -> None:
    clean, some, much = (estimate(page(text)) for text in (STORY, MENU + STORY, 5 * MENU + STORY + 5 * MENU))
    assert 1 >= clean > some > much >= 0
    assert clean > 0.9
    assert much < 0.75


@pytest.mark.parametrize("text", ["", " \n", "x", "。", "1\n2\n3", MENU, STORY])
def test_any_text_has_numbers_within_bounds(text: str) -> None:
    whole = page(text)
    assert 0 <= estimate(whole) <= 1
    assert all(0 <= peak <= 1 for peak in peaks(whole))
    assert all(0 <= risk < 1 for risk in unfound(whole).values())
    assert not whole.blocks or np.isfinite(numbers(whole)).all()


def test_of_a_short_text_nothing_bad_is_told() -> None:
    assert estimate(page(STORY.split("\n\n")[0])) > 0.8
    assert estimate(page("Contact us")) > 0.9


def test_noise_between_paragraphs_is_no_noise_at_the_edge() -> None:
    edge, inside = (
        peaks(page(MENU + STORY)),
        peaks(page(STORY.replace("\n\n", "\n\nSubscribe to our newsletter\n\n", 2))),
    )
    assert edge[0] > 0.8 > edge[1]
    assert inside[1] > edge[1]


def test_what_is_expected_grows_with_the_share_of_content() -> None:
    told = expected(np.array([[-2.0, 0.0], [0.0, 0.0], [2.0, 0.0]]), np.array([0.5, -1.0, 1.0]))
    assert told.tolist() == sorted(told)
    assert told[1] == pytest.approx(1 / (1 + np.exp(-1)))
