"""Fixed crawls: what goes and what stays, that it can be put back, and that nothing is written over."""

import json
from pathlib import Path

import pytest

from audit.config import Config
from audit.errors import AuditError
from audit.fix import RECORD, fix, unfixed

STORY = (
    "The windows of the chapel have been cleaned for the first time since the painter died. Under the soot the saints "
    "are smiling.\n\nThe restorer thinks that nobody knew. The sexton says that he always did, and that his mother told "
    "him so when he was small.\n\nThey will be shown to the bishop on Sunday."
)
CHROME = "Home\nNews\nSport\nLog in\n\n{}\n\nSubscribe to our newsletter\nShare on Facebook\nAll rights reserved"
DIRTY = CHROME.format(STORY)


@pytest.fixture
def crawl(tmp_path: Path) -> Path:
    place = tmp_path / "crawl"
    (place / "a.example").mkdir(parents=True)
    (place / "a.example" / "dirty.txt").write_text(DIRTY, encoding="utf-8", newline="")
    (place / "a.example" / "clean.md").write_text(STORY, encoding="utf-8", newline="")
    rows = [{"id": "1", "Content": DIRTY, "kept": [1]}, {"id": "2", "Content": STORY, "kept": None}]
    lines = "".join(json.dumps(row) + "\r\n" for row in rows) + "{broken\n"
    (place / "b.jsonl").write_text(lines, encoding="utf-8", newline="")
    (place / "c.csv").write_text("text\n" + STORY.split(".")[0], encoding="utf-8")
    return place


def test_chrome_goes_and_the_rest_stays(crawl: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = fix([str(crawl)], out, Config(workers=1))
    assert (done.changed, done.dropped) == (2, 0)
    assert [Path(source).name for source, _ in done.copied] == ["c.csv"]
    fixed = (out / "a.example" / "dirty.txt").read_text(encoding="utf-8")
    assert STORY in fixed
    assert "Subscribe" not in fixed
    for same in ("a.example/clean.md", "c.csv"):
        assert (out / same).read_bytes() == (crawl / same).read_bytes()
    lines = (out / "b.jsonl").read_bytes().splitlines(keepends=True)
    assert STORY in json.loads(lines[0])["Content"]
    assert json.loads(lines[0])["kept"] == [1]
    assert lines[1:] == (crawl / "b.jsonl").read_bytes().splitlines(keepends=True)[1:]


def test_what_went_can_be_put_back(crawl: Path, tmp_path: Path) -> None:
    fix([str(crawl)], tmp_path / "out", Config(workers=1))
    assert dict(unfixed(tmp_path / "out")) == {"a.example/dirty.txt": DIRTY, "1": DIRTY}


def test_a_fixed_crawl_is_fixed(crawl: Path, tmp_path: Path) -> None:
    fix([str(crawl)], tmp_path / "out", Config(workers=1))
    (tmp_path / "out" / RECORD).unlink()
    assert fix([str(tmp_path / "out")], tmp_path / "again", Config(workers=1)).changed == 0


def test_bad_documents_are_left_out(crawl: Path, tmp_path: Path) -> None:
    done = fix([str(crawl)], tmp_path / "out", Config(workers=1), drop=("bad", "suspect"))
    assert done.dropped == 2
    assert (tmp_path / "out" / "a.example" / "dirty.txt").read_bytes() == b""
    assert len((tmp_path / "out" / "b.jsonl").read_bytes().splitlines()) == 2
    assert all(json.loads(line)["dropped"] for line in (tmp_path / "out" / RECORD).read_text().splitlines())


def test_nothing_is_written_over(crawl: Path, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").touch()
    with pytest.raises(AuditError, match="not empty"):
        fix([str(crawl)], tmp_path / "full", Config())
    with pytest.raises(AuditError, match="which is being read"):
        fix([str(crawl)], crawl / "out", Config())
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "b.jsonl").write_text('{"text": "It rained."}', encoding="utf-8")
    with pytest.raises(AuditError, match="the same file"):
        fix([str(crawl), str(tmp_path / "other")], tmp_path / "out", Config())
    assert not (tmp_path / "out").exists()


def test_a_record_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(AuditError, match="cannot be read"):
        list(unfixed(tmp_path))
