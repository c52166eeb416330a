"""The configuration: defaults, then a file, then CRAWLAUDIT_* variables, then flags.

The file is `crawlaudit.toml`, or `[tool.crawlaudit]` in `pyproject.toml`, looked for from the working directory
upwards, never inside the audited data.
"""

import os
import tomllib
from collections.abc import Iterator, Mapping
from hashlib import sha256
from json import dumps
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ByteSize, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from audit.ceiling import LEAST
from audit.conditions import Condition, Suppression
from audit.errors import UsageError
from audit.finding import LEAST_CONFIDENCE
from audit.registry import Rule, find_rule, rules
from audit.resources import MODELS

PREFIX = "CRAWLAUDIT_"
NOT_OF_FINDINGS = ("workers", "max_memory", "models", "gate", "suppress", "baseline", "sample", "seed")


def _enough(size: ByteSize) -> ByteSize:
    if size < LEAST:
        raise PydanticCustomError("memory", f"must be {LEAST >> 20} MiB at least, as the program itself needs some")
    return size


Memory = Annotated[ByteSize, AfterValidator(_enough)]


class Config(BaseModel):
    """Everything that decides what an audit finds, and how it runs."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    exclude: tuple[str, ...] = Field((), description="patterns, as in .gitignore, of files to leave out")
    fields: dict[str, str] = Field(default_factory=dict, description="role -> name of the field that holds it")
    pages: tuple[str, ...] = Field((), description="files or folders of pages, for texts of the same address")
    encoding: str | None = Field(None, description="the encoding of all inputs; found by content when not given")
    max_bytes: int = Field(64 << 20, ge=1 << 10, description="the largest document read, in bytes")
    select: tuple[str, ...] = Field((), description="the only rules or families to run")
    ignore: tuple[str, ...] = Field((), description="rules or families not to run")
    options: dict[str, dict[str, Any]] = Field(default_factory=dict, description="rule -> option -> value")
    strictness: Literal["low", "normal", "high"] = Field("normal", description="how readily the models flag")
    min_confidence: float = Field(LEAST_CONFIDENCE, ge=0, le=1, description="the least confidence of a finding")
    sample: int | None = Field(None, ge=1, description="judge only so many documents, from each site its share")
    seed: int = Field(0, ge=0, description="another one draws another sample")
    gate: tuple[Condition, ...] = Field((), description="conditions of `crawlaudit gate`")
    suppress: tuple[Suppression, ...] = Field((), description="findings that do not count, and why")
    baseline: Path | None = Field(None, description="the file that `crawlaudit baseline` wrote")
    models: Path | None = Field(None, description="a folder of own models, made by `crawlaudit train`")
    workers: int = Field(0, ge=0, description="processes; 0 for one a core")
    max_memory: Memory | None = Field(None, description="the most memory a process may take, such as 2GB; Linux only")

    def chosen(self) -> Iterator[tuple[Rule, Mapping[str, Any]]]:
        """The rules to run, each with its options. Raises UsageError naming every rule and option that is none."""
        if mistakes := list(_mistakes(self, {})):
            raise UsageError("\n".join(mistakes))
        selected = {r.code for word in self.select for r in _matching(word)} or set(rules())
        ignored = {r.code for word in self.ignore for r in _matching(word)}
        options = {find_rule(word).code: given for word, given in self.options.items()}
        for code in sorted(selected - ignored):
            yield rules()[code], options.get(code, {})

    def digest(self) -> str:
        """SHA-256 of what decides the findings. The gate, a sample and workers do not; models have digests."""
        return sha256(self.model_dump_json(exclude=set(NOT_OF_FINDINGS)).encode()).hexdigest()


def load(flags: Mapping[str, Any] | None = None, *, start: Path | None = None, file: Path | None = None) -> Config:
    """The configuration in force. `flags` win; those that are None were not given.

    Raises UsageError naming every mistake with its place and the valid choices.
    """
    given = list(_given(file or _find(start or Path.cwd()), flags or {}))
    places = {key: place for key, _, place in given}
    try:
        config = Config.model_validate({key: value for key, value, _ in given})
    except ValidationError as error:
        raise UsageError(_explained(error, places)) from None
    if mistakes := list(_mistakes(config, places)):
        raise UsageError("\n".join(mistakes))
    return config


def in_force(config: Config, flags: Mapping[str, Any] | None = None, *, file: Path | None = None) -> list[list[str]]:
    """Every key with its value as JSON and where it came from."""
    places = {key: place for key, _, place in _given(file or _find(Path.cwd()), flags or {})}
    values = config.model_dump(mode="json")
    return [[key, dumps(value, ensure_ascii=False), places.get(key, "default")] for key, value in values.items()]


def _given(source: Path | None, flags: Mapping[str, Any]) -> Iterator[tuple[str, Any, str]]:
    """Every key that is given, with its value and its place, from the weakest to the strongest."""
    for key, value in (_read(source) if source else {}).items():
        yield key, _beside(source, value) if key in ("models", "baseline") else value, f"{source}: {key}"
    for name, value in sorted(os.environ.items()):
        if name.startswith(PREFIX):
            key = name.removeprefix(PREFIX).lower()
            yield key, _listed(key, value), name
    yield from ((key, value, key) for key, value in flags.items() if value is not None)


def _beside(source: Path | None, value: Any) -> Any:
    """A folder that a configuration file names is looked for beside the file, wherever the command runs."""
    return source.parent / value if source and isinstance(value, str) else value


def _find(start: Path) -> Path | None:
    for folder in (start, *start.parents):
        if (folder / "crawlaudit.toml").is_file():
            return folder / "crawlaudit.toml"
        project = folder / "pyproject.toml"
        if project.is_file() and _own(_toml(project)) is not None:
            return project
    return None


def _read(path: Path) -> Mapping[str, Any]:
    table = _toml(path)
    if path.name != "pyproject.toml":
        return table
    found = _own(table) or {}
    if not isinstance(found, dict):
        raise UsageError(f"{path}: tool.crawlaudit must be a table, not {found!r}")
    return found


def _own(project: Mapping[str, Any]) -> Any:
    """What a `pyproject.toml` says of this program; None when it says nothing."""
    tool = project.get("tool")
    return tool.get("crawlaudit") if isinstance(tool, dict) else None


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from None
    except ValueError as error:
        raise UsageError(f"{path}: {error}") from None
    except RecursionError:
        raise UsageError(f"{path}: nested too deeply") from None


def _listed(key: str, value: str) -> str | list[str]:
    """A variable's value: CRAWLAUDIT_WORKERS=2, and for a list CRAWLAUDIT_IGNORE=CH404,TR302."""
    field = Config.model_fields.get(key)
    is_list = field is not None and "tuple" in str(field.annotation)
    return [word.strip() for word in value.split(",") if word.strip()] if is_list else value


def _mistakes(config: Config, places: Mapping[str, str]) -> Iterator[str]:
    """Every rule, option and folder named must exist, and every value fit."""
    named = [(key, word) for key in ("select", "ignore") for word in getattr(config, key)]
    for key, word in (*named, *(("options", word) for word in config.options)):
        try:
            rules_named = [find_rule(word)] if key == "options" else _matching(word)
        except UsageError as error:
            yield f"{places.get(key, key)}: {error}"
            continue
        if key == "options":
            yield from _option_mistakes(rules_named[0], config.options[word], places.get(key, key))
    if config.models and not any((config.models / f"{name}.npz").is_file() for name in MODELS):
        wanted = ", ".join(f"{name}.npz" for name in MODELS)
        yield f"{places.get('models', 'models')}: no {wanted} in {config.models}"


def _option_mistakes(rule: Rule, given: Mapping[str, Any], place: str) -> Iterator[str]:
    known = {o.name: o.type for o in rule.options}
    for name, value in given.items():
        if name not in known:
            choices = f"its options are {', '.join(known)}" if known else "it has no options"
            yield f"{place}: rule {rule.code} has no option {name!r}: {choices}"
        elif not _fits(value, known[name]):
            yield f"{place}.{rule.code}.{name} must be of type {known[name].__name__}, not {value!r}"


def _fits(value: object, wanted: type) -> bool:
    if isinstance(value, bool):  # which Python takes for a whole number
        return wanted is bool
    return isinstance(value, (int, float) if wanted is float else wanted)


def _matching(word: str) -> list[Rule]:
    """The rules of a family, of a code's beginning (`CH`, `TR2`), or the one of that code or name."""
    found = [r for r in rules().values() if word == r.family or r.code.startswith(word.upper())]
    return found if found and word else [find_rule(word)]


def _explained(error: ValidationError, places: Mapping[str, str]) -> str:
    lines = []
    for problem in error.errors():
        key, *inner = map(str, problem["loc"])
        place = ".".join((places.get(key, key), *inner))
        if problem["type"] == "extra_forbidden":
            known: Any = Config
            if inner:
                known = {"gate": Condition, "suppress": Suppression}.get(key, Config)
            lines.append(f"{place}: unknown key {[key, *inner][-1]!r}: the keys are {', '.join(known.model_fields)}")
        else:
            lines.append(f"{place}: {problem['msg'].removeprefix('Value error, ')}")
    return "\n".join(lines)
