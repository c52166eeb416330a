import base64
import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from audit.errors import AuditError
from audit.exhibits import EXAMPLES_IN_ALL, link
from audit.finding import FAMILIES, FAMILY_OF_PREFIX
from audit.places import SiteView, site_views
from audit.promises import promises
from audit.report import Beside, ReportData, gather, pages, render, render_folder, render_text
from audit.resources import folder
from audit.spreads import Counts
from audit.story import STRIP_LINES
from audit.views import DocumentView, view

BESIDE = Path(__file__).parent / "fixtures" / "beside.json"
VOID = {"meta", "link", "br", "hr", "img", "input"}


class Page(HTMLParser):
    """What a page is made of: tags with attributes, ids, links; fails on tags that do not close in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text: list[str] = []
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]

    def values(self, attribute: str) -> list[str]:
        return [a[attribute] or "" for _, a in self.tags if attribute in a]


def html(summary: dict[str, Any], beside: Beside | None = None, **other: Any) -> str:
    return render_text(gather(summary, beside, **other))


@pytest.fixture
def beside() -> Beside:
    """A gate, changes, a comparison of extractors and counts of documents, as they lie beside a summary."""
    lengths = Counter({(0, "bad"): 3, (3, "ok"): 40, (3, "suspect"): 7, (8, "ok"): 2})
    risks = {family: Counter({0: 40, 9: 12}) for family in FAMILIES}
    return Beside(**json.loads(BESIDE.read_text(encoding="utf-8")), counts=Counts(lengths, risks, Counter(chrome=5)))


def folder_of(
    summary: dict[str, Any], beside: Beside, sites: int = 40
) -> tuple[ReportData, list[DocumentView], tuple[SiteView, ...]]:
    data = gather(summary, beside, timestamp=False)
    return data, [document(1), document(2)], site_views(summary, data.sites[:sites], None, data.comparison)


def document(number: int, **other: Any) -> DocumentView:
    """A document that is cut, with a share button, and a lead that its page still has."""
    about = {"confidence": 0.9, "severity": "error", "message": "Why it is so."}
    places = [("LD401", "lead-lost", 0, 0), ("CH203", "share", 29, 39), ("TR101", "cut-mid-sentence", 55, 55)]
    found = [
        {**about, "rule": rule, "name": name, "family": FAMILY_OF_PREFIX[rule[:2]], "start": start, "end": end,
         "line": 1, "removable": start < end, "evidence": {"missing": "The lead."} if rule == "LD401" else {}}
        for rule, name, start, end in places
    ]  # fmt: skip
    row = {
        "id": f"d{number}", "source": f"crawl/{number}.txt", "url": f"https://talblick.example/{number}", "title": None,
        "site": "talblick.example", "lang": "en", "score": 50.0, "verdict": "bad", "chars": 55, "findings": found,
        "risks": dict.fromkeys(FAMILIES, 0.5), "parts": [(0, "He said that it was raining.\nShare this\nIt stops in the")],
    }  # fmt: skip
    return view(row | other, number)


@pytest.fixture
def empty_summary(summary: dict[str, Any]) -> dict[str, Any]:
    """A crawl in which there was nothing."""
    nothing = {"documents": 0, "of": 0, "rate": None, "low": None, "high": None}
    lists = ("unread", "not_judged", "sites", "languages", "formats", "recurring", "worst")
    summary |= {name: [] for name in lists} | {"examples": {}, "other_sites": None}
    summary["counts"] = dict.fromkeys(summary["counts"], 0)
    summary["families"] = dict.fromkeys(summary["families"], nothing)
    summary["rules"] = [r | nothing | {"findings": 0} for r in summary["rules"]]
    quantiles = dict.fromkeys(summary["score"]["quantiles"])
    summary["score"] = {"mean": None, "quantiles": quantiles, "histogram": [0] * 20}
    return summary


@pytest.fixture(params=["summary", "hostile_summary", "empty_summary", "everything"])
def page(request: pytest.FixtureRequest) -> Page:
    if request.param == "everything":
        summary, beside = request.getfixturevalue("summary"), request.getfixturevalue("beside")
        return Page(render_text(*folder_of(summary, beside)))
    return Page(html(request.getfixturevalue(request.param)))


def test_gold(summary: dict[str, Any], gold: Callable[[str, str], None]) -> None:
    """The page without what changes with every change of style: its script and style, and the hashes of these."""
    plain = re.sub(r"(?s)<(style|script)>.*?</\1>|sha256-[\w+/]+=*", "", html(summary, timestamp=False))
    gold("report.html", plain)


def test_gold_of_the_folder(summary: dict[str, Any], beside: Beside, gold: Callable[[str, str], None]) -> None:
    """A page of each kind, with everything that can lie beside a summary."""
    for name, page in pages(*folder_of(summary, beside, sites=1)):
        if name != "documents/1.html":
            gold(f"report/{name}", page)


def test_links_and_fragments_resolve(page: Page) -> None:
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    for target in page.values("href"):
        assert target.startswith(("https://", "http://")) or target.removeprefix("#") in ids
    for reference in page.values("aria-labelledby"):
        assert reference in ids


def test_outside_links_give_nothing_away(page: Page) -> None:
    outside = [a for a in page.all("a") if not (a["href"] or "").startswith("#")]
    assert all(a["rel"] == "noopener noreferrer nofollow" for a in outside)


def test_structure_is_accessible(page: Page) -> None:
    assert page.all("html") == [{"lang": "en"}]
    assert len(page.all("h1")) == len(page.all("main")) == len(page.all("header")) == 1
    assert len(page.all("caption")) == len(page.all("table"))
    assert all("scope" in th for th in page.all("th"))
    assert all(svg["aria-hidden"] == "true" for svg in page.all("svg"))
    assert page.all("a")[0] == {"class": "skip", "href": "#main"}


def test_nothing_is_loaded_or_run_from_the_data(page: Page) -> None:
    assert not page.values("style")
    assert not page.values("src")
    assert len(page.all("script")) == len(page.all("style")) == 1
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    assert not {tag for tag, _ in page.tags} & {"img", "iframe", "form", "link", "object", "base", "textarea"}


def test_policy_allows_just_the_own_style_and_script(summary: dict[str, Any]) -> None:
    text = html(summary)
    policy = next(a["content"] for a in Page(text).all("meta") if a.get("http-equiv"))
    assert policy
    for tag in ("style", "script"):
        inline = re.findall(rf"(?s)<{tag}>(.*?)</{tag}>", text)
        digest = base64.b64encode(hashlib.sha256(inline[0].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'; ")


def test_hostile_texts_are_shown_as_text(hostile_summary: dict[str, Any]) -> None:
    text = html(hostile_summary)
    text.encode()
    shown = "".join(Page(text).text)
    for harmful in (
        "<script>alert(1)</script>",
        '"><img src=x',
        "javascript:alert(1)",
        "[bold red]markup",
        "{{ 7 * 7 }}",
    ):
        assert harmful in shown
    for spelled in ("[U+202E]", "[U+001B]", "[U+D800]", "[U+0000]"):
        assert spelled in shown
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", text)


@pytest.mark.parametrize("url", [
    "javascript:alert(1)", "data:text/html,x", "//host.example/", "http://", "https://[::1", " https://a.example/",
    "https://a.example/\n", 'https://a.example/"', "https://a.example/" + "x" * 2000, "", None, "file:///etc/passwd",
])  # fmt: skip
def test_not_every_url_is_a_link(url: str | None) -> None:
    assert link(url) is None


def test_links() -> None:
    for url in ("https://a.example/ü?x=1&y=2#z", "HTTP://a.example"):
        assert link(url) == url


def test_deterministic_without_timestamp(summary: dict[str, Any]) -> None:
    later = deepcopy(summary) | {"started": "2030-01-01T00:00:00+00:00", "documents_per_second": 1.0}
    later["seconds"] = {"wall": 99.0}
    assert html(summary, timestamp=False) == html(later, timestamp=False)
    assert html(summary) != html(later)
    assert "2026-02-03 09:15" in html(summary)


def test_file_is_written_whole(summary: dict[str, Any], tmp_path: Path) -> None:
    place = render(summary, tmp_path / "new" / "out", title="My <crawl>", timestamp=False)
    assert place == tmp_path / "new" / "out" / "report.html"
    assert [p.name for p in place.parent.iterdir()] == ["report.html"]
    assert "My &lt;crawl&gt;" in place.read_text(encoding="utf-8")
    assert place.read_bytes().count(b"\r") == 0


def test_unwritable_place_is_an_error_in_words(summary: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(AuditError, match="cannot write"):
        render(summary, tmp_path / "file")


def test_stays_small_whatever_the_crawl(summary: dict[str, Any]) -> None:
    """The most that a summary can hold, in a script of three bytes a character."""
    wide = {"title": "文" * 500, "before": "文" * 120, "marked": "文" * 300, "after": "文" * 120, "message": "文" * 500}
    one = summary["worst"][0]["findings"][0] | wide | {"source": "文" * 300}
    rules = [summary["rules"][0] | {"rule": f"TR{n}"} for n in range(100, 180)]
    summary |= {"rules": rules, "examples": {r["rule"]: {"worst": [one] * 10, "sample": [one] * 10} for r in rules}}
    summary["worst"] = [summary["worst"][0] | {"findings": [one] * 5}] * 20
    summary["sites"] = [summary["sites"][0] | {"site": "文" * 300}] * 200
    summary["recurring"] = [summary["recurring"][0] | {"line": "文" * 300}] * 200
    text = html(summary)
    assert text.count('class="example"') == 80 * 2 <= EXAMPLES_IN_ALL
    assert len(text.encode()) < 2_000_000
    assert "18 more are in summary.json" in text


def test_right_to_left_texts_find_their_direction(summary: dict[str, Any]) -> None:
    passages = [a for a in Page(html(summary)).all("p") if a.get("class") == "passage"]
    assert passages
    assert all(a["dir"] == "auto" for a in passages)


def test_gap_is_marked_where_something_is_missing(summary: dict[str, Any]) -> None:
    data = gather(summary)
    assert data.evidence["LD102"].worst[0].gap
    assert '<mark class="gap">' in render_text(data)


def test_sites_surely_above_the_crawl(summary: dict[str, Any]) -> None:
    sites = {s.name: s for s in gather(summary).sites}
    assert [c.above for c in sites["talblick.example"].cells] == [False, True, False, True]
    assert [c.heat for c in sites["talblick.example"].cells] == [1, 5, 0, 3]
    assert sites["(no site)"].cells[0].heat == 0


def test_documents_without_a_site_have_their_row(summary: dict[str, Any]) -> None:
    summary["other_sites"]["sites"] = 0
    rest = gather(summary).other_sites
    assert rest
    assert rest.name == "(no site)"


def test_recipes_are_python(summary: dict[str, Any]) -> None:
    recipes = [code for code in Page(html(summary)).text if code.startswith("pd.")]
    assert len(recipes) == 6
    for recipe in recipes:
        compile(recipe, "recipe", "eval")


def test_no_template_switches_escaping_off() -> None:
    for template in folder("reports").glob("*.j2"):
        assert not re.search(r"\|\s*safe|autoescape|style=", template.read_text(encoding="utf-8"))


def test_breaks_stand_with_the_sites(summary: dict[str, Any]) -> None:
    found = summary["breaks"][0] | {"message": "Half of talblick.example is <cut>."}
    data = gather(
        summary | {"breaks": [found, found | {"kind": "path", "name": "other.example/a", "message": "Other."}]}
    )
    assert "Half of talblick.example is &lt;cut&gt;." in render_text(data)
    views = {v.row.key: v.breaks for v in site_views(summary | {"breaks": [found]}, data.sites, None)}
    assert {site for site, breaks in views.items() if breaks} == {"talblick.example"}


def test_sites_show_their_trend_and_their_extractors(summary: dict[str, Any], beside: Beside) -> None:
    data, _, sites = folder_of(summary, beside)
    first, *others = sites
    assert first.row.trend
    assert first.contest
    assert (first.row.key, first.contest.best) == ("talblick.example", "trafilatura")
    assert not any(site.contest or site.row.trend for site in others)
    page = Page(render_text(data, (), sites))
    drawn = [a["d"] for a in page.all("path") if a.get("class") == "trend"]
    assert len(drawn) == len(FAMILIES) + 1  # and one beside the break
    assert drawn.count("M0.0 20.0h0L20.0 18.2h0M60.0 3.0h0L80.0 2.5h0L100.0 2.0h0") == 2  # chrome, with a gap


def test_what_was_not_judged_is_told(summary: dict[str, Any], beside: Beside) -> None:
    summary["sample"] = {"size": 1400, "of": 70_000, "seed": 1}
    said = " ".join("".join(Page(html(summary, beside)).text).split())
    assert "Only a sample was audited: 1,400 of 70,000 documents, 2.0 %." in said
    assert "Files of no known format were left alone: 1 no extension, 3 pdf." in said
    assert "Rules that were switched off: CH404 caption-credit." in said
    assert "poems end as they like" in said.partition("What was not judged")[2].partition("Damage by kind")[0]


def test_passed_checks_are_no_claim_of_health(summary: dict[str, Any]) -> None:
    nothing = {"documents": 0, "findings": 0, "rate": 0.0, "low": 0.0, "high": 0.003}
    silent, unjudged = (summary["rules"][i] | nothing for i in (0, 1))
    summary["rules"] = [silent, unjudged | {"of": 0, "rate": None, "low": None, "high": None}, *summary["rules"][2:]]
    passed = "".join(Page(html(summary)).text).rpartition("Passed checks")[2]
    assert silent["rule"] in passed
    assert unjudged["rule"] not in passed
    assert "0.3\xa0%" in passed


def test_the_gate_against_its_limits(summary: dict[str, Any], beside: Beside) -> None:
    data = gather(summary, beside)
    assert data.gate
    assert {row.status for row in data.gate.rows} == {"warned", "inconclusive"}
    assert {row.status for row in data.gate.passed} == {"passed"}
    page = Page(html(summary, beside))
    drawn = [row for row in (*data.gate.rows, *data.gate.passed) if row.reach]
    assert len([a for a in page.all("path") if a.get("class") == "limit"]) == len(drawn) > 0


@pytest.mark.parametrize(
    ("metric", "value", "shown"),
    [("bad_words", 0.123, "12 %"), ("documents", 1234.0, "1,234"), ("score", 81.25, "81.2")],
)
def test_each_metric_of_the_gate_in_its_unit(beside: Beside, metric: str, value: float, shown: str) -> None:
    assert beside.gate
    check = beside.gate["checks"][0]
    check |= {"found": check["found"] | {"k": None, "value": value}, "baseline": {"k": None, "n": 9, "value": value}}
    check |= {"condition": check["condition"] | {"metric": metric}, "low": value, "high": value}
    told = promises(beside.gate)
    assert told
    (row,) = (row for row in told.rows if row.name == check["name"])
    assert [word.replace("\xa0", " ") for word in (row.found, row.baseline, row.interval)] == [
        shown, shown, f"{shown} to {shown}"
    ]  # fmt: skip


def test_the_strip_list_is_there_to_copy_and_beside_the_folder(summary: dict[str, Any], tmp_path: Path) -> None:
    summary["strip_list"] += [summary["strip_list"][0] | {"line": f"Line {n}"} for n in range(STRIP_LINES)]
    render_folder(summary, tmp_path)
    kept = (tmp_path / "report" / "strip-list.txt").read_text(encoding="utf-8").splitlines()
    assert len(kept) == STRIP_LINES + 4
    page = (tmp_path / "report" / "index.html").read_text(encoding="utf-8")
    assert f"These are the first {STRIP_LINES}." in page
    assert 'href="strip-list.json"' in page
    assert f"Line {STRIP_LINES - 5}\n" in page
    assert f"Line {STRIP_LINES - 1}\n" not in page


def test_a_finding_in_a_part_that_is_not_kept_is_listed_without_a_link(summary: dict[str, Any]) -> None:
    long = document(1, parts=[(0, "He said that"), (50, "the end")], chars=57)
    page = Page(render_text(gather(summary), [long]))
    assert "(not shown)" in "".join(page.text)
    assert {t for t in page.values("href") if t.startswith("#d1-m")} <= {f"#{i}" for i in page.values("id")}


def test_the_same_results_give_the_same_folder(summary: dict[str, Any], beside: Beside) -> None:
    later = deepcopy(summary) | {"started": "2030-01-01T00:00:00+00:00", "seconds": {"wall": 99.0}}
    assert list(pages(*folder_of(summary, beside))) == list(pages(*folder_of(later, beside)))
