"""Without its library an integration says which extra brings it, and nothing else needs the library."""

import importlib
import sys

import pytest

from audit.errors import MissingExtraError


@pytest.mark.parametrize("name", ["scrapy", "datatrove", "datasets"])
def test_the_error_names_the_extra(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in [m for m in sys.modules if m.partition(".")[0] in (name, "itemadapter")]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.delitem(sys.modules, f"audit.integrations.{name}", raising=False)
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(MissingExtraError, match=rf"pip install 'crawlaudit\[{name}\]'"):
        importlib.import_module(f"audit.integrations.{name}")
