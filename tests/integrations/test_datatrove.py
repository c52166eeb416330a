"""The filter of datatrove, in a pipeline of its own executor."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from audit import Config
from audit.errors import UsageError

pytest.importorskip("datatrove", reason="datatrove is not installed: pip install 'crawlaudit[datatrove]'")
from datatrove.data import Document

from audit.integrations.datatrove import AuditFilter


def written(folder: Path) -> dict[str, dict[str, Any]]:
    lines = [line for file in folder.glob("*.jsonl.gz") for line in gzip.decompress(file.read_bytes()).splitlines()]
    return {row["id"]: row for row in map(json.loads, lines)}


def test_damaged_documents_are_dropped_as_documented(
    crawl: Path, verdicts: dict[str, str], run_documented: Callable[..., Any]
) -> None:
    run_documented("datatrove")
    clean, dropped = written(crawl / "clean"), written(crawl / "dropped")
    # its reader leaves empty texts out
    assert (set(clean), set(dropped)) == ({"clean", "label"}, {"menu"})
    for name, row in (clean | dropped).items():
        told = json.loads(row["metadata"]["crawlaudit"])
        assert row["metadata"]["crawlaudit_verdict"] == told["verdict"] == verdicts[name]
        assert row["metadata"]["link"] == f"https://weir.example/{name}"
    assert dropped["menu"]["metadata"]["filter_reason"] == "bad"
    assert "dropped_bad" in (crawl / "logs" / "stats.json").read_text(encoding="utf-8")


def test_what_is_dropped_is_the_users_choice(texts: dict[str, str]) -> None:
    document = Document(text=texts["label"], id="a", metadata={"id": "other", "text": "not this"})
    assert AuditFilter().filter(document) is True
    assert AuditFilter("suspect").filter(document) == (False, "suspect")
    assert AuditFilter(None).filter(document) is True
    assert AuditFilter("suspect", config=Config(ignore=("link_text",), fields={"text": "x"})).filter(document) is True
    with pytest.raises(UsageError, match="what to drop is bad or suspect, not 'worst'"):
        AuditFilter("worst")
