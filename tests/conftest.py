"""What several tests share: a made-up finished audit, its tables, and gold files (`pytest --accept-gold` accepts a change)."""

import json
from collections.abc import Callable, Iterable
from copy import deepcopy
from math import sqrt
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from audit.table import Results

GOLD = Path(__file__).parent / "gold"
FAMILIES = ("truncation", "chrome", "missing_lead", "link_text")
PREFIXES = {"TR": "truncation", "CH": "chrome", "LD": "missing_lead", "LK": "link_text"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept-gold", action="store_true", help="write what the tests produce as the new gold files")


@pytest.fixture
def gold(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """`gold(name, text)` fails unless the text is exactly what `tests/gold/name` holds."""

    def compare(name: str, text: str) -> None:
        place = GOLD / name
        if request.config.getoption("--accept-gold"):
            GOLD.mkdir(exist_ok=True)
            place.write_text(text, encoding="utf-8", newline="\n")
        expected = place.read_text(encoding="utf-8") if place.exists() else ""
        assert text == expected, f"{name} changed; if that is meant, run: pytest --accept-gold"

    return compare


@pytest.fixture
def summary() -> dict[str, Any]:
    """The summary of a crawl of ten sites, with everything in it that a real one has."""
    return deepcopy(SUMMARY)


@pytest.fixture
def hostile_summary() -> dict[str, Any]:
    """The same with every text that comes from a crawl replaced by one that wants to do harm."""
    return dict(_poisoned(deepcopy(SUMMARY)))


@pytest.fixture
def results() -> Results:
    """Four documents: damaged, hostile, clean, unread."""
    return Results(documents=pd.DataFrame(DOCUMENTS), findings=pd.DataFrame(FINDINGS), summary=deepcopy(SUMMARY))


def share(documents: int, of: int) -> dict[str, Any]:
    """A share as the summary has it, with its Wilson interval at 95 %."""
    if not of:
        return {"documents": 0, "of": 0, "rate": None, "low": None, "high": None}
    p, z = documents / of, 1.959963984540054
    centre, spread = p + z * z / (2 * of), z * sqrt(p * (1 - p) / of + z * z / (4 * of * of))
    low, high = ((centre + sign * spread) / (1 + z * z / of) for sign in (-1, 1))
    return {"documents": documents, "of": of, "rate": p, "low": max(0.0, low), "high": min(1.0, high)}


def _example(rule: str, title: str, where: str, place: tuple[str, str, str], message: str, **other: Any) -> dict[str, Any]:
    before, marked, after = place
    name, severity = next((r[1], r[2]) for r in RULES if r[0] == rule)
    return {
        "id": where, "source": where, "url": f"https://{where.partition('/')[0]}/{abs(len(title))}", "title": title,
        "rule": rule, "name": name, "family": PREFIXES[rule[:2]], "line": 12, "start": 840, "end": 840 + len(marked),
        "confidence": 0.97, "severity": severity, "message": message, "before": before, "marked": marked, "after": after,
    } | other  # fmt: skip


HOSTILE = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "javascript:alert(1)", "\x1b[31mred\x1b[0m\x07",
    "[bold red]markup[/bold red] [link=https://evil.example]x[/link]", "safe\u202eevil\u2066", '=HYPERLINK("http://evil.example")',
    "half \ud800 surrogate", "{{ 7 * 7 }}{% raw %}", "</style></script></textarea>", "a\r\nb\tc\x00d\u2028e\ufeff",
)  # fmt: skip
_CRAWLED = ("id", "source", "url", "title", "site", "line", "reason", "message", "before", "marked", "after", "lang", "format")


def _poisoned(value: Any, key: str = "", number: int = 0) -> Any:
    if isinstance(value, dict):
        return {k: _poisoned(v, k, number + i) for i, (k, v) in enumerate(value.items())}
    if isinstance(value, list):
        return [_poisoned(v, "source" if key == "examples" else key, number + i) for i, v in enumerate(value)]
    crawled = isinstance(value, str) and key in (*_CRAWLED, "inputs", "command")
    return HOSTILE[number % len(HOSTILE)] if crawled else value


RULES: tuple[tuple[str, str, str, int, int], ...] = (
    ("TR101", "cut-mid-sentence", "error", 96, 98), ("TR102", "cut-mid-word", "error", 21, 21),
    ("TR103", "cut-mark", "error", 44, 45), ("TR104", "paragraph-cut", "warning", 31, 40),
    ("TR105", "paywall-stub", "error", 38, 38), ("TR106", "size-cut", "warning", 0, 0),
    ("CH101", "navigation", "warning", 61, 187), ("CH102", "consent-banner", "error", 73, 80),
    ("CH103", "subscribe-prompt", "warning", 148, 171), ("CH104", "share-buttons", "warning", 85, 121),
    ("CH105", "comment-form", "warning", 57, 64), ("CH106", "legal-footer", "warning", 40, 44),
    ("CH107", "error-page", "error", 0, 0), ("CH201", "recurring-line", "warning", 172, 602),
    ("LD101", "starts-mid-sentence", "error", 14, 14), ("LD102", "starts-with-continuation", "warning", 33, 33),
    ("LD103", "headline-only", "error", 0, 0), ("LK101", "link-label-line", "warning", 119, 203),
    ("LK102", "link-label-suffix", "warning", 47, 66), ("LK103", "bare-url", "info", 29, 52),
)  # fmt: skip

EXAMPLES = {
    "TR101": [
        _example("TR101", "Harbour bridge to reopen after winter repairs", "harbour-post.example/2026/a17.txt",
                 ("The council expects traffic to return to normal within a week.\n\nFerries will go on running until ",
                  "the contractor has shown that the new bearings", ""),
                 "The last paragraph stops in mid-sentence, 46 characters after its last comma."),
        _example("TR101", "مجلس المدينة يقر ميزانية العام الجديد", "akhbar-madina.example/mal/091.html",
                 ("وقال رئيس المجلس إن الأولوية ستكون لإصلاح الطرق والمدارس.\n\nوأضاف أن ", "الأعمال ستبدأ في الربيع بعد أن", ""),
                 "The last paragraph stops in mid-sentence.", confidence=0.91),
    ],
    "CH103": [
        _example("CH103", "Why the old mill will stay", "talblick.example/lokales.jsonl:231",
                 ("…die Mühle bleibt, wie sie ist.\n", "Jetzt unseren Newsletter abonnieren und nichts mehr verpassen!",
                  "\nKommentar schreiben\nDeine E-Mail-Adresse wird nicht veröffentlicht."),
                 "A prompt to subscribe, 3 lines before the end, on 148 of 160 documents of the site.", line=31),
        _example("CH103", "Frost surprises the plum growers", "harbour-post.example/2026/b02.txt",
                 ("The growers hope for a mild April, the spokeswoman said, but nobody in the valley would bet a box of plums on "
                  "the weather.\n", "Subscribe to get the latest posts sent to your email.", "\nLeave a reply"),
                 "A prompt to subscribe after the end of the article.", line=44, confidence=0.99),
    ],
    "LK101": [
        _example("LK101", "Night trains return to the coast", "harbour-post.example/2026/c40.txt",
                 ("Tickets go on sale in March.\n", "READ ALSO: Ten small stations worth a stop", "\nThe first train leaves on "
                  "Friday at 22:10 and reaches the sea before breakfast."), "A label of a link between two paragraphs.", line=7),
    ],
    "LD102": [
        _example("LD102", "市议会通过新年度预算", "chengshi-ribao.example/2026/0331.json#2", ("", "", "此外，会议还讨论了道路维修和学校扩建的问题。"),
                 "The text begins with a continuation, so what it continues is missing.", line=1, confidence=0.74),
    ],
}  # fmt: skip

_SITES = (
    ("talblick.example", 160, 0, 92, 58.2, (12, 148, 3, 41)), ("harbour-post.example", 240, 2, 61, 74.5, (70, 96, 12, 88)),
    ("akhbar-madina.example", 118, 11, 24, 79.0, (35, 22, 9, 4)), ("clipboard-daily.example", 90, 0, 12, 83.1, (9, 60, 2, 2)),
    ("chengshi-ribao.example", 130, 1, 9, 90.4, (8, 12, 14, 6)), ("ladder-and-well.example", 75, 0, 3, 93.3, (3, 1, 1, 11)),
    ("norrsken-nytt.example", 210, 4, 4, 95.0, (9, 6, 2, 3)), ("tinh-nguyen.example", 102, 0, 1, 96.1, (4, 2, 1, 2)),
    ("quiet-observer.example", 75, 0, 0, 98.7, (0, 0, 0, 0)), (None, 8, 17, 0, 97.0, (0, 0, 0, 0)),
)  # fmt: skip

_READ, _BAD, _SUSPECT, _UNREAD = 1240, 206, 188, 35
SUMMARY: dict[str, Any] = {
    "tool": {
        "name": "crawlaudit", "version": "0.1.0", "rules": {r[0]: r[1] for r in RULES},
        "rules_digest": "6c1f0b52a9de", "models": {"phrases": "a1d09e77c35b"},
    },
    "started": "2026-02-03T09:15:00+00:00",
    "command": ["crawlaudit", "check", "crawl/2026-02 news", "--report"],
    "inputs": ["crawl/2026-02 news"],
    "configuration": {"verdict": {"bad": 0.8, "suspect": 0.5}, "sites": {"min_documents": 20}, "rules": {"disable": []}},
    "configuration_digest": "0f3ac98e1b44",
    "counts": {
        "seen": _READ + _UNREAD, "read": _READ, "unread": _UNREAD, "ok": _READ - _BAD - _SUSPECT, "suspect": _SUSPECT,
        "bad": _BAD, "chars": 4_361_508, "words": 702_114, "lines": 61_220, "bytes": 5_204_733,
    },
    "unread": [
        {"reason": "no text field was found; the record has: headline, link, published", "documents": 17,
         "examples": ["feeds/wire.jsonl:4", "feeds/wire.jsonl:5", "feeds/wire.jsonl:9"]},
        {"reason": "the text is empty", "documents": 12, "examples": ["akhbar-madina.example/mal/104.html"]},
        {"reason": "the file is cut: the gzip stream ends too early", "documents": 6, "examples": ["norrsken/7.jsonl.gz"]},
    ],
    "not_judged": [
        {"family": "missing_lead", "reason": "there are no phrases for the language: is", "documents": 41},
        {"family": "chrome", "reason": "the text is shorter than 40 characters", "documents": 9},
    ],
    "families": {
        "truncation": share(212, _READ), "chrome": share(381, _READ - 9), "missing_lead": share(44, _READ - 41),
        "link_text": share(157, _READ),
    },
    "rules": [
        {"rule": code, "name": name, "family": PREFIXES[code[:2]], "severity": severity, "findings": findings}
        | share(documents, _READ)
        for code, name, severity, documents, findings in RULES
    ],
    "sites": [
        {"site": site, "documents": n, "unread": unread, "bad": bad, "score": score,
         "families": {f: share(k, n) for f, k in zip(FAMILIES, found, strict=True)}}
        for site, n, unread, bad, score, found in _SITES
    ],
    "other_sites": {"sites": 14, "documents": 32, "unread": 0, "bad": 0,
                    "families": {f: share(k, 32) for f, k in zip(FAMILIES, (1, 2, 0, 0), strict=True)}},
    "languages": [
        {"lang": "en", "documents": 618, "bad": 76, "score": 84.1}, {"lang": "de", "documents": 172, "bad": 92, "score": 61.0},
        {"lang": "ar", "documents": 118, "bad": 24, "score": 79.0}, {"lang": None, "documents": 8, "bad": 0, "score": 97.0},
    ],
    "formats": [{"format": "jsonl", "documents": 640, "unread": 23}, {"format": "txt", "documents": 600, "unread": 12}],
    "score": {
        "mean": 84.26,
        "quantiles": {"p05": 31.0, "p10": 47.5, "p25": 76.2, "p50": 93.0, "p75": 98.1, "p90": 99.6, "p95": 100.0},
        "histogram": [4, 6, 9, 11, 15, 18, 14, 20, 22, 19, 25, 28, 33, 41, 52, 60, 88, 130, 236, 409],
    },
    "recurring": [
        {"site": "talblick.example", "line": "Jetzt unseren Newsletter abonnieren und nichts mehr verpassen!",
         "documents": 148, "of": 160, "rule": "CH103"},
        {"site": "harbour-post.example", "line": "Subscribe to get the latest posts sent to your email.",
         "documents": 91, "of": 240, "rule": "CH103"},
        {"site": "akhbar-madina.example", "line": "شارك هذا الخبر مع أصدقائك", "documents": 22, "of": 118, "rule": "CH104"},
    ],
    "worst": [
        {"id": f"w{i}", "source": found[0]["source"], "url": found[0]["url"], "site": "harbour-post.example",
         "title": found[0]["title"], "score": 8.5 + 4 * i, "verdict": "bad", "findings": found}
        for i, found in enumerate(EXAMPLES.values())
    ],
    "examples": {code: {"worst": found, "sample": found[::-1]} for code, found in EXAMPLES.items()},
    "seconds": {"wall": 6.42, "cpu": 11.9, "sites": 1.3, "documents": 5.1},
    "documents_per_second": 198.6,
    "bytes_per_second": 810_706.1,
}  # fmt: skip


def _document(number: int, verdict: str, findings: int, **other: Any) -> dict[str, Any]:
    return {
        "id": f"d{number}", "source": f"crawl/{number}.txt", "url": f"https://harbour-post.example/{number}",
        "site": "harbour-post.example", "title": f"Story {number}", "lang": "en", "chars": 900, "words": 150, "lines": 12,
        "score": 90.5, "truncation": 0.1, "chrome": 0.1, "missing_lead": None, "link_text": 0.0, "verdict": verdict,
        "flagged_share": 0.0, "findings": findings, "sha256": "00", "reason": None,
    } | other  # fmt: skip


def _finding(document: int, rule: str, line: int, message: str, excerpt: str) -> dict[str, Any]:
    name, severity = next((r[1], r[2]) for r in RULES if r[0] == rule)
    return {
        "id": f"d{document}", "rule": rule, "name": name, "family": PREFIXES[rule[:2]], "start": 10 * line,
        "end": 10 * line + len(excerpt), "line": line, "confidence": 0.9, "severity": severity, "removable": rule[0] in "CL",
        "message": message, "excerpt": excerpt, "evidence": json.dumps({"documents": 412, "of": 430}),
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
