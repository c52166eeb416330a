"""What several tests share: a made-up finished audit, its tables, and gold files.

`pytest --accept-gold` accepts what the tests produce as the new gold files.
"""

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pandas as pd
import pytest
from hypothesis import settings

from audit.finding import FAMILY_OF_PREFIX
from audit.table import Results

settings.register_profile("patient", deadline=None)  # a busy machine is no fault of the code
settings.load_profile("patient")

# What is printed must not depend on the terminal, or on what a library set: a dumb one that is forced to colours has no
# width but 80.
for name in ("FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
    os.environ.pop(name, None)
os.environ["TERM"] = "xterm"

GOLD = Path(__file__).parent / "gold"
SUMMARY = Path(__file__).parent / "fixtures" / "summary.json"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept-gold", action="store_true", help="write what the tests produce as the new gold files")


@pytest.fixture(scope="module")
def few_lines() -> Iterator[None]:
    """Written lines of one language: with all of them a training takes most of its time for those."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("audit.training.written.FILES", "lines/sw.toml")
        yield


@pytest.fixture
def gold(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """`gold(name, text)` fails unless the text is exactly what `tests/gold/name` holds."""

    def compare(name: str, text: str) -> None:
        place = GOLD / name
        if request.config.getoption("--accept-gold"):
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8", newline="\n")
        expected = place.read_text(encoding="utf-8") if place.exists() else ""
        assert text == expected, f"{name} changed; if that is meant, run: pytest --accept-gold"

    return compare


@pytest.fixture
def growth() -> Callable[[Callable[[int], Callable[[], object]]], float]:
    """`growth(made)` is how many lines of Python more each unit of input costs where there are UNITS more of them.

    `made(n)` prepares n units of input and gives the call, whose lines are counted for one, two and three times so many
    units: no clock is asked. Below 1 the work grows as its input does; what is squared is far above. What takes long in
    C, such as a pattern, is not seen: see `tests/regexes`.
    """

    def measured(made: Callable[[int], Callable[[], object]]) -> float:
        made(1)()  # what is only done once
        one, two, three = (_lines_run(made(n * UNITS)) for n in (1, 2, 3))
        return (three - 2 * two + one) / UNITS

    return measured


UNITS = 200


def _lines_run(call: Callable[[], object]) -> int:
    count = 0

    def traced(frame: FrameType, event: str, arg: object) -> Any:
        nonlocal count
        count += event == "line"
        return traced

    before = sys.gettrace()
    sys.settrace(traced)
    try:
        call()
    finally:
        sys.settrace(before)
    return count


@pytest.fixture
def summary() -> dict[str, Any]:
    """The summary of a crawl of ten sites, with everything in it that a real one has."""
    return dict(json.loads(SUMMARY.read_text(encoding="utf-8")))


@pytest.fixture
def hostile_summary(summary: dict[str, Any]) -> dict[str, Any]:
    """The same with every text that comes from a crawl replaced by one that wants to do harm."""
    return dict(_poisoned(summary))


@pytest.fixture
def results(summary: dict[str, Any]) -> Results:
    """Four documents: damaged, hostile, clean, unread."""
    return Results(documents=pd.DataFrame(DOCUMENTS), findings=pd.DataFrame(FINDINGS), summary=summary)


HOSTILE = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "javascript:alert(1)", "\x1b[31mred\x1b[0m\x07",
    "[bold red]markup[/bold red] [link=https://evil.example]x[/link]", "safe\u202eevil\u2066",
    '=HYPERLINK("http://evil.example")', "half \ud800 surrogate", "{{ 7 * 7 }}{% raw %}",
    "</style></script></textarea>", "a\r\nb\tc\x00d\u2028e\ufeff",
)  # fmt: skip
CRAWLED = (
    *("id", "source", "url", "title", "site", "line", "reason", "message", "before", "marked", "after", "lang"),
    *("format", "inputs", "command"),
)


def _poisoned(value: Any, key: str = "", number: int = 0) -> Any:
    if isinstance(value, dict):
        return {k: _poisoned(v, k, number + i) for i, (k, v) in enumerate(value.items())}
    if isinstance(value, list):
        return [_poisoned(v, "source" if key == "examples" else key, number + i) for i, v in enumerate(value)]
    crawled = isinstance(value, str) and key in CRAWLED
    return HOSTILE[number % len(HOSTILE)] if crawled else value


def _document(number: int, verdict: str, findings: int, **other: Any) -> dict[str, Any]:
    return {
        "id": f"d{number}", "source": f"crawl/{number}.txt", "url": f"https://harbour-post.example/{number}",
        "site": "harbour-post.example", "title": f"Story {number}", "lang": "en", "chars": 900, "words": 150,
        "lines": 12, "score": 90.5, "truncation": 0.1, "chrome": 0.1, "missing_lead": None, "link_text": 0.0,
        "verdict": verdict, "flagged_share": 0.0, "findings": findings, "sha256": "00", "reason": None,
    } | other  # fmt: skip


def _finding(document: int, rule: str, line: int, message: str, excerpt: str) -> dict[str, Any]:
    return {
        "id": f"d{document}", "rule": rule, "name": f"rule-{rule.lower()}", "family": FAMILY_OF_PREFIX[rule[:2]],
        "start": 10 * line, "end": 10 * line + len(excerpt), "line": line, "confidence": 0.9, "severity": "warning",
        "removable": rule[0] in "CL", "message": message, "excerpt": excerpt,
        "evidence": json.dumps({"documents": 412, "of": 430}),
    }  # fmt: skip


DOCUMENTS: Iterable[dict[str, Any]] = [
    _document(1, "bad", 2, score=31.0),
    _document(2, "suspect", 3, source="::error::crawl/2.txt", title="@SUM(A1)", url="javascript:alert(1)", lang=None),
    _document(3, "ok", 0),
    _document(4, "unread", 0, score=None, title=None, url=None, reason="the text is\x1b[2J empty"),
]
FINDINGS: Iterable[dict[str, Any]] = [
    _finding(2, "CH101", 4, "navigation [red]here[/red]", '=HYPERLINK("http://evil.example")'),
    _finding(2, "LK103", 5, "a bare URL", "safe\u202eevil \x1b[31m"),
    _finding(1, "TR101", 12, "The text stops in mid-sentence.", "the contractor has\r\nshown, “perhaps”"),
    _finding(1, "LD102", 1, "What this continues is missing.", ""),
    _finding(2, "CH103", 9, "=1+1", "@here"),
]
