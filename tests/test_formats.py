import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from audit.errors import AuditError, UsageError
from audit.formats import documents, emit
from audit.registry import formats
from audit.table import Results
from audit.visible import visible

HIDDEN = [*map(chr, [*range(0x0A), *range(0x0B, 0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), 0xD800])]


def written(results: Results, name: str) -> str:
    stream = io.StringIO(newline="")
    assert emit(results, name, stream) is None
    return stream.getvalue()


@pytest.mark.parametrize("name", ["csv", "json", "jsonl", "text"])
def test_gold(name: str, results: Results, gold: Callable[[str, str], None]) -> None:
    results.summary.clear()  # the summary is long and stands in the fixture
    gold(f"results.{name}", written(results, name))


def test_formats_are_found_and_say_what_they_are() -> None:
    assert list(formats()) == ["csv", "json", "jsonl", "text"]
    assert all(f.title.endswith(".") for f in formats().values())


def test_unknown_format_lists_the_real_ones(results: Results) -> None:
    with pytest.raises(UsageError, match=r"'xml'; there are csv, json, jsonl, text"):
        emit(results, "xml", io.StringIO())


@pytest.mark.parametrize("name", ["csv", "json", "jsonl", "text"])
def test_nothing_hidden_gets_out(name: str, results: Results) -> None:
    out = written(results, name)
    assert not [c for c in HIDDEN if c in out]
    out.encode()  # no half surrogates either


def test_file_has_utf8_and_lf(results: Results, tmp_path: Path) -> None:
    place = tmp_path / "a:b.csv"
    assert emit(results, f"csv:{place}", io.StringIO()) == place
    assert b"\r" not in place.read_bytes()
    assert place.read_text(encoding="utf-8") == written(results, "csv")


def test_unwritable_file_is_an_error_in_words(results: Results, tmp_path: Path) -> None:
    with pytest.raises(AuditError, match="cannot write"):
        emit(results, f"json:{tmp_path}/no/such/folder.json", io.StringIO())


def test_every_document_is_in_every_structured_format(results: Results) -> None:
    rows = list(csv.DictReader(io.StringIO(written(results, "csv"))))
    assert [r["id"] for r in rows] == ["d1", "d1", "d2", "d2", "d2", "d3", "d4"]
    lines = [json.loads(line) for line in written(results, "jsonl").splitlines()]
    assert [len(d["findings"]) for d in lines] == [2, 3, 0, 0]
    whole = json.loads(written(results, "json"))
    assert whole == {"summary": results.summary, "documents": lines}


def test_jsonl_keeps_values(results: Results) -> None:
    first, second, _, fourth = (json.loads(line) for line in written(results, "jsonl").splitlines())
    assert [f["start"] for f in first["findings"]] == [10, 120]
    assert second["findings"][1]["excerpt"] == "safe\u202eevil \x1b[31m"
    assert second["findings"][1]["evidence"] == {"documents": 412, "of": 430}
    assert first["missing_lead"] is None
    assert fourth["score"] is None


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "＝", "－"])
def test_csv_holds_no_formulas(begin: str, results: Results) -> None:
    findings = results.findings.assign(excerpt=f"{begin}1+1", message=f"{begin}1+1")
    rows = list(csv.DictReader(io.StringIO(written(Results(results.documents, findings, {}), "csv"))))
    assert all(r["excerpt"].startswith("'") and r["message"].startswith("'") for r in rows if r["rule"])


def test_text_line_is_no_ci_command(results: Results) -> None:
    assert not [line for line in written(results, "text").splitlines() if line.startswith("::")]


def test_chunks_make_no_difference(results: Results, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = list(documents(results))
    monkeypatch.setattr("audit.formats.CHUNK_DOCUMENTS", 1)
    assert list(documents(results)) == whole


@pytest.mark.parametrize("name", ["csv", "json", "jsonl", "text"])
def test_no_documents(name: str, results: Results) -> None:
    nothing = Results(results.documents.iloc[:0], results.findings.iloc[:0], {})
    assert written(nothing, name).count("\n") <= 3


def test_frames_as_read_from_parquet(results: Results, tmp_path: Path) -> None:
    """Parquet gives other dtypes than a list of dicts: the output is the same."""
    clean = results.findings.assign(excerpt="plain")
    clean.to_parquet(tmp_path / "f.parquet")
    results.documents.to_parquet(tmp_path / "d.parquet")
    again = Results(pd.read_parquet(tmp_path / "d.parquet"), pd.read_parquet(tmp_path / "f.parquet"), {})
    assert written(again, "jsonl") == written(Results(results.documents, clean, {}), "jsonl")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\r\n\r\n b\tc", "a ⏎ b c"),
        ("\x1b]0;title\x07", "[U+001B]]0;title[U+0007]"),
        ("\u2067x\u2069", "[U+2067]x[U+2069]"),
        ("\udc80", "[U+DC80]"),
        ("می\u200cخواهم 👩\u200d💻 ไทย", "می\u200cخواهم 👩\u200d💻 ไทย"),
    ],
)
def test_visible(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_visible_keeps_line_breaks_when_asked() -> None:
    assert visible("a\r\nb\rc\x0bd", lines=True) == "a\nb\nc[U+000B]d"
