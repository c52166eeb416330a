"""The lines written for the training as data, and the documents that are made with them."""

import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from audit.labelled import fold_of
from audit.resources import folder
from audit.training.written import FAMILIES, by_fold, with_lines, written
from audit.vocabulary import load

FILES = sorted(folder("models").glob("lines/*.toml"))
FOLDS = 5
ARTICLE = "\n\n".join(
    (
        "The old ferry between Dunnet and Marram will be replaced next spring, the council decided on Tuesday.",
        "The new boat is to carry twelve cars and needs no diesel. It will be built on the other side of the bay.",
        "Council leader Moira Teal said that the town had waited for this decision since 2011.",
        "The money comes from a fund for small islands. Two shipyards have sent in their plans.",
    )
)


def test_every_language_with_phrases_has_lines() -> None:
    assert [file.stem for file in FILES] == list(load())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_file_is_well_formed(file: Path) -> None:
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    assert {"site", "link", "text"} <= set(table) <= set(FAMILIES)
    lines = [line for part in table.values() for line in part]
    assert [line for line, times in Counter(lines).items() if times > 1] == []
    assert [line for line in lines if line != " ".join(line.split()) or not line] == []


def row(page: str, text: str = ARTICLE) -> dict[str, Any]:
    return {"page": page, "text": text, "spans": [], "defects": [], "group": "defects"}


def test_the_spans_are_the_lines_of_sites_and_the_rest_is_the_article() -> None:
    known = {line.text: line for line in written()}
    seen = Counter[str | None]()
    for number in range(60):
        fit = by_fold(known.values(), FOLDS)["en", fold_of(str(number), FOLDS)]
        made = with_lines(row(str(number)), fit, seed=0)
        assert made is not None
        spans = [(span["family"], made["text"][span["start"] : span["end"]]) for span in made["spans"]]
        assert all(known[text].family == family and known[text].lang == "en" for family, text in spans)
        put = [line for line in made["text"].split("\n\n") if line in known]
        assert {text for _, text in spans} == {line for line in put if known[line].family}
        assert "\n\n".join(part for part in made["text"].split("\n\n") if part not in known) == ARTICLE
        assert {fold_of(line, FOLDS) for line in put} == {fold_of(str(number), FOLDS)}
        seen.update(known[line].family for line in put)
    assert set(seen) == {"chrome", "link_text", None}


def test_nothing_is_put_where_no_line_fits() -> None:
    assert with_lines(row("1"), (), seed=0) is None
    assert with_lines(row("1", "Short.\n\nText."), written(), seed=0) is None
