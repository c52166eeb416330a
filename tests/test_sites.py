"""Lines of a site: counts never too high, hardly too low, the same however the crawl was cut into parts."""

import itertools
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit import sites
from audit.document import Document, Unread
from audit.segment import split_lines
from audit.sites import Survey, countable, digest

SITE = "harbour-post.example"
STORY = "The harbour council met on Tuesday and agreed to mend the old pier."


def document(text: str, number: int = 0, site: str | None = SITE) -> Document:
    return Document(f"d{number}", f"crawl/{number}.txt", text, site=site)


def survey(texts: list[str], site: str | None = SITE) -> Survey:
    out = Survey()
    for i, text in enumerate(texts):
        out.add(document(text, i, site))
    return out


def counts(found: Survey, site: str = SITE) -> Counter[int]:
    return found.sites[site].lines if site in found.sites else Counter()


def exact(pages: list[list[str]]) -> Counter[int]:
    return Counter(digest(line) for page in pages for line in set(page))


pages = st.lists(st.lists(st.sampled_from([f"line number {chr(97 + i)}" for i in range(20)]), max_size=12), max_size=30)


@given(pages)
def test_counts_are_exact_while_there_is_room(given: list[list[str]]) -> None:
    assert counts(survey(["\n".join(lines) for lines in given])) == exact(given)


@given(pages, st.integers(1, 19))
def test_counts_beyond_the_capacity_are_never_too_high_and_hardly_too_low(
    given: list[list[str]], capacity: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sites, "CAPACITY", capacity)
        kept = counts(survey(["\n".join(lines) for lines in given]))
    true = exact(given)
    assert len(kept) <= capacity
    for line, n in true.items():
        assert n - sum(true.values()) / capacity <= kept[line] <= n


@given(pages, st.lists(st.integers(0, 30), max_size=4), st.integers(2, 40))
def test_parts_merge_to_the_whole(given: list[list[str]], cuts: list[int], capacity: int) -> None:
    texts = ["\n".join(lines) for lines in given]
    bounds = [0, *sorted(min(c, len(texts)) for c in cuts), len(texts)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sites, "CAPACITY", capacity)
        merged, whole = Survey(), survey(texts)
        for a, b in itertools.pairwise(bounds):
            merged.merge(survey(texts[a:b]))
    true = exact(given)
    assert merged.sites.get(SITE, sites.SiteLines()).documents == len(texts)
    if len(true) <= capacity:
        assert counts(merged) == counts(whole) == true
    assert all(true[line] - sum(true.values()) / capacity <= counts(merged)[line] <= true[line] for line in true)


def test_an_empty_survey_changes_nothing() -> None:
    texts = [f"Harbour Post\n{STORY} {i}" for i in range(6)]
    left, right = Survey().merge(survey(texts)), survey(texts).merge(Survey())
    assert counts(left) == counts(right) == counts(survey(texts))
    assert left.evidence() == right.evidence()
    assert Survey().evidence() == sites.Evidence()


def test_the_rarest_lines_go_when_there_are_too_many_in_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sites, "TOTAL", 50)
    merged = Survey()
    for i in range(20):
        merged.merge(
            survey([f"Harbour Post of {i}\nunique line {chr(97 + i)} {n}\n" for n in range(6)], f"site{i}.example")
        )
    assert sum(len(s.lines) for s in merged.sites.values()) <= 50
    assert all(counts(merged, f"site{i}.example")[digest(f"Harbour Post of {i}")] == 6 for i in range(20))


def test_a_repeated_line_is_evidence() -> None:
    evidence = survey([f"  Harbour Post • \u200b\nStory {i}: {STORY}" for i in range(8)]).evidence()
    lines = list(split_lines(f"Harbour Post •\n\nStory 3: {STORY}\nnever seen"))
    assert {i: (r.documents, r.of) for i, r in evidence.repeats(SITE, lines).items()} == {0: (8, 8)}
    assert evidence.repeats("other.example", lines) == {}
    assert evidence.repeats(None, lines) == {}


@pytest.mark.parametrize("documents", [1, 2, 3, 4])
def test_few_documents_prove_nothing(documents: int) -> None:
    assert survey([f"Harbour Post\n{STORY}"] * documents).evidence().repeats(SITE, split_lines("Harbour Post")) == {}


def test_a_line_counts_once_a_document() -> None:
    assert counts(survey(["Harbour Post\n" * 50]))[digest("Harbour Post")] == 1


def test_a_syndicated_story_is_not_chrome() -> None:
    """The same story on many sites says nothing about any of them, nor does one that a site has three times."""
    many = Survey()
    for i in range(40):
        many.add(document(f"{STORY}\nParagraph two of the agency's story.", i, f"paper{i}.example"))
    evidence = many.evidence()
    assert all(not evidence.repeats(f"paper{i}.example", split_lines(STORY)) for i in range(40))
    texts = [f"Own story {chr(97 + i)} of the harbour" for i in range(20)] + [STORY] * 3
    assert survey(texts).evidence().repeats(SITE, split_lines(STORY)) == {}


@pytest.mark.parametrize("line", ["", "12.5 %", "— —", "ab", "x" * 301, "1 2 3 4 5 6 7 8"])
def test_lines_that_do_not_count(line: str) -> None:
    assert countable(line) is None


@pytest.mark.parametrize("line", ["abc", "阅读更多", "اقرأ", "Поделиться", "x" * 300])
def test_lines_that_count(line: str) -> None:
    assert countable(line) == line


def test_documents_without_a_site_are_not_surveyed() -> None:
    assert survey([STORY] * 9, None).sites == {}


def test_ids_met_twice_get_their_source() -> None:
    one, two, three = Document("a", "x/1.txt", "t"), Unread("a", "x/2.txt", "empty"), Document("b", "x/3.txt", "t")
    merged = Survey().merge(_of(one)).merge(_of(two)).merge(_of(three))
    assert [merged.evidence().unique_id(d) for d in (one, two, three)] == ["a@x/1.txt", "a@x/2.txt", "b"]


def _of(found: Document | Unread) -> Survey:
    out = Survey()
    out.add(found)
    return out


def test_digests_are_the_same_in_every_process() -> None:
    assert digest("harbour") == 0xE2242E63DBB0FC04


@given(st.lists(st.text(max_size=80), max_size=8))
@settings(max_examples=100)
def test_the_survey_and_the_pages_agree_on_what_a_line_is(lines: list[str]) -> None:
    text = "\n".join(lines)
    evidence = survey([text] * 6).evidence()
    found = list(split_lines(text))
    assert set(evidence.repeats(SITE, found)) == {i for i, line in enumerate(found) if countable(line.text)}
