"""datatrove: a filter that drops damaged documents and leaves the judgement of the others in their metadata."""

import json

from audit.api import Checker, judgement
from audit.config import Config
from audit.errors import MissingExtraError
from audit.finding import dropped

try:
    from datatrove.data import Document
    from datatrove.pipeline.filters.base_filter import BaseFilter
    from datatrove.pipeline.writers.disk_base import DiskWriter
except ImportError:
    raise MissingExtraError("datatrove", "datatrove", "The filter") from None


class AuditFilter(BaseFilter):
    """Drops documents whose verdict is `bad`; with `drop="suspect"` those too, with None it drops nothing.

    Every document gets `metadata["crawlaudit_verdict"]` and, as JSON, `metadata["crawlaudit"]`, the whole of
    `audit.judgement`: both are always strings, as tables need them. datatrove counts what is dropped by its verdict.
    """

    name = "🩺 crawlaudit"

    def __init__(
        self,
        drop: str | None = "bad",
        *,
        config: Config | None = None,
        exclusion_writer: DiskWriter | None = None,
    ) -> None:
        """`exclusion_writer` takes what is dropped. Raises UsageError for a mistake in `drop` or the configuration."""
        super().__init__(exclusion_writer)
        self._check, self._dropped = Checker(config), dropped(drop)

    def filter(self, doc: Document) -> bool | tuple[bool, str]:
        """Whether to keep the document, else why not."""
        fields = self._check.config.fields
        known = {fields.get("text", "text"): doc.text, fields.get("id", "id"): doc.id}
        audited = self._check(doc.metadata | known)
        verdict = audited.verdict.value
        doc.metadata |= {"crawlaudit_verdict": verdict, "crawlaudit": json.dumps(judgement(audited))}
        return (False, verdict) if audited.verdict in self._dropped else True
