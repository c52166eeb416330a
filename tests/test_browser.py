"""The report in a real browser: nothing of a hostile crawl runs or loads, and what it offers works."""

import functools
import http.server
import json
import os
import re
import shutil
import sys
import threading
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from audit import gateformats, run
from audit.conditions import Condition
from audit.config import Config
from audit.diff import compare
from audit.finding import COMPARISON_FILE, GATE_FILE
from audit.gate import judge
from audit.report import render, render_folder
from audit.table import load_results, load_summary

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
if BROWSER is None and os.environ.get("REQUIRE_BROWSER"):
    raise RuntimeError("REQUIRE_BROWSER is set, and no Chromium is installed")
pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed")

ATTACKS = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '"><svg onload=alert(1)>', "</script><script>alert(1)",
    "<style>body{display:none}</style>", "{{ 7 * 7 }}{% raw %}", "javascript:alert(1)", "data:text/html,<script>alert(1)",
    "</title></textarea></style><iframe src=//evil.example>", "\x1b[2J\x07 \u202eevil\u2066", "half \ud800 surrogate",
    "<base href=//evil.example><link rel=stylesheet href=//evil.example/x.css>", "<meta http-equiv=refresh content=0>",
)  # fmt: skip
# A browser follows a click, and tells the page of it, some time after: what comes of one is waited for, never looked up.
eventually = sync_api.expect
JENKINS = "sandbox; default-src 'none'; img-src 'self'; style-src 'self'"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results folder of a hostile crawl, with all that can lie beside it, and the report in both packagings."""
    place = tmp_path_factory.mktemp("hostile")
    rows = [
        {"id": f"{n} {attack}", "url": f"https://{'abc'[n % 3]}.example/{attack}", "title": attack,
         "text": f"The harbour is open again, says {attack}.\n{attack}\nRead more\nShare this\nIt was cut in the"}
        for n, attack in enumerate(ATTACKS * 3)
    ]  # fmt: skip
    rows += [
        {"id": f"{n}", "url": f"https://s{n}.example/", "text": f"The ferry ran late on day {n}."} for n in range(12)
    ]
    earlier = _audited(place / "earlier", [row | {"text": row["text"][:90]} for row in rows[5:]])
    rows.append({"id": "long", "url": "https://a.example/long", "title": "long", "text": "<b>x</b> & word " * 660_000})
    out = _audited(place / "now", rows)
    (out / COMPARISON_FILE).write_text(json.dumps(_compared(ATTACKS[:3])), encoding="ascii")
    found = judge(load_results(out), [Condition(metric="bad", scope="path", min_n=1), Condition(metric="unread")])
    gateformats.emit(found, f"json:{out / GATE_FILE}", sys.stdout)
    changes = asdict(compare(earlier, out)) | {"before": ATTACKS[0], "not_comparable": ATTACKS}
    for write in (render, render_folder):
        write(load_summary(out), out, title=ATTACKS[2], timestamp=False, changes=changes)
    return out


def _audited(place: Path, rows: list[dict[str, str]]) -> Path:
    """The results of a crawl, of which one site is a folder with a name that wants to do harm."""
    folder = place / "crawl" / ("<img src=x onerror=alert(1)>" if os.name == "posix" else "folder")
    folder.mkdir(parents=True)
    (folder / "a.txt").write_text("The mill was sold on Monday, and nobody knows who bought", encoding="utf-8")
    (place / "crawl" / "c.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n", encoding="ascii")
    return run.audit([str(place / "crawl")], Config(), place / "out").out


def _compared(names: tuple[str, ...]) -> dict[str, Any]:
    """A comparison of extractors whose names want to do harm."""
    best = {"pages": 9, "best": names[0], "scores": dict.fromkeys(names, 50.0), "behind": {names[1]: [0.1, 0.2]}}
    failures = [{"extractor": names[0], "reason": attack, "pages": 1} for attack in ATTACKS]
    sites = [best | {"site": attack} for attack in ("a.example", *ATTACKS)]
    return {"inputs": ATTACKS, "extractors": names, "all": best, "sites": sites, "failures": failures, "unread": []}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as driver:
        root = ["--no-sandbox"] if hasattr(os, "getuid") and os.getuid() == 0 else []
        started = driver.chromium.launch(executable_path=BROWSER, args=root)
        yield started
        started.close()


class Watched:
    """A page with everything it did that a report must not do."""

    def __init__(self, browser: Any, **options: Any) -> None:
        self.context = browser.new_context(**options)
        self.page = self.context.new_page()
        self.seen: list[str] = []
        self.page.on("dialog", self._dialog)
        self.page.on("console", lambda m: self.seen.append(f"console {m.text}"))
        self.page.on("pageerror", lambda e: self.seen.append(f"error {e}"))
        self.page.on("request", self._request)

    def _dialog(self, dialog: Any) -> None:
        self.seen.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def _request(self, request: Any) -> None:
        if not request.url.startswith(("file://", "http://127.0.0.1")):
            self.seen.append(f"request {request.url}")

    def open(self, place: Path, fragment: str = "") -> Any:
        self.page.goto(place.as_uri() + fragment)
        return self.page


@pytest.fixture
def watched(browser: Any) -> Iterator[Watched]:
    one = Watched(browser)
    yield one
    one.context.close()


def pages(report: Path) -> list[Path]:
    return [report / "report.html", *sorted((report / "report").rglob("*.html"))]


def test_nothing_of_the_crawl_runs_loads_or_breaks_out(report: Path, watched: Watched) -> None:
    shown = ""
    for place in pages(report):
        page = watched.open(place)
        page.evaluate("document.querySelectorAll('details').forEach((fold) => (fold.open = true))")
        shown += page.inner_text("body")
        assert page.locator("iframe, img, object, base, form, svg[onload]").count() == 0
        assert page.locator("body").is_visible()
    assert watched.seen == []
    for attack in ("<script>alert(1)</script>", "{{ 7 * 7 }}", "[U+202E]"):
        assert attack in shown


def test_the_policy_stops_a_script_that_got_in(report: Path, watched: Watched) -> None:
    for place in (report / "report.html", report / "report" / "index.html"):
        page = watched.open(place)
        with page.expect_console_message(lambda message: "Content Security Policy" in message.text):
            page.evaluate(
                "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.x=1'}))"
            )
        assert page.evaluate("window.x") is None


def test_every_link_and_fragment_resolves(report: Path, watched: Watched) -> None:
    ids, targets = {}, set()
    for place in pages(report):
        page = watched.open(place)
        ids[place.as_uri()] = set(page.evaluate("[...document.querySelectorAll('[id]')].map((e) => e.id)"))
        targets |= set(page.evaluate("[...document.links].map((a) => a.href)"))
    own = [t for t in targets if t.startswith("file:")]
    assert len(own) > 50
    files = {place.as_uri() for place in (report / "report").iterdir()}
    for target in own:
        file, _, fragment = target.partition("#")
        assert file in ids or (file in files and not fragment)
        assert not fragment or fragment in ids[file]
    assert all(t.startswith(("https:", "http:")) for t in targets - set(own))


def test_sort_filter_and_keyboard(report: Path, watched: Watched) -> None:
    page = watched.open(report / "report" / "index.html")
    sort = page.locator("#rules button.sort", has_text="Documents")
    sort.focus()
    column = "[...document.querySelectorAll('#rules tbody tr')].map((r) => +r.cells[3].textContent)"
    for key, reverse in (("Enter", True), ("Space", False)):
        page.keyboard.press(key)
        eventually(page.locator(f"#rules th[aria-sort={'descending' if reverse else 'ascending'}]")).to_have_count(1)
        found = page.evaluate(column)
        assert found == sorted(found, reverse=reverse)
    assert page.locator("#rules th[aria-sort=ascending]").count() == 1
    page = watched.open(report / "report" / "index.html")
    page.keyboard.press("Tab")
    eventually(page.locator(".skip")).to_be_focused()


def test_filter(report: Path, watched: Watched) -> None:
    page = watched.open(report / "report" / "index.html")
    page.get_by_label("Filter sites").fill("S1")
    shown = page.locator("#sites tbody tr:visible th").all_inner_texts()
    assert shown
    assert all("s1" in name.lower() for name in shown)
    page.get_by_label("Filter sites").fill("")
    assert page.locator("#sites tbody tr:visible").count() > len(shown)


def test_folds_open_by_keyboard(report: Path, watched: Watched) -> None:
    page = watched.open(report / "report" / "index.html")
    fold = page.locator("#passed details").first
    fold.locator("summary").focus()
    page.keyboard.press("Enter")
    eventually(fold.locator("table").first).to_be_visible()


def test_a_deep_link_opens_its_fold(report: Path, watched: Watched) -> None:
    page = watched.open(report / "report.html", "#document-2")
    eventually(page.locator("#document-2")).to_have_attribute("open", "")
    page.locator("#document-2 a", has_text="next").click()
    eventually(page.locator("#document-3")).to_have_attribute("open", "")


def test_documents_lead_to_each_other(report: Path, watched: Watched) -> None:
    page = watched.open(report / "report" / "documents" / "1.html")
    page.locator("a[rel=next]").click()
    eventually(page).to_have_url(re.compile("/documents/2.html$"))
    page.locator("a[rel=prev]").click()
    eventually(page).to_have_url(re.compile("/documents/1.html$"))


def test_dark(report: Path, watched: Watched) -> None:
    page, colours = watched.open(report / "report" / "index.html"), []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        style = "((e) => [getComputedStyle(e).backgroundColor, getComputedStyle(e).color])(document.body)"
        colours.append([sum(map(int, re.findall(r"\d+", colour)[:3])) for colour in page.evaluate(style)])
    (light_page, light_ink), (dark_page, dark_ink) = colours
    assert light_page > light_ink
    assert dark_page < dark_ink


def test_print_shows_what_is_folded(report: Path, watched: Watched) -> None:
    page = watched.open(report / "report" / "index.html")
    assert not page.locator("#passed table").first.is_visible()
    page.emulate_media(media="print")
    eventually(page.locator("nav.contents")).to_be_hidden()
    eventually(page.locator("#passed table").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_script_all_can_be_read(report: Path, browser: Any) -> None:
    plain = Watched(browser, java_script_enabled=False)
    for name in ("index.html", "documents/1.html", "sites/1.html"):
        page = plain.open(report / "report" / name)
        assert page.locator("button, input").count() == 0
        for fold in page.locator("main > section > details").all():
            if fold.get_attribute("open") is None:
                fold.locator("> summary").click()
            eventually(fold.locator("> :not(summary)").first).to_be_visible()
    assert plain.seen == []
    plain.context.close()


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_no_page_is_wider_than_its_window(report: Path, watched: Watched, width: int) -> None:
    watched.page.set_viewport_size({"width": width, "height": 900})
    for name in ("report/index.html", "report/documents/1.html", "report/sites/1.html", "report.html"):
        page = watched.open(report / name)
        page.evaluate("document.querySelectorAll('details').forEach((fold) => (fold.open = true))")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


class _Strict(http.server.SimpleHTTPRequestHandler):
    """Serves as Jenkins does: no script, no inline style."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", JENKINS)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing."""


def test_styled_and_readable_under_the_policy_of_jenkins(report: Path, watched: Watched) -> None:
    serve = functools.partial(_Strict, directory=str(report / "report"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), serve) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        watched.page.goto(f"http://127.0.0.1:{server.server_port}/index.html")
        assert watched.page.locator("#verdict h2").is_visible()
        assert watched.page.evaluate("document.styleSheets.length") == 1
        assert watched.page.locator("button").count() == 0
        server.shutdown()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 1440), ("light", 360)])
def test_accessible(report: Path, browser: Any, scheme: str, width: int) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    one = Watched(browser, color_scheme=scheme, bypass_csp=True, viewport={"width": width, "height": 900})
    for name in ("index.html", "documents/1.html", "sites/1.html"):
        found = axe.run(one.open(report / "report" / name)).response["violations"]
        assert [(v["id"], [n["html"][:160] for n in v["nodes"][:3]]) for v in found] == []
    one.context.close()
