"""One file a format that can be written again: `READERS`, the readers of its files, and a function `write`.

`write(file, options, stream, mend)` writes the file to `stream` with the texts that `mend` gives. It raises
UnreadableError or what a library raises for a file of which that cannot be done.
"""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import BinaryIO

from audit.records import ReadOptions
from audit.resources import names_in
from audit.rewriting.mending import Mend
from audit.streams import InputFile

Write = Callable[[InputFile, ReadOptions, BinaryIO, Mend], None]


@cache
def writers() -> dict[str, Write]:
    """The writer of each reader's files; archives have none."""
    modules = (import_module(f"{__name__}.{name}") for name in names_in(__path__))
    return {reader: module.write for module in modules for reader in module.READERS}
