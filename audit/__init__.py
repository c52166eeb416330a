"""crawlaudit: which documents of a crawl are damaged, where, and why.

>>> import audit
>>> audit.check_text("a spokesman said.").verdict
<Verdict.OK: 'ok'>
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from audit.api import Checker, check_documents, check_text, judgement
    from audit.config import Config
    from audit.config import load as load_config
    from audit.document import Document
    from audit.errors import CrawlauditError
    from audit.finding import Audited, Finding, Verdict
    from audit.frame import Checked, check_frame
    from audit.table import Results, load_results

_WHERE = {
    **dict.fromkeys(("Checker", "check_documents", "check_text", "judgement"), "api"),
    **dict.fromkeys(("Checked", "check_frame"), "frame"),
    **dict.fromkeys(("Config", "load_config"), "config"),
    **dict.fromkeys(("Audited", "Finding", "Verdict"), "finding"),
    **dict.fromkeys(("Results", "load_results"), "table"),
    "CrawlauditError": "errors",
    "Document": "document",
}
_CALLED = {"load_config": "load"}  # a plain name inside, where its module says the rest
__all__ = [
    "Audited",
    "Checked",
    "Checker",
    "Config",
    "CrawlauditError",
    "Document",
    "Finding",
    "Results",
    "Verdict",
    "check_documents",
    "check_frame",
    "check_text",
    "judgement",
    "load_config",
    "load_results",
]


def __getattr__(name: str) -> Any:
    """Import on first use, so that `crawlaudit --help` does not wait for pandas."""
    if name not in _WHERE:
        raise AttributeError(f"module 'audit' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"audit.{_WHERE[name]}"), _CALLED.get(name, name))


def __dir__() -> list[str]:
    return __all__
