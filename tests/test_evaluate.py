"""The figures are right, the same every time, and hostile texts can do no harm in them."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import numpy as np
import pandas as pd
import pytest

from audit.config import Config
from audit.document import Document
from audit.engines.local import LocalEngine
from audit.errors import AuditError, UsageError
from audit.evaluate import as_json, as_page, as_text, evaluate
from audit.evaluation.fixing import mended
from audit.evaluation.statistics import auroc, calibration, quality, triple, weighted_auroc
from audit.finding import FAMILIES, Finding
from audit.judge import Judge
from audit.labelled import Labelled, fold_of, load
from audit.marked import Span

SAMPLE = Path(__file__).parent / "samples" / "labelled.jsonl"
STORY = "The ferry will run again on Monday after the repairs, the harbour office said today."


def test_it_is_the_same_every_time_and_on_every_engine() -> None:
    documents = load([SAMPLE])
    assert as_json(evaluate(documents, Config())) == as_json(evaluate(documents, Config(), engine=LocalEngine(2)))


def test_figures_of_a_small_set() -> None:
    """Two texts with a link label, one seen and one only feared, and a clean one in which nothing is seen."""
    text = f"{STORY}\n\nRead more\n\n{STORY}\n"
    span, clean = Span("link_text", text.index("Read"), text.index("Read") + 9), dict.fromkeys(FAMILIES, False)
    labels = ("content", "blank", "noise", "blank", "content")
    seen = Labelled(Document("a", "x", text), "p", "article", "en", clean | {"link_text": True}, (span,), labels)
    hidden = replace(
        seen, document=replace(seen.document, id="b", text=text.replace("Read more", "The ferry")), page="q"
    )
    nothing = Labelled(Document("c", "x", f"{STORY}\n"), "r", "article", "en", clean, (), ("content",))
    found = evaluate([seen, hidden, nothing], Config())
    figures = found.all.families["link_text"]
    assert (figures.documents, figures.not_judged) == (3, 0)
    assert [f.value for f in (figures.flagged.precision, figures.flagged.recall)] == [1.0, 0.5]
    assert figures.flagged.recall.of == 2
    assert figures.auroc.value == 1.0
    assert found.all.characters["link_text"].recall.value == 0.5
    assert found.all.lines["marked spans"].f1.value == pytest.approx(2 / 3, abs=1e-4)
    assert (found.all.clean_flagged.value, found.all.clean_flagged.of) == (0.0, 1)
    (miss,) = [m for m in found.mistakes if m.family == "link_text"]
    assert (miss.miss, miss.id, miss.line, miss.marked) == (True, "b", 3, "The ferry")
    assert [(m.name, m.pages) for m in found.languages] == [("en", 3)]
    assert [(m.name, m.pages) for m in found.kinds] == [("article", 3)]


def test_what_cannot_be_judged_counts_as_not_flagged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Judge, "page", Mock(side_effect=ValueError))
    found = evaluate(load([SAMPLE]), Config())
    assert found.all.unread == found.all.documents
    assert found.all.families["chrome"].flagged.recall.value == 0.0
    assert found.all.families["chrome"].calibration is None
    assert "could not be judged" in as_text(found)


def test_auroc_and_its_weights_agree_with_scikit_learn() -> None:
    from sklearn.metrics import roc_auc_score

    random = np.random.default_rng(1)
    y, risk = random.random(200) < 0.3, random.integers(0, 9, 200) / 9
    weights = random.integers(0, 4, (5, 200)).astype(float)
    expected = [roc_auc_score(y, risk, sample_weight=w) for w in weights]
    assert weighted_auroc(y, risk, weights) == pytest.approx(expected)
    figure = auroc(y, risk, pd.Series(np.arange(200) // 4), seed=0)
    assert figure.low is not None
    assert figure.value is not None
    assert figure.high is not None
    assert figure.low < figure.value < figure.high
    assert auroc(np.ones(3, bool), risk[:3], pd.Series(range(3)), 0).value is None


def test_counts_become_precision_and_recall() -> None:
    tp, fp, fn = np.array([[3.0, 3, 1, 1], [1, 0, 1, 0], [0, 2, 0, 2]])
    three = triple(pd.Series(list("aabb")), tp, fp, fn, 0)
    assert [f.value for f in (three.precision, three.recall, three.f1)] == pytest.approx([0.8, 2 / 3, 8 / 11], abs=1e-4)
    assert (three.precision.of, three.recall.of) == (10, 12)
    assert three.f1.low is not None
    nothing = triple(pd.Series([], dtype=str), np.zeros(0), np.zeros(0), np.zeros(0), 0)
    assert (nothing.f1.value, nothing.f1.low) == (None, None)


def test_calibration_has_ten_bins() -> None:
    table = calibration(np.array([True, False, True]), np.array([1.0, 0.05, 0.95]))
    assert [b.documents for b in table.bins] == [1, *[0] * 8, 2]
    assert table.bins[9].true.value == 1.0
    assert table.brier == pytest.approx((0.05**2 + 0.05**2) / 3, abs=1e-4)


def test_quality_follows_ranks() -> None:
    good = quality(np.array([0.2, 0.5, 0.9, 1.0]), np.array([20.0, 60, 90, 100]))
    assert good is not None
    assert (good.spearman, good.auroc_bad, good.mean_absolute_error) == (1.0, 1.0, 0.025)
    assert quality(np.array([]), np.array([])) is None


def test_what_repair_makes_of_texts_whose_gold_is_known() -> None:
    """A page of the article and of its text with chrome; and a text marked by hand, which is its own gold."""
    chrome = "Home\nNews\nSport\nLog in\n\n{}\n\nSubscribe to our newsletter\nShare on Facebook\nAll rights reserved\n"
    clean, story = dict.fromkeys(FAMILIES, False), f"{STORY}\n\nNobody on the quay had expected it so soon.\n"
    labels = ("content", "blank", "content")
    gold = Labelled(Document("a", "x", story), "p", "article", "en", clean, labels=labels)
    around = (*("noise",) * 4, "blank", *labels, "blank", "blank", *("noise",) * 3)
    page = Labelled(Document("b", "x", chrome.format(story)), "p", "article", "en", labels=around, group="whole_page")
    span = Span("link_text", len(story), len(story) + 9)
    truth = clean | {"link_text": True}
    marked = Labelled(Document("c", "x", f"{story}Read more"), "q", None, "en", truth, (span,), (*labels, "noise"))
    unknown = replace(page, page="r")
    found = evaluate([gold, page, marked, unknown], Config(), fix=True)
    assert found.fixes is not None
    groups = {group.name: group for group in found.fixes.groups}
    assert (groups["whole_page"].texts, groups["marked spans"].texts) == (1, 2)
    assert groups["whole_page"].before[0] == pytest.approx(2 * 23 / (2 * 23 + 15), abs=0.01)
    assert groups["whole_page"].after[0] > 0.98
    assert groups["marked spans"].worse.value == 0
    assert [s.pages.value for s in found.fixes.sure[:3]] == [1.0, 1.0, 1.0]
    assert found.fixes.sure[0].pages.of > found.fixes.sure[-1].pages.of
    assert "token F1 of" in as_text(found)
    assert json.loads(as_json(found))["fixes"]["groups"]
    shown = as_page(found)
    assert '<section id="repair"' in shown
    assert f"{groups['whole_page'].before[0]:.3f} → {groups['whole_page'].after[0]:.3f}" in shown
    with pytest.raises(AuditError, match="no text to fix by"):
        evaluate([unknown], Config(), fix=True)


def test_a_removal_is_right_when_the_gold_has_no_use_for_it() -> None:
    def look(text: str) -> list[Finding]:
        at = text.find("the fair")
        about: tuple[Any, ...] = ("LK102", "label-inside", "link_text", at, at + 8, 1, 0.6, "warning", True, "", "", {})
        return [Finding("a", *about)] if at >= 0 else []

    assert [r.right for r in mended("the fair the fair", "the fair", look).removed] == [True]
    assert [r.right for r in mended("the fair is on", "the fair is on", look).removed] == [False]
    article = "the fair is on again, and we shall go there by boat as we did last year, with lamps and a cake"
    assert mended(article, article, look).after == 1.0  # too unsure to be taken from an article


HOSTILE = '<script>alert(1)</script> \x1b[31m\u202e {{ 7 * 7 }} "><img src=x onerror=alert(1)> |read more'


def test_hostile_texts_can_do_no_harm() -> None:
    text = f"{STORY}\n\n{HOSTILE}\n\nIt is so.\n"
    truth = dict.fromkeys(FAMILIES, False) | {"chrome": True, "truncation": True}
    span = Span("chrome", text.index("<script"), len(text))
    lied = Labelled(Document(HOSTILE, HOSTILE, text), HOSTILE, HOSTILE, HOSTILE, truth, (span,))
    labels = ("noise",) * len(text.splitlines())
    texts = [replace(lied, page=f"{n}{HOSTILE}", group=HOSTILE, labels=labels, truth={}) for n in range(3)]
    found = evaluate([lied, *texts], Config())
    assert found.mistakes
    page = as_page(found)
    assert "<script" not in page
    assert "<img" not in page
    assert "default-src &#39;none&#39;" in page
    for shown in (page, as_text(found), as_json(found)):
        assert not set(shown) & set("\x1b\u202e")
    assert json.loads(as_json(found))["mistakes"]


def test_nothing_to_measure_is_an_error() -> None:
    with pytest.raises(AuditError, match="no labelled text"):
        evaluate([], Config())
    with pytest.raises(UsageError, match="no page is of kind poem; the kinds are article"):
        load([SAMPLE], kinds=["poem"])


def test_pages_stay_in_their_fold() -> None:
    assert [fold_of(page, 5) for page in ("a", "b", "0001")] == [3, 3, 3]
    assert {fold_of(str(n), 5) for n in range(50)} == set(range(5))
