"""Training writes models and their card, the same bytes every time, and the models made are those that judge."""

import json
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from audit import judge, train
from audit.config import Config
from audit.document import Document
from audit.errors import AuditError, UsageError
from audit.evaluate import evaluate
from audit.labelled import fold_of, load, pages_of
from audit.page import Page
from audit.resources import MODELS, model_digests, model_file, models_from
from audit.segment import segment
from audit.training.learned import Learned

SAMPLE = Path(__file__).parent / "samples" / "labelled.jsonl"


class FakeTrainer:
    """Learns by heart which pages it saw; that of the decisions wants the line models made just before."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, folders: Sequence[Path], *, seed: int, folds: int, unseen: Path) -> Learned:
        pages = np.array(sorted(pages_of(folders)))
        apart = [{"pages": np.array([p for p in pages if fold_of(p, folds) != k])} for k in range(folds)]
        if self.name == "decisions":
            for k, own in enumerate(apart):
                with models_from(unseen / str(k)):
                    assert np.load(model_file("lines"))["pages"].tolist() == own["pages"].tolist()
        figures = {"pages": np.int64(len(pages)), "folds": folds}
        return Learned({"pages": pages, "seed": np.array(seed, np.float32)}, figures, apart)


@pytest.fixture(autouse=True)
def _fakes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train, "trainer", FakeTrainer)


def test_models_and_their_card(tmp_path: Path) -> None:
    made = train.train([SAMPLE], tmp_path / "a", seed=3, folds=4)
    assert sorted(file.name for file in made.out.iterdir()) == [
        "decisions.npz",
        "gaps.npz",
        "lines.npz",
        "models.json",
        "quality.npz",
    ]
    card = json.loads((made.out / "models.json").read_text(encoding="utf-8"))
    assert card == made.card
    assert (card["seed"], card["folds"]) == (3, 4)
    assert card["figures"] == {name: {"pages": 24, "folds": 4} for name in MODELS}
    (data,) = card["data"]
    assert data["files"]["labelled.jsonl"]["sha256"] == sha256(SAMPLE.read_bytes()).hexdigest()
    assert card["models"]["lines.npz"]["sha256"] == sha256((made.out / "lines.npz").read_bytes()).hexdigest()
    assert set(card["libraries"]) >= {"numpy", "scikit-learn"}


def test_the_same_texts_give_the_same_bytes(tmp_path: Path) -> None:
    for place in ("a", "b"):
        train.train([SAMPLE], tmp_path / place)
    for file in (tmp_path / "a").iterdir():
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes()
        assert str(tmp_path).encode() not in file.read_bytes()


def test_stored_arrays_are_read_back(tmp_path: Path) -> None:
    arrays: dict[str, Any] = {
        "b": np.arange(6, dtype=np.int8).reshape(2, 3),
        "a": np.float32(0.5),
        "words": np.array(["à", "b"]),
    }
    train.save(arrays, tmp_path / "x.npz")
    with np.load(tmp_path / "x.npz", allow_pickle=False) as read:
        assert {name: (read[name].dtype, read[name].tolist()) for name in read} == {
            name: (np.asarray(array).dtype, np.asarray(array).tolist()) for name, array in arrays.items()
        }
    with pytest.raises(ValueError, match="Object arrays"):
        train.save({"code": np.array([object()])}, tmp_path / "y.npz")


def test_too_few_pages_are_an_error_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="25 folds need as many pages to learn from, and there are 24"):
        train.train([SAMPLE], tmp_path / "models", folds=25)
    assert not (tmp_path / "models").exists()
    (tmp_path / "file").touch()
    with pytest.raises(AuditError, match="cannot write to"):
        train.train([SAMPLE], tmp_path / "file")


@pytest.mark.parametrize("kept", [False, True], ids=["trained anew", "kept"])
def test_a_page_is_judged_by_models_that_have_not_seen_it(
    kept: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: dict[str, tuple[str, list[str]]] = {}
    documents = load([SAMPLE])
    page_of = {d.document.id: d.page for d in documents}

    def spy(document: Document, *given: Any) -> Page:
        lines = model_file("lines")
        seen[document.id] = (page_of[document.id], np.load(lines)["pages"].tolist())
        return segment(document, *given)

    monkeypatch.setattr(judge, "segment", spy)
    monkeypatch.setattr(judge, "_try", lambda config: None)  # the fakes cannot judge
    if kept:
        train.train([SAMPLE], tmp_path / "models", folds=3, apart=tmp_path / "folds")
        found = evaluate(documents, Config(), fold_models=tmp_path / "folds")
    else:
        found = evaluate(documents, Config(), paths=[SAMPLE], folds=3)
    assert (found.all.documents, found.about["folds"]) == (83, 3)
    assert set(seen) == set(page_of)
    for page, learned in seen.values():
        assert set(learned) == {p for p in page_of.values() if fold_of(p, 3) != fold_of(page, 3)}


def test_models_of_folds_are_where_they_are_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no models of folds"):
        evaluate(load([SAMPLE]), Config(), fold_models=tmp_path)
    with pytest.raises(UsageError, match="not both"):
        evaluate(load([SAMPLE]), Config(), paths=[SAMPLE], folds=3, fold_models=tmp_path)


def test_own_models_and_the_shipped_ones_behind_them(tmp_path: Path) -> None:
    shipped = model_digests()
    train.save({"x": np.zeros(1)}, tmp_path / "lines.npz")
    with models_from(tmp_path):
        assert model_file("lines") == tmp_path / "lines.npz"
        assert model_file("decisions") != tmp_path / "decisions.npz"
        assert model_digests() == shipped | {"lines": sha256((tmp_path / "lines.npz").read_bytes()).hexdigest()}
    assert model_digests() == shipped
