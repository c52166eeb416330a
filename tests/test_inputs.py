"""PATH arguments: what is found, in which order, how it is cut into units."""

import io
import os
import pickle
import socket
import sys
from pathlib import Path

import pytest

from audit.document import Document
from audit.errors import AuditError, UsageError
from audit.inputs import Plan, plan, read_unit
from audit.records import ReadOptions
from audit.streams import InputFile

TEXT = "The old mill by the weir was sold on Monday."
PAGE = f"<html><body><article><p>{TEXT}</p></article></body></html>"


def make(root: Path, *names: str) -> Path:
    """Files below `root`, each with a short text."""
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(TEXT, encoding="utf-8")
    return root


def files(found: Plan) -> list[InputFile]:
    return [file for unit in found.units for file in unit.items]


def names(found: Plan) -> list[str]:
    return [file.id for file in files(found)]


def test_a_folder_is_searched_in_a_fixed_order(tmp_path: Path) -> None:
    make(tmp_path, "b/z.txt", "b/a.txt", "a/x/y.md", "B.txt", "a.txt", "a-b/c.jsonl", "10.txt", "9.txt")
    assert names(plan([str(tmp_path)])) == [
        *("10.txt", "9.txt", "B.txt", "a.txt"),
        *("a/x/y.md", "a-b/c.jsonl", "b/a.txt", "b/z.txt"),
    ]


def test_hidden_files_and_folders_are_left_out(tmp_path: Path) -> None:
    make(tmp_path, ".git/a.txt", ".hidden.txt", "a/.b/c.txt", "a/b.txt")
    assert names(plan([str(tmp_path)])) == ["a/b.txt"]


def test_results_of_an_earlier_audit_are_left_out(tmp_path: Path) -> None:
    tables = ("documents.parquet", "findings.parquet", "summary.json")
    others = ("out/keys.parquet", "out/report.html", "out/b.txt")
    make(tmp_path, "a.txt", *(f"out/{name}" for name in tables), *others, *tables[:2])
    assert names(plan([str(tmp_path)])) == ["a.txt", *tables[:2], "out/b.txt"]


def test_unknown_extensions_are_counted(tmp_path: Path) -> None:
    found = plan([str(make(tmp_path, "a.txt", "b.jpg", "c/d.JPG", "Makefile", "e.svg.gz"))])
    assert (names(found), found.skipped) == (["a.txt"], {".jpg": 2, "": 1, ".gz": 1})


@pytest.mark.parametrize(
    ("patterns", "left"),
    [
        ([], ["a.txt", "drafts/c.txt", "x/b.txt", "x/drafts/d.txt"]),
        (["drafts/"], ["a.txt", "x/b.txt"]),
        (["/drafts"], ["a.txt", "x/b.txt", "x/drafts/d.txt"]),
        (["*.txt", "!b.txt"], ["x/b.txt"]),
        (["x/**"], ["a.txt", "drafts/c.txt"]),
    ],
)
def test_excludes_are_those_of_gitignore(tmp_path: Path, patterns: list[str], left: list[str]) -> None:
    make(tmp_path, "a.txt", "drafts/c.txt", "x/b.txt", "x/drafts/d.txt")
    assert names(plan([str(tmp_path)], exclude=patterns)) == left


def test_nothing_in_the_audited_folder_configures_the_search(tmp_path: Path) -> None:
    make(tmp_path, "a.txt")
    for name in (".gitignore", ".crawlauditignore"):
        (tmp_path / name).write_text("*", encoding="utf-8")
    assert names(plan([str(tmp_path)])) == ["a.txt"]


def test_an_exclude_that_is_no_pattern(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="exclude"):
        plan([str(tmp_path)], exclude=["!"])


@pytest.mark.parametrize("path", ["nowhere", "nowhere/*.txt", "*.none"])
def test_a_path_that_does_not_exist(tmp_path: Path, path: str) -> None:
    with pytest.raises(AuditError) as error:
        plan([str(tmp_path / path)])
    assert str(tmp_path / path) in str(error.value)


def test_a_path_that_cannot_be_looked_at(tmp_path: Path) -> None:
    with pytest.raises(AuditError):
        plan([str(tmp_path / ("x" * 5000))])


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.txt", ["a.txt"]),
        ("*/*.txt", ["s/b.txt", "t/b.txt"]),
        ("**/*.txt", ["a.txt", "s/b.txt", "s/deep/c.txt", "t/b.txt"]),
        ("[st]", ["s/b.txt", "s/deep/c.txt", "t/b.txt"]),
        ("s/d*", ["deep/c.txt"]),
        ("?.txt", ["a.txt"]),
    ],
)
def test_patterns_are_expanded(tmp_path: Path, pattern: str, expected: list[str]) -> None:
    make(tmp_path, "a.txt", "s/b.txt", "s/deep/c.txt", "t/b.txt", "s/.hidden/x.txt", "s/x.png")
    assert names(plan([f"{tmp_path}/{pattern}"])) == expected


def test_a_file_whose_name_looks_like_a_pattern(tmp_path: Path) -> None:
    assert names(plan([str(make(tmp_path, "a[1].txt", "a1.txt") / "a[1].txt")])) == ["a[1].txt"]


def test_relative_paths_are_shown_as_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(make(tmp_path, "crawl/s/a.txt"))
    for path in ("crawl", "./crawl/", "crawl/s/a.txt", "crawl/*/a.txt"):
        assert [file.source for file in files(plan([path]))] == ["crawl/s/a.txt"]
    assert [(file.source, file.site) for file in files(plan(["."]))] == [("crawl/s/a.txt", "crawl")]


def test_each_file_is_read_once(tmp_path: Path) -> None:
    make(tmp_path, "s/a.txt", "s/b.txt")
    given = [str(tmp_path / "s" / "a.txt"), str(tmp_path), str(tmp_path / "s"), str(tmp_path / "s" / "b.txt")]
    assert names(plan(given)) == ["a.txt", "s/b.txt"]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_links_to_folders_are_followed_once(tmp_path: Path) -> None:
    make(tmp_path, "crawl/a/x.txt", "other/y.txt")
    (tmp_path / "crawl/a/up").symlink_to(tmp_path / "crawl")
    (tmp_path / "crawl/a/self").symlink_to("self")
    (tmp_path / "crawl/b").symlink_to(tmp_path / "other")
    (tmp_path / "crawl/c").symlink_to(tmp_path / "other")
    (tmp_path / "crawl/gone.txt").symlink_to("nowhere")
    found = plan([str(tmp_path / "crawl")])
    assert names(found) == ["a/x.txt", "b/y.txt"]
    assert sorted(item.id for item in found.unread) == ["a/self", "gone.txt"]
    assert names(plan([f"{tmp_path}/crawl/**/*.txt"])) == ["a/x.txt"]


@pytest.mark.skipif(sys.platform == "win32", reason="no such files there")
def test_pipes_and_sockets_are_not_opened(tmp_path: Path) -> None:
    os.mkfifo(make(tmp_path, "a.txt") / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as server:
        monkey = Path.cwd()
        os.chdir(tmp_path)  # the address of a socket is short
        try:
            server.bind("socket.txt")
        finally:
            os.chdir(monkey)
        found = plan([str(tmp_path), str(tmp_path / "pipe.txt")])
    assert names(found) == ["a.txt"]
    assert [item.id for item in found.unread] == ["pipe.txt", "socket.txt"]
    assert all("neither a file nor a folder" in item.reason for item in found.unread)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="needs a user whom permissions bind")
def test_a_folder_that_cannot_be_listed(tmp_path: Path) -> None:
    make(tmp_path, "a.txt", "closed/b.txt")
    (tmp_path / "closed").chmod(0)
    found = plan([str(tmp_path)])
    (tmp_path / "closed").chmod(0o700)
    assert names(found) == ["a.txt"]
    assert found.unread[0].reason == "the folder cannot be listed: Permission denied"


@pytest.mark.skipif(sys.platform != "linux", reason="names are text elsewhere")
def test_names_that_are_not_text_can_be_read_and_shown(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.txt")).write_text(TEXT, encoding="utf-8")
    (document,) = read_unit(plan([str(tmp_path)]).units[0], ReadOptions())
    assert isinstance(document, Document)
    assert document.id == "caf\ufffd.txt"


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (["a.txt", "a.html"], {"a.txt": "a.html"}),
        (["s/a.md", "s/a.htm.gz"], {"s/a.md": "s/a.htm.gz"}),
        (["a.html.txt", "a.html"], {"a.html.txt": "a.html"}),
        (["a.txt", "s/a.html"], {"a.txt": None, "s/a.html": None}),
        (["a.txt", "b.html"], {"a.txt": None, "b.html": None}),
        (["a.json", "a.html"], {"a.html": None, "a.json": None}),
    ],
)
def test_a_text_and_its_page_are_one_document(tmp_path: Path, given: list[str], read: dict[str, str | None]) -> None:
    make(tmp_path, *given)
    assert {file.id: file.page and file.page.id for file in files(plan([str(tmp_path)]))} == read


def test_a_named_text_finds_its_page_and_keeps_it(tmp_path: Path) -> None:
    make(tmp_path, "a.txt")
    (tmp_path / "a.html").write_text(PAGE, encoding="utf-8")
    for given in (["a.txt"], ["a.txt", "a.html"], ["a.html", "a.txt"]):
        found = plan([str(tmp_path / name) for name in given])
        (document,) = read_unit(found.units[0], ReadOptions())
        assert isinstance(document, Document)
        assert (document.id, document.text, document.html) == ("a.txt", TEXT, PAGE)


def test_a_page_that_cannot_be_read_does_not_cost_the_text(tmp_path: Path) -> None:
    make(tmp_path, "a.txt")
    (tmp_path / "a.html").write_text(PAGE * 9, encoding="utf-8")
    page, document = read_unit(plan([str(tmp_path)]).units[0], ReadOptions(max_bytes=100))
    assert (page.id, document.id) == ("a.html", "a.txt")
    assert isinstance(document, Document)


@pytest.mark.parametrize(
    ("content", "reader"),
    [
        ('{"text": "a"}\n{"text": "b"}\n', "json-lines"),
        ('{\n "text": "a"\n}', "json"),
        ('[{"text": "a"}]', "json"),
        ('{"html": "<html>", "text": "a"}', "json"),
        (" <!-- x --><!DOCTYPE html><p>a", "html"),
        ("<HTML lang=de>", "html"),
        ("PAR1....", "parquet"),
        ("{curly} prose", "json"),
        ("Prose about <html>.", "text"),
        ("", "text"),
    ],
)
def test_a_named_file_without_known_extension_is_told_by_its_content(tmp_path: Path, content: str, reader: str) -> None:
    (tmp_path / "dump").write_text(content, encoding="utf-8")
    assert [file.reader for file in files(plan([str(tmp_path / "dump")]))] == [reader]


def test_standard_input_is_json_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    data = b'{"text": "a b"}\n{"text": "c", "id": "x"}\n'
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    found = plan(["-"])
    for _ in range(2):  # two passes are made
        assert [(item.id, item.source) for unit in found.units for item in read_unit(unit, ReadOptions())] == [
            ("stdin:1", "stdin:1"),
            ("x", "stdin:2"),
        ]


def test_units_are_small_to_send_and_of_about_the_size_asked_for(tmp_path: Path) -> None:
    make(tmp_path, *(f"{n:03}.txt" for n in range(100)))
    found = plan([str(tmp_path)], unit_bytes=len(TEXT) * 10)
    assert [len(unit.items) for unit in found.units] == [10] * 10
    assert [unit.index for unit in found.units] == list(range(1, 11))
    assert all(len(pickle.dumps(unit)) < 5000 and pickle.loads(pickle.dumps(unit)) == unit for unit in found.units)


def test_the_same_documents_whatever_the_size_of_units(tmp_path: Path) -> None:
    make(tmp_path, *(f"s{n % 3}/{n}.txt" for n in range(20)))
    (tmp_path / "all.jsonl").write_text("".join(f'{{"text": "{n} {TEXT}"}}\n' for n in range(50)), encoding="utf-8")

    def documents(unit_bytes: int) -> list[object]:
        units = plan([str(tmp_path)], unit_bytes=unit_bytes).units
        return [found for unit in units for found in read_unit(unit, ReadOptions())]

    assert len(documents(1)) == 70
    assert documents(1) == documents(500) == documents(1 << 30)


def test_options_are_checked() -> None:
    with pytest.raises(UsageError, match="roles are text, url"):
        ReadOptions(fields={"txet": "x"})
    with pytest.raises(UsageError, match="utf-9"):
        ReadOptions(encoding="utf-9")
