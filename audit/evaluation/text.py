"""An evaluation as lines for a terminal. The tables are Markdown, ready for a model card; audited text is made safe."""

from collections.abc import Iterable, Iterator, Sequence

from audit.evaluation.figures import Evaluation, FamilyFigures, Figure, Fixes, Measured, Mistake, Triple
from audit.finding import FAMILIES
from audit.visible import clip, visible
from audit.wording import FAMILY_TITLES, plural

PASSAGE, CONTEXT = 160, 40
SHOWN = 5  # mistakes of a kind; JSON and the page tell more
THREE = ("precision", "recall", "F1")
Cells = Sequence[str]


def lines_of(evaluation: Evaluation) -> Iterator[str]:
    """All lines, without their breaks."""
    for number, block in enumerate(filter(None, map(list, _blocks(evaluation)))):
        yield from ("", *block) if number else block


def _blocks(evaluation: Evaluation) -> Iterator[Iterable[str]]:
    about, whole = evaluation.about, evaluation.all
    seen = f"models trained on the other of {about['folds']} folds" if about["folds"] else "the models in force"
    size = f"{plural(whole.documents, 'labelled document')} of {plural(whole.pages, 'page')}"
    unread = f"; {whole.unread} could not be judged" if whole.unread else ""
    yield [f"{size}, judged by {seen}; given: {about['given']}{unread}"]
    yield from _fixed(evaluation.fixes) if evaluation.fixes else ()
    yield from _measured(whole)
    for title, part in (("language", evaluation.languages), ("page kind", evaluation.kinds)):
        head = (title, "pages", *(f"{FAMILY_TITLES[f]} P / R" for f in FAMILIES), *(f"lines, {n}" for n in whole.lines))
        yield _table((*head, "clean flagged", "Spearman"), [_group(m, whole.lines) for m in part])
    for family in FAMILIES:
        for miss, title in ((False, "flagged in error"), (True, "missed")):
            found = [m for m in evaluation.mistakes if m.family == family and m.miss is miss][:SHOWN]
            yield [f"{FAMILY_TITLES[family]}: {title}", *(line for m in found for line in _mistake(m))] if found else []


def _measured(m: Measured) -> Iterator[Iterable[str]]:
    known = {FAMILY_TITLES[name]: f for name, f in m.families.items() if f.documents}
    head = ("whole documents", "documents", *THREE, "AUROC", "Brier", "not judged")
    yield _table(head, [(name, str(f.documents), *_family(f)) for name, f in known.items()])
    if known:
        yield [f"Clean documents flagged: {_figure(m.clean_flagged)} of {m.clean_flagged.of}"]
    for title, triples in (("characters", m.characters), ("noise lines", m.lines)):
        yield _table((title, *THREE), [(n, *_three(t)) for n, t in triples.items() if t.f1.of])
    lost = [(FAMILY_TITLES[n], _figure(f.auroc_lost)) for n, f in m.families.items() if f.auroc_lost.of]
    yield _table(("lost by real extractors", "AUROC"), lost)
    if q := m.quality:
        yield [
            f"Score against true F1 of {plural(q.documents, 'document')}: Spearman {_digits(q.spearman)},"
            f" mean absolute error {_digits(q.mean_absolute_error)}, AUROC of F1 below 0.8 {_digits(q.auroc_bad)}"
        ]
    for name, f in known.items():
        bins = [b for b in f.calibration.bins if b.documents] if f.calibration else []
        cells = [(f"{b.low:.1f}-{b.high:.1f}", str(b.documents), _digits(b.said), _figure(b.true)) for b in bins]
        yield _table((f"risk of {name.lower()}", "documents", "said", "true"), cells)


def _fixed(fixes: Fixes) -> Iterator[Iterable[str]]:
    ends = ("median", "10th percentile", "mean")
    head = ("token F1 of", "texts", *(f"{end} {when}" for end in ends for when in ("before", "fixed")), "worse")
    told = [(f.name, str(f.texts), *_each(f.before, f.after), _figure(f.worse)) for f in fixes.groups]
    yield _table(head, told)
    columns = ("in articles", "of", "in whole pages", "of")
    sure = [(f"{s.least:g}", *_right(s.articles), *_right(s.pages)) for s in fixes.sure]
    yield _table(("removals right, confidence from", *columns), sure)
    yield _table(("removals right, where sure", "", "of"), [(rule, *_right(f)) for rule, f in fixes.rules.items()])


def _each(before: Iterable[float], after: Iterable[float]) -> Iterator[str]:
    for pair in zip(before, after, strict=True):
        yield from map(_digits, pair)


def _right(f: Figure) -> Cells:
    return _figure(f), str(f.of)


def _family(f: FamilyFigures) -> Cells:
    brier = f.calibration.brier if f.calibration else None
    return (*_three(f.flagged), _figure(f.auroc), _digits(brier), str(f.not_judged))


def _group(m: Measured, groups: Iterable[str]) -> Cells:
    flagged = [m.families[f].flagged for f in FAMILIES]
    pairs = [f"{_digits(t.precision.value)} / {_digits(t.recall.value)}" for t in flagged]
    lines = [_digits(m.lines[name].f1.value if name in m.lines else None) for name in groups]
    followed = m.quality.spearman if m.quality else None
    return (clip(m.name, 20), str(m.pages), *pairs, *lines, _digits(m.clean_flagged.value), _digits(followed))


def _mistake(m: Mistake) -> Iterator[str]:
    marked = clip(m.marked, PASSAGE) if m.marked else "<nothing>"
    yield f"  {_digits(m.sure)} {m.rule or 'risk'} {clip(m.id, 60)} line {m.line} {visible(m.lang or '')}"
    yield f"      {visible(m.before[-CONTEXT:])} [[{marked}]] {visible(m.after[:CONTEXT])}"


def _table(head: Cells, rows: Sequence[Cells]) -> Iterator[str]:
    """A table with the numbers to the right; none without rows."""
    cells = [[visible(cell).replace("|", "\\|") for cell in row] for row in (head, *rows)]
    if len(cells) == 1:
        return
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    cells.insert(1, ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])])
    for first, *rest in cells:
        numbers = [cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True)]
        yield f"| {' | '.join((first.ljust(widths[0]), *numbers))} |"


def _three(t: Triple) -> Cells:
    return [_figure(f) for f in (t.precision, t.recall, t.f1)]


def _figure(f: Figure) -> str:
    """`0.912 (0.88-0.94)`, or a dash."""
    ends = f" ({f.low:.2f}-{f.high:.2f})" if f.low is not None and f.high is not None else ""
    return f"{_digits(f.value)}{ends}"


def _digits(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
