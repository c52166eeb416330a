"""Extractors to compare, one file each: a function `extract(html, url) -> str`; the file's name is the extractor's.

A file imports its library inside the function, so that one that is not installed costs only itself.
"""

from collections.abc import Callable
from importlib import import_module
from pkgutil import iter_modules
from typing import cast

from audit.errors import UsageError

Extract = Callable[[str, str | None], str]


def names() -> list[str]:
    """All extractors, in name order."""
    return sorted(module.name for module in iter_modules(__path__))


def find_extractor(name: str) -> Extract:
    """The extractor of this name; UsageError listing them when there is none."""
    if name not in names():
        raise UsageError(f"no extractor is called {name!r}; there are {', '.join(names())}")
    return cast(Extract, import_module(f"{__name__}.{name}").extract)
