"""Lines of a site: counts never too high, hardly too low, the same however the crawl was cut into parts."""

import itertools
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit import sites
from audit.document import Document, Unread
from audit.outline import is_repeated
from audit.page import Page
from audit.segment import segment, split_lines
from audit.sites import Survey, countable, digest, line_counts, line_digest, text_digest

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
    found.settle()
    return line_counts(found.sites[site]) if site in found.sites else Counter()


def exact(pages: list[list[str]]) -> Counter[int]:
    """What a survey counts: each line, and each text as a whole, once a document."""
    lines = Counter(line_digest(line) for page in pages for line in set(page))
    return lines + Counter(text_digest("\n".join(page)) for page in pages)


pages = st.lists(st.lists(st.sampled_from([f"line number {chr(97 + i)}" for i in range(20)]), max_size=12), max_size=30)


@given(pages)
def test_counts_are_exact_while_there_is_room(given: list[list[str]]) -> None:
    assert counts(survey(["\n".join(lines) for lines in given])) == exact(given)


@given(pages, st.lists(st.integers(0, 30), max_size=4), st.integers(1, 40))
def test_parts_merge_to_the_whole_and_keep_the_bound(given: list[list[str]], cuts: list[int], capacity: int) -> None:
    texts = ["\n".join(lines) for lines in given]
    bounds = [0, *sorted(min(c, len(texts)) for c in cuts), len(texts)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sites, "CAPACITY", capacity)
        merged, whole = Survey(), survey(texts).settle()
        for a, b in itertools.pairwise(bounds):
            merged.merge(survey(texts[a:b]))
    true = exact(given)
    for found in (merged, whole):
        kept, lines = counts(found), found.sites.get(SITE, sites.SiteLines())
        assert lines.documents == len(texts)
        assert len(kept) <= capacity
        assert lines.error <= sum(true.values()) / (capacity + 1)
        assert all(true[line] - lines.error <= kept[line] <= true[line] for line in true)
    if len(true) <= capacity:
        assert counts(merged) == counts(whole) == true


def test_an_empty_survey_changes_nothing() -> None:
    texts = [f"Harbour Post\n{STORY} {i}" for i in range(6)]
    left, right = Survey().merge(survey(texts)), survey(texts).merge(Survey())
    assert counts(left) == counts(right) == counts(survey(texts))
    assert left.evidence().about == right.evidence().about == survey(texts).evidence().about
    assert not Survey().evidence().sites


def test_the_rarest_lines_go_when_there_are_too_many_in_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sites, "TOTAL", 80)
    monkeypatch.setattr(sites, "CAPACITY", 64)
    monkeypatch.setattr(sites, "LEAST_CAPACITY", 2)
    merged = Survey()
    for i in range(20):
        texts = [f"Harbour Post of {i}\nunique line {chr(97 + i)} {n}\n" for n in range(6)]
        merged.merge(survey(texts, f"site{i}.example"))
    assert sum(len(s.keys) for s in merged.sites.values()) <= 80
    for i in range(20):
        lines = merged.sites[f"site{i}.example"]
        assert 6 - lines.error <= counts(merged, f"site{i}.example")[line_digest(f"Harbour Post of {i}")] <= 6
    about = merged.about()
    assert not about["exact"]
    assert 0 < about["counts_too_low_by_at_most"] < 1
    assert about["lines_a_site"] < 64


def test_the_smallest_sites_are_forgotten_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sites, "MAX_SITES", 3)
    merged = Survey()
    for i in range(8):
        merged.merge(survey([f"Harbour Post\n{STORY} {n}" for n in range(1 + i % 4)], f"site{i}.example"))
    assert len(merged.sites) == 3
    assert merged.about()["forgotten_sites"] == 5
    assert max(s.documents for s in merged.sites.values()) == 4


def repeats(evidence: sites.Evidence, text: str, site: str | None = SITE) -> dict[str, tuple[int, int, int, int]]:
    lines = list(split_lines(text))
    found = evidence.repeats(document(text, site=site))
    return {lines[i].text: (r.documents, r.of, r.head, r.tail) for i, r in found.items()}


def test_a_repeated_line_is_evidence() -> None:
    body = "\n".join(f"Paragraph {chr(97 + n)} of the story" for n in range(30))
    evidence = survey(
        [f"  Harbour Post • \u200b\nStory {i}: {STORY}\n{body} {i}\nContact" for i in range(8)]
    ).evidence()
    text = f"Harbour Post •\n\nStory 3: {STORY}\nnever seen\nContact"
    assert repeats(evidence, text) == {"Harbour Post •": (8, 8, 8, 0), "Contact": (8, 8, 0, 8)}
    assert repeats(evidence, text, "other.example") == repeats(evidence, text, None) == {}


@pytest.mark.parametrize("documents", [1, 2, 3, 4])
def test_few_documents_prove_nothing(documents: int) -> None:
    texts = [f"Harbour Post\n{STORY} {i}" for i in range(documents)]
    assert repeats(survey(texts).evidence(), "Harbour Post") == {}


def test_a_line_counts_once_a_document() -> None:
    assert counts(survey(["Harbour Post\n" * 50]))[line_digest("Harbour Post")] == 1


def test_a_syndicated_story_is_not_chrome() -> None:
    """The same story on many sites says nothing about any of them, nor does one that a site has three times."""
    many = Survey()
    for i in range(40):
        many.add(document(f"{STORY}\nParagraph two of the agency's story.", i, f"paper{i}.example"))
    evidence = many.evidence()
    assert all(not repeats(evidence, STORY, f"paper{i}.example") for i in range(40))
    texts = [f"Own story {chr(97 + i)} of the harbour" for i in range(20)] + [STORY] * 3
    assert repeats(survey(texts).evidence(), STORY) == {}


@pytest.mark.parametrize("times", [4, 9])
def test_a_story_published_again_and_again_is_one_document(times: int) -> None:
    own = [f"Harbour Post\nOwn story {chr(97 + i)} of the harbour" for i in range(6)]
    story = f"Harbour Post\n{STORY}\nParagraph two of the agency's story."
    found = repeats(survey(own + [story] * times).evidence(), story)
    assert {line: seen[:2] for line, seen in found.items()} == {"Harbour Post": (7, 7)}


def test_the_intro_of_a_series_and_a_refrain_are_not_the_sites() -> None:
    intro, refrain = "This is part of our series about old harbours.", "And the tide came in"
    texts = [f"Story {i}: {STORY}\n" + (f"{intro}\n" if i < 7 else "") for i in range(40)]
    texts.append("\n".join(f"{refrain}\nverse {chr(97 + i)}" for i in range(20)))
    evidence = survey(texts).evidence()
    assert refrain not in repeats(evidence, texts[-1])
    assert all(
        not is_repeated(page, b) for t in (texts[0], texts[-1]) for page in [paged(evidence, t)] for b in page.blocks
    )


def paged(evidence: sites.Evidence, text: str) -> Page:
    return segment(document(text), evidence.repeats(document(text)))


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


def test_of_too_many_ids_every_one_gets_its_source(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sites, "MAX_IDS", 2)
    merged = Survey()
    for name in "abc":
        merged.merge(_of(Document(name, f"x/{name}.txt", "t")))
    assert len(merged.ids) == 0
    assert merged.evidence().unique_id(Document("a", "x/a.txt", "t")) == "a@x/a.txt"


def test_digests_are_the_same_in_every_process() -> None:
    assert digest("harbour") == 0xE2242E63DBB0FC04
    assert line_digest("harbour") == 0x4525043CCC4DC55C


@given(st.lists(st.text(max_size=80), max_size=8))
@settings(max_examples=100)
def test_the_survey_and_the_pages_agree_on_what_a_line_is(lines: list[str]) -> None:
    text = "\n".join(lines)
    evidence = survey([f"{text}\nDocument {chr(97 + i)}" for i in range(6)]).evidence()
    found = list(split_lines(text))
    assert set(evidence.repeats(document(text))) == {i for i, line in enumerate(found) if countable(line.text)}


def test_evidence_says_how_far_it_can_be_relied_on(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [f"Harbour Post\nStory {i}: {STORY}\nMore of story {chr(97 + i)}" for i in range(12)]
    assert said(texts) == "stands on 12 of the 12 documents of its site, near the beginning of 12"
    monkeypatch.setattr(sites, "CAPACITY", 20)
    assert said(texts) == "stands on at least 11 of the 12 documents of its site, near the beginning of 11"


def said(texts: list[str]) -> str:
    (found,) = survey(texts).evidence().repeats(document(texts[0])).values()
    assert found.documents <= 12 <= found.documents + found.error
    return found.said


FOOTER = "Alle Rechte liegen beim Verbund der Hafenblätter"


def crawl_of(sites_of_footer: int, *, common: str = "") -> Survey:
    """So many sites of six documents with a footer, each with a line that all carry once, and a site of two."""
    out = Survey()
    for number in range(sites_of_footer):
        for i in range(6):
            text = f"{STORY} Boat {i} of harbour {number} came in.\n{common if i == 0 else STORY}\n{FOOTER}"
            out.add(document(text, i, f"site{number}.example"))
    for i in range(2):
        out.add(document(small(i), i, "small.example"))
    return out


def small(number: int) -> str:
    return f"{STORY} Boat {number} came in.\nWire story of the day\n{FOOTER}"


def repeated_on_small(found: Survey) -> list[str]:
    page = segment(doc := document(small(0), 0, "small.example"), found.evidence().repeats(doc))
    return [page.lines[i].text for i in page.repeats]


def test_a_small_site_is_told_by_the_templates_of_many_others() -> None:
    assert repeated_on_small(crawl_of(sites.MIN_SITES)) == [FOOTER]
    assert repeated_on_small(crawl_of(sites.MIN_SITES - 1)) == []
    (repeat,) = crawl_of(7).evidence().repeats(document(small(0), 0, "small.example")).values()
    assert repeat.said == "belongs to the template of 7 other sites of the crawl, near the end of 7"
    assert repeat.evidence["sites"] == 7


def test_what_many_sites_publish_once_is_no_template() -> None:
    assert repeated_on_small(crawl_of(20, common="Wire story of the day")) == [FOOTER]


def test_a_site_with_documents_of_its_own_is_not_told_by_others() -> None:
    found = crawl_of(8)
    for i in range(8):
        found.add(document(f"Boat {i} of our own came in.\n{FOOTER if i == 0 else i}", i, "own.example"))
    doc = document(f"Boat 0 of our own came in.\n{FOOTER}", 0, "own.example")
    assert found.evidence().repeats(doc) == {}
