"""The real trainers on the labelled sample: models that work, and the same bytes whatever models were in force."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from audit.api import check_text
from audit.config import Config
from audit.forest import Forest
from audit.quality import NAMES
from audit.resources import MODELS, models_from
from audit.train import train
from audit.training import quality

SAMPLE = Path(__file__).parent / "samples" / "labelled.jsonl"
MENU = "Home\nNews\nSport\n\nThe ferry ran late again. Nobody on the quay was surprised.\n\nPrivacy policy\nContact us"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
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
