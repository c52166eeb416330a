"""Findings as places in the files of a repository, for those who look at them there: code scanning, above all."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pandas as pd

from audit.table import Results

MOST = 5000  # results of a run that GitHub shows
_PLACE = re.compile(r"(?::(\d+)|#\d+)$")
DOCUMENTS = ("id", "source", "verdict", "score")  # the columns that tell of spots
FINDINGS = ("id", "rule", "name", "severity", "line", "message")
RANKS = {"bad": 0, "suspect": 1}


@dataclass(frozen=True, slots=True)
class Spot:
    """A finding at a line of a file, whose path is relative to the repository and has forward slashes."""

    rule: str
    name: str
    severity: str
    message: str
    file: str
    line: int


def spots(results: Results, start: Path) -> tuple[Spot, ...]:
    """The findings in files of the repository that `start` lies in, those of the worst documents first.

    At most MOST; none outside of a repository.
    """
    root = next((folder for folder in (start, *start.parents) if (folder / ".git").exists()), None)
    if root is None:
        return ()
    documents = results.documents[results.documents["verdict"].isin(list(RANKS))]
    ranked = documents.assign(rank=documents["verdict"].map(RANKS)).sort_values(["rank", "score", "id"], kind="stable")
    found = results.findings[results.findings["severity"] != "info"].groupby("id", sort=False)
    out: list[Spot] = []
    for row in ranked.itertuples():
        place = _place(str(row.source), start, root)
        if place and row.id in found.groups:
            out += _of(found.get_group(row.id), *place)
        if len(out) >= MOST:
            break
    return tuple(out[:MOST])


def _place(source: str, start: Path, root: Path) -> tuple[str, int | None] | None:
    """The file below the root and the line of the document in it, if it is one; None for a file that lies elsewhere."""
    found = _PLACE.search(source)
    name = source[: found.start()] if found else source
    path = (start / name).resolve()
    if "://" in name or not path.is_relative_to(root.resolve()) or not path.is_file():
        return None
    line = None if not found else int(found[1] or 1)
    return PurePosixPath(path.relative_to(root.resolve()).as_posix()).as_posix(), line


def _of(rows: pd.DataFrame, file: str, line: int | None) -> Iterator[Spot]:
    for row in rows.to_dict("records"):
        yield Spot(row["rule"], row["name"], row["severity"], row["message"], file, line or int(row["line"]))
