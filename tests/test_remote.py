"""Remote paths: a memory file system and a web server on this machine."""

import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from audit.document import Document
from audit.errors import AuditError, MissingExtraError, UsageError
from audit.inputs import plan, read_unit
from audit.records import ReadOptions

TEXT = "The old mill by the weir was sold on Monday. Its wheel has not turned for thirty years."


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "a.jsonl").write_text(f'{{"text": "{TEXT}"}}\n')
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path))) as http:
        threading.Thread(target=http.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{http.server_port}"
        http.shutdown()


def read(path: str) -> list[Document]:
    found = [item for unit in plan([path]).units for item in read_unit(unit, ReadOptions())]
    return [item for item in found if isinstance(item, Document)]


def test_a_folder_in_another_file_system() -> None:
    fsspec = pytest.importorskip("fsspec")
    memory = fsspec.filesystem("memory")
    for name in ("b.example/x.txt", "a.example/y.txt", "a.example/z.png"):
        memory.pipe(f"/bucket/crawl/{name}", TEXT.encode())
    found = read("memory://bucket/crawl")
    assert [item.source for item in found] == [
        f"memory://bucket/crawl/{n}" for n in ("a.example/y.txt", "b.example/x.txt")
    ]
    assert [item.site for item in found] == ["a.example", "b.example"]


def test_a_file_on_the_web(server: str) -> None:
    pytest.importorskip("fsspec")
    pytest.importorskip("aiohttp")
    (found,) = read(f"{server}/a.jsonl")
    assert (found.text, found.source) == (TEXT, f"{server}/a.jsonl:1")
    with pytest.raises(AuditError, match=r"none\.jsonl: not found$"):
        plan([f"{server}/none.jsonl"])


def test_an_address_of_no_known_kind() -> None:
    pytest.importorskip("fsspec")
    with pytest.raises(UsageError, match="nokind"):
        plan(["nokind://x/y"])


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    with pytest.raises(MissingExtraError, match=r"crawlaudit\[remote\]"):
        plan(["s3://bucket/x"])
