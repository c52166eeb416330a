"""The first sentence of a text, and numbered items, as numbers that the decision about its lead is made from."""

import pytest

from audit.cues import lead
from audit.cues.first import NAMES, cues_of
from audit.cues.items import item_of
from audit.decisions import models
from audit.document import Document
from audit.segment import segment


@pytest.mark.parametrize(
    ("cue", "lang", "text"),
    [
        ("points_back", "en", "Few islands can weather these storms. The others have moved."),
        ("points_back", "de", "Nur wenige Inseln überstehen solche Stürme. Die anderen sind fort."),
        ("points_back", "hi", "गाँव ने पिछले साल इस पुल की मरम्मत की। अब बारिश आई है।"),
        ("points_back", "ja", "村では昨年この橋を直した。雨はまだ降らない。"),
        ("adds", "en", "The mill has a cellar, though. It is dry."),
        ("adds", "ru", "На мельнице есть также погреб. Он сухой."),
        ("concedes", "fr", "Bien que la digue ait tenu, le moulin est plein d'eau. La mairie compte."),
        ("lasts", "es", "El molino sigue lleno de agua. El alcalde cuenta."),
        ("early_pronoun", "en", "Twice a year, it comes over the wall. Then it goes."),
    ],
)
def test_words_of_a_first_sentence_point_back(cue: str, lang: str, text: str) -> None:
    assert cues_of(text, lang)[NAMES.index(cue)]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "The council of Marram sold the old ferry on Tuesday. It also sold these boats, though."),
        ("en", "Moira Teal said that she had sold the ferry."),
        ("de", "Der Gemeinderat hat am Dienstag die alte Mühle verkauft. Sie ist noch in diesem Jahr zu räumen."),
        ("ja", "市議会は火曜日、古い渡し船を売った。この船は百年前のものだ。"),
    ],
)
def test_a_first_sentence_that_opens_has_none_and_later_ones_do_not_count(lang: str, text: str) -> None:
    assert not any(cues_of(text, lang))


def test_a_language_without_lists_is_not_judged() -> None:
    assert cues_of("Jam komencis la pluvo.", "eo") == [-1.0] * len(NAMES)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1. Soak the beans", 1),
        ("## Step 2: Wait", 2),
        ("#1 The old pier", 1),
        ("第一步 找到漏水的地方", 1),
        ("১. ভিজিয়ে রাখুন", 1),
    ],
)
def test_items_have_numbers(text: str, number: int) -> None:
    page = segment(Document("d", "d", text))
    item = item_of(page, page.blocks[0])
    assert item is not None
    assert item.number == number


@pytest.mark.parametrize(
    "text", ["1.5 million herring", "12 boats", "2026. was", "Stepney 1", "step by step", "100. place"]
)
def test_other_numbers_are_no_items(text: str) -> None:
    page = segment(Document("d", "d", text))
    assert item_of(page, page.blocks[0]) is None


def test_an_item_of_a_menu_is_no_first_item() -> None:
    """Above the text the menu is the site's; the same row of items, if the text is theirs, is its beginning."""
    story = "The oldest boat on the island has been sold to a museum. It will be kept dry there.\n\nNobody rowed it."
    menu, items = (
        first_item(f"{head}\n\n{story}") for head in ("1. Home\n2. Log in\n3. Contact us", "1. Soak the hull")
    )
    assert (menu, items) == (0, 1)


def first_item(text: str) -> float:
    numbers = lead.numbers([segment(Document("d", "d", text))], models().words.opening)[0]
    assert numbers is not None
    return float(numbers[lead.NAMES.index("first_item")])
