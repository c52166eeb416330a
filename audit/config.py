"""The configuration: defaults, then a file, then CRAWLAUDIT_* variables, then flags.

The file is `crawlaudit.toml`, or `[tool.crawlaudit]` in `pyproject.toml`, looked for from the working directory
upwards, never inside the audited data.
"""

import os
import tomllib
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from audit.errors import UsageError
from audit.registry import Rule, find_rule, rules

PREFIX = "CRAWLAUDIT_"


class Config(BaseModel):
    """Everything that decides what an audit finds, and how it runs."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    exclude: tuple[str, ...] = Field((), description="patterns, as in .gitignore, of files to leave out")
    fields: dict[str, str] = Field(default_factory=dict, description="role -> name of the field that holds it")
    encoding: str | None = Field(None, description="the encoding of all inputs; found by content when not given")
    max_bytes: int = Field(64 << 20, ge=1 << 10, description="the largest document read, in bytes")
    select: tuple[str, ...] = Field((), description="the only rules or families to run")
    ignore: tuple[str, ...] = Field((), description="rules or families not to run")
    options: dict[str, dict[str, Any]] = Field(default_factory=dict, description="rule -> option -> value")
    min_confidence: float = Field(0.5, ge=0, le=1, description="the least confidence of a finding")
    workers: int = Field(0, ge=0, description="processes; 0 for one a core")

    def chosen(self) -> Iterator[tuple[Rule, Mapping[str, Any]]]:
        """The rules to run, each with its options."""
        selected = {r.code for word in self.select for r in _matching(word)} or set(rules())
        ignored = {r.code for word in self.ignore for r in _matching(word)}
        options = {find_rule(word).code: given for word, given in self.options.items()}
        for code in sorted(selected - ignored):
            yield rules()[code], options.get(code, {})

    def digest(self) -> str:
        """SHA-256 of what decides the findings; the number of workers does not."""
        return sha256(self.model_dump_json(exclude={"workers"}).encode()).hexdigest()


def load(flags: Mapping[str, Any] | None = None, *, start: Path | None = None, file: Path | None = None) -> Config:
    """The configuration in force. `flags` win; those that are None were not given.

    Raises UsageError naming every mistake with its place and the valid choices.
    """
    source = file or _find(start or Path.cwd())
    table = {**(_read(source) if source else {}), **_environment()}
    table |= {key: value for key, value in (flags or {}).items() if value is not None}
    try:
        config = Config.model_validate(table)
    except ValidationError as error:
        raise UsageError(_explained(error, source)) from None
    _check(config)
    return config


def _find(start: Path) -> Path | None:
    for folder in (start, *start.parents):
        if (folder / "crawlaudit.toml").is_file():
            return folder / "crawlaudit.toml"
        project = folder / "pyproject.toml"
        if project.is_file() and "crawlaudit" in _toml(project).get("tool", {}):
            return project
    return None


def _read(path: Path) -> Mapping[str, Any]:
    table = _toml(path)
    found: Mapping[str, Any] = table.get("tool", {}).get("crawlaudit", {}) if path.name == "pyproject.toml" else table
    return found


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: {error}") from None


def _environment() -> dict[str, Any]:
    """CRAWLAUDIT_WORKERS=2, CRAWLAUDIT_IGNORE=CH404,TR302: lists are separated by commas."""
    out: dict[str, Any] = {}
    for name, field in Config.model_fields.items():
        value = os.environ.get(PREFIX + name.upper())
        if value is not None:
            out[name] = (
                [v.strip() for v in value.split(",") if v.strip()] if "tuple" in str(field.annotation) else value
            )
    return out


def _check(config: Config) -> None:
    """Every rule and option named must exist, and fit."""
    for word in (*config.select, *config.ignore):
        _matching(word)
    for word, given in config.options.items():
        rule = find_rule(word)
        known = {o.name: o for o in rule.options}
        for name, value in given.items():
            if name not in known:
                choices = f"its options are {', '.join(known)}" if known else "it has no options"
                raise UsageError(f"rule {rule.code} has no option {name!r}: {choices}")
            if isinstance(value, bool) or not isinstance(
                value, (int, float) if known[name].type is float else known[name].type
            ):
                raise UsageError(
                    f"options.{rule.code}.{name} must be of type {known[name].type.__name__}, not {value!r}"
                )


def _matching(word: str) -> list[Rule]:
    """The rules of a family, of a code's beginning (`CH`, `TR2`), or the one of that code or name."""
    found = [r for r in rules().values() if word == r.family or r.code.startswith(word.upper())]
    return found if found and word else [find_rule(word)]


def _explained(error: ValidationError, source: Path | None) -> str:
    where = f"{source}: " if source else ""
    lines = []
    for problem in error.errors():
        key = ".".join(str(part) for part in problem["loc"])
        if problem["type"] == "extra_forbidden":
            lines.append(f"{where}unknown key {key!r}: the keys are {', '.join(Config.model_fields)}")
        else:
            lines.append(f"{where}{key}: {problem['msg']}")
    return "\n".join(lines)
