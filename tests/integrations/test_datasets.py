"""Columns beside the rows of Hugging Face data sets."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import audit
from audit import Config

datasets = pytest.importorskip("datasets", reason="datasets is not installed: pip install 'crawlaudit[datasets]'")

from audit.integrations.datasets import SCHEMA, check


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")


def test_rows_are_judged_as_documented(
    crawl: Path, texts: dict[str, str], verdicts: dict[str, str], run_documented: Callable[..., Any]
) -> None:
    names = run_documented("Hugging Face `datasets`")
    rows = {row["id"]: row for row in names["checked"]}
    assert {name: row["crawlaudit_verdict"] for name, row in rows.items()} == verdicts
    assert {name: row["text"] for name, row in rows.items()} == texts
    (label,) = rows["label"]["crawlaudit_findings"]
    assert rows["label"]["text"][label["start"] : label["end"]] == "Read more"
    assert (rows["empty"]["crawlaudit_score"], rows["empty"]["crawlaudit_findings"]) == (None, [])
    assert names["clean"]["id"] == ["clean", "label", "empty"]


def test_columns_have_their_types_whatever_comes_first(texts: dict[str, str]) -> None:
    empty_first = datasets.Dataset.from_dict({"story": ["", texts["label"]]})
    checked = check(empty_first, config=Config(fields={"text": "story"}), writer_batch_size=1)
    assert [checked.features[name] for name in SCHEMA.names] == list(
        datasets.Features.from_arrow_schema(SCHEMA).values()
    )
    assert [len(found) for found in checked["crawlaudit_findings"]] == [0, 1]


def test_streams_and_splits_are_judged_alike(texts: dict[str, str]) -> None:
    one = datasets.Dataset.from_dict({"text": [texts["menu"]]})
    (row,) = check(one.to_iterable_dataset())
    expected = {f"crawlaudit_{name}": value for name, value in audit.judgement(audit.check_text(texts["menu"])).items()}
    assert {name: row[name] for name in SCHEMA.names} == expected
    splits = check(datasets.DatasetDict(train=one, test=one))
    assert splits["train"][0] == splits["test"][0] == row


def test_the_same_work_is_found_in_the_cache(texts: dict[str, str]) -> None:
    one = datasets.Dataset.from_dict({"text": [texts["label"]]})
    first, again, other = check(one), check(one), check(one, config=Config(ignore=("link_text",)))
    assert first._fingerprint == again._fingerprint != other._fingerprint
