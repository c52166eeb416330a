"""The Python API: one text, a DataFrame, or a stream of documents."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from audit.config import Config, load
from audit.document import Document, host
from audit.finding import Audited
from audit.records import language
from audit.run import judge_documents
from audit.table import frames

# Half a pair, which no UTF-8 file can hold; replaced one for one, so that offsets stay.
_SURROGATE = re.compile("[\ud800-\udfff]")
COLUMNS = ("url", "title", "description", "lang", "date", "html")


def check_text(
    text: str,
    *,
    url: str | None = None,
    title: str | None = None,
    description: str | None = None,
    lang: str | None = None,
    config: Config | None = None,
) -> Audited:
    """Judge one text. Offsets of the findings index `text`.

    >>> for f in check_text("The harbour is open again after the storm, the city said. Read more").findings:
    ...     print(f.rule, f.name, f.start, f.end)
    LK102 label-inside 58 67
    """
    about = (url, host(url), title, description, language(lang))
    document = Document("text", "text", _SURROGATE.sub("\ufffd", text), *about)
    return next(iter(check_documents([document], config=config)))


def check_documents(documents: Iterable[Document], *, config: Config | None = None) -> Iterator[Audited]:
    """Judge documents one by one, in order. A list is surveyed first, so that lines repeated on a site count.

    Raises UsageError when the configuration has a mistake; a document that cannot be judged is `unread`.
    """
    return judge_documents(documents, config or Config())


def check_frame(
    frame: pd.DataFrame, text: str = "text", *, config: Config | None = None, **columns: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Judge the rows of a DataFrame: (documents, findings), with the columns of the result files.

    `text` names the column of the texts; url=, title=, description=, lang=, date=, html= and id= name others,
    which otherwise are used when columns of these names exist. `documents` has one row a row of `frame`, in its
    order; without an id column the ids are the labels of the index.

    Raises KeyError when a named column does not exist.
    """
    named = {role: columns.get(role, role if role in frame.columns else None) for role in (*COLUMNS, "id")}
    for role, name in {"text": text, **columns}.items():
        if name not in frame.columns:
            raise KeyError(f"no column {name!r} for the {role}; the columns are {', '.join(map(str, frame.columns))}")
    rows = zip(frame.index, frame.to_dict("records"), strict=True)
    documents = [_document(label, n, row, text, named) for n, (label, row) in enumerate(rows, 1)]
    return frames(list(check_documents(documents, config=config)))


def _document(label: Any, number: int, row: dict[Any, Any], text: str, named: dict[str, str | None]) -> Document:
    known = {role: _text(row[name]) for role, name in named.items() if name is not None}
    known["lang"] = language(known.get("lang"))
    name = known.pop("id", None) or str(label)
    return Document(name, f"frame#{number}", _text(row[text]) or "", site=host(known.get("url")), **known)


def _text(value: Any) -> str | None:
    """A cell as text; None for what pandas takes for missing."""
    missing = value is None or (pd.api.types.is_scalar(value) and pd.isna(value))
    return None if missing else _SURROGATE.sub("\ufffd", str(value))


__all__ = ["check_documents", "check_frame", "check_text", "load"]
