"""What each block is: chrome gathers at the edges, content is what lies between."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.document import Document
from audit.notices import make_chrome, strange_groups
from audit.outline import Outline, Role, is_repeated, outline
from audit.page import Page, Repeat
from audit.phrases import hits
from audit.registry import rules
from audit.segment import segment

BODY = (
    "The harbour council met on Tuesday and agreed to mend the old pier before the winter storms arrive from the west.",
    "Three bids came in, and the cheapest was also the only one that promised to keep the ferry running all the time.",
    "A decision about the money is expected in spring, when the council meets again in the newly painted town hall.",
)
TOP = ("Skip to content", "Menu", "Home", "Search")
BOTTOM = (
    "Share on Facebook",
    "Leave a reply",
    "Your email address will not be published.",
    "Privacy policy",
    "All rights reserved",
)
CHROME, CONTENT, LINK = Role.CHROME, Role.CONTENT, Role.LINK


def page(*lines: str, repeats: dict[int, Repeat] | None = None) -> Page:
    return segment(Document("d", "d", "\n\n".join(lines)), repeats)


def view(*lines: str) -> Outline:
    return outline(page(*lines))


def test_chrome_at_both_ends() -> None:
    seen = view(*TOP, *BODY, *BOTTOM)
    assert seen.roles == (CHROME,) * 4 + (CONTENT,) * 3 + (CHROME,) * 5
    assert (seen.head, seen.tail, seen.first, seen.last) == (4, 7, 4, 6)
    assert [seen.at_edge(i) for i in range(12)] == [True] * 4 + [False] * 3 + [True] * 5


def test_a_clean_article_is_all_content() -> None:
    seen = view("Council mends pier", *BODY)
    assert set(seen.roles) == {CONTENT}
    assert (seen.head, seen.tail, seen.first, seen.last) == (0, 4, 0, 3)


def test_unknown_short_lines_within_an_edge_zone_belong_to_it() -> None:
    seen = view(*BODY, "Share on Facebook", "Harbour Post", "Privacy policy", "All rights reserved")
    assert seen.roles == (CONTENT,) * 3 + (CHROME,) * 4


def test_short_lines_without_a_phrase_stay_content() -> None:
    assert set(view(*BODY, "Ada Lindqvist", "The old pier in winter").roles) == {CONTENT}


@pytest.mark.parametrize(
    "label",
    [
        "Read more",
        "READ MORE »",
        "阅读更多",
        "اقرأ المزيد",
        "Advertisement",
        "Share on Facebook",
        "Subscribe to our newsletter",
    ],
)
def test_a_label_between_paragraphs_is_a_link(label: str) -> None:
    assert view(BODY[0], label, BODY[1], BODY[2]).roles == (CONTENT, LINK, CONTENT, CONTENT)


@pytest.mark.parametrize("label", ["Accept all cookies", "Leave a reply"])
def test_labels_that_are_chrome_anywhere(label: str) -> None:
    assert view(BODY[0], label, BODY[1], BODY[2]).roles == (CONTENT, CHROME, CONTENT, CONTENT)


@pytest.mark.parametrize("heading", ["Contact", "Search", "Home", "About us"])
def test_a_heading_inside_the_article_is_content(heading: str) -> None:
    assert view(BODY[0], BODY[1], heading, BODY[2], BODY[0]).roles[2] is CONTENT


def test_long_prose_with_a_phrase_is_content() -> None:
    text = f"{BODY[0]} The notice “your email address will not be published” was painted over in blue. {BODY[1]}"
    assert set(view(text, BODY[2], text).roles) == {CONTENT}


def test_chrome_from_end_to_end() -> None:
    seen = view(*TOP, *BOTTOM)
    assert CONTENT not in seen.roles[1:]
    assert seen.first is None


def test_nothing_from_nothing() -> None:
    assert view("") == Outline((), (), (), (), 0, 0, None, None)


def test_what_stands_on_many_pages_of_the_site_is_chrome() -> None:
    lines = (*BODY, "Harbour Post of Westhaven")
    often, seldom = (page(*lines, repeats={3: Repeat(n, 100)}) for n in (90, 5))
    assert is_repeated(often, often.blocks[3])
    assert not is_repeated(seldom, seldom.blocks[3])
    assert outline(often).roles[3] is CHROME
    assert outline(seldom).roles[3] is CONTENT


def test_a_label_at_the_end_of_a_paragraph_does_not_leave_it_unfinished() -> None:
    whole = page(BODY[0], f"{BODY[1]} read more")
    seen = outline(whole)
    assert [seen.is_finished(block, i) for i, block in enumerate(whole.blocks)] == [True, True]
    cut = page(BODY[0], BODY[1][:-20])
    assert not outline(cut).is_finished(cut.blocks[1], 1)


@pytest.mark.parametrize("end", ["the storms arrive from the … read more", "the storms arrive from the... (read more)"])
def test_a_label_after_dots_does_not_finish_a_sentence(end: str) -> None:
    whole = page(BODY[0], f"The harbour council met on Tuesday and agreed to mend the old pier before {end}")
    assert not outline(whole).is_finished(whole.blocks[1], 1)


@given(st.lists(st.sampled_from([*TOP, *BODY, *BOTTOM, "Read more", "A title", "- entry", ""]), max_size=25))
@settings(max_examples=200, deadline=None)
def test_an_outline_of_any_page(lines: list[str]) -> None:
    whole = page(*lines)
    seen = outline(whole)
    n = len(whole.blocks)
    assert len(seen.roles) == len(seen.hits) == len(seen.causes) == n
    assert 0 <= seen.head <= seen.tail <= n
    content = [i for i, role in enumerate(seen.roles) if role is CONTENT]
    assert (seen.first, seen.last) == ((content[0], content[-1]) if content else (None, None))


@pytest.mark.parametrize("line", ["Sign up for our newsletter here. ", "We like it. So do they. Read our newsletter. "])
def test_work_grows_with_the_phrases_only(
    line: str, growth: Callable[[Callable[[int], Callable[[], object]]], float]
) -> None:
    appeals = rules()["LK111"]

    def made(n: int) -> Callable[[], object]:
        text = "\n\n".join((*BODY * 4, line * n, *BODY))
        page = segment(Document("a", "", text))
        at = len(BODY) * 4
        found = hits(page)[at]
        assert len(found) >= n
        assert outline(page).roles
        assert strange_groups(page)
        return lambda: (make_chrome(page, found, page.blocks[at], 0.0, False), list(appeals.run(page, {})))

    assert growth(made) < 1
