"""The HTML report of a finished audit: a folder of pages, or one self-contained file. Neither asks the network."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from audit import templates
from audit.finding import COMPARISON_FILE, GATE_FILE, REPORT_FILE, REPORT_FOLDER
from audit.places import SiteView, site_views
from audit.site_rows import HEATS
from audit.spreads import count
from audit.story import Beside, ReportData, gather
from audit.strip import write_strip_list
from audit.table import load_beside, load_examples
from audit.views import DocumentView, view

__all__ = ["Beside", "Links", "ReportData", "gather", "pages", "render", "render_folder", "render_text"]

STYLE, SCRIPT = "report.css", "report.js"
STRIP_LISTS = ("strip-list.txt", "strip-list.json")  # beside the pages of the folder
# What a single file shows of documents and sites: it opens at once whatever the crawl. The folder has them all.
SINGLE_CHARS, SINGLE_SITES = 200_000, 40


@dataclass(frozen=True, slots=True)
class Links:
    """Where the report has a document or a site, by id and name as read; `root` leads to the folder of the index."""

    documents: Mapping[str, int] = field(default_factory=dict)
    sites: Mapping[str, int] = field(default_factory=dict)
    single: bool = True
    root: str = ""

    def document(self, name: str) -> str | None:
        """The link to a document's own view."""
        return self._to("document", self.documents.get(name))

    def site(self, name: str) -> str | None:
        """The link to a site's own view."""
        return self._to("site", self.sites.get(name))

    def index(self, fragment: str) -> str:
        """The link to a place of the index."""
        return f"#{fragment}" if self.single or not self.root else f"{self.root}index.html#{fragment}"

    def _to(self, kind: str, place: int | None) -> str | None:
        if place is None:
            return None
        return f"#{kind}-{place}" if self.single else f"{self.root}{kind}s/{place}.html"


def render(
    summary: Mapping[str, Any],
    out: Path,
    *,
    title: str | None = None,
    timestamp: bool = True,
    changes: Mapping[str, Any] | None = None,
) -> Path:
    """Write `out/report.html` whole or not at all, and return its path. `changes` are those that `diff` found.

    Without `timestamp` the same results give the same bytes. Raises AuditError when it cannot be written.
    """
    data = gather(summary, _beside(out, changes), title=title, timestamp=timestamp)
    documents, sites = _views(summary, data, out)
    return templates.write(render_text(data, _fitting(documents), sites[:SINGLE_SITES]), out / REPORT_FILE)


def render_folder(
    summary: Mapping[str, Any],
    out: Path,
    *,
    title: str | None = None,
    timestamp: bool = True,
    changes: Mapping[str, Any] | None = None,
) -> Path:
    """Write the pages of `out/report/`, and return the path of its `index.html`, which is written last.

    The same as `render` otherwise. Raises AuditError when it cannot be written.
    """
    data = gather(summary, _beside(out, changes), title=title, timestamp=timestamp)
    place = out / REPORT_FOLDER
    for kind in ("documents", "sites"):  # pages of an earlier report would be taken for pages of this one
        shutil.rmtree(place / kind, ignore_errors=True)
    for name in (STYLE, SCRIPT):
        templates.write(templates.asset(name), place / name)
    for name in STRIP_LISTS:
        write_strip_list(summary, place / name)
    for name, page in pages(data, *_views(summary, data, out)):
        templates.write(page, place / name)
    return place / "index.html"


def render_text(data: ReportData, documents: Sequence[DocumentView] = (), sites: Sequence[SiteView] = ()) -> str:
    """The report as one page, with these documents and sites in folds."""
    page = templates.pages(style=STYLE, script=SCRIPT)
    links = _links(documents, sites, single=True)
    return page("report.html.j2", data=data, heats=HEATS, links=links, documents=documents, sites=sites)


def pages(data: ReportData, documents: Sequence[DocumentView], sites: Sequence[SiteView]) -> Iterator[tuple[str, str]]:
    """Every page of the folder by its name; the index comes last."""
    page = templates.pages(style=STYLE, script=SCRIPT, beside=True)
    below = _links(documents, sites, single=False, root="../")
    for one in documents:
        near = (documents[one.place - 2] if one.place > 1 else None, *documents[one.place : one.place + 1], None)[:2]
        values = {"document": one, "before": near[0], "after": near[1]}
        yield f"documents/{one.place}.html", page("document.html.j2", data=data, links=below, **values)
    for site in sites:
        yield f"sites/{site.place}.html", page("site.html.j2", data=data, links=below, site=site)
    links = _links(documents, sites, single=False)
    yield "index.html", page("report.html.j2", data=data, heats=HEATS, links=links, documents=(), sites=())


def _beside(out: Path, changes: Mapping[str, Any] | None) -> Beside:
    gate, comparison = (load_beside(out, name) for name in (GATE_FILE, COMPARISON_FILE))
    return Beside(gate, changes, comparison, count(out))


def _views(
    summary: Mapping[str, Any], data: ReportData, out: Path
) -> tuple[tuple[DocumentView, ...], tuple[SiteView, ...]]:
    documents = tuple(view(row, place) for place, row in enumerate(load_examples(out), 1))
    return documents, site_views(summary, data.sites, out, data.comparison)


def _links(documents: Sequence[DocumentView], sites: Sequence[SiteView], *, single: bool, root: str = "") -> Links:
    places = {site.row.key: site.place for site in sites}
    return Links({one.key: one.place for one in documents}, places, single, root)


def _fitting(documents: Sequence[DocumentView]) -> list[DocumentView]:
    """The first documents whose texts together stay within what one file holds."""
    fitting, filled = [], 0
    for one in documents:
        filled += sum(len(piece.text) for piece in one.pieces)
        if filled > SINGLE_CHARS:
            break
        fitting.append(one)
    return fitting
