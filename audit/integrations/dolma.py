"""Dolma: a finished audit as attributes files, which its mixer filters by and whose spans it can replace.

For each file of documents one of the same name, with one line for each of its documents, in their order. Attributes
are lists of `[start, end, score]`, in characters of the text. Those of the whole document span all of it, `score` as
from 0 to 1 as the risks are; a document that was not judged has none. Spans to be replaced are never empty and never
overlap, not even those of different attributes, as the mixer minds both.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice, pairwise
from math import isnan
from pathlib import Path, PurePath
from typing import Any

import numpy as np
import pyarrow as pa

from audit.errors import AuditError
from audit.finding import DOCUMENTS_FILE, FAMILIES, FINDINGS_FILE
from audit.table import batches, load_summary

NAME = "crawlaudit"
_DOCUMENT = ("id", "source", "chars", "score", *FAMILIES, "findings")
_FINDING = ("id", "family", "start", "end", "confidence", "removable")
Row = Any  # a row of a table, its columns as attributes
Span = tuple[int, int, float]


def write_attributes(results: Path | str, documents: Path | str, attributes: Path | str) -> list[Path]:
    """Write the attributes of the audit in `results` of the files below `documents` to the folder `attributes`.

    For Dolma that is `attributes/crawlaudit` beside `documents`. Memory does not grow with the crawl. Returns the files
    written. Raises AuditError without a finished audit, for a document that is no line of a file below `documents`,
    and when a file cannot be written.
    """
    load_summary(Path(results))
    written = []
    for file, lines in groupby(_lines(Path(results)), key=lambda line: line[0]):
        place = Path(attributes) / _below(file, Path(documents))
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            with pa.output_stream(str(place)) as stream:  # compressed as its name says
                stream.writelines(line for _, line in lines)
        except OSError as error:
            raise AuditError(f"cannot write {place}: {error.strerror or error}") from None
        written.append(place)
    return written


def spans(found: Iterable[Row]) -> dict[str, list[Span]]:
    """What can be removed, by family: of overlapping findings the surest has the characters."""
    removable = sorted((f for f in found if f.removable and f.end > f.start), key=lambda f: f.confidence)
    cuts = np.unique([place for f in removable for place in (f.start, f.end)])
    owners = np.full(len(cuts), -1)  # of the characters from each cut to the next
    for number, f in enumerate(removable):
        first, last = np.searchsorted(cuts, (f.start, f.end))
        owners[first:last] = number
    out: dict[str, list[Span]] = {}
    for start, end in pairwise(np.flatnonzero(np.diff(owners, prepend=-1, append=-1)).tolist()):
        if owners[start] >= 0:
            f = removable[owners[start]]
            out.setdefault(f.family, []).append((int(cuts[start]), int(cuts[end]), f.confidence))
    return out


def _lines(results: Path) -> Iterator[tuple[str, bytes]]:
    """Each document's file and its line of attributes; findings stand in the order of their documents."""
    findings = _rows(results, FINDINGS_FILE, _FINDING)
    for document in _rows(results, DOCUMENTS_FILE, _DOCUMENT):
        found = list(islice(findings, document.findings))
        if any(f.id != document.id for f in found):
            raise AuditError(f"the findings in {results} are not in the order of the documents")
        file, _, line = document.source.rpartition(":")
        if not line.isdecimal():
            raise AuditError(f"{document.source} is no line of a file of documents")
        row = {"id": document.id.removesuffix(f"@{document.source}"), "attributes": _attributes(document, found)}
        yield file, (json.dumps(row) + "\n").encode()


def _attributes(document: Row, found: Sequence[Row]) -> dict[str, list[Span]]:
    whole = {"score": round(document.score / 100, 6)} | {family: getattr(document, family) for family in FAMILIES}
    removable = spans(found)
    return {
        **{f"{NAME}__{name}": [] if isnan(v) else [(0, document.chars, v)] for name, v in whole.items()},
        **{f"{NAME}__{family}_spans": removable.get(family, []) for family in ("chrome", "link_text")},
    }


def _rows(results: Path, name: str, columns: Sequence[str]) -> Iterator[Row]:
    for batch in batches(results, name, columns):
        yield from batch.itertuples(index=False)


def _below(file: str, documents: Path) -> PurePath:
    """The file's path below the folder. It comes from the results, and must not lead out."""
    path = PurePath(file)
    if not path.is_relative_to(documents) or ".." in path.parts:
        raise AuditError(f"{file} does not lie in {documents}")
    return path.relative_to(documents)
