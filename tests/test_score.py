"""Marks -> findings, risks, score and verdict."""

import itertools
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.decisions import decide
from audit.document import Document
from audit.finding import EXCERPT_CHARS, FAMILIES, Finding, Mark, Verdict
from audit.page import Page
from audit.quality import unfound
from audit.registry import Rule
from audit.score import BAD_SCORE, UNSEEN, excerpt, findings_of, flagged_share, risks_of, score_of, verdict_of
from audit.segment import segment

TEXT = "The harbour council met on Tuesday and agreed to mend the old pier.\n\nRead more\n\nThe ferry goes on running all the time.\n"


def no_marks(page: Page) -> Iterator[Mark]:
    yield from ()


def rule(code: str, *, confidence: float = 0.8, severity: str = "warning") -> Rule:
    family = {"TR": "truncation", "CH": "chrome", "LD": "missing_lead", "LK": "link_text"}[code[:2]]
    return Rule(code, code.lower(), family, severity, code[:2] in ("CH", "LK"), confidence, no_marks, ())  # type: ignore[arg-type]


CUT, CHROME, LEAD, LABEL = rule("TR901"), rule("CH901"), rule("LD901"), rule("LK901")


def page(text: str = TEXT, lang: str | None = "en") -> Page:
    return segment(Document("d", "d", text, lang=lang))


def found(*marks: tuple[Rule, Mark], least: float = 0.5, text: str = TEXT) -> list[tuple[str, int, int]]:
    return [(f.rule, f.start, f.end) for f in findings_of(page(text), marks, least)]


def test_a_finding_tells_all() -> None:
    (one,) = findings_of(page(), [(LABEL, Mark(69, 78, "A label.", 0.91, {"documents": 3}))], 0.5)
    assert one == Finding(
        "d", "LK901", "lk901", "link_text", 69, 78, 3, 0.91, "warning", True, "A label.", "Read more", {"documents": 3}
    )


def test_a_removable_line_takes_its_indent_along_and_nothing_else() -> None:
    text = f"{TEXT}\n \t Read more\nIt rained. Read more"
    line, inside = text.index("Read more", len(TEXT)), text.rindex("Read more")
    marks = [(LABEL, Mark(at, at + 9, "A label.", 0.9)) for at in (line, inside)]
    found = findings_of(page(text), marks, 0.5)
    assert [text[f.start : f.end] for f in found] == [" \t Read more", "Read more"]
    (cut,) = findings_of(page(text), [(CUT, Mark(line, line, "Cut.", 0.9))], 0.5)
    assert (cut.start, cut.end) == (line, line)


def test_findings_are_in_text_order() -> None:
    assert found((LABEL, Mark(69, 78, "")), (CHROME, Mark(0, 3, "")), (CUT, Mark(119, 119, ""))) == [
        ("CH901", 0, 3), ("LK901", 69, 78), ("TR901", 119, 119)]  # fmt: skip


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        (Mark(0, 10, "", 0.9), Mark(5, 15, "", 0.8), 1),  # overlap
        (Mark(0, 10, "", 0.9), Mark(10, 15, "", 0.8), 2),  # only touch
        (Mark(0, 10, "", 0.9), Mark(2, 4, "", 0.8), 1),  # inside
        (Mark(2, 4, "", 0.9), Mark(0, 10, "", 0.8), 1),  # around
        (Mark(10, 10, "", 0.9), Mark(11, 11, "", 0.8), 1),  # one place
        (Mark(10, 10, "", 0.9), Mark(12, 12, "", 0.8), 2),
        (Mark(0, 10, "", 0.9), Mark(11, 11, "", 0.8), 1),  # missing right after it
        (Mark(0, 10, "", 0.9), Mark(12, 12, "", 0.8), 2),
        (Mark(11, 11, "", 0.9), Mark(0, 10, "", 0.8), 1),
        (Mark(12, 12, "", 0.9), Mark(13, 15, "", 0.8), 1),  # missing right before it
        (Mark(12, 12, "", 0.9), Mark(14, 15, "", 0.8), 2),
        (Mark(0, 0, "", 0.9), Mark(0, 0, "", 0.8), 1),
    ],
)
def test_one_finding_a_place(first: Mark, second: Mark, kept: int) -> None:
    for marks in ([(CUT, first), (rule("TR902"), second)], [(rule("TR902"), second), (CUT, first)]):
        assert ("TR901", first.start, first.end) in found(*marks)
        assert len(found(*marks)) == kept


def test_chrome_and_link_text_share_places_and_other_families_do_not() -> None:
    mark = Mark(69, 78, "")
    assert found((LABEL, Mark(69, 78, "", 0.9)), (CHROME, mark), (CUT, mark), (LEAD, mark)) == [
        ("LD901", 69, 78), ("LK901", 69, 78), ("TR901", 69, 78)]  # fmt: skip


def test_the_more_confident_speaks_and_the_unsure_are_silent() -> None:
    assert found((CHROME, Mark(0, 5, "", 0.6)), (rule("CH902"), Mark(0, 5, ""))) == [("CH902", 0, 5)]
    assert found((CHROME, Mark(0, 5, "", 0.49))) == []
    assert found((CHROME, Mark(0, 5, "", 0.49)), least=0.4) == [("CH901", 0, 5)]


spans = st.tuples(st.integers(0, 60), st.integers(0, 12), st.sampled_from([0.6, 0.7, 0.8]))


@given(st.lists(spans, max_size=25), st.randoms())
def test_kept_findings_never_share_a_place_and_the_order_of_marks_is_no_matter(
    given: list[tuple[int, int, float]], random: object
) -> None:
    marks = [(CHROME, Mark(start, start + length, "", sure)) for start, length, sure in given]
    kept = found(*marks)
    random.shuffle(marks)  # type: ignore[attr-defined]
    assert found(*marks) == kept
    for (_, start, end), (_, following, after) in itertools.pairwise(kept):
        slack = 1 if start == end or following == after else 0
        assert end <= following
        assert not slack or end + slack < following
    assert bool(kept) == bool(marks)


def test_risks_combine_and_start_from_what_no_rule_sees() -> None:
    one, two = Mark(0, 5, "", 0.8), Mark(20, 25, "", 0.5)
    risks, reason = risks_of(page(), findings_of(page(), [(CHROME, one), (CHROME, two)], 0.5))
    hidden = unfound(page())
    assert 0 < hidden["chrome"] < 0.5
    assert risks["chrome"] == round(1 - (1 - hidden["chrome"]) * 0.2 * 0.5, 6)
    assert risks["link_text"] == round(hidden["link_text"], 6)
    assert tuple(risks) == FAMILIES
    assert reason is None


def test_the_decisions_are_the_risks_of_ends_and_leads_unless_a_finding_is_surer() -> None:
    whole = page(f"{TEXT}\nThe council of the next town met on Monday and found that it has no money for a pier.\n")
    decision = decide(whole)
    assert decision.lead is not None
    risks, _ = risks_of(whole, ())
    told = (risks["truncation"], risks["missing_lead"])
    assert told == (round(decision.truncation, 6), round(decision.lead.probability, 6))
    risks, _ = risks_of(whole, findings_of(whole, [(CUT, Mark(119, 119, "", 0.99))], 0.5))
    assert risks["truncation"] == 0.99
    assert risks_of(page("Menu"), ())[0]["missing_lead"] == UNSEEN


def test_a_family_that_cannot_be_judged_is_null_with_its_reason() -> None:
    risks, reason = risks_of(page("Aeth y llong am hanner dydd a daeth yn ôl gyda'r nos.", "cy"), ())
    assert [family for family, risk in risks.items() if risk is not None] == ["truncation"]
    assert reason is not None
    assert reason.count("no phrase list for the language 'cy'") == 3
    risks, reason = risks_of(page("ເຮືອອອກຈາກທ່າເຮືອຕອນທ່ຽງ", "lo"), ())
    assert set(risks.values()) == {None}
    assert "truncation not judged: the script does not mark the ends of sentences" in str(reason)


def test_a_finding_is_a_judgement_all_the_same() -> None:
    whole = page("Skipið fór á hádegi og kom aftur um kvöldið.", "is")
    risks, reason = risks_of(whole, findings_of(whole, [(CHROME, Mark(0, 4, "", 0.9))], 0.5))
    assert risks["chrome"] is not None
    assert "chrome" not in str(reason)


def test_flagged_share() -> None:
    whole = page("abcd\n\nefgh\n")
    marks = [(CHROME, Mark(0, 4, "")), (CUT, Mark(6, 10, "")), (LABEL, Mark(6, 8, ""))]
    assert flagged_share(whole, findings_of(whole, marks, 0.5)) == 0.75
    assert flagged_share(whole, ()) == 0
    assert flagged_share(page(" "), ()) == 0


@pytest.mark.parametrize(
    ("estimated", "marks", "flagged", "score"),
    [
        (1.0, [], 0.0, 100.0),
        (0.8, [], 0.0, 80.0),
        (1.0, [], 1.0, 0.0),
        (1.0, [], 0.5, 85.71),
        (0.5, [], 0.5, 50.0),
        (1.0, [(CUT, 1.0)], 0.0, 94.74),
        (0.8, [(CUT, 1.0), (CUT, 0.6)], 0.0, 75.79),
        (1.0, [(LEAD, 1.0)], 0.0, 96.37),
        (1.0, [(CHROME, 1.0)], 0.0, 100.0),
    ],
)
def test_score(estimated: float, marks: list[tuple[Rule, float]], flagged: float, score: float) -> None:
    assert score_of(estimated, sure_of(*marks), flagged) == score


def sure_of(*marks: tuple[Rule, float]) -> tuple[Finding, ...]:
    placed = [(rule, Mark(30 * i, 30 * i, "", sure)) for i, (rule, sure) in enumerate(marks)]
    return findings_of(page(), placed, 0.0)


chance = st.floats(0, 1)


@given(chance, chance, chance, chance, chance)
def test_the_score_falls_with_every_share_and_with_what_is_lost(
    estimated: float, cut: float, lead: float, one: float, other: float
) -> None:
    found = sure_of((CUT, cut), (LEAD, lead))
    low, high = sorted((one, other))
    assert 0 <= score_of(estimated, found, high) <= score_of(estimated, found, low) <= 100
    assert score_of(low, found, 0.1) <= score_of(high, found, 0.1)
    more, less = sure_of((CUT, high), (LEAD, lead)), sure_of((CUT, low), (LEAD, lead))
    assert score_of(estimated, more, 0.1) <= score_of(estimated, less, 0.1)


@pytest.mark.parametrize(
    ("score", "severity", "confidence", "verdict"),
    [(90, "error", 0.9, Verdict.BAD), (90, "error", 0.6, Verdict.SUSPECT), (90, "warning", 1.0, Verdict.SUSPECT), (90, "info", 1.0, Verdict.OK),
     (BAD_SCORE - 0.1, "warning", 0.5, Verdict.BAD), (BAD_SCORE - 0.1, "info", 0.5, Verdict.SUSPECT), (BAD_SCORE, "info", 0.5, Verdict.OK)],
)  # fmt: skip
def test_verdict(score: float, severity: str, confidence: float, verdict: Verdict) -> None:
    made = findings_of(page(), [(rule("CH901", severity=severity), Mark(0, 3, "", confidence))], 0)
    assert verdict_of(score, made) is verdict
    assert verdict_of(100, ()) is Verdict.OK


@given(st.text(max_size=900), st.data())
def test_an_excerpt_is_one_short_line(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    shown = excerpt(text, start, end)
    assert len(shown) <= EXCERPT_CHARS
    assert shown == " ".join(shown.split())


def test_work_grows_with_the_marks_only(growth: Callable[[Callable[[int], Callable[[], object]]], float]) -> None:
    def marked(n: int) -> Callable[[], list[Finding]]:
        marks = [(CHROME, Mark(10 * i, 10 * i + 6, "", 0.7 + (i % 7) / 100)) for i in range(n)]
        marks += [(CUT, Mark(5 * i, 5 * i, "")) for i in range(n)]
        whole = page("word " * 2 * n)
        return lambda: list(findings_of(whole, marks, 0.5))

    assert growth(marked) < 1
    assert len(marked(60_000)()) == 120_000  # of which what was squared would not see the end
