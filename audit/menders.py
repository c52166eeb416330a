"""What `crawlaudit fix` decides about each document: to repair it and record how, or to put back what a record has."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from audit.document import Document, Unread
from audit.errors import AuditError
from audit.finding import Audited, Finding, Verdict
from audit.judge import Judge
from audit.repair import Removal, repair, restore
from audit.rewriting.mending import Fate

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Counts:
    """Documents seen, changed, left out and not read; characters removed or put back."""

    seen: int = 0
    changed: int = 0
    dropped: int = 0
    unread: int = 0
    characters: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))

    @property
    def stayed(self) -> int:
        """Documents that a file still has, whether they could be read or not."""
        return self.seen - self.dropped + self.unread


@dataclass(slots=True)
class Fixed:
    """What was done: the counts, files of no known format, and files that were not written anew, and why."""

    out: Path
    counts: Counts
    skipped: int = 0
    told: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Repairer:
    """The `Mend` of a fix of one file: `rows` says of every document that is not the same what became of it."""

    judge: Judge
    name: str
    confidence: float | None
    drop: frozenset[str]
    counts: Counts = field(default_factory=Counts)
    rows: list[Row] = field(default_factory=list)

    def __call__(self, found: Document | Unread, *, whole: bool = False) -> str | Fate:
        """See `Mend`."""
        if isinstance(found, Unread):
            self.counts += Counts(unread=1)
            return Fate.KEPT
        judged = self.judge.judge(found)
        if judged.verdict in self.drop:
            self.counts += Counts(seen=1, dropped=1)
            self._tell(found, judged, dropped=True, text=found.text)
            return Fate.DROPPED
        self.counts += Counts(seen=1)
        return Fate.KEPT if whole or judged.verdict is Verdict.UNREAD else self._repaired(found, judged)

    def _repaired(self, document: Document, judged: Audited) -> str | Fate:
        text, removed = repair(document.text, lambda text: self._look(document, text), self.confidence)
        if not removed:
            return Fate.KEPT
        self.counts += Counts(changed=1, characters=sum(len(r.text) for r in removed))
        self._tell(document, judged, dropped=False, fixed=digest_of(text), removed=[asdict(r) for r in removed])
        return text

    def _look(self, document: Document, text: str) -> Sequence[Finding]:
        return self.judge.findings(self.judge.page(replace(document, text=text)))

    def _tell(self, document: Document, judged: Audited, **more: Any) -> None:
        number = self.counts.seen - self.counts.dropped  # among the documents of the new file
        about = {"id": judged.id, "source": document.source, "file": self.name, "document": number}
        self.rows.append(about | {"verdict": judged.verdict, "sha256": judged.sha256} | more)


@dataclass(slots=True)
class Restorer:
    """The `Mend` that puts back what a record has of a file, by the documents' numbers. Raises AuditError."""

    known: dict[int, Row]
    counts: Counts = field(default_factory=Counts)

    def __call__(self, found: Document | Unread, *, whole: bool = False) -> str | Fate:
        """See `Mend`."""
        if isinstance(found, Unread):
            self.counts += Counts(unread=1)
            return Fate.KEPT
        self.counts += Counts(seen=1)
        row = self.known.pop(self.counts.seen, None)
        if row is None:
            return Fate.KEPT
        text = _restored(found, row)
        self.counts += Counts(changed=1, characters=len(text) - len(found.text))
        return text


def _restored(document: Document, row: Row) -> str:
    try:
        removed = [Removal(**removal) for removal in row["removed"]]
    except TypeError:
        raise AuditError(f"{document.source}: the record is none of removals") from None
    if digest_of(document.text) != row["fixed"]:
        raise AuditError(f"{document.source}: the text was changed since it was fixed")
    text = restore(document.text, removed)
    if digest_of(text) != row["sha256"]:
        raise AuditError(f"{document.source}: the record is not of this text")
    return text


def write_rows(rows: Sequence[Row], record: IO[str]) -> None:
    """Append rows to a record: JSON Lines in ASCII, as a text may hold anything."""
    record.writelines(json.dumps(row, sort_keys=True) + "\n" for row in rows)


def read_rows(record: Path) -> list[Row]:
    """The rows of a record. Raises AuditError when there is none, or it is none."""
    needed = {"file", "document", "dropped", "sha256"}
    try:
        rows = [json.loads(line) for line in record.read_text(encoding="ascii").splitlines()]
    except (OSError, ValueError) as error:
        raise AuditError(f"{record} cannot be read: {error}") from None
    if all(isinstance(row, dict) and needed <= set(row) and (row["dropped"] or "fixed" in row) for row in rows):
        return rows
    raise AuditError(f"{record} is no record of a fix")


def digest_of(text: str) -> str:
    """SHA-256 of a text, as in the results."""
    return sha256(text.encode("utf-8", "replace")).hexdigest()
