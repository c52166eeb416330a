"""The strip list: repeated lines of a finished audit, in forms that scripts and extractors take."""

import json
from pathlib import Path
from typing import Any

import pytest

from audit.strip import write_strip_list, xpath

LINES = [
    "Subscribe to our newsletter",
    'Ring "the" desk',
    'It\'s "both" now',
    "\x1b[31mred",
    "safe\u202eevil",
    "half \ud800",
]


@pytest.fixture
def listed() -> dict[str, Any]:
    rows = [{"site": "a.example", "line": line, "documents": 38, "of": 40, "rule": "CH401"} for line in LINES]
    return {"strip_list": [*rows, rows[0] | {"site": "b.example"}]}


def test_plain_text_has_each_harmless_line_once(listed: dict[str, Any], tmp_path: Path) -> None:
    place = write_strip_list(listed, tmp_path / "new" / "strip.txt")
    assert place.read_text(encoding="utf-8").splitlines() == LINES[:3]


def test_json_has_all_with_evidence_and_nothing_hidden(listed: dict[str, Any], tmp_path: Path) -> None:
    raw = write_strip_list(listed, tmp_path / "strip.json").read_bytes()
    assert not set(raw) & {0x1B, 0x7F}
    assert "\u202e" not in raw.decode()
    rows = json.loads(raw)
    assert [row["line"] for row in rows] == [*LINES[:5], "half \ufffd", LINES[0]]
    assert [row["xpath"] is None for row in rows] == [False, False, False, True, True, True, False]
    assert (rows[0]["site"], rows[0]["documents"], rows[0]["of"]) == ("a.example", 38, 40)


@pytest.mark.parametrize("line", [*LINES[:3], "']|//*|x['", "  two   spaces ", "阅读更多"])
def test_xpath_finds_the_line_and_no_other(line: str) -> None:
    html = pytest.importorskip("lxml.html")
    page = html.document_fromstring("<body><p>An article.</p><div><p>x</p></div></body>")
    page.body[1][0].text = f"\n {line} "
    page.body.append(html.fragment_fromstring("<footer>Another line</footer>"))
    found = page.xpath(xpath(line))
    assert [element.text_content().split() for element in found] == [line.split()] * 2
    assert [element.tag for element in found] == ["div", "p"]


def test_an_audit_without_repeated_lines_gives_an_empty_file(tmp_path: Path) -> None:
    assert write_strip_list({}, tmp_path / "strip.txt").read_bytes() == b""
