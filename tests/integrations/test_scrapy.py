"""The item pipeline of Scrapy: a spider crawls a server on loopback, Spidermon watches, and single items of all kinds."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest

import audit
from audit.errors import UsageError

pytest.importorskip("scrapy", reason="Scrapy is not installed: pip install 'crawlaudit[scrapy]'")
from scrapy import Field, Item
from scrapy.exceptions import DropItem
from scrapy.settings import Settings
from scrapy.statscollectors import MemoryStatsCollector

from audit.integrations.scrapy import COUNTS, STATS, AuditPipeline

SPIDER = """
import json
import scrapy

class Spider(scrapy.Spider):
    name = "weir"
    start_urls = [START]
    custom_settings = SETTINGS

    def parse(self, response):
        for link in response.css("a"):
            yield response.follow(link, self.article)

    def article(self, response):
        yield {"link": response.url, "body": "\\n\\n".join(response.css("p::text").getall())}

    def closed(self, reason):
        with open("stats.json", "w", encoding="utf-8") as file:
            json.dump(self.crawler.stats.get_stats(), file, default=str)
"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def served(crawl: Path, texts: dict[str, str]) -> Iterator[str]:
    """The address of a site with a page for each text."""
    folder = crawl / "site"
    folder.mkdir()
    for name, text in texts.items():
        paragraphs = "".join(f"<p>{part}</p>" for part in text.split("\n\n"))
        (folder / f"{name}.html").write_text(f"<h1>{name}</h1>{paragraphs}", encoding="utf-8")
    (folder / "index.html").write_text("".join(f"<a href='{name}.html'>x</a>" for name in texts), encoding="utf-8")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_crawl_is_annotated_counted_and_watched_as_documented(
    crawl: Path, served: str, verdicts: dict[str, str], documented: Callable[..., str]
) -> None:
    pytest.importorskip("spidermon", reason="spidermon is not installed")
    settings: dict[str, Any] = {"TELNETCONSOLE_ENABLED": False, "HTTPPROXY_ENABLED": False}
    for number in range(2):
        exec(documented("Scrapy", "python", number), {}, settings)
    script = SPIDER.replace("START", repr(served)).replace("SETTINGS", repr(settings))
    (crawl / "spider.py").write_text(script, encoding="utf-8")
    command = [sys.executable, "-m", "scrapy", "runspider", "spider.py", "-O", "items.jsonl"]
    environment = os.environ | {"PYTHONPATH": str(Path(audit.__file__).parents[1])}
    done = subprocess.run(command, cwd=crawl, env=environment, capture_output=True, timeout=300, check=True)
    log = done.stderr.decode("utf-8", "replace")
    items = [json.loads(line) for line in (crawl / "items.jsonl").read_text(encoding="utf-8").splitlines()]
    kept = {Path(item["link"]).stem: item["crawlaudit"]["verdict"] for item in items}
    assert kept == {name: verdict for name, verdict in verdicts.items() if verdict != "bad"}, log
    (label,) = (item for item in items if "label" in item["link"])
    (found,) = label["crawlaudit"]["findings"]
    assert label["body"][found["start"] : found["end"]] == "Read more"
    stats = json.loads((crawl / "stats.json").read_text(encoding="utf-8"))
    counted = {name: stats[STATS + name] for name in COUNTS if stats[STATS + name]}
    assert counted == {
        "documents": 4, "dropped": 1, "verdict/ok": 1, "verdict/suspect": 1, "verdict/bad": 1, "verdict/unread": 1,
        "family/chrome": 1, "family/link_text": 1,
    }  # fmt: skip
    assert stats["crawlaudit/rule/LK102"] == 1
    assert "Damaged texts/few are bad... FAIL" in log
    assert "Damaged texts/all were read... FAIL" in log
    assert "audit/integrations" not in log.replace("audit.integrations.scrapy.AuditPipeline", "")  # no warning of ours


def pipeline(**settings: Any) -> tuple[AuditPipeline, Callable[[], dict[str, Any]]]:
    crawler: Any = SimpleNamespace(settings=Settings({"STATS_DUMP": False, **settings}))
    crawler.stats = MemoryStatsCollector(crawler)
    made = AuditPipeline.from_crawler(crawler)
    made.open_spider()
    return made, lambda: {name: n for name, n in crawler.stats.get_stats().items() if n}


class Declared(Item):
    text = Field()
    crawlaudit = Field()


@dataclass
class Undeclared:
    text: str


def test_items_of_every_kind_are_judged(texts: dict[str, str], caplog: pytest.LogCaptureFixture) -> None:
    made, counted = pipeline()
    item = made.process_item(Declared(text=texts["label"]))
    assert item["crawlaudit"] == audit.judgement(audit.check_text(texts["label"]))
    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            plain = made.process_item(Undeclared(texts["menu"]))
    assert plain == Undeclared(texts["menu"])
    assert [record.getMessage() for record in caplog.records] == [
        "Undeclared has no field 'crawlaudit' for the judgement: it is only counted"
    ]
    assert (counted()["crawlaudit/documents"], counted()["crawlaudit/verdict/bad"]) == (3, 2)
    made, _ = pipeline(CRAWLAUDIT_FIELD="")
    assert made.process_item({"text": texts["label"]}) == {"text": texts["label"]}


def test_what_is_dropped_says_why(texts: dict[str, str]) -> None:
    made, counted = pipeline(CRAWLAUDIT_DROP="suspect")
    with pytest.raises(DropItem, match="suspect: LK102"):
        made.process_item({"text": texts["label"]})
    assert made.process_item({"text": ""})["crawlaudit"]["reason"] == "the text is empty"
    assert (counted()["crawlaudit/documents"], counted()["crawlaudit/dropped"]) == (2, 1)


def test_the_configuration_is_used_and_mistakes_end_the_crawl(crawl: Path, texts: dict[str, str]) -> None:
    (crawl / "own.toml").write_text('ignore = ["link_text"]', encoding="utf-8")
    made, _ = pipeline(CRAWLAUDIT_CONFIG="own.toml", CRAWLAUDIT_FIELDS={"text": "story"})
    assert made.process_item({"story": texts["label"], "text": "no"})["crawlaudit"]["findings"] == []
    for wrong, message in (
        ({"CRAWLAUDIT_DROP": "worst"}, "what to drop is bad or suspect"),
        ({"CRAWLAUDIT_FIELDS": {"txt": "story"}}, "a record has no role 'txt'"),
        ({"CRAWLAUDIT_CONFIG": "none.toml"}, r"none\.toml"),
    ):
        with pytest.raises(UsageError, match=message):
            pipeline(**wrong)
