"""crawlaudit: which documents of a crawl are damaged, where, and why.

>>> import audit
>>> audit.check_text("a spokesman said.").verdict
<Verdict.OK: 'ok'>
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from audit.api import check_documents, check_frame, check_text
    from audit.table import load_results

_WHERE = {"check_text": "api", "check_frame": "api", "check_documents": "api", "load_results": "table"}
__all__ = ["check_documents", "check_frame", "check_text", "load_results"]


def __getattr__(name: str) -> Any:
    """Import on first use, so that `crawlaudit --help` does not wait for pandas."""
    if name not in _WHERE:
        raise AttributeError(f"module 'audit' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"audit.{_WHERE[name]}"), name)
