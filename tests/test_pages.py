"""Texts and pages that lie in different files are joined by their address."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import run
from audit.config import Config
from audit.document import Document
from audit.errors import AuditError
from audit.inputs import Plan, plan, read_unit, store_pages
from audit.pages import address_key, counts
from audit.records import ReadOptions

TEXT = "The old mill by the weir was sold on Monday. Its wheel has not turned for thirty years."


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("http://a.example/x", "https://A.example:443/x/#top", True),
        ("https://a.example", "https://a.example/", True),
        ("https://a.example/%c3%bc", "https://a.example/ü", True),
        ("https://a.example/x?p=1", "https://a.example/x?p=2", False),
        ("https://a.example:8080/x", "https://a.example/x", False),
        ("https://a.example/X", "https://a.example/x", False),
    ],
)
def test_addresses(one: str, other: str, same: bool) -> None:
    assert (address_key(one) == address_key(other)) is same


@given(st.text())
def test_any_text_as_an_address(text: str) -> None:
    for url in (text, f"https://{text}", f"https://a.example/{text}"):
        key = address_key(url)
        assert key is None or address_key(f"https://{key}") in (key, None)


def crawl(folder: Path) -> tuple[str, str]:
    texts, pages = folder / "texts.jsonl", folder / "pages.jsonl"
    texts.write_text(
        "".join(json.dumps({"text": f"{TEXT} {n}", "url": f"https://a.example/{n}"}) + "\n" for n in (1, 2))
    )
    pages.write_text(json.dumps({"html": "<p>one", "url": "http://a.example/1/"}) + "\n")
    return str(texts), str(pages)


def with_pages(texts: str, pages: str, folder: Path) -> Plan:
    store_pages([pages], ReadOptions(), folder / "store")
    return plan([texts]).with_pages(folder / "store")


def test_a_text_gets_its_page(tmp_path: Path) -> None:
    todo = with_pages(*crawl(tmp_path), tmp_path)
    found = [item for unit in todo.units for item in read_unit(unit, ReadOptions())]
    assert counts(tmp_path / "store") == (1, 0)
    assert [item.html for item in found if isinstance(item, Document)] == ["<p>one", None]


def test_pages_of_a_folder_know_their_address(tmp_path: Path) -> None:
    texts, _ = crawl(tmp_path)
    (folder := tmp_path / "pages").mkdir()
    (folder / "x.html").write_text("<html><link href='https://a.example/2' rel='canonical'><p>two")
    todo = with_pages(texts, str(folder), tmp_path)
    found = [item for unit in todo.units for item in read_unit(unit, ReadOptions())]
    assert [bool(item.html) for item in found if isinstance(item, Document)] == [False, True]


def test_the_summary_says_how_many_matched(tmp_path: Path) -> None:
    texts, pages = crawl(tmp_path)
    with Path(pages).open("a") as file:
        file.write('{"html": "<p>of no address"}\n')
    result = run.audit([texts], Config(pages=(pages,)), tmp_path / "out")
    assert result.summary["pages"] == {"paths": [pages], "found": 1, "useless": 1, "matched": 1}


def test_pages_without_a_page(tmp_path: Path) -> None:
    texts, _ = crawl(tmp_path)
    with pytest.raises(AuditError, match="no page with an address"):
        with_pages(texts, texts, tmp_path)
