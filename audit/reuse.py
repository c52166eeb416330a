"""Judgements of an earlier audit, taken over where all that they follow from is the same.

A judgement follows from the document with its page, from how often the site repeats which of its lines, and from what
judges. The first two have a digest, the document's key, which every audit keeps in `keys.parquet`; what judges is
`judged_by` in `summary.json`. The id and the place where it was read only name a document: they are those of now.
"""

import json
import sqlite3
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, fields
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from string import digits
from typing import Any

from audit.document import Document
from audit.errors import AuditError
from audit.finding import DOCUMENTS_FILE, FAMILIES, FINDINGS_FILE, KEYS_FILE, SUMMARY_FILE, Audited, Finding, Verdict
from audit.page import Repeat
from audit.table import DOCUMENTS, FINDINGS, KEY_BYTES, KEYS, load_summary, record_batches

Recall = Callable[[bytes, Document], Audited | None]  # a key, and the document whose judgement it is to be

ROWS = 5_000  # of a table, held at once
NOTHING = "results"  # what differs where there are none yet
TABLES = {DOCUMENTS_FILE: DOCUMENTS.names, FINDINGS_FILE: FINDINGS.names, KEYS_FILE: KEYS.names}
_NAMES = ("id", "source")
_FOLLOWS = tuple(f.name for f in fields(Document) if f.name not in _NAMES)
_PLAIN = tuple(name for name in DOCUMENTS.names if name not in (*FAMILIES, "findings", "verdict"))


@dataclass(frozen=True, slots=True)
class Earlier:
    """A finished audit, and what it was judged by that is another now: if anything, nothing of it is reused."""

    out: Path
    differing: tuple[str, ...] = ()

    @classmethod
    def of(cls, out: Path, judged_by: Mapping[str, str], *, now: Path) -> "Earlier":
        """The audit in `out`. Raises AuditError when there is none, but for the folder `now`, which will have one."""
        if out.resolve() == now.resolve() and not (out / SUMMARY_FILE).exists():
            return cls(out, (NOTHING,))
        known = load_summary(out).get("judged_by")
        known = known if isinstance(known, dict) else {}
        return cls(out, tuple(name for name, value in judged_by.items() if known.get(name) != value))

    def name(self) -> str:
        """A file name for what `store` makes of the audit as it is now."""
        status = (self.out / SUMMARY_FILE).stat()
        about = f"{self.out.resolve()} {status.st_size} {status.st_mtime_ns}"
        return f"earlier-{blake2b(about.encode('utf-8', 'surrogateescape'), digest_size=8).hexdigest()}.sqlite"

    def store(self, place: Path) -> None:
        """Write the judgements by their keys to a new file, in bounded memory. Raises AuditError for broken results."""
        documents, findings, keys = (_rows(self.out, *table) for table in TABLES.items())
        with closing(sqlite3.connect(place)) as base:
            base.execute("pragma journal_mode = off")
            base.execute("create table judged (key blob primary key, rows blob) without rowid")
            try:
                for document, row in zip(documents, keys, strict=True):
                    found = list(islice(findings, document["findings"]))
                    if row["key"] is not None:
                        packed = zlib.compress(json.dumps([document, found]).encode(), 1)
                        base.execute("insert or ignore into judged values (?, ?)", (row["key"], packed))
            except ValueError:  # a table has more rows than another
                raise AuditError(f"the results in {self.out} are not whole: they cannot be reused") from None
            base.commit()


def key(document: Document, repeats: Mapping[int, Repeat]) -> bytes:
    """The digest of all that the judgement of a document follows from, but for what judges.

    `repeats`: how often its site has each of its lines.
    """
    # Rules take a link in Markdown for what it is; the number of a line or record may follow the extension.
    extension = document.source.rpartition(".")[2].rstrip(digits)
    found = blake2b(digest_size=KEY_BYTES)
    for value in (extension, *(getattr(document, name) for name in _FOLLOWS), repr(sorted(repeats.items()))):
        data = (value or "").encode("utf-8", "surrogatepass")
        found.update(b"-" if value is None else b"%d:" % len(data))
        found.update(data)
    return found.digest()


@contextmanager
def judgements(place: Path | None) -> Iterator[Recall]:
    """Gives what finds judgements in a file that `Earlier.store` wrote; without a file it finds none."""
    if place is None:
        yield lambda name, document: None
        return
    with closing(sqlite3.connect(place)) as base:

        def recall(name: bytes, document: Document) -> Audited | None:
            row = base.execute("select rows from judged where key = ?", (name,)).fetchone()
            if row is None:
                return None
            known, found = json.loads(zlib.decompress(row[0]))
            return _audited(known, found, document)

        yield recall


def _audited(row: Mapping[str, Any], findings: Sequence[Mapping[str, Any]], document: Document) -> Audited:
    about = {name: row[name] for name in _PLAIN} | {name: getattr(document, name) for name in _NAMES}
    risks, found = {f: row[f] for f in FAMILIES}, tuple(_finding(f, document) for f in findings)
    return Audited(**about, verdict=Verdict(row["verdict"]), risks=risks, findings=found)


def _finding(row: Mapping[str, Any], document: Document) -> Finding:
    return Finding(**{**row, "id": document.id, "evidence": json.loads(row["evidence"])})


def _rows(out: Path, name: str, columns: Sequence[str]) -> Iterator[dict[str, Any]]:
    for batch in record_batches(out, name, columns, rows=ROWS):
        yield from batch.to_pylist()
