"""The HTML report of a finished audit: one self-contained file that asks the network for nothing."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from audit import templates
from audit.finding import REPORT_FILE
from audit.story import HEATS, ReportData, gather

__all__ = ["ReportData", "gather", "render", "render_text"]


def render(summary: Mapping[str, Any], out: Path, *, title: str | None = None, timestamp: bool = True) -> Path:
    """Write `out/report.html` whole or not at all, and return its path.

    Without `timestamp` the same results give the same bytes. Raises AuditError when it cannot be written.
    """
    page = render_text(gather(summary, title=title, timestamp=timestamp))
    return templates.write(page, out / REPORT_FILE)


def render_text(data: ReportData) -> str:
    """The page."""
    return templates.render("report.html.j2", style="report.css", script="report.js", data=data, heats=HEATS)
