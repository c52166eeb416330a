"""The worst mistakes of each family, with their text: flagged most surely in error, and least suspected."""

from collections.abc import Iterable, Iterator
from itertools import groupby, islice

from audit.evaluation.figures import Mistake
from audit.evaluation.outcomes import Pair, painted
from audit.finding import FAMILIES, Audited, Finding
from audit.labelled import Labelled
from audit.marked import NOISE, line_spans
from audit.sites import digest

MOST = 20
EACH = 5  # of one document, false alarms and misses apart: a page that went wrong as a whole must not fill the list
CONTEXT_CHARS, MARKED_CHARS = 120, 300


def worst(pairs: Iterable[Pair]) -> tuple[Mistake, ...]:
    """At most MOST false alarms and misses a family, one of the same text on a page."""
    found = [m for pair in pairs for kind in (_false_alarms, _misses) for m in islice(kind(*pair), EACH)]
    found.sort(key=lambda m: (FAMILIES.index(m.family), m.miss, _rank(m), digest(f"{m.page}{m.marked}{m.id}")))
    out: list[Mistake] = []
    for _, of_a_kind in groupby(found, key=lambda m: (m.family, m.miss)):
        first: dict[tuple[str, str], Mistake] = {}
        for m in of_a_kind:
            first.setdefault((m.page, m.marked), m)
        out += list(first.values())[:MOST]
    return tuple(out)


def _rank(m: Mistake) -> float:
    """The surer, the worse: a false alarm by its confidence, a miss by how little risk was told."""
    return (m.sure or 0.0) if m.miss else -(m.sure or 0.0)


def _false_alarms(known: Labelled, said: Audited) -> Iterator[Mistake]:
    noise = _noise(known)
    for f in said.findings:
        if f.family in NOISE:
            wrong = f.end > f.start and 2 * noise.count(1, f.start, f.end) < f.end - f.start
        else:
            wrong = known.truth.get(f.family) is False
        if wrong:
            yield _mistake(known, said, f.family, f.start, f.end, f)


def _misses(known: Labelled, said: Audited) -> Iterator[Mistake]:
    seen = painted(len(known.document.text), [(f.start, f.end) for f in said.findings if f.family in NOISE])
    flagged = {f.family for f in said.findings}
    for span in known.spans:
        missed = seen.find(1, span.start, span.end) < 0 if span.family in NOISE else span.family not in flagged
        if missed:
            yield _mistake(known, said, span.family, span.start, span.end)
    if not known.truth:  # a real extractor's lines: which family a noise line is of is not told
        for label, (start, end) in zip(known.labels, line_spans(known.document.text), strict=True):
            if label == "noise" and seen.find(1, start, end) < 0:
                yield _mistake(known, said, "chrome", start, end)


def _noise(known: Labelled) -> bytearray:
    """Where chrome or link text stands, or may: lines without a sure label are no reason to call a finding wrong."""
    length = len(known.document.text)
    if known.truth:
        return painted(length, [(s.start, s.end) for s in known.spans if s.family in NOISE])
    places = zip(known.labels, line_spans(known.document.text), strict=True)
    return painted(length, [place for label, place in places if label != "content"])


def _mistake(
    known: Labelled, said: Audited, family: str, start: int, end: int, found: Finding | None = None
) -> Mistake:
    text = known.document.text
    return Mistake(
        family=family,
        miss=found is None,
        id=known.document.id,
        source=known.document.source,
        page=known.page,
        lang=known.lang or said.lang,
        line=found.line if found else len(text[: start + 1].splitlines()) or 1,
        rule=found.rule if found else None,
        sure=found.confidence if found else said.risks.get(family),
        message=found.message if found else "",
        before=text[max(0, start - CONTEXT_CHARS) : start],
        marked=text[start:end][:MARKED_CHARS],
        after=text[end : end + CONTEXT_CHARS],
    )
