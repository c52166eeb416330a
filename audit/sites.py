"""Pass 1: which lines stand on how many documents of a site, in bounded memory.

Line counts are a Misra-Gries summary, which merges (Agarwal et al., Mergeable Summaries, 2013): exact up to CAPACITY
different lines a site; beyond that a count is too low by at most (all counted lines) / CAPACITY, never too high.
Merged in the order of the input's parts, the answer is the same for one worker or many.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b

import numpy as np

from audit.document import Document, Unread
from audit.page import Line, Repeat
from audit.script import EDGE

CAPACITY = 1024  # lines remembered a site; templates have some dozens
TOTAL = 400_000  # lines remembered in all: about 60 MB
MAX_LINE_CHARS = 300  # longer lines are paragraphs
MIN_LETTERS = 3
# From so many documents on the share of a line says something; below, two stories of one agency look like a template.
MIN_DOCUMENTS = 5
MIN_REPEATS = 4


@dataclass(slots=True)
class SiteLines:
    """How many documents of a site were seen, and on how many of them each line (by digest) stood."""

    documents: int = 0
    lines: Counter[int] = field(default_factory=Counter)

    def merge(self, other: "SiteLines") -> None:
        """Add another part's counts."""
        self.documents += other.documents
        self.lines.update(other.lines)
        if len(self.lines) > CAPACITY:
            floor = sorted(self.lines.values(), reverse=True)[CAPACITY]
            self.lines = Counter({line: n - floor for line, n in self.lines.items() if n > floor})


@dataclass(slots=True)
class Survey:
    """What pass 1 learns: the sites' lines, and which ids occur more than once. A monoid under `merge`."""

    sites: dict[str, SiteLines] = field(default_factory=dict)
    ids: "array[int]" = field(default_factory=lambda: array("Q"))

    def add(self, document: Document | Unread) -> None:
        """Count one document."""
        self.ids.append(digest(document.id))
        if isinstance(document, Unread) or document.site is None:
            return
        seen = {digest(core) for raw in document.text.splitlines() if (core := countable(raw.strip(EDGE)))}
        self.sites.setdefault(document.site, SiteLines()).merge(SiteLines(1, Counter(seen)))

    def merge(self, other: "Survey") -> "Survey":
        """Add another part's survey, and forget the rarest lines when there are too many in all."""
        self.ids.extend(other.ids)
        for site, lines in other.sites.items():
            self.sites.setdefault(site, SiteLines()).merge(lines)
        floor = 1
        while sum(len(s.lines) for s in self.sites.values()) > TOTAL:
            for found in self.sites.values():
                found.lines = Counter({line: n for line, n in found.lines.items() if n > floor})
            floor += 1
        return self

    def evidence(self) -> "Evidence":
        """What pass 2 needs of it: the repeated lines and the ids that are not unique."""
        repeats = {
            site: (s.documents, {line: n for line, n in s.lines.items() if n >= MIN_REPEATS})
            for site, s in self.sites.items()
            if s.documents >= MIN_DOCUMENTS
        }
        values, counts = np.unique(np.frombuffer(self.ids, dtype=np.uint64), return_counts=True)
        return Evidence(repeats, frozenset(values[counts > 1].tolist()))


@dataclass(frozen=True, slots=True)
class Evidence:
    """Repeated lines by site (number of documents, count by line digest), and digests of ids met more than once."""

    sites: Mapping[str, tuple[int, Mapping[int, int]]] = field(default_factory=dict)
    twice: frozenset[int] = frozenset()

    def repeats(self, site: str | None, lines: Iterable[Line]) -> dict[int, Repeat]:
        """How often the site has each of these lines, by index, for those it repeats."""
        documents, counts = self.sites.get(site or "", (0, {}))
        if not counts:
            return {}
        found = ((i, counts.get(digest(core))) for i, line in enumerate(lines) if (core := countable(line.text)))
        return {i: Repeat(n, documents) for i, n in found if n}

    def unique_id(self, document: Document | Unread) -> str:
        """The document's id, with its source where the id alone is not unique in the run."""
        return f"{document.id}@{document.source}" if digest(document.id) in self.twice else document.id


def countable(core: str) -> str | None:
    """The line as it is counted: None for lines too long, or with hardly a letter, to be a site's."""
    if len(core) > MAX_LINE_CHARS or sum(map(str.isalpha, core[:40])) < MIN_LETTERS:
        return None
    return core


def digest(text: str) -> int:
    """A 64-bit digest, the same in every process and on every machine."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")
