"""The decisions about ends and beginnings, on own texts in several languages."""

import zipfile
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit import check_text, decisions
from audit.checks.paragraphs import breaks_off_inside
from audit.cues.blocks import BARS, NAMES
from audit.decisions import Decision, decide, lead_reasons, models, reasons
from audit.document import Document
from audit.forest import Questions
from audit.page import Page
from audit.resources import folder
from audit.segment import segment

WHOLE = {
    "en": """The old ferry between Dunnet and Marram will be replaced next spring, the harbour council decided on Tuesday after a debate of four hours. The new boat is to carry twelve cars and needs no diesel.

Council leader Moira Teal said that the town had waited for this decision since 2011. The present boat, built in 1962, was out of service on ninety days of last year alone.

The money comes from a fund for small islands. Two shipyards have sent in their plans, and a third has asked for more time.

“We shall miss the noise,” said the ferryman, who has steered the old boat for thirty years. He will go on with the new one until he retires.""",
    "de": """Die Gemeinde Ahlbeck baut ihre alte Schule zu einem Haus für alle Vereine um. Das hat der Rat am Montag mit großer Mehrheit beschlossen.

Bürgermeisterin Karin Wolters sagte, der Umbau koste rund zwei Millionen Euro und werde im Herbst beginnen. Die Hälfte des Geldes kommt vom Land.

Der Musikverein bekommt den früheren Zeichensaal, der Chor die Aula. Im Keller richtet die Feuerwehr eine Werkstatt ein.

Gegen den Plan stimmten nur zwei Mitglieder des Rates. Sie wollten die Schule lieber verkaufen.""",
    "fr": """La commune de Valmer rouvrira son marché couvert au printemps, après deux ans de travaux. Le maire l'a annoncé jeudi devant une trentaine de commerçants.

Le toit a été refait avec des tuiles de la région et les étals sont désormais chauffés. Le chantier a coûté un million d'euros, payé pour moitié par le département.

Les pêcheurs auront leur propre entrée du côté du port. Ils la demandaient depuis longtemps.

Une fête est prévue le premier dimanche de mai. Tout le village y est invité.""",
    "es": """El pueblo de Alcorisa estrenará en otoño una biblioteca nueva junto al río. El ayuntamiento aprobó el proyecto el lunes por unanimidad.

La alcaldesa, Marta Ferrer, explicó que el edificio tendrá dos plantas y un jardín. Las obras costarán unos ochocientos mil euros.

Los vecinos llevaban años pidiendo un lugar donde estudiar. La biblioteca antigua se cerró en 2015 por goteras.

Los libros se guardan desde entonces en la escuela. Volverán a sus estantes en septiembre.""",
    "ru": """В посёлке Заречье весной откроется новая школа на триста учеников. Об этом глава района сообщила в понедельник на встрече с родителями.

Старое здание построили в пятидесятых годах, и зимой в нём было холодно. Теперь у детей будет спортивный зал и большая столовая.

Строители обещают закончить работу в марте. Деньги на неё выделила область.

Первого сентября ученики сядут за новые парты. Старое здание отдадут музею.""",
}  # fmt: skip


def page(text: str, **known: str) -> Page:
    return segment(Document("d", "d", text, **known))


def sure(text: str) -> float:
    end = decide(page(text)).end
    assert end is not None
    return end.probability


@pytest.mark.parametrize("lang", sorted(WHOLE))
def test_a_whole_text_is_whole(lang: str) -> None:
    decision = decide(page(WHOLE[lang]))
    assert decision.end is not None
    assert not decision.end.is_shown
    assert not [p for p in decision.inside if p.is_shown]
    assert decision.lead is not None
    assert not decision.lead.is_shown
    assert decision.truncation < 0.3


@pytest.mark.parametrize("lang", sorted(WHOLE))
def test_a_cut_text_is_likelier_cut_than_the_whole(lang: str) -> None:
    text = WHOLE[lang]
    cut = text[: text.rindex(" ", 0, len(text) - 9)]
    assert sure(cut) > 5 * sure(text)


@pytest.mark.parametrize("mark", ["…", "...", " [...]", "… [+1234 chars]", "... Read more"])
def test_marks_of_cutters_are_cuts(mark: str) -> None:
    text = WHOLE["en"]
    assert sure(text[: text.rindex(" who has")] + mark) > 0.5


def test_what_stands_below_a_cut_does_not_hide_it() -> None:
    text = WHOLE["en"]
    cut = text[: text.rindex(" with the new one")]
    assert sure(cut + " with the") > 0.5
    assert sure(cut + " with the\n\nShare on Facebook\n\nLeave a Reply\n\nPrivacy Policy") > 0.5


@pytest.mark.parametrize("lang", sorted(WHOLE))
def test_a_paragraph_cut_inside_is_the_likeliest_place(lang: str) -> None:
    first, second, *rest = WHOLE[lang].split("\n\n")
    text = "\n\n".join([first, second[: second.rindex(" ", 0, len(second) - 30)], *rest])
    whole = page(text)
    best = max(decide(whole).inside, key=lambda p: p.probability)
    assert whole.blocks[best.block].text.startswith(second[:20])
    assert decide(whole).truncation > decide(page(WHOLE[lang])).truncation


@pytest.mark.parametrize("lang", sorted(WHOLE))
def test_a_text_without_its_lead_is_likelier_to_lack_it(lang: str) -> None:
    whole, beheaded = WHOLE[lang], WHOLE[lang].partition("\n\n")[2].partition(" ")[2]
    before, after = (decide(page(t, title=whole[:60])).lead for t in (whole, beheaded))
    assert before is not None
    assert after is not None
    assert after.probability > before.probability


NEVER = 1.1  # no probability
HEADLINE = "Five walks for the first days of spring"


def ask(monkeypatch: pytest.MonkeyPatch, **bars: float) -> None:
    """Let the decisions ask for other probabilities."""
    known = models()
    least = {**known.least, **bars}
    monkeypatch.setattr(decisions, "models", lambda: replace(known, least=least))


def cut_inside(by: str) -> str:
    """A text whose second paragraph ends so, after its first sentence and a few words more."""
    first, second, *rest = WHOLE["en"].split("\n\n")
    return "\n\n".join([first, second[: second.index(". ") + 1] + by, *rest])


def test_a_text_may_be_cut_though_no_place_stands_out(monkeypatch: pytest.MonkeyPatch) -> None:
    text = cut_inside(" The present boat was built in the")
    ask(monkeypatch, end=NEVER, inside=NEVER, whole=NEVER)
    assert not [p for p in decide(page(text)).places if p.is_shown]
    ask(monkeypatch, end=NEVER, inside=NEVER, whole=0.5)
    places = decide(page(text)).places
    assert [p for p in places if p.is_shown] == [max(places, key=lambda p: p.probability)]


def test_dots_inside_a_text_are_a_place_where_it_may_be_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    ask(monkeypatch, end=0.001, inside=0.001)
    whole = page(cut_inside(" The present boat, built in 1962, was out of service on ninety days of…"))
    assert [mark.start for mark in breaks_off_inside(whole)] == [whole.blocks[1].end]
    quoted = page(cut_inside(" “The present boat, built in 1962, is out of service on ninety days of …”"))
    assert list(breaks_off_inside(quoted)) == []


def test_what_is_glued_to_the_end_of_a_sentence_cuts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, *rest = WHOLE["en"].split("\n\n")
    text = "\n\n".join([first, f"{second} {HEADLINE}", *rest])
    whole = page(text)
    assert [place.block for place in decide(whole).glued] == [1]
    assert [p.probability for p in decide(whole).places if p.block == 1] == [0]
    known, whole = models(), page(text)
    monkeypatch.setattr(decisions, "models", lambda: replace(known, glued=None))
    assert decide(whole).glued == ()
    assert [p.probability > 0 for p in decide(whole).places if p.block == 1] == [True]


def test_reasons_are_plain_words() -> None:
    text = WHOLE["en"]
    cut = page(text[: text.rindex(" new one")])
    end = decide(cut).end
    assert end is not None
    assert 1 <= len(reasons(cut, end)) <= 3
    assert all(" " in why and "_" not in why for why in reasons(cut, end) + lead_reasons(cut))


def test_the_same_page_gives_the_same_decision() -> None:
    assert decide(page(WHOLE["de"])) == decide(page(WHOLE["de"]))


def test_nothing_to_judge() -> None:
    assert decide(page("")) == Decision(None, (), None, 0.0)
    assert decide(page("Menu")).lead is None


texts = st.text(max_size=400) | st.lists(
    st.sampled_from(["Read more", "- item", "The boat left.", "The boat left the", "…", "## Head", "| a | b |", "渡船离开了。", "वह गया।", "[+12 chars]", ")", "“", "\x00", "\ufffd"]),
    max_size=30,
).map("\n\n".join)  # fmt: skip


@settings(deadline=None)
@given(texts)
def test_any_text_gets_probabilities(text: str) -> None:
    whole = page(text)
    decision = decide(whole)
    places = [p for p in (*decision.places, decision.lead) if p is not None]
    assert all(0 <= p.probability <= 1 and 0 <= p.block < len(whole.blocks) for p in places)
    assert 0 <= decision.truncation <= 1
    for place in decision.places[:3]:
        reasons(whole, place)


@pytest.mark.parametrize("name", ["cut", "lead"])
def test_a_forest_scores_as_a_walk_from_the_root_of_each_tree(name: str) -> None:
    forest = getattr(models(), name)
    rng = np.random.default_rng(1)
    rows = rng.normal(2, 3, (3, int(forest.column.max()) + 1)).astype(np.float32)
    rows[0] = rng.choice(forest.threshold[forest.column >= 0], rows.shape[1])  # exactly at a threshold
    rows[1, ::2] = np.nan
    for row, score in zip(rows, forest.score(rows), strict=True):
        leaves = []
        for node in forest.roots.tolist():
            while forest.column[node] >= 0:
                node = forest.children[2 * node + int(row[forest.column[node]] > forest.threshold[node])]
            leaves.append(float(forest.value[node]))
        assert score == pytest.approx(forest.baseline + sum(leaves), abs=1e-6)


@pytest.mark.parametrize("leaves", [2, 32, 33, 64])
def test_a_tree_may_have_as_many_leaves_as_a_number_has_bits(leaves: int) -> None:
    asked = np.arange(leaves - 1)  # node k asks whether a number is more than k; its first child is leaf k
    column = np.r_[np.zeros(leaves - 1), np.full(leaves, -1)].astype(np.int16)
    threshold = np.r_[asked, np.zeros(leaves)].astype(np.float32)
    children = np.r_[np.c_[asked + leaves - 1, asked + 1], np.zeros((leaves, 2))].astype(np.int32)
    children[leaves - 2, 1] = 2 * leaves - 2
    value = np.r_[np.zeros(leaves - 1), np.arange(leaves)].astype(np.float32)
    tree = Questions.of(np.zeros(1, np.int32), column, threshold, children, value)
    rows = np.arange(leaves, dtype=np.float32)[:, None]
    assert tree.leaves(rows)[:, 0].tolist() == rows[:, 0].tolist()


def test_what_each_number_contributes_adds_up_to_the_score() -> None:
    forest = models().cut
    rows = np.random.default_rng(0).normal(2, 3, (5, len(NAMES))).astype(np.float32)
    start = forest.baseline + float(forest.value[forest.roots].sum(dtype=np.float64))
    told = [start + forest.contributions(row).sum() for row in rows]
    np.testing.assert_allclose(forest.score(rows), told, atol=1e-4)
    assert ((forest.probability(forest.score(rows)) > 0) & (forest.probability(forest.score(rows)) < 1)).all()


def test_the_weights_are_few_and_no_code() -> None:
    file = folder("models") / "decisions.npz"
    assert file.stat().st_size < 2_000_000
    with zipfile.ZipFile(file) as archive:
        assert all(name.endswith(".npy") for name in archive.namelist())
    with np.load(file, allow_pickle=False) as arrays:
        assert all(arrays[name].dtype != object and np.isfinite(arrays[name]).all() for name in arrays.files)
    assert set(models().least) == set(BARS)


def test_a_missing_full_stop_is_no_surer_than_the_habit_of_setting_it() -> None:
    told = [
        "Hi all, our wall thermostat forgets its schedule every time the power goes out. Is there a hidden battery?",
        "There is one, but it is soldered to the board. Mine has held its settings for two winters now.",
        "Brilliant, thanks! The board has four screws, and I have a screwdriver that fits three of them.",
        "The fourth one turns with a butter knife. Take the power off first, and tell the family.",
        "The battery was leaking all over the contacts. Vinegar took most of it off, and sandpaper the rest.",
        "A new battery costs less than the bus to the shop. Buy two, because the first one rolls away.",
    ]
    end = "So the new battery is in. The schedule came back at once, but the thermostat still"
    (few,), (many,) = (check_text("\n\n".join([*told[:n], end])).findings for n in (2, 6))
    assert few.family == many.family == "truncation"
    assert few.confidence == 0.75 < many.confidence
