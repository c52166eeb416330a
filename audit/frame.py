"""DataFrames: a row a text in, a row a document and a row a finding out.

Risks, confidences and shares lie in [0, 1], scores in [0, 100]; missing means that something was not judged.
"""

from typing import Any, NamedTuple

import pandas as pd

from audit.api import check_documents
from audit.config import Config
from audit.document import Document, host
from audit.records import language, mended
from audit.table import frames


class Checked(NamedTuple):
    """What `check_frame` returns, with the columns of the result files.

    `documents` has a row a row of the frame, and its index; `findings` a row a finding, with the document's `id`.
    """

    documents: pd.DataFrame
    findings: pd.DataFrame


def check_frame(
    frame: pd.DataFrame,
    text: str = "text",
    *,
    url: str | None = None,
    title: str | None = None,
    description: str | None = None,
    lang: str | None = None,
    date: str | None = None,
    html: str | None = None,
    id: str | None = None,
    config: Config | None = None,
) -> Checked:
    """Judge the rows of a DataFrame together: lines that a site repeats are known.

    `text` and the others name columns; a column that is not named is used when it has the very name, such as `url`.
    Without an `id` column the ids are the labels of the index.

    Raises KeyError when a named column does not exist, UsageError for a mistake in the configuration.

    >>> frame = pd.DataFrame({"text": ["It rained all day.", "It rained all day. Read more"]})
    >>> documents, findings = check_frame(frame)
    >>> frame[documents["verdict"] == "ok"].index.tolist(), findings["rule"].tolist()
    ([0], ['LK102'])
    """
    roles = ("url", "title", "description", "lang", "date", "html", "id")
    given = dict(zip(roles, (url, title, description, lang, date, html, id), strict=True))
    for role, name in {"text": text, **given}.items():
        if name is not None and name not in frame.columns:
            raise KeyError(f"no column {name!r} for the {role}; the columns are {', '.join(map(str, frame.columns))}")
    named = {role: name or (role if role in frame.columns else None) for role, name in given.items()}
    rows = zip(frame.index, frame.to_dict("records"), strict=True)
    found = [_row(label, n, row, text, named) for n, (label, row) in enumerate(rows, 1)]
    documents, findings = frames(list(check_documents(found, config=config)))
    return Checked(documents.set_axis(frame.index), findings)


def _row(label: Any, number: int, row: dict[Any, Any], text: str, named: dict[str, str | None]) -> Document:
    known = {role: _text(row[name]) for role, name in named.items() if name is not None}
    known["lang"] = language(known.get("lang"))
    name = known.pop("id", None) or str(label)
    return Document(name, f"frame#{number}", _text(row[text]) or "", site=host(known.get("url")), **known)


def _text(value: Any) -> str | None:
    """A cell as text; None for what pandas takes for missing."""
    missing = value is None or (pd.api.types.is_scalar(value) and pd.isna(value))
    return None if missing else mended(str(value))
