"""The evidence of the report: places in documents, with what they can show made safe."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from audit.document import host
from audit.visible import clip, visible
from audit.wording import by_weight

# Beyond this many examples the page grows past what opens at once: in any script, 300 stay under 1 MB.
EXAMPLES_IN_ALL = 300
FINDINGS_OF_CULPRIT = 3
CONTEXT_CHARS, MARKED_CHARS = 120, 300  # the summary's own bounds: what is as long as that was cut
TITLE_CHARS, MESSAGE_CHARS, URL_CHARS = 120, 300, 2_000
_BLANK_LINES = re.compile(r"\n\s*\n")
_URL_BREAKERS = re.compile(r"[\s\x00-\x20\x7f-\x9f\ud800-\udfff\"<>\\^`{|}]")


@dataclass(frozen=True, slots=True)
class Example:
    """A finding in its context. `gap` says that something is missing at this place, so nothing can be marked."""

    id: str
    rule: str
    name: str
    title: str
    link: str | None
    site: str
    source: str
    line: int
    confidence: float
    severity: str
    message: str
    before: str
    marked: str
    after: str
    gap: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """The examples of one rule: the surest, and a sample drawn blindly; `left_out` more are in the summary."""

    worst: tuple[Example, ...]
    sample: tuple[Example, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class Culprit:
    """One of the worst documents with some of its findings."""

    id: str
    title: str
    link: str | None
    source: str
    score: float | None
    verdict: str
    findings: tuple[Example, ...]


def evidence(summary: Mapping[str, Any]) -> dict[str, Evidence]:
    """The examples of each rule by its code, as many of each as the page can hold."""
    found = [r["rule"] for r in by_weight(summary["rules"]) if r["rule"] in summary["examples"]]
    each = max(1, EXAMPLES_IN_ALL // (2 * len(found))) if found else 0
    return {code: _evidence(summary["examples"][code], each) for code in found}


def culprits(summary: Mapping[str, Any]) -> tuple[Culprit, ...]:
    """The worst documents, in the summary's order."""
    return tuple(_culprit(document) for document in summary["worst"])


def example(found: Mapping[str, Any]) -> Example:
    """One finding of the summary, ready to be shown."""
    return Example(
        id=found["id"],
        rule=found["rule"],
        name=found["name"],
        title=_title(found),
        link=link(found["url"]),
        site=visible(host(found["url"]) or ""),
        source=clip(found["source"], TITLE_CHARS),
        line=found["line"],
        confidence=found["confidence"],
        severity=found["severity"],
        message=clip(found["message"], MESSAGE_CHARS),
        before=("…" if len(found["before"]) >= CONTEXT_CHARS else "") + _passage(found["before"]).lstrip(),
        marked=_passage(found["marked"]) + (" […]" if len(found["marked"]) >= MARKED_CHARS else ""),
        after=_passage(found["after"]).rstrip() + ("…" if len(found["after"]) >= CONTEXT_CHARS else ""),
        gap=not found["marked"],
    )


def link(url: str | None) -> str | None:
    """The URL when a browser may follow it: http or https, with a host, and of a sane length."""
    if not url or len(url) > URL_CHARS or _URL_BREAKERS.search(url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:  # such as an unclosed bracket in an IPv6 address
        return None
    return url if parts.scheme.lower() in ("http", "https") and parts.hostname else None


def _culprit(document: Mapping[str, Any]) -> Culprit:
    source, findings = clip(document["source"], TITLE_CHARS), _examples(document["findings"][:FINDINGS_OF_CULPRIT])
    about = (document["id"], _title(document))
    return Culprit(*about, link(document["url"]), source, document["score"], document["verdict"], findings)


def _evidence(examples: Mapping[str, Any], each: int) -> Evidence:
    worst, sample = examples["worst"], examples["sample"]
    left_out = max(0, len(worst) - each) + max(0, len(sample) - each)
    return Evidence(_examples(worst[:each]), _examples(sample[:each]), left_out)


def _examples(found: list[dict[str, Any]]) -> tuple[Example, ...]:
    return tuple(example(f) for f in found)


def _title(document: Mapping[str, Any]) -> str:
    """The document's title, else the end of its path."""
    return clip(document["title"] or "/".join(document["source"].split("/")[-2:]), TITLE_CHARS)


def _passage(text: str) -> str:
    """A stretch of text with its line breaks, blank lines closed up."""
    return _BLANK_LINES.sub("\n", visible(text, lines=True))
