"""What an audit says nothing of, and why: silence must not look like health."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from audit.visible import clip
from audit.wording import family_title

NAME_CHARS, REASON_CHARS = 120, 240


@dataclass(frozen=True, slots=True)
class Missing:
    """Documents that were not judged, altogether or for one family, and why."""

    what: str
    reason: str
    documents: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unjudged:
    """Documents unread, documents not judged for a family, files of no known format, and rules switched off.

    `drawn` is the size of a sample and of what it was drawn from, None where every document was audited.
    """

    drawn: tuple[int, int] | None
    unread: tuple[Missing, ...]
    families: tuple[Missing, ...]
    skipped: tuple[tuple[str, int], ...]
    switched_off: tuple[tuple[str, str], ...]


def unjudged(summary: Mapping[str, Any]) -> Unjudged:
    """All of it, of a finished audit."""
    sample, ran = summary.get("sample"), {row["rule"] for row in summary["rules"]}
    return Unjudged(
        drawn=(sample["size"], sample["of"]) if sample else None,
        unread=tuple(_unread(row) for row in summary["unread"]),
        families=tuple(_family(row) for row in summary["not_judged"]),
        skipped=tuple((clip(kind, NAME_CHARS) or "no extension", n) for kind, n in summary["skipped"].items()),
        switched_off=tuple((code, name) for code, name in summary["tool"]["rules"].items() if code not in ran),
    )


def _unread(row: Mapping[str, Any]) -> Missing:
    examples = tuple(clip(source, NAME_CHARS) for source in row["examples"])
    return Missing("unread", clip(row["reason"], REASON_CHARS), row["documents"], examples)


def _family(row: Mapping[str, Any]) -> Missing:
    return Missing(family_title(row["family"]), clip(row["reason"], REASON_CHARS), row["documents"], ())
