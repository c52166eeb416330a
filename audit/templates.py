"""HTML pages from the templates in `reports/`: self-contained, every text escaped, nothing loaded from anywhere."""

import base64
import hashlib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from audit import wording
from audit.errors import AuditError
from audit.resources import folder

_SELF = "'self'"


def render(name: str, *, style: str, script: str = "", **values: object) -> str:
    """The page of a template. Style and script stand inline, allowed by their hashes; all else is forbidden."""
    return pages(style=style, script=script)(name, **values)


def pages(*, style: str, script: str = "", beside: bool = False) -> Callable[..., str]:
    """What renders many pages of one report: `page(template, **values)`.

    Style and script stand inline, allowed by their hashes; or in files `beside` the pages. All else is forbidden.
    """
    own = {kind: asset(file) for kind, file in (("style", style), ("script", script)) if file}
    allowed = "; ".join(f"{kind}-src {_SELF if beside else _hash(text)}" for kind, text in own.items())
    policy = f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"
    # Own files from the reports folder, so that they may stand in the page as they are.
    safe = {kind: None if beside else Markup(text) for kind, text in own.items()}  # noqa: S704
    templates = _environment()

    def page(name: str, **values: object) -> str:
        return templates.get_template(name).render(policy=policy, **safe, **values)

    return page


@lru_cache(maxsize=1)
def _environment() -> Environment:
    """The templates with the filters they share, compiled once."""
    loader = FileSystemLoader(folder("reports"), encoding="utf-8")
    found = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    words = (wording.number, wording.percent, wording.plural, wording.family_title)
    found.filters |= {word.__name__: word for word in words}
    found.globals["interval"] = wording.interval
    return found


def write(text: str, place: Path) -> Path:
    """Write a file whole or not at all. Raises AuditError when it cannot be written."""
    part = place.with_name(f".{place.name}.part")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text, encoding="utf-8", newline="\n")
        part.replace(place)
    except OSError as error:
        raise AuditError(f"cannot write {place}: {error.strerror}") from error
    return place


def asset(name: str) -> str:
    """The text of an own file of `reports/`."""
    return (folder("reports") / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """The source expression that lets exactly this inline text through a Content Security Policy."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode('ascii')}'"
