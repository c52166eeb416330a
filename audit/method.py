"""How the figures of a report came about."""

import json
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from audit.visible import clip, visible
from audit.wording import number, percent

INPUTS, LINE_CHARS, CONFIGURATION_CHARS, COMMAND_CHARS = 50, 240, 20_000, 2_000


@dataclass(frozen=True, slots=True)
class Method:
    """Command, inputs, versions and configuration; `started`, `seconds` and `speed` tell of the one run."""

    tool: str
    command: str
    inputs: tuple[str, ...]
    more_inputs: int
    configuration: str
    digests: tuple[tuple[str, str], ...]
    evidence: tuple[str, ...]
    started: str | None
    seconds: tuple[tuple[str, float], ...]
    speed: tuple[float, float] | None


def method(summary: Mapping[str, Any], timestamp: bool) -> Method:
    """The method of a finished audit; without `timestamp`, nothing of when and how fast it was made."""
    tool, seconds = summary["tool"], summary["seconds"]
    digests = {"configuration": summary["configuration_digest"], "rules": tool["rules_digest"], **tool["models"]}
    configuration = json.dumps(summary["configuration"], indent=2, sort_keys=True, ensure_ascii=False)
    return Method(
        tool=f"{tool['name']} {tool['version']}",
        command=clip(shlex.join(summary["command"]), COMMAND_CHARS),
        inputs=tuple(clip(i, LINE_CHARS) for i in summary["inputs"][:INPUTS]),
        more_inputs=max(0, len(summary["inputs"]) - INPUTS),
        configuration=clip(configuration, CONFIGURATION_CHARS, lines=True),
        digests=tuple((name, visible(str(digest))) for name, digest in digests.items()),
        evidence=tuple(_evidence(summary)),
        started=summary["started"] if timestamp else None,
        seconds=tuple((name, float(value)) for name, value in seconds.items()) if timestamp else (),
        speed=(summary["documents_per_second"], summary["bytes_per_second"]) if timestamp else None,
    )


def _evidence(summary: Mapping[str, Any]) -> Iterator[str]:
    """What was known beside the texts: lines of sites, and pages."""
    if survey := summary.get("survey"):
        low = percent(survey["counts_too_low_by_at_most"])
        exact = "exactly" if survey["exact"] else f"in bounded memory, too low by at most {low} of a site's documents"
        yield f"repeated lines of {number(survey['sites'])} sites, counted {exact}"
    if pages := summary.get("pages"):
        matched, read = number(pages["matched"]), number(summary["counts"]["read"])
        yield f"pages of {matched} of {read} documents, matched among {number(pages['found'])}"
