"""What the decisions make of the rules' marks: a rule says what it sees and where, a decision how probable it is.

Marks that programs and paywalls leave are proof by themselves and stay as they are. What can be an author's habit,
a missing full stop or an odd opening, is reported with the decision's probability, and only where few whole texts
look like it. Where a decision is sure and no rule tells why, a rule of its own reports it.
"""

from collections.abc import Iterable, Iterator

from audit.decisions import Decision, Place, decide
from audit.finding import LEAST_CONFIDENCE, Mark
from audit.grammar import is_function_word
from audit.outline import outline
from audit.page import Page
from audit.registry import Rule
from audit.script import is_in_words
from audit.vocabulary import not_judged

# Rules whose marks need their decision, and the least probability at which it bears them out.
WEIGHED = {
    **dict.fromkeys(("TR101", "TR102"), 0.4),
    "TR104": 0.1,  # hardly a whole text leaves a bracket or quotation open in its last words
    **dict.fromkeys(("TR301", "LD103"), 0.62),
    **dict.fromkeys(("LD102", "LD201", "LD202"), 0.28),
    **dict.fromkeys(("TR105", "TR303", "LD301"), 0.5),  # they look at the decision themselves
}
# In hard-wrapped copy, as agencies send it, every paragraph ends with a full stop: less is needed there, where this
# share of the paragraphs does, and there are so many.
WRAPPED, FINISHED, PARAGRAPHS = 0.15, 0.7, 5
# They tell no more than the decision does, so any other rule at their place speaks for them.
LEARNED = {"TR105": "TR", "TR303": "TR", "LD301": "LD"}
DECIDED = ("truncation", "missing_lead")
# A rule so sure, such as of a text that ends with "the", needs no decision.
SURE = 0.95
# The least confidence of a mark that its decision bears out, and the most of another, which makes no finding.
BORNE, DOUBTED = LEAST_CONFIDENCE, LEAST_CONFIDENCE - 0.01
NEAR = 3  # characters between marks of one place
# They tell of a missing full stop. Where nothing else speaks for a cut, it is no surer than that the author sets one.
STOPS = frozenset(("TR101", "TR105"))


def weighed(page: Page, marks: Iterable[tuple[Rule, Mark]]) -> Iterator[tuple[Rule, Mark]]:
    """The marks with their confidence as the decisions see it.

    Where a family is not judged in the language of the text, marks that need its decision are left out.
    """
    decision = decide(page)
    silent = frozenset() if page.document.html else not_judged(page.lang)
    given = [
        _at_most(page, decision, *_weigh(page, decision, rule, mark))
        for rule, mark in marks
        if not (rule.family in silent and rule.code in WEIGHED)
    ]
    told = [(rule, mark) for rule, mark in given if rule.code not in LEARNED and _sure(rule, mark) > DOUBTED]
    for rule, mark in given:
        family = LEARNED.get(rule.code)
        if family is None or not any(r.code.startswith(family) and _meet(m, mark, family) for r, m in told):
            yield rule, mark


def _weigh(page: Page, decision: Decision, rule: Rule, mark: Mark) -> tuple[Rule, Mark]:
    own = _sure(rule, mark)
    if rule.family not in DECIDED:
        return rule, mark.of_confidence(own)
    place = place_of(page, decision, rule, mark)
    if rule.code not in WEIGHED or own >= SURE:
        return rule, mark.of_confidence(max(own, place.probability) if place and place.is_shown else own)
    if place is None:
        return rule, mark.of_confidence(min(own, DOUBTED))
    sure = place.probability
    if rule.code not in LEARNED and sure >= WRAPPED and _is_copy(page):
        return rule, mark.of_confidence(max(own, sure))
    if not place.is_shown:
        sure = max(sure, BORNE) if sure >= WEIGHED[rule.code] else min(sure, DOUBTED)
    return rule, mark.of_confidence(sure)


def _at_most(page: Page, decision: Decision, rule: Rule, mark: Mark) -> tuple[Rule, Mark]:
    """The mark, one that tells of no more than a missing full stop with the confidence that this can have at most."""
    place = place_of(page, decision, rule, mark) if rule.code in STOPS else None
    if place is None or _sure(rule, mark) <= BORNE:
        return rule, mark
    return rule, mark.of_confidence(min(_sure(rule, mark), max(BORNE, _sets_stops(page, decision, place))))


def place_of(page: Page, decision: Decision, rule: Rule, mark: Mark) -> Place | None:
    """The place of a decision that a mark is about."""
    if rule.family == "missing_lead":
        return _first_cut(decision) if rule.code == "LD103" else decision.lead
    return next(
        (p for p in decision.places if page.blocks[p.block].start <= mark.end <= page.blocks[p.block].end), None
    )


def _sets_stops(page: Page, decision: Decision, place: Place) -> float:
    """How probably the next paragraph of a text has its full stop, by the others of it; 1 of one cut before a word.

    By Laplace's rule of succession: three of three say less than thirty of thirty.
    """
    last = page.blocks[place.block]
    if not is_in_words(last.text[-1]) or is_function_word(last.text, page.lang) or _is_copy(page):
        return 1.0
    view, cut = outline(page), {place.block, *(p.block for p in decision.places if p.is_shown)}
    others = [view.is_finished(b, i) for i, b in enumerate(page.blocks) if b.is_running and i not in cut]
    return (sum(others) + 1) / (len(others) + 2)


def _is_copy(page: Page) -> bool:
    """Whether a text is hard-wrapped and ends its paragraphs as agencies do."""
    running = [block.finished for block in page.blocks if block.is_running]
    return page.wrapped and len(running) >= PARAGRAPHS and sum(running) >= FINISHED * len(running)


def _first_cut(decision: Decision) -> Place | None:
    """The more probable place of a broken first paragraph, which can be the end as well."""
    return min(decision.places, key=lambda p: (p.block, -p.probability), default=None)


def _sure(rule: Rule, mark: Mark) -> float:
    return rule.confidence if mark.confidence is None else mark.confidence


def _meet(one: Mark, other: Mark, family: str) -> bool:
    return family == "LD" or (one.start <= other.end + NEAR and other.start <= one.end + NEAR)
