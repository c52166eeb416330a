"""HTML pages: what is taken from them, and how without trafilatura."""

import sys

import pytest

from .conftest import TEXT, Read, document, reason

PAGE = f"""<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>Old mill sold</title>
<meta name="description" content="A buyer for the mill."><link rel="canonical" href="https://www.millpost.example/mill">
</head><body><nav><a href="/">Home</a></nav><article><h1>Old mill sold</h1>
<p>{TEXT} “Größe”.</p><p>{TEXT * 3}</p></article><footer>Imprint</footer></body></html>"""


@pytest.mark.parametrize("name", ["a.html", "a.htm", "a.xhtml", "a.HTML"])
def test_text_and_page(read: Read, name: str) -> None:
    pytest.importorskip("trafilatura")
    found = document(read(f"folder/{name}", PAGE))
    assert TEXT in found.text
    assert "Imprint" not in found.text
    assert (found.url, found.site) == ("https://www.millpost.example/mill", "millpost.example")
    assert (found.title, found.description, found.lang) == ("Old mill sold", "A buyer for the mill.", "en")
    assert (found.html, found.id) == (PAGE, f"folder/{name}")


@pytest.mark.parametrize("encoding", ["windows-1252", "utf-16"])
def test_declared_encoding(read: Read, encoding: str) -> None:
    pytest.importorskip("trafilatura")
    data = PAGE.replace('charset="utf-8"', f"charset={encoding}").encode(encoding)
    assert "“Größe”" in document(read("a.html", data)).text


@pytest.mark.parametrize("page", ["<html><body></body></html>", "", "<html><body><script>1</script></body></html>"])
def test_a_page_without_text(read: Read, page: str) -> None:
    pytest.importorskip("trafilatura")
    assert reason(read("a.html", page)) == "trafilatura finds no text in this page"


def test_ten_thousand_nested_elements(read: Read) -> None:
    pytest.importorskip("trafilatura")
    assert len(read("a.html", f"<html><body>{'<div>' * 10_000}{TEXT}</body></html>")) == 1


def test_the_extra_is_named_where_it_is_missing(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    assert reason(read("a.html", PAGE)) == "Reading HTML pages needs trafilatura: pip install 'crawlaudit[html]'"
