"""What the docs say to do with DuckDB, trafilatura and newspaper4k."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from audit import Config, Verdict, run


def test_duckdb_reads_the_results(crawl: Path, documented: Callable[..., str]) -> None:
    duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed")
    run.audit(["crawl"], Config(), crawl / "crawlaudit-out")
    worst, sites, chrome, _clean = (part for part in documented("DuckDB", "sql").split(";") if part.strip())
    (row,) = duckdb.sql(worst).fetchall()
    assert row[0] == "crawl/news.jsonl:3"
    assert all(rule.startswith("CH") for rule in row[2])
    assert duckdb.sql(sites).fetchall() == [("weir.example", 4, 0.25)]
    assert ("Accept all cookies", 1) in duckdb.sql(chrome).fetchall()
    duckdb.execute(_clean)
    assert duckdb.sql("SELECT id FROM 'clean.parquet' ORDER BY id").fetchall() == [("clean",), ("empty",), ("label",)]


@pytest.mark.parametrize(("heading", "library"), [("trafilatura", "trafilatura"), ("newspaper4k", "newspaper")])
def test_extractors_hand_over_what_they_know(
    crawl: Path, texts: dict[str, str], run_documented: Callable[..., dict[str, Any]], heading: str, library: str
) -> None:
    pytest.importorskip(library, reason=f"{heading} is not installed")
    judged = run_documented(heading)["judged"]
    assert (judged.verdict, judged.title) == (Verdict.OK, "The weir")
    assert abs(judged.chars - len(texts["clean"])) < 20
    assert judged.risks["truncation"] < 0.01  # the page says so
