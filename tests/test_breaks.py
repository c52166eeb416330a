"""Breaks: what is far from the rest or jumps in time is named, and nothing else."""

import random
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit import breaks
from audit.breaks import Breaks, certainty, day_of
from audit.document import Document
from audit.finding import FAMILIES, Audited, Finding, Verdict

RULE = {"missing_lead": "LD101", "truncation": "TR101", "chrome": "CH101", "link_text": "LK101"}
JANUARY = date(2026, 1, 1)


def seen(site: str, day: date | None, family: str | None, path: str = "news", extractor: str | None = None) -> Breaks:
    return tallied([(site, day, family, path, extractor)])


Row = tuple[str, date | None, str | None, str, str | None]


def tallied(rows: Iterable[Row]) -> Breaks:
    out = Breaks()
    for site, day, family, path, extractor in rows:
        url = f"https://{site}/{path}/story.html"
        document = Document(
            "d", "d.txt", "text", url=url, site=site, date=day.isoformat() if day else None, extractor=extractor
        )
        found = (finding(family),) if family else ()
        out.add(audited(document, found), document)
    return out


def finding(family: str) -> Finding:
    return Finding("d", RULE[family], "name", family, 0, 0, 1, 0.9, "error", False, "message", "", {})


def audited(document: Document, found: tuple[Finding, ...]) -> Audited:
    return Audited("d", "d.txt", Verdict.OK, site=document.site, risks=dict.fromkeys(FAMILIES, 0.1), findings=found)


def crawl(rates: Mapping[str, float], each: int = 100, seed: int = 7) -> list[Row]:
    draw = random.Random(seed)
    return [
        (site, JANUARY + timedelta(i % 50), "missing_lead" if draw.random() < rate else None, "news", None)
        for site, rate in rates.items()
        for i in range(each)
    ]


def test_a_site_far_from_the_rest_is_named() -> None:
    rows = tallied(crawl({"a.example": 0.02, "b.example": 0.02, "bad.example": 0.96})).rows()
    assert [(r["kind"], r["name"], r["family"], r["since"]) for r in rows] == [
        ("site", "bad.example", "missing_lead", None)
    ]
    assert rows[0]["message"].startswith("9")
    assert "% of bad.example lack their lead; of the rest" in rows[0]["message"]


def test_the_day_on_which_a_rate_jumps_is_named() -> None:
    since = date(2026, 3, 12)
    days = [JANUARY + timedelta(n) for n in range(120)]
    rows = crawl({"a.example": 0.02}) + [
        ("example.com", day, "missing_lead" if day >= since else None, "news", None) for day in days
    ]
    found = [r for r in tallied(rows).rows() if r["kind"] == "site"]
    assert [(r["name"], r["since"], r["documents"], r["of"]) for r in found] == [("example.com", "2026-03-12", 50, 50)]
    assert found[0]["message"] == "From 12 March 2026 on, 100 % of example.com lack their lead; before, 0 %."


def test_a_section_and_an_extractor_are_named() -> None:
    rows: list[Row] = [("a.example", None, None, "news", "one 1.0")] * 60
    rows += [("a.example", None, "truncation", "live", "two 2.1")] * 60
    found = {(r["kind"], r["name"]): r["message"] for r in tallied(rows).rows()}
    assert found == {
        ("path", "a.example/live"): "100 % of a.example/live are cut; of the rest of its site, 0 %.",
        ("extractor", "two 2.1"): "100 % of texts of extractor two 2.1 are cut; of the rest of the crawl, 0 %.",
    }


@pytest.mark.parametrize(
    "rates",
    [{"a.example": 0.5, "b.example": 0.5}, {"a.example": 0.05, "b.example": 0.15}, {"a.example": 1.0}],
    ids=["all alike", "a small difference", "nothing to compare with"],
)
def test_no_break_no_name(rates: dict[str, float]) -> None:
    assert tallied(crawl(rates, each=400)).rows() == []


def test_few_documents_prove_nothing() -> None:
    rows = crawl({"a.example": 0.0}) + crawl({"bad.example": 1.0}, each=breaks.LEAST_DOCUMENTS - 1)
    assert tallied(rows).rows() == []


def test_crawls_without_breaks_have_none() -> None:
    """By chance one in a thousand may: in a hundred crawls of ten sites, each with a rate of all, there is none."""
    named = [tallied(crawl({f"s{i}.example": 0.3 for i in range(10)}, 60, seed)).rows() for seed in range(100)]
    assert sum(map(len, named)) == 0


rows = st.tuples(
    st.sampled_from(["a.example", "b.example"]),
    st.none() | st.dates(date(2020, 1, 1), date(2020, 3, 1)),
    st.sampled_from([None, "truncation", "chrome"]),
    st.sampled_from(["news", "sport"]),
    st.sampled_from([None, "x 1"]),
)


@given(st.lists(rows, max_size=60), st.integers(0, 60), st.integers(0, 60), st.integers(14, 40))
@settings(max_examples=60)
def test_parts_merge_to_the_whole_in_any_order(given: list[Row], one: int, two: int, cells: int) -> None:
    # at least two cells, with and without a date, for each of the seven groups that there can be
    a, b = sorted((one, two))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(breaks, "MAX_CELLS", cells)
        parts = [given[:a], given[a:b], given[b:]]
        left, right = Breaks(), Breaks()
        for part in parts:
            left.merge(tallied(part))
        for part in parts[::-1]:
            right.merge(tallied(part))
    assert (left.cells, left.all, left.step) == (right.cells, right.all, right.step)
    assert sum(map(len, left.cells.values())) <= cells


def test_the_smallest_groups_go_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(breaks, "MAX_GROUPS", 4)
    merged = Breaks()
    for i in range(6):
        merged.merge(tallied(crawl({f"s{i}.example": 0.5}, each=i + 1)))
    assert len(merged.cells) == 4
    assert merged.forgotten == 8


@pytest.mark.parametrize("text", [None, "", "yesterday", "2026-13-40", "99999999999999999", "x" * 10_000, "0", "\x00"])
def test_what_is_no_date(text: str | None) -> None:
    assert day_of(text) is None


@pytest.mark.parametrize("text", ["2026-03-12", "20260312T10:00", "1773302400", "1773302400000", "12 Mar 2026 08:00"])
def test_dates(text: str) -> None:
    assert day_of(text) == date(2026, 3, 12).toordinal()


@given(st.integers(1, 500), st.integers(1, 500), st.data())
def test_certainty_is_symmetric_and_nothing_between_equals(n: int, m: int, data: st.DataObject) -> None:
    one, two = (n, data.draw(st.integers(0, n))), (m, data.draw(st.integers(0, m)))
    assert certainty(one, two) == pytest.approx(certainty(two, one), abs=1e-6)
    assert certainty((n, n), (n, n)) == pytest.approx(0, abs=1e-9)
    assert certainty((200, 200), (200, 0)) > certainty((100, 100), (100, 0)) > 10
