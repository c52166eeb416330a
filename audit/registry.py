"""Registers of rules, readers and formats: a decorated function in a file of the right folder is found by itself."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, TextIO, TypeVar

from audit.errors import UsageError
from audit.finding import FAMILY_OF_PREFIX, Mark, Severity

if TYPE_CHECKING:  # the register sits below the rooms whose members it holds
    from audit.document import Document, Unread
    from audit.page import Page
    from audit.records import ReadOptions
    from audit.streams import InputFile
    from audit.table import Results

Check = Callable[..., Iterator[Mark]]
C = TypeVar("C", bound=Check)
Writer = Callable[["Results", TextIO], None]


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a rule, read from its signature."""

    name: str
    type: type
    default: object


@dataclass(frozen=True, slots=True)
class Rule:
    """A registered check. `confidence` holds for marks that do not state their own."""

    code: str
    name: str
    family: str
    severity: Severity
    removable: bool
    confidence: float
    check: Check
    options: tuple[Option, ...]

    @property
    def title(self) -> str:
        """The first line of the user page."""
        return self.page.splitlines()[0]

    @property
    def page(self) -> str:
        """The user page: the check's docstring."""
        return inspect.getdoc(self.check) or ""

    def run(self, page: "Page", options: Mapping[str, object]) -> Iterator[Mark]:
        """The rule's marks on one page."""
        return self.check(page, **options)


_RULES: dict[str, Rule] = {}


def rule(
    code: str, name: str, *, confidence: float, severity: Severity = "warning", removable: bool | None = None
) -> Callable[[C], C]:
    """Register a check `(page, *, options) -> Iterator[Mark]` as a rule.

    The family follows from the code's prefix; chrome and link text can be removed unless said otherwise.
    """

    def register(check: C) -> C:
        if code in _RULES and _RULES[code].check.__module__ != check.__module__:
            raise ValueError(f"two rules are called {code}")
        family = FAMILY_OF_PREFIX[code[:2]]
        parameters = inspect.signature(check, eval_str=True).parameters.values()
        options = tuple(Option(p.name, p.annotation, p.default) for p in parameters if p.kind is p.KEYWORD_ONLY)
        can_go = family in ("chrome", "link_text") if removable is None else removable
        _RULES[code] = Rule(code, name, family, severity, can_go, confidence, check, options)
        return check

    return register


def load_folder(package: str) -> None:
    """Import every module of a package, in name order, so that its members register themselves."""
    root = importlib.import_module(package)
    for module in sorted(m.name for m in pkgutil.iter_modules(root.__path__)):
        importlib.import_module(f"{package}.{module}")


@cache
def rules() -> Mapping[str, Rule]:
    """All rules by code, in code order."""
    load_folder("audit.checks")
    return dict(sorted(_RULES.items()))


def find_rule(word: str) -> Rule:
    """The rule with this code or name; UsageError with the nearest ones when there is none."""
    for r in rules().values():
        if word.upper() == r.code or word.lower() == r.name:
            return r
    from difflib import get_close_matches

    near = get_close_matches(word, [*rules(), *(r.name for r in rules().values())], n=3)
    hint = f"; did you mean {' or '.join(near)}?" if near else ": `crawlaudit rule` lists them all"
    raise UsageError(f"no rule is called {word!r}{hint}")


@dataclass(frozen=True, slots=True)
class Format:
    """A registered output format: `write(results, stream)` writes a finished audit as text."""

    name: str
    write: Writer

    @property
    def title(self) -> str:
        """The first line of the writer's docstring."""
        return (inspect.getdoc(self.write) or "").partition("\n")[0]


_FORMATS: dict[str, Format] = {}


def format(name: str) -> Callable[[Writer], Writer]:
    """Register a writer `(results, stream) -> None` as the output format `name`."""

    def register(write: Writer) -> Writer:
        _FORMATS[name] = Format(name, write)
        return write

    return register


@cache
def formats() -> Mapping[str, Format]:
    """All output formats by name, in name order."""
    load_folder("audit.formats")
    return dict(sorted(_FORMATS.items()))


def find_format(name: str) -> Format:
    """The output format of this name; UsageError listing them when there is none."""
    if name not in formats():
        raise UsageError(f"no output format is called {name!r}; there are {', '.join(formats())}")
    return formats()[name]


Read = Callable[["InputFile", "ReadOptions"], Iterator["Document | Unread"]]
Split = Callable[["InputFile", int], "Sequence[InputFile]"]


@dataclass(frozen=True, slots=True)
class Reader:
    """A registered input format. `extensions` are in lower case, with their dot and without a compression's.

    `matches` tells from a file's first bytes whether an unnamed file is of this format; `splits` cuts a
    large uncompressed file into ranges of about so many bytes.
    """

    name: str
    extensions: tuple[str, ...]
    read: Read
    matches: Callable[[bytes], bool] | None = None
    splits: Split | None = None


_READERS: dict[str, Reader] = {}


def reader(
    name: str,
    *,
    extensions: tuple[str, ...],
    matches: Callable[[bytes], bool] | None = None,
    splits: Split | None = None,
) -> Callable[[Read], Read]:
    """Register `(file, options) -> Iterator[Document | Unread]` as the reader of files with these extensions."""

    def register(read: Read) -> Read:
        known = _READERS.get(name)
        if known and known.read.__module__ != read.__module__:
            raise ValueError(f"two readers are called {name}")
        _READERS[name] = Reader(name, extensions, read, matches, splits)
        return read

    return register


@cache
def readers() -> Mapping[str, Reader]:
    """All readers by name, in name order."""
    load_folder("audit.readers")
    return dict(sorted(_READERS.items()))
