"""Shares of documents with their intervals, as rows of the report's tables, and the axes that their bars share."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from audit.wording import FAMILY_MEANINGS, family_title

SCALES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0)  # where a bar may end


@dataclass(frozen=True, slots=True)
class Share:
    """So many documents of so many, with the rate and its 95 % interval; these are None where nothing was judged."""

    documents: int
    of: int
    rate: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class FamilyRow:
    """How common one kind of damage is, and how many documents could not be judged for it."""

    family: str
    title: str
    meaning: str
    share: Share
    not_judged: int


@dataclass(frozen=True, slots=True)
class RuleRow:
    """How common one rule's findings are."""

    code: str
    name: str
    family: str
    severity: str
    findings: int
    share: Share


def share(row: Mapping[str, Any]) -> Share:
    """The share in a row of the summary."""
    return Share(row["documents"], row["of"], row["rate"], row["low"], row["high"])


def scale(ends: Iterable[float | None]) -> float:
    """The end of an axis that bars share: the first round rate that the highest of these does not pass."""
    highest = max((end or 0.0 for end in ends), default=0.0)
    return next(end for end in SCALES if end >= min(highest, 1.0))


def family_row(family: str, summary: Mapping[str, Any]) -> FamilyRow:
    """The row of a family."""
    not_judged = sum(row["documents"] for row in summary["not_judged"] if row["family"] == family)
    own = share(summary["families"][family])
    return FamilyRow(family, family_title(family), FAMILY_MEANINGS[family], own, not_judged)


def rule_row(row: Mapping[str, Any]) -> RuleRow:
    """The row of a rule."""
    return RuleRow(row["rule"], row["name"], row["family"], row["severity"], row["findings"], share(row))
