"""Forms in which a gate's outcome is written, one file each: a function `write(gate, stream)`.

Names of sites and messages come from the crawl: each form neutralises what its reader would obey.
"""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TextIO, cast

from audit.errors import AuditError, UsageError
from audit.gate import Gate
from audit.resources import names_in

Write = Callable[[Gate, TextIO], None]


def find(name: str) -> Write:
    """The format of this name; UsageError listing them when there is none."""
    if name not in (known := names_in(__path__)):
        raise UsageError(f"no gate format is called {name!r}; there are {', '.join(known)}")
    return cast(Write, import_module(f"{__name__}.{name}").write)


def emit(gate: Gate, output: str, stdout: TextIO) -> None:
    """Write as `FORMAT` to `stdout` or as `FORMAT:PATH` to a file (UTF-8, LF). Raises UsageError and AuditError."""
    name, _, place = output.partition(":")
    write = find(name)
    try:
        if place in ("", "-"):
            write(gate, stdout)
            return
        with Path(place).open("w", encoding="utf-8", newline="\n") as stream:
            write(gate, stream)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise AuditError(f"cannot write {error.filename or place or name}: {error.strerror}") from error
