"""What the tests of integrations share: a small crawl in the working directory, and the code that docs/ shows."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "integrations.md"
STORY = (
    "The weir below the mill was mended in a single night, by people who would not say who had asked them to.",
    "Since then the water has stood a hand higher, and the ducks have moved to the meadow behind the school.",
    "The miller found a bill for eleven loaves of bread on his doorstep, and paid it without asking any questions.",
)
CHROME = ("Accept all cookies", "Subscribe to our newsletter", "Share on Facebook", "Leave a comment", "Log in")
TEXTS = {
    "clean": "\n\n".join(STORY),
    "label": f"{STORY[0]} Read more",
    "menu": "\n\n".join((*CHROME[:3], STORY[0], *CHROME[3:])),
    "empty": "",
}
VERDICTS = {"clean": "ok", "label": "suspect", "menu": "bad", "empty": "unread"}


@pytest.fixture
def texts() -> dict[str, str]:
    """A text of each verdict, by id."""
    return TEXTS


@pytest.fixture
def verdicts() -> dict[str, str]:
    """What each of them deserves."""
    return VERDICTS


@pytest.fixture
def crawl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with `crawl/news.jsonl`, a document of each verdict, and `page.html`."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "crawl").mkdir()
    records = [{"id": name, "text": text, "link": f"https://weir.example/{name}"} for name, text in TEXTS.items()]
    lines = "".join(json.dumps(record) + "\n" for record in records)
    (tmp_path / "crawl" / "news.jsonl").write_text(lines, encoding="utf-8")
    paragraphs = "".join(f"<p>{part}</p>" for part in STORY)
    head = '<title>The weir</title><meta name="description" content="Nobody asked who mended it.">'
    page = f"<html lang='en'><head>{head}</head><body><main><h1>The weir</h1>{paragraphs}</main></body></html>"
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    return tmp_path


@pytest.fixture
def documented() -> Callable[..., str]:
    """`documented(heading, language, n)`: the n-th block of code in that language under a heading of the docs."""

    def block(heading: str, language: str = "python", n: int = 0) -> str:
        section = re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
        (text,) = (part for part in section if part.startswith(f"{heading}\n"))
        found: list[str] = re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
        return found[n]

    return block


@pytest.fixture
def run_documented(documented: Callable[..., str]) -> Callable[..., dict[str, Any]]:
    """Runs such a block, and returns the names that it leaves."""

    def run(*where: Any) -> dict[str, Any]:
        names: dict[str, Any] = {}
        exec(documented(*where), names)
        return names

    return run
