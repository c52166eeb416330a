"""What the noise of a text tells of the whole."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import resources
from audit.api import check_text
from audit.document import Document
from audit.forest import Forest
from audit.model import FEW_WORDS
from audit.page import Page
from audit.quality import DIRECTIONS, NAMES, estimate, expected, numbers, peaks, unfound
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


CHROME = {
    "menu": MENU,
    "consent": "We use cookies to improve your experience. Accept all\nReject all\nCookie settings\n\n",
    "related": "Related articles\nTen facts about piers\nWhy gulls steal chips\nThe best harbours of the north\n\n",
    "comments": "Leave a comment\nYour email address will not be published.\nName\nEmail\nPost comment\n\n",
}


@pytest.mark.parametrize("chrome", CHROME.values(), ids=CHROME)
@pytest.mark.parametrize("times", [1, 3])
def test_chrome_around_an_article_never_raises_its_score(chrome: str, times: int) -> None:
    clean = check_text(STORY).score
    assert clean is not None
    for text in (
        chrome * times + STORY,
        f"{STORY}\n\n{chrome * times}",
        chrome * times + f"{STORY}\n\n{chrome * times}",
    ):
        score = check_text(text).score
        assert score is not None
        assert score < clean


rows = st.lists(st.floats(0, 1), min_size=len(NAMES), max_size=len(NAMES))


@cache
def forest() -> Forest:
    return Forest.of(resources.arrays(resources.model_file("quality")), "f1")


@given(rows, st.sampled_from([name for name, way in DIRECTIONS.items() if way]), st.floats(0, 9))
def test_more_of_what_tells_of_noise_never_raises_what_is_expected(row: list[float], name: str, more: float) -> None:
    before = np.array([row, row], dtype=np.float32)
    before[1, NAMES.index(name)] += more
    low, high = forest().probability(forest().score(before))
    assert DIRECTIONS[name] * (high - low) >= 0


@pytest.mark.parametrize(
    "text", ["", " \n", "x", "。", "1\n2\n3", MENU, STORY, f"{STORY} 404 Not Found", "](http" * 900]
)
def test_any_text_has_numbers_within_bounds(text: str) -> None:
    whole = page(text)
    assert 0 <= estimate(whole) <= 1
    assert estimate(whole, 1.0) <= estimate(whole, 0.0)
    assert all(0 <= peak <= 1 for peak in peaks(whole))
    assert all(0 <= risk < 1 for risk in unfound(whole).values())
    assert not whole.blocks or np.isfinite(numbers(whole, 0.5)).all()


pieces = st.sampled_from(
    [*STORY.split("\n\n"), *MENU.split("\n"), "", "…", "Read more", "- one", "# Head", "\u202e", "中文。"]
)


@given(st.lists(pieces | st.text(max_size=40), max_size=30).map("\n".join))
def test_any_text_has_a_score(text: str) -> None:
    score = check_text(text).score
    assert score is None if not text.strip() else score is not None and 0 <= score <= 100


def test_numbers_are_those_of_their_names() -> None:
    long = "\n\n".join(STORY.replace("pier", f"pier {i}") for i in range(9))
    told = dict(zip(NAMES, numbers(page(f"{MENU}{long}\n\nHome\n"), 0.25).tolist(), strict=True))
    assert told["flagged"] == 0.25
    assert 0.9 < told["longest"] < 1
    assert 0.9 < told["content"] < 1
    assert 0 < told["repeated"] < 0.1
    assert told["words"] > np.log(FEW_WORDS)
    short = dict(zip(NAMES, numbers(page(STORY), 0).tolist(), strict=True))
    assert short["words"] == pytest.approx(np.log(FEW_WORDS))


SHORT = [
    "The ferry to Arran was cancelled on Monday after a gale tore two planks from the landing stage. It sails again today.",
    "Der Stadtrat hat am Dienstag beschlossen, die alte Brücke vor dem Sommer zu erneuern. Die Kosten trägt das Land.",
    "Le bac ne partira pas lundi. La tempête a emporté deux planches du quai, et le maire attend encore les ouvriers.",
    STORY,
    "\n\n".join(STORY.split("\n\n")[:2]),
    "เรือข้ามฟากเก่าที่บ้านท่าเสากลับมาวิ่งอีกครั้งเมื่อวันจันทร์ หลังจากหยุดไปสามปี ชาวบ้านมารอกันตั้งแต่เช้ามืด\n\nคนขับเรือบอกว่าวันแรกมีแต่จักรยานกับวัวหนึ่งตัว",
]  # fmt: skip


@pytest.mark.parametrize("text", SHORT)
def test_a_short_text_is_not_condemned_for_being_short(text: str) -> None:
    assert estimate(page(text)) > 0.85
    assert (check_text(text).score or 0) > 85


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


def test_a_little_more_content_is_worth_a_little_where_the_trees_see_none() -> None:
    content = np.zeros((3, len(NAMES)), np.float32)
    content[:, 0] = 0, 0.5, 1
    told = expected(np.full(3, 0.8), content)
    assert told.tolist() == sorted(set(told.tolist()))
    assert told[2] == pytest.approx(0.85 * 0.8 + 0.15)
