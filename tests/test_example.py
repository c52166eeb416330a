"""The example that started the project: all of its damage is found, and nothing else."""

from pathlib import Path

from audit.config import Config
from audit.document import Document
from audit.judge import Judge

SAMPLE = Path(__file__).parent / "samples" / "crawl" / "reuters" / "republished.txt"
# Family, the text under the finding ("" where something is missing) and the characters just before it.
EXPECTED = [
    ("missing_lead", "", ""),
    ("truncation", "", "a spokesperson for the UN chief"),
    ("link_text", "read more", "missions to the United Nations.\n"),
    ("link_text", "read more", "humanitarian aid to hard-hit areas. "),
    ("truncation", "", "accuse Putin of unprovoked"),
    ("chrome", "Welcome to ADDNORAL Network", ""),
    ("chrome", "Discover more from ANINEWS24", ""),
    ("chrome", "Subscribe to get the latest posts sent to your email.", ""),
    ("chrome", "Leave a Reply", ""),
]


def test_the_example_gives_its_nine_findings_and_no_other() -> None:
    text = SAMPLE.read_bytes().decode("utf-8")
    audited = Judge.of(Config()).judge(Document("example", "republished.txt", text))
    found = [(f.family, text[f.start : f.end], f.start) for f in audited.findings]
    assert [(family, marked) for family, marked, _ in found] == [(family, marked) for family, marked, _ in EXPECTED]
    for (_, _, start), (_, _, before) in zip(found, EXPECTED, strict=True):
        assert text[:start].endswith(before)
    assert found[0][2] == 0
    assert audited.verdict == "bad"
