"""The real trainers on the labelled sample: models that work, and the same bytes whatever models were in force."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from audit.api import check_text
from audit.config import Config
from audit.document import Document
from audit.forest import Forest
from audit.judge import Judge
from audit.labelled import tables
from audit.quality import NAMES
from audit.resources import MODELS, models_from
from audit.segment import segment
from audit.train import save, train
from audit.training import gaps, quality
from audit.training.gluing import glued, is_glued
from audit.training.samples import Sample, bare

SAMPLE = Path(__file__).parent / "samples" / "labelled.jsonl"
pytestmark = pytest.mark.usefixtures("few_lines")
MENU = "Home\nNews\nSport\n\nThe ferry ran late again. Nobody on the quay was surprised.\n\nPrivacy policy\nContact us"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, few_lines: None) -> Path:
    return train([SAMPLE], tmp_path_factory.mktemp("models"), folds=2).out


def test_the_models_made_judge_texts(made: Path) -> None:
    assert {file.stem for file in made.glob("*.npz")} >= {"lines", "decisions"}
    judged = check_text(MENU, config=Config(models=made))
    assert judged.score is not None
    assert any(f.family == "chrome" for f in judged.findings)


def test_the_models_in_force_teach_nothing(made: Path, tmp_path: Path) -> None:
    with models_from(made):
        again = train([SAMPLE], tmp_path / "again", folds=2).out
    for file in made.iterdir():
        assert (again / file.name).read_bytes() == file.read_bytes(), file.name


def test_quality_is_learned_from_texts_whose_f1_is_known(made: Path, tmp_path: Path) -> None:
    noise, prose = "Home | News | Sport", "The ferry ran late again, and nobody on the quay was surprised by that. " * 8
    rows = [
        {"page": f"p{i}", "extractor": "e", "group": "whole_page", "kind": "article", "url": None, "title": None,
         "text": "\n".join([*[noise] * (i % 9), prose]), "labels": [*["noise"] * (i % 9), "content"],
         "f1": 1 - (i % 9) / 10}
        for i in range(60)
    ]  # fmt: skip
    spans = [{"start": 0, "end": len(noise), "family": "chrome"}]
    defects = [
        {"id": f"d{i}", "page": f"p{i}", "text": f"{noise}\n\n{prose}" if i % 2 else prose,
         "defects": ["chrome"] * (i % 2), "spans": spans * (i % 2)}
        for i in range(60)
    ]  # fmt: skip
    pd.DataFrame(rows).to_parquet(tmp_path / "lines.parquet")
    pd.DataFrame(defects).to_parquet(tmp_path / "defects.parquet")
    for fold in "01":
        (tmp_path / fold).mkdir()
        for name in MODELS[:2]:
            (tmp_path / fold / f"{name}.npz").write_bytes((made / f"{name}.npz").read_bytes())
    learned = quality.fit([tmp_path], seed=0, folds=2, unseen=tmp_path)
    assert learned is not None
    assert learned.figures["f1"]["texts"] == 60
    assert learned.figures["f1"]["spearman"] > 0.5
    assert len(learned.apart) == 2
    for arrays in (learned.arrays, *learned.apart):
        told = Forest.of(arrays, "f1")
        assert np.isfinite(told.probability(told.score(np.zeros((1, len(NAMES)), np.float32)))).all()
        assert (np.diff(arrays["f1.knots"][1]) >= 0).all()
    pd.DataFrame(rows).drop(columns="f1").to_parquet(tmp_path / "lines.parquet")
    assert quality.fit([tmp_path], seed=0, folds=2, unseen=tmp_path) is None


WIND = (
    "The wind took the roof of the boat house on Sunday, and the keeper found it in the churchyard. Nobody was hurt, and the weir was open at noon.",
    "It will be put back before the winter comes, the council has said. Half of the money is there already, and a fair in May is to bring the rest.",
    "Three men from the village have offered to help with it. They ask for bread, for cheese, for a long ladder, and for a dry day.",
)


def whole(name: str, title: str | None) -> Sample:
    text = "\n\n".join(paragraph.replace("boat", name) for paragraph in WIND)
    document = Document(name, name, text, title=title)
    return Sample(document, name, (), True, False, True, True, injected=())


def test_headlines_of_other_pages_are_glued_to_paragraphs() -> None:
    titles = {"boat": "Wind takes the roof of a house – The Weir", "bath": "Council asks for ladders", "mill": None}
    pieces = [piece for seed in range(9) for piece in glued([whole(*about) for about in titles.items()], seed)]
    assert {piece.page for piece in pieces} == set(titles)
    for piece in pieces:
        ((start, end),) = piece.injected or ()
        headline, page = piece.document.text[start:end], segment(piece.document)
        assert headline in {"Wind takes the roof of a house", "Council asks for ladders"}
        assert not (titles[piece.page] or "").startswith(headline)
        assert [is_glued(piece, b) for b in page.blocks] == [b.end == end for b in page.blocks]
    assert glued([whole("mill", None)], 0) == []


def test_whole_articles_without_their_last_full_stop_are_known_to_be_whole() -> None:
    short = whole("ferry", None)
    article = replace(short, document=replace(short.document, text=f"{short.document.text}\n\n{short.document.text}"))
    pieces = [piece for seed in range(5) for piece in bare([article], seed)]
    assert len({piece.document.text for piece in pieces}) > 1
    for piece in pieces:
        last = piece.document.text.rpartition("\n\n")[2]
        assert piece.cuts == ()
        assert not piece.made
        assert not piece.clean
        assert last[-1].isalnum()
        assert f"{last}." in article.document.text


STORY = (
    "The {n} ferries of the island ran late again, and nobody on the quay was in the least surprised by that.",
    "A crew of {n} came from the mainland to look at the engines, and left again without having found one fault.",
    "The harbour master wrote {n} letters about it, and has been waiting for a reply since the middle of the spring.",
    "Those who live there have bought {n} rowing boats, which they lend to each other by a list that hangs at the church.",
)
NOTE = "Write to us about number {n} of our notes, and our readers will hear of what you have to say about it."


def pages_with_texts(place: Path) -> Path:
    """Pages with the same story and a box after it, and texts of them: whole, without a beginning, without an end."""
    rows, sources = [], []
    for n in range(80):
        story, note = [p.format(n=f"{n} and {n}") for p in STORY], NOTE.format(n=f"{n} and {n}")
        body = "".join(f"<p>{p}</p>" for p in story)
        box = f"<div class=promo><div>{note}</div></div>"
        sources.append({"page": f"p{n}", "html": f"<main><h1>Ferry {n}</h1>{box}<div>{body}</div>{box}</main>"})
        for name, part, families in (
            ("whole", story, []),
            ("no lead", story[1:], ["missing_lead"]),
            ("no end", story[:3], ["truncation"]),
        ):
            text = "\n\n".join(part)
            spans = [{"family": f, "start": (at := len(text) * (f == "truncation")), "end": at} for f in families]
            rows.append({"id": f"{n} {name}", "page": f"p{n}", "text": text, "defects": families, "spans": spans})
    pd.DataFrame(rows).to_parquet(place / "defects.parquet")
    pd.DataFrame(sources).to_parquet(place / "source.parquet")
    return place


def test_what_belongs_to_an_article_is_learned_from_pages(tmp_path: Path) -> None:
    learned = gaps.fit([pages_with_texts(tmp_path)], seed=0, folds=2, unseen=tmp_path)
    assert learned is not None
    for side in ("lead", "tail"):
        assert learned.figures[side]["blocks"]["auroc"] > 0.95
        assert learned.figures[side]["texts"]["auroc"] > 0.95
    for n, arrays in enumerate((learned.arrays, *learned.apart)):
        save(arrays, tmp_path / str(n) / "gaps.npz")
        judge = Judge.of(Config(models=tmp_path / str(n)))
        page = pd.read_parquet(tmp_path / "source.parquet").html[7]
        story = [p.format(n="7 and 7") for p in STORY]
        found = [
            {f.rule for f in judge.judge(Document("a", "a", "\n\n".join(part), html=page)).findings}
            for part in (story, story[1:], story[:3])
        ]
        assert found == [set(), {"LD401"}, {"TR601"}]


def test_texts_without_pages_teach_nothing_of_what_stands_around_them(tmp_path: Path) -> None:
    folders = tables([SAMPLE], tmp_path)
    assert gaps.fit(folders, seed=0, folds=2, unseen=tmp_path) is None
    (place := tmp_path / "pages").mkdir()
    frame = pd.read_parquet(pages_with_texts(place) / "defects.parquet")
    frame[frame["defects"].map(len) == 0].to_parquet(place / "defects.parquet")
    assert gaps.fit([place], seed=0, folds=2, unseen=tmp_path) is None
