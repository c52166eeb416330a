"""The HTML report of a finished audit: one self-contained file that asks the network for nothing."""

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from audit import wording
from audit.errors import AuditError
from audit.finding import REPORT_FILE
from audit.resources import folder
from audit.story import HEATS, ReportData, gather

__all__ = ["ReportData", "gather", "render", "render_text"]


def render(summary: Mapping[str, Any], out: Path, *, title: str | None = None, timestamp: bool = True) -> Path:
    """Write `out/report.html` whole or not at all, and return its path.

    Without `timestamp` the same results give the same bytes. Raises AuditError when it cannot be written.
    """
    page = render_text(gather(summary, title=title, timestamp=timestamp))
    place, part = out / REPORT_FILE, out / f".{REPORT_FILE}.part"
    try:
        out.mkdir(parents=True, exist_ok=True)
        part.write_text(page, encoding="utf-8", newline="\n")
        part.replace(place)
    except OSError as error:
        raise AuditError(f"cannot write {place}: {error.strerror}") from error
    return place


def render_text(data: ReportData) -> str:
    """The page. Style and script stand inline, allowed by their hashes; every other source is forbidden."""
    style, script = _asset("report.css"), _asset("report.js")
    allowed = f"style-src {_hash(style)}; script-src {_hash(script)}"
    policy = f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"
    page = _environment().get_template("report.html.j2")
    # Own files from the reports folder, so that they may stand in the page as they are.
    return page.render(data=data, policy=policy, style=Markup(style), script=Markup(script), heats=HEATS)  # noqa: S704


def _environment() -> Environment:
    loader = FileSystemLoader(folder("reports"), encoding="utf-8")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    words = (wording.number, wording.percent, wording.plural, wording.family_title)
    environment.filters |= {word.__name__: word for word in words}
    environment.globals["interval"] = wording.interval
    return environment


def _asset(name: str) -> str:
    return (folder("reports") / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """The source expression that lets exactly this inline text through a Content Security Policy."""
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")
    return f"'sha256-{digest}'"
