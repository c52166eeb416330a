"""The accessor of pandas."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import audit
from audit import Config


def test_the_frame_is_judged_as_documented(crawl: Path, run_documented: Callable[..., dict[str, Any]]) -> None:
    names = run_documented("pandas")
    documents, findings = audit.check_frame(names["frame"], url="link")
    pd.testing.assert_frame_equal(names["documents"], documents)
    pd.testing.assert_frame_equal(names["findings"], findings)
    assert list(names["clean"]["id"]) == ["clean", "label", "empty"]
    assert set(documents["site"]) == {"weir.example"}


def test_rows_keep_their_labels_and_the_configuration_holds() -> None:
    frame = pd.DataFrame({"body": ["It rained. Read more", None]}, index=[7, 7])
    documents, findings = frame.crawlaudit.check("body", config=Config(ignore=("link_text",)))
    assert list(documents.index) == [7, 7]
    assert len(findings) == 0
    with pytest.raises(KeyError, match="no column 'text' for the text; the columns are body"):
        frame.crawlaudit.check()
