"""What a run tells of itself: which crawlaudit, rules, models and configuration, and how long it took."""

import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from audit import resources, vocabulary
from audit.config import Config
from audit.registry import rules
from audit.sites import digest

LIBRARIES = ("ahocorasick_rs", "lxml", "numpy", "sentencex")  # that have a part in a judgement


def tool(config: Config) -> dict[str, Any]:
    """Versions of everything that decides what is found."""
    names = {r.code: r.name for r in rules().values()}
    with resources.models_from(config.models):
        models = resources.model_digests()
    return {
        "name": "crawlaudit",
        "version": version("crawlaudit"),
        "python": ".".join(map(str, sys.version_info[:3])),
        "rules": names,
        "rules_digest": f"{digest(repr(sorted(names.items()))):016x}",
        "models": {"phrases": vocabulary.digest(), **models},
    }


def judged_by(config: Config) -> dict[str, str]:
    """Digests of everything that, with a document and its site, decides its judgement: the same ones judge the same."""
    with resources.models_from(config.models):
        models = vocabulary.digest(), *resources.model_digests().items()
    chosen = [(rule.code, sorted(options.items())) for rule, options in config.chosen()]
    found = {
        "version": (version("crawlaudit"), resources.code_digest()),
        "models": models,
        "configuration": (chosen, config.strictness, config.min_confidence),
        "libraries": (sys.version_info[:2], [(name, _version(name)) for name in LIBRARIES]),
    }
    return {name: f"{digest(repr(value)):016x}" for name, value in found.items()}


def _version(library: str) -> str | None:
    try:
        return version(library)
    except PackageNotFoundError:
        return None


def about(paths: Sequence[str], config: Config, command: Sequence[str]) -> dict[str, Any]:
    """The beginning of `summary.json`."""
    return {
        "tool": tool(config),
        "judged_by": judged_by(config),
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": list(command),
        "inputs": list(paths),
        "configuration": config.model_dump(mode="json"),
        "configuration_digest": config.digest(),
    }


def identity(config: Config, inputs: Mapping[str, str]) -> dict[str, str]:
    """What an unfinished run has to have in common with the one that goes on with it."""
    judges = judged_by(config)
    made_by = [tool(config)["rules"], judges["version"], judges["models"]]
    return {**inputs, "configuration": config.digest(), "version, rules or models": f"{digest(repr(made_by)):016x}"}


class Clock:
    """Seconds by stage."""

    def __init__(self) -> None:
        self._began = self._last = time.perf_counter()
        self._laps: dict[str, float] = {}

    def lap(self, stage: str) -> None:
        """Everything since the last lap was this stage."""
        now = time.perf_counter()
        self._laps[stage], self._last = round(now - self._last, 3), now

    def figures(self, seconds: float, documents: int, size: int) -> dict[str, Any]:
        """The end of `summary.json`: since the clock was started, so many documents and bytes were judged.

        `seconds` are the CPU seconds of the work on units, wherever that was done.
        """
        wall, cpu = time.perf_counter() - self._began, seconds
        return {
            "seconds": {"wall": round(wall, 3), "cpu": round(cpu, 3), **self._laps},
            "documents_per_second": round(documents / wall, 1),
            "bytes_per_second": round(size / wall),
        }
