"""The line model: what its probabilities promise, and the definition of its hashes in plain Python."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit import features, grams
from audit.columns import Columns
from audit.document import Document
from audit.model import load, probabilities, reasons
from audit.page import Page
from audit.resources import folder
from audit.script import fold
from audit.segment import segment

# fmt: off
PAGES = {
    "en": (
        (
            "Skip to content",
            "Subscribe to our newsletter",
            "Share on Facebook",
            "Privacy Policy",
            "All rights reserved",
        ),
        (
            "The harbour council met on Tuesday and agreed to mend the old pier before the winter storms arrive from the west.",
            "Three bids came in, and the cheapest was the only one that promised to keep the ferry running all the time.",
            "A decision about the money is expected in spring, when the council meets again in the newly painted town hall.",
        ),
    ),
    "de": (
        ("Zum Inhalt springen", "Newsletter abonnieren", "Auf Facebook teilen", "Datenschutzerklärung", "Impressum"),
        (
            "Seit drei Wochen steht der Zirkus auf der Wiese hinter dem Bahnhof, und seit drei Wochen regnet es.",
            "Der Direktor hat die Gemeinde um Hilfe gebeten, und sie hat ihm zwei Fuhren Heu und eine Rechnung geschickt.",
            "Am Sonntag ist die letzte Vorstellung, bei der ein Zauberer den Regen verschwinden lassen will.",
        ),
    ),
    "fr": (
        (
            "Aller au contenu",
            "S'abonner à la newsletter",
            "Partager sur Facebook",
            "Mentions légales",
            "Tous droits réservés",
        ),
        (
            "Le dernier tonnelier du canton a pris une apprentie de seize ans, qui cercle déjà ses barriques toute seule.",
            "Il lui laissera l'atelier au printemps, à condition qu'elle garde le chien et la vieille horloge de son père.",
            "La commune a promis de refaire le toit avant l'hiver, mais personne n'a encore trouvé les tuiles.",
        ),
    ),
    "es": (
        (
            "Saltar al contenido",
            "Suscríbete a nuestro boletín",
            "Compartir en Facebook",
            "Política de privacidad",
            "Aviso legal",
        ),
        (
            "El farero de la isla se jubila el viernes después de cuarenta años de subir la misma escalera cada noche.",
            "El ayuntamiento quiso sustituirlo por un reloj, pero nadie supo explicar quién le daría cuerda.",
            "Su sobrina, que tiene diecinueve años, ha pedido una linterna más larga y permiso para cantar.",
        ),
    ),
}


def page(*lines: str, title: str | None = None) -> Page:
    return segment(Document("d", "d", "\n\n".join(lines), title=title))


@pytest.mark.parametrize("lang", PAGES)
def test_furniture_is_noise_and_prose_is_not(lang: str) -> None:
    furniture, prose = PAGES[lang]
    noise = 1 - probabilities(page(*furniture[:1], *prose, *furniture[1:]))[:, 0]
    assert noise[[0, 4, 5, 6, 7]].min() > 0.5
    assert noise[1:4].max() < 0.8 * noise[[0, 4, 5, 6, 7]].min()


def test_a_clean_article_is_content_with_its_heading() -> None:
    prose = PAGES["en"][1]
    assert probabilities(page(*prose, "An old quarrel", *prose[::-1]))[:, 0].min() > 0.5


def test_probabilities_add_up_and_repeat() -> None:
    furniture, prose = PAGES["en"]
    one, other = (probabilities(page(*furniture, *prose)) for _ in range(2))
    assert one.shape == (8, 3)
    assert np.allclose(one.sum(axis=1), 1)
    assert (one == other).all()


def test_blank_lines_around_the_text_change_nothing() -> None:
    furniture, prose = PAGES["de"]
    text = "\n\n".join((*prose, *furniture))
    plain, moved = (segment(Document("d", "d", t)) for t in (text, f"\n\n\n{text}\n\n"))
    assert (probabilities(plain) == probabilities(moved)).all()


def test_no_blocks_no_probabilities() -> None:
    assert probabilities(page("")).shape == (0, 3)


@given(st.lists(st.text(max_size=60) | st.sampled_from(["א" * 3000, "a\u0000b", "🦜" * 9]), max_size=12))
@settings(max_examples=150, deadline=None)
def test_any_text_has_probabilities(lines: list[str]) -> None:
    whole = page(*lines)
    found = probabilities(whole)
    assert found.shape == (len(whole.blocks), 3)
    assert ((found >= 0) & (found <= 1)).all()


def test_a_huge_line_is_no_trouble() -> None:
    assert np.isfinite(probabilities(page("word " * 100_000, "Menu"))).all()


def test_reasons_name_parts_of_the_numbers() -> None:
    furniture, prose = PAGES["en"]
    whole = page(*prose, *furniture)
    parts = {*features.WIDTHS, "label", "around"}
    found = reasons(whole, range(3, 8))
    assert len(found) == 5
    assert all(why and set(why) <= parts for why in found)


@given(st.lists(st.sampled_from([0, 1, 5, 1 << 32, (1 << 64) - 1]), min_size=1))
def test_values_are_numbered_as_by_sorting_but_for_the_order(values: list[int]) -> None:
    column = np.array(values, np.uint64)
    which, different = features.numbered(column)
    assert different[which].tolist() == values
    assert (np.bincount(which)[which] == [values.count(value) for value in values]).all()
    assert sorted(set(which.tolist())) == list(range(len(set(values))))


def own_numbers(*pages: Page) -> features.Matrix:
    blocks = Columns.of(tuple(pages))
    return features.numbers(blocks, grams.layout(blocks.texts))


def test_texts_that_are_laid_out_once_say_the_same() -> None:
    blocks = Columns.of((page("Read more", *PAGES["en"][1], "Read more", "Share", "Read more"),))
    once, each = (grams.layout(blocks.texts, once=is_once) for is_once in (True, False))
    assert len(each.starts) - len(once.starts) == 2
    assert (load().words(once) == load().words(each)).all()
    assert (features.numbers(blocks, once) == features.numbers(blocks, each)).all()


def test_the_title_is_looked_at() -> None:
    prose = PAGES["en"][1]
    with_title = page("Council mends the old pier", *prose, title="Council mends the old pier")
    without = replace(with_title, document=replace(with_title.document, title=None))
    own = [own_numbers(p) for p in (with_title, without)]
    assert (own[0] != own[1]).any()


def test_widths_are_those_of_the_numbers() -> None:
    whole = page(*PAGES["en"][1])
    assert own_numbers(whole).shape[1] == sum(features.WIDTHS.values())


def test_the_file_is_small_and_holds_numbers_only() -> None:
    file = folder("models") / "lines.npz"
    assert file.stat().st_size < 5_000_000
    with np.load(file, allow_pickle=False) as arrays:
        assert all(arrays[name].dtype.kind in "fi" for name in arrays)
    assert load().lexical.shape[0] == 1 << grams.BITS


def plain_row(value: int, seed: int) -> int:
    mixed = (value + seed) * 0x9E3779B1 % 2**32
    mixed ^= mixed >> 15
    return mixed * 0xC2B2AE35 % 2**32 >> 32 - grams.BITS


def plain_word(word: str) -> int:
    total = 0
    for place, char in enumerate(word[: grams.WORD_CHARS]):
        spelled = ord(char) * 0x9E3779B1 % 2**32
        spelled ^= spelled >> 15
        total += spelled * ((place * 0x27D4EB2F + 0x165667B1) % 2**32 | 1)
    return total % 2**32


def plain_grams(text: str, n: int) -> list[int]:
    out = []
    for i in range(len(text) - n + 1):
        rolling = 0
        for char in text[i : i + n]:
            rolling = (rolling * 0x85EBCA6B + ord(char) * 0x9E3779B1) % 2**32
        out.append(plain_row(rolling, n))
    return out


@pytest.mark.parametrize("text", ["read more about harbours", "öl übt", "阅读更多", "a"])
def test_the_hashes_in_plain_python(text: str) -> None:
    laid = grams.layout([text])
    words, first, ngrams, starts = grams.rows(laid)
    folded = fold(text)
    edges = [plain_word(w) for w in (grams.SEPARATOR * grams.PAD, *folded.split(), grams.SEPARATOR * grams.PAD)]
    assert grams.hash_words(text).tolist() == edges[1:-1]
    assert words[0, : first[-1]].tolist() == [plain_row(h, 1) for h in edges[:-1]]
    pairs = [plain_row((a * 0xC2B2AE35 + b) % 2**32, 2) for a, b in pairwise(edges)]
    assert words[1, : first[-1]].tolist() == pairs
    padded = grams.SEPARATOR * grams.PAD + folded + grams.SEPARATOR * grams.PAD
    for n, found in zip(grams.ORDERS, ngrams, strict=True):
        assert found.tolist() == plain_grams(padded, n)
    assert starts.tolist() == [grams.PAD]
