"""Lines as sites have them, put above, between and below the paragraphs of an article: how many are found.

FLOORS holds today's shares rounded down to 0.05; like those of the sample crawl they are never lowered to let a change
pass. The lines were written down before the phrase lists were made longer for them, so other lines are found less often:
those of unseen_lines.toml, which nothing was tuned on, tell how often.
"""

import logging
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from audit.config import Config
from audit.document import Document
from audit.finding import Finding
from audit.judge import Judge

FIXTURES = Path(__file__).parent / "fixtures"
TABLE = tomllib.loads((FIXTURES / "site_lines.toml").read_text(encoding="utf-8"))
FLOORS: Mapping[str, float] = dict.fromkeys(TABLE, 0.9)
UNSEEN = tomllib.loads((FIXTURES / "unseen_lines.toml").read_text(encoding="utf-8"))
FLOOR_OF_UNSEEN = 0.65
PLACES = (0, 2, 4)  # before so many paragraphs
log = logging.getLogger(__name__)


@pytest.mark.parametrize("lang", TABLE)
def test_the_article_alone_is_clean(lang: str) -> None:
    text = "\n\n".join(TABLE[lang]["story"])
    assert Judge.of(Config()).judge(Document("story", "", text)).findings == ()


@pytest.mark.parametrize("lang", TABLE)
def test_lines_of_a_site_are_found_wherever_they_stand(lang: str) -> None:
    assert share_found(TABLE[lang]["lines"], lang) >= FLOORS[lang]


def test_lines_that_nothing_was_tuned_on_are_found() -> None:
    shares = {lang: share_found(lines, lang) for lang, lines in UNSEEN.items()}
    count = {lang: len(lines) for lang, lines in UNSEEN.items()}
    assert sum(shares[lang] * count[lang] for lang in UNSEEN) / sum(count.values()) >= FLOOR_OF_UNSEEN


def share_found(lines: Sequence[str], lang: str) -> float:
    """The share of lines that are found in the language's story, at each of the places."""
    story, made = TABLE[lang]["story"], list[tuple[str, int, Document]]()
    for line in lines:
        for at in PLACES:
            text = "\n\n".join((*story[:at], line, *story[at:]))
            made.append((line, text.index(line), Document(f"{len(made)}", "", text)))
    judged = Judge.of(Config()).judge_all(document for _, _, document in made)
    missed = [
        (start, line)
        for (line, start, _), audited in zip(made, judged, strict=True)
        if not any(covers(f, start, start + len(line)) for f in audited.findings)
    ]
    share = 1 - len(missed) / len(made)
    log.info("%s: %.3f; missed: %s", lang, share, missed)
    return share


def covers(finding: Finding, start: int, end: int) -> bool:
    """Whether a finding marks more than half of the characters, whichever family it takes them for."""
    return min(finding.end, end) - max(finding.start, start) > 0.5 * (end - start)
