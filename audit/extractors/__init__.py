"""Extractors to compare, one file each: a function `extract(html, url) -> str`; the file's name is the extractor's.

A file imports its library inside the function, so that one that is not installed costs only itself.
"""

from collections.abc import Callable
from importlib import import_module
from typing import cast

from audit.errors import UsageError
from audit.resources import names_in

Extract = Callable[[str, str | None], str]


def find_extractor(name: str) -> Extract:
    """The extractor of this name; UsageError listing them when there is none."""
    if name not in (known := names_in(__path__)):
        raise UsageError(f"no extractor is called {name!r}; there are {', '.join(known)}")
    return cast(Extract, import_module(f"{__name__}.{name}").extract)
