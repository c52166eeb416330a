"""What comes out of an audit: marks of rules, findings, and a document's judgement."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from audit.errors import UsageError

FAMILIES = ("truncation", "chrome", "missing_lead", "link_text")
FAMILY_OF_PREFIX = {"TR": "truncation", "CH": "chrome", "LD": "missing_lead", "LK": "link_text"}

# The files that hold a finished audit, and its report; a folder with the former is known as results by them.
DOCUMENTS_FILE, FINDINGS_FILE, SUMMARY_FILE = "documents.parquet", "findings.parquet", "summary.json"
GATE_FILE, COMPARISON_FILE = "gate.json", "compare.json"
EXAMPLES_FILE = "examples.jsonl"
KEYS_FILE = "keys.parquet"
RECORD_FILE = "removed.jsonl"  # of a fix, in the folder of the fixed files
REPORT_FILE = "report.html"
REPORT_FOLDER = "report"

Severity = Literal["error", "warning", "info"]
LEAST_CONFIDENCE = 0.3  # of a finding, unless the configuration says otherwise
EXCERPT_CHARS = 200


class Verdict(StrEnum):
    """`ok`: nothing likely; `suspect`: look at it; `bad`: leave it out or repair it; `unread`: not judged."""

    OK = "ok"
    SUSPECT = "suspect"
    BAD = "bad"
    UNREAD = "unread"


def dropped(choice: str | None) -> tuple[Verdict, ...]:
    """The verdicts to leave out: `bad`, with `suspect` both, with None nothing. Raises UsageError for other words."""
    choices = {None: (), "bad": (Verdict.BAD,), "suspect": (Verdict.BAD, Verdict.SUSPECT)}
    if choice not in choices:
        raise UsageError(f"what to drop is bad or suspect, not {choice!r}")
    return choices[choice]


@dataclass(frozen=True, slots=True)
class Mark:
    """A place a rule points at: characters [start, end) of the text as read.

    An empty span marks where something is missing. `message` says what and why in one sentence;
    `confidence` is the probability that the mark is right, None for the rule's own.
    """

    start: int
    end: int
    message: str
    confidence: float | None = None
    evidence: Mapping[str, object] = field(default_factory=dict)

    def of_confidence(self, confidence: float) -> "Mark":
        """The same mark with another confidence."""
        return (
            self
            if confidence == self.confidence
            else Mark(self.start, self.end, self.message, confidence, self.evidence)
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """A mark with the rule that made it: one row of `findings.parquet`."""

    id: str
    rule: str
    name: str
    family: str
    start: int
    end: int
    line: int
    confidence: float
    severity: Severity
    removable: bool
    message: str
    excerpt: str
    evidence: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Audited:
    """One document's judgement: one row of `documents.parquet` and its findings, without its text.

    `risks` maps each family to the probability of its defect, None where it was not judged.
    """

    id: str
    source: str
    verdict: Verdict
    url: str | None = None
    site: str | None = None
    title: str | None = None
    lang: str | None = None
    chars: int = 0
    words: int = 0
    lines: int = 0
    score: float | None = None
    risks: Mapping[str, float | None] = field(default_factory=lambda: dict.fromkeys(FAMILIES))
    flagged_share: float = 0.0
    sha256: str = ""
    reason: str | None = None
    findings: tuple[Finding, ...] = ()
