"""Scrapy: an item pipeline that judges every item, writes the judgement into it or drops it, and counts.

`ITEM_PIPELINES = {"audit.integrations.scrapy.AuditPipeline": 300}`. Settings, all optional: `CRAWLAUDIT_FIELDS`, role
to field, where the names are not found by themselves; `CRAWLAUDIT_FIELD`, the field of the judgement (`crawlaudit`);
`CRAWLAUDIT_DROP`, `bad` or `suspect`; `CRAWLAUDIT_CONFIG`, a file, instead of looking for one.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audit.api import Checker, judgement
from audit.config import load
from audit.errors import MissingExtraError
from audit.finding import FAMILIES, Audited, Verdict, dropped

try:
    from itemadapter import ItemAdapter
    from scrapy.exceptions import DropItem
except ImportError:
    raise MissingExtraError("Scrapy", "scrapy", "The item pipeline") from None

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)
STATS = "crawlaudit/"
# There from the beginning, so that an expression about a crawl without damage finds its numbers.
COUNTS = ("documents", "dropped", *(f"verdict/{v}" for v in Verdict), *(f"family/{f}" for f in FAMILIES))


class AuditPipeline:
    """Judges items one by one, each by itself: what a site repeats is known only to an audit of the whole feed."""

    def __init__(self, crawler: Crawler) -> None:
        """Raises UsageError for a mistake in a setting or in the configuration."""
        settings, file = crawler.settings, crawler.settings.get("CRAWLAUDIT_CONFIG")
        fields = settings.getdict("CRAWLAUDIT_FIELDS") or None
        self._check = Checker(load({"fields": fields}, file=Path(file) if file else None))
        self._dropped = dropped(settings.get("CRAWLAUDIT_DROP"))
        self._field = settings.get("CRAWLAUDIT_FIELD", "crawlaudit")
        self._crawler = crawler
        self._fieldless: set[type] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> AuditPipeline:
        """How Scrapy makes it."""
        return cls(crawler)

    def open_spider(self, spider: object = None) -> None:
        """Set every count to 0."""
        for name in COUNTS:
            self._count(name, 0)

    def process_item(self, item: Any, spider: object = None) -> Any:
        """The item with its judgement; DropItem for one that is not wanted."""
        adapter = ItemAdapter(item)
        audited = self._check(adapter)
        self._tally(audited)
        if audited.verdict in self._dropped:
            self._count("dropped")
            raise DropItem(f"{audited.verdict}: {', '.join(sorted({f.rule for f in audited.findings}))}")
        if self._field:
            self._annotate(adapter, audited)
        return item

    def _annotate(self, adapter: ItemAdapter, audited: Audited) -> None:
        try:
            adapter[self._field] = judgement(audited)
        except KeyError:  # an item class has the fields that it declares
            kind = type(adapter.item)
            if kind not in self._fieldless:
                logger.warning("%s has no field %r for the judgement: it is only counted", kind.__name__, self._field)
            self._fieldless.add(kind)

    def _tally(self, audited: Audited) -> None:
        self._count("documents")
        self._count(f"verdict/{audited.verdict}")
        for name in sorted(
            {f"family/{f.family}" for f in audited.findings} | {f"rule/{f.rule}" for f in audited.findings}
        ):
            self._count(name)

    def _count(self, name: str, by: int = 1) -> None:
        self._crawler.stats.inc_value(STATS + name, by)
