"""Fixed crawls: what goes and what stays in every format, that it can be put back, and that nothing is written over."""

import bz2
import csv
import gzip
import io
import json
import lzma
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit import fix as module
from audit.config import Config
from audit.document import Document
from audit.errors import AuditError
from audit.fix import RECORD, fix, put_back
from audit.inputs import plan, read_unit
from audit.records import ReadOptions

STORY = (
    "The windows of the chapel have been cleaned for the first time since the painter died. Under the soot the saints "
    "are smiling.\n\nThe restorer thinks that nobody knew. The sexton says that he always did, and that his mother told "
    "him so when he was small.\n\nThey will be shown to the bishop on Sunday."
)
CHROME = "Home\nNews\nSport\nLog in\n\n{}\n\nSubscribe to our newsletter\nShare on Facebook\nAll rights reserved"
DIRTY = CHROME.format(STORY)
ROWS: list[dict[str, Any]] = [
    {"id": "1", "Content": DIRTY, "kept": 1.5, "title": "«Ä»"},
    {"id": "2", "Content": STORY, "kept": 2.0, "title": 'a "b", c'},
    {"id": "3", "Content": "", "kept": 3.0, "title": "nothing"},
]
CONFIG = Config(workers=1)


def _csv(delimiter: str, quoting: Any, encoding: str) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, ROWS[0], delimiter=delimiter, quoting=quoting, lineterminator="\n")
    writer.writeheader()
    writer.writerows(ROWS)
    return out.getvalue().encode(encoding)


def _parquet(**how: Any) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(ROWS).replace_schema_metadata({"mine": "kept"}), out, row_group_size=2, **how)
    return out.getvalue()


def _arrow(start: Callable[..., Any]) -> bytes:
    out, table = io.BytesIO(), pa.Table.from_pylist(ROWS)
    with start(out, table.schema) as writer:
        writer.write_table(table, max_chunksize=2)
    return out.getvalue()


def _nested() -> bytes:
    out = io.BytesIO()
    rows = [{"id": r["id"], "markdown": {"raw_markdown": r["Content"], "other": 1}} for r in ROWS]
    pq.write_table(pa.Table.from_pylist(rows), out)
    return out.getvalue()


def _lines(**how: Any) -> bytes:
    return "".join(json.dumps(row, **how) + "\r\n" for row in ROWS).encode() + b"{broken\n\n"


FILES: dict[str, bytes] = {
    "dirty.txt": DIRTY.encode(),
    "dirty.md": DIRTY.replace("\n", "\r\n").encode("utf-8-sig"),
    "latin.txt": (DIRTY + "\n\nFußnote: Österreich, Übermut, Äpfel, Maß.").encode("cp1252"),
    "wide.txt": DIRTY.encode("utf-16"),
    "lines.jsonl": _lines(),
    "plain.jl": _lines(ensure_ascii=False, separators=(",", ":")),
    "array.json": json.dumps(ROWS, indent=2, ensure_ascii=False).encode() + b"\n",
    "object.json": json.dumps({"status": "ok", "articles": ROWS}, indent="\t").encode(),
    "one.json": json.dumps(ROWS[0]).encode(),
    "lines.json": _lines(),
    "paragraphs.jsonl": json.dumps({"text": DIRTY.split("\n")}).encode(),
    "comma.csv": _csv(",", csv.QUOTE_MINIMAL, "utf-8-sig"),
    "quoted.csv": _csv(";", csv.QUOTE_ALL, "utf-8"),
    "tabs.tsv": _csv("\t", csv.QUOTE_MINIMAL, "utf-8"),
    "rows.parquet": _parquet(compression="zstd"),
    "bare.parquet": _parquet(compression="none", use_dictionary=False),
    "nested.parquet": _nested(),
    "rows.arrow": _arrow(pa.ipc.new_file),
    "stream.arrow": _arrow(pa.ipc.new_stream),
    "dirty.txt.gz": gzip.compress(DIRTY.encode(), mtime=0),
    "lines.jsonl.bz2": bz2.compress(_lines()),
    "comma.csv.xz": lzma.compress(_csv(",", csv.QUOTE_MINIMAL, "utf-8")),
    "lines.jsonl.zst": bytes(pa.compress(_lines(), "zstd", asbytes=True)),
    "rows.parquet.gz": gzip.compress(_parquet(), mtime=0),
}


def texts(*paths: Path) -> list[str]:
    found = [f for unit in plan(list(map(str, paths))).units for f in read_unit(unit, ReadOptions())]
    return [f.text for f in found if isinstance(f, Document)]


@pytest.fixture
def crawl(tmp_path: Path) -> Path:
    place = tmp_path / "crawl"
    for name, data in FILES.items():  # each a site of its own: what repeats there is no sign of chrome
        (place / name).mkdir(parents=True)
        (place / name / name).write_bytes(data)
    (place / "clean.md").write_text(STORY, encoding="utf-8", newline="")
    (place / "picture.png").write_bytes(b"\x89PNG")
    return place


@pytest.mark.parametrize("name", FILES)
def test_chrome_goes_the_rest_stays_and_can_be_put_back(name: str, tmp_path: Path) -> None:
    (tmp_path / "crawl").mkdir()
    file = tmp_path / "crawl" / name
    file.write_bytes(FILES[name])
    done = fix([str(tmp_path / "crawl")], tmp_path / "out", CONFIG)
    assert (done.counts.changed, done.counts.dropped, done.told) == (1, 0, [])
    before, after = texts(file), texts(tmp_path / "out" / name)
    assert len(after) == len(before)
    assert after[1:] == before[1:]
    assert STORY.replace("\n", "\r\n" if "md" in name else "\n") in after[0]
    assert "Subscribe" not in after[0]
    back = put_back(tmp_path / "out", tmp_path / "back", CONFIG)
    assert (back.counts.changed, back.counts.characters) == (1, done.counts.characters)
    assert texts(tmp_path / "back" / name) == before
    if "parquet" not in name and "arrow" not in name and not name.endswith((".gz", ".bz2", ".xz", ".zst")):
        assert (tmp_path / "back" / name).read_bytes() == FILES[name]


def test_other_fields_stay_as_they_were(crawl: Path, tmp_path: Path) -> None:
    fix([str(crawl)], tmp_path / "out", CONFIG)
    place = tmp_path / "out"
    lines = (place / "lines.jsonl" / "lines.jsonl").read_bytes().splitlines(keepends=True)
    assert {**json.loads(lines[0]), "Content": DIRTY} == ROWS[0]
    assert lines[1:] == FILES["lines.jsonl"].splitlines(keepends=True)[1:]
    assert (place / "comma.csv" / "comma.csv").read_bytes().startswith(FILES["comma.csv"][:27])
    table = pq.read_table(place / "rows.parquet" / "rows.parquet")
    assert table.schema.equals(pq.read_schema(crawl / "rows.parquet" / "rows.parquet"), check_metadata=True)
    assert [row["title"] for row in table.to_pylist()] == [row["title"] for row in ROWS]
    meta = pq.read_metadata(place / "rows.parquet" / "rows.parquet")
    assert (meta.num_row_groups, meta.row_group(0).column(0).compression) == (2, "ZSTD")


def test_a_file_without_chrome_is_the_same_bytes(crawl: Path, tmp_path: Path) -> None:
    done = fix([str(crawl)], tmp_path / "out", CONFIG)
    assert (tmp_path / "out" / "clean.md").read_bytes() == STORY.encode()
    assert done.skipped == 1
    assert not (tmp_path / "out" / "picture.png").exists()


def test_a_fixed_crawl_is_fixed(crawl: Path, tmp_path: Path) -> None:
    done = fix([str(crawl)], tmp_path / "out", CONFIG).counts
    again = fix([str(tmp_path / "out")], tmp_path / "again", CONFIG).counts
    assert (again.changed, again.seen, again.unread) == (0, done.seen, done.unread)
    assert (tmp_path / "again" / RECORD).read_bytes() == b""
    put_back(tmp_path / "again", tmp_path / "back", CONFIG)
    assert not (tmp_path / "back" / f"_{RECORD}").exists()
    for file in tmp_path.glob("out/*/*"):
        assert (tmp_path / "again" / file.relative_to(tmp_path / "out")).read_bytes() == file.read_bytes()


@pytest.mark.parametrize("drop", [(), ("bad",)])
def test_the_record_is_no_part_of_a_fixed_crawl(crawl: Path, tmp_path: Path, drop: tuple[str, ...]) -> None:
    fix([str(crawl)], tmp_path / "out", CONFIG, drop=drop)
    (tmp_path / "out" / "clean.md").write_text(STORY, encoding="utf-8")
    names = {item.name for unit in plan([str(tmp_path / "out")]).units for item in unit.items}
    assert "clean.md" in names
    assert RECORD not in names
    (tmp_path / "out" / RECORD).write_text(json.dumps({"text": STORY}), encoding="utf-8")  # of somebody else
    assert RECORD in {item.name for unit in plan([str(tmp_path / "out")]).units for item in unit.items}


def test_bad_documents_are_left_out(crawl: Path, tmp_path: Path) -> None:
    done = fix([str(crawl)], tmp_path / "out", CONFIG, drop=("bad", "suspect"))
    assert (done.counts.dropped, done.counts.changed) == (len(FILES), 0)
    assert not (tmp_path / "out" / "dirty.txt" / "dirty.txt").exists()
    assert not (tmp_path / "out" / "one.json" / "one.json").exists()
    assert set(texts(tmp_path / "out")) == {STORY}
    rows = [json.loads(line) for line in (tmp_path / "out" / RECORD).read_text(encoding="ascii").splitlines()]
    assert all(row["dropped"] and row["verdict"] in ("bad", "suspect") and row["text"] for row in rows)
    back = put_back(tmp_path / "out", tmp_path / "back", CONFIG)
    assert (back.counts.changed, back.counts.dropped) == (0, len(FILES))


def test_more_goes_when_asked(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(DIRTY, encoding="utf-8")
    shares = [
        fix([str(tmp_path / "a.txt")], tmp_path / str(c), CONFIG, confidence=c).counts.characters for c in (1.0, 0.5)
    ]
    assert shares[0] < shares[1]


def test_the_page_of_a_text_comes_along(tmp_path: Path) -> None:
    (tmp_path / "crawl").mkdir()
    page = f"<html><body><article><p>{STORY}</p></article></body></html>"
    (tmp_path / "crawl" / "a.html").write_text(page, encoding="utf-8")
    (tmp_path / "crawl" / "a.txt").write_text(STORY, encoding="utf-8")
    (tmp_path / "crawl" / "b.html").write_text(page, encoding="utf-8")
    fix([str(tmp_path / "crawl")], tmp_path / "out", CONFIG)
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["a.html", "a.txt", "b.html", RECORD]


def test_nothing_is_written_over(crawl: Path, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").touch()
    with pytest.raises(AuditError, match="not empty"):
        fix([str(crawl)], tmp_path / "full", CONFIG)
    with pytest.raises(AuditError, match="which is being read"):
        fix([str(crawl)], crawl / "out", CONFIG)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "clean.md").write_text("It rained.", encoding="utf-8")
    with pytest.raises(AuditError, match="the same file"):
        fix([str(crawl), str(tmp_path / "other")], tmp_path / "out", CONFIG)
    assert not (tmp_path / "out").exists()


def test_archives_are_refused_before_anything_is_written(crawl: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(crawl / "more.zip", "w") as archive:
        archive.writestr("a.txt", DIRTY)
    with pytest.raises(AuditError, match=r"unpack them.*more\.zip \(zip\)"):
        fix([str(crawl)], tmp_path / "out", CONFIG)
    assert not (tmp_path / "out").exists()


def test_a_file_that_cannot_be_written_anew_is_told(tmp_path: Path) -> None:
    broken = _parquet()[:-20]
    (tmp_path / "a.parquet").write_bytes(broken)
    (tmp_path / "b.txt").write_text(DIRTY, encoding="utf-8")
    done = fix([str(tmp_path / "a.parquet"), str(tmp_path / "b.txt")], tmp_path / "out", CONFIG)
    assert [Path(source).name for source, _ in done.told] == ["a.parquet"]
    assert (tmp_path / "out" / "a.parquet").read_bytes() == broken
    assert done.counts.changed == 1


def test_bytes_that_are_no_text_pass_through(tmp_path: Path) -> None:
    data = _csv(",", csv.QUOTE_MINIMAL, "utf-8").replace(b"nothing", b"\xff\xfe")
    (tmp_path / "a.csv").write_bytes(data)
    assert fix([str(tmp_path / "a.csv")], tmp_path / "out", CONFIG).counts.changed == 1
    assert b"\xff\xfe" in (tmp_path / "out" / "a.csv").read_bytes()


def test_an_unfinished_fix_is_known_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text(DIRTY, encoding="utf-8")

    def full(*_: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(module, "write_rows", full)
    with pytest.raises(AuditError, match="cannot write to"):
        fix([str(tmp_path / "a.txt")], tmp_path / "out", CONFIG)
    with pytest.raises(AuditError, match="cannot be read"):
        put_back(tmp_path / "out", tmp_path / "back", CONFIG)


@pytest.mark.parametrize("record", [None, "[]", "{}", '{"file": 1}', "nonsense", "\xe4"])
def test_a_record_that_is_none(record: str | None, tmp_path: Path) -> None:
    (tmp_path / "fixed").mkdir()
    (tmp_path / "fixed" / "a.txt").write_text(STORY, encoding="utf-8")
    if record is not None:
        (tmp_path / "fixed" / RECORD).write_text(record, encoding="utf-8")
    with pytest.raises(AuditError, match=RECORD):
        put_back(tmp_path / "fixed", tmp_path / "back", CONFIG)


@pytest.mark.parametrize("how", ["changed", "gone", "other"])
def test_what_is_not_the_record_s_is_not_put_back(how: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(DIRTY, encoding="utf-8")
    fix([str(tmp_path / "a.txt")], tmp_path / "out", CONFIG)
    file, record = tmp_path / "out" / "a.txt", tmp_path / "out" / RECORD
    if how == "changed":
        file.write_text(STORY + " And so on.", encoding="utf-8")
    elif how == "gone":
        file.rename(tmp_path / "out" / "b.txt")
    else:
        record.write_text(record.read_text(encoding="ascii").replace("Sport", "Tarot"), encoding="ascii")
    with pytest.raises(AuditError, match=r"changed since|are gone|not of this text"):
        put_back(tmp_path / "out", tmp_path / "back", CONFIG)


WORDS = st.sampled_from([*STORY.split(), "Home", "Share on Facebook", "\n", "\n\n", '"', ",", ";", "\t", "ж", "\r\n"])


@settings(max_examples=25)
@given(st.lists(st.lists(WORDS, max_size=30).map(" ".join), min_size=1, max_size=4), st.sampled_from(["csv", "jsonl"]))
def test_any_texts_come_back(found: list[str], kind: str) -> None:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as name:
        place = Path(name)
        with (place / f"a.{kind}").open("w", encoding="utf-8", newline="") as file:
            if kind == "csv":
                csv.writer(file).writerows([["text"], *([text] for text in found)])
            else:
                file.writelines(json.dumps({"text": text}) + "\n" for text in found)
        fix([str(place / f"a.{kind}")], place / "out", CONFIG, confidence=0.5)
        put_back(place / "out", place / "back", CONFIG)
        assert (place / "back" / f"a.{kind}").read_bytes() == (place / f"a.{kind}").read_bytes()
