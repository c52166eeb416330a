"""Pass 1: which lines stand on how many documents of a site, and near which end, in bounded memory.

The lines of a site are a Misra-Gries summary, which merges (Agarwal, Cormode, Huang, Phillips, Wei and Yi, Mergeable
Summaries, PODS 2012). It is exact while a site has no more than `capacity` different lines. Beyond that every count is
too low by at most the site's `error`, which is kept and never exceeds (all lines counted) / (capacity + 1); no count is
ever too high. The capacity is halved when all sites together hold more than TOTAL lines, and of more than MAX_SITES
sites those with fewest documents are forgotten, so that a survey never takes more than about 100 MB. Parts are merged
in the order of the input: one worker and many get the same answer.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

import numpy as np
import numpy.typing as npt
from xxhash import xxh3_64_intdigest

from audit.document import Document, Unread
from audit.page import Repeat
from audit.script import EDGE

CAPACITY, LEAST_CAPACITY = 1 << 16, 128  # lines remembered a site, at first and at least; templates have some dozens
MAX_SITES = 20_000
TOTAL = LEAST_CAPACITY * MAX_SITES  # lines remembered in all, of 20 bytes each
BUFFER = 1 << 18  # lines that wait to be sorted in
# 8-byte digests of ids: two of n ids meet by chance once in 2**65 / n**2 crawls (n = 10 million: 370,000 crawls). Of
# more ids than this every id gets its source.
MAX_IDS = 1 << 24
MAX_LINE_CHARS = 300  # longer lines are paragraphs
MAX_LINES = 4096  # of a document, half of them from each end
MIN_LETTERS = 3
ENDS = 12  # so many lines at the beginning and at the end are near it
# From so many documents on the share of a line says something; below, two stories of one agency look like a template.
MIN_DOCUMENTS = 5
MIN_REPEATS = 4
MIN_SHARE = 0.1
# A smaller site is told by the others: its lines that are the template of so many of them, on this share of each one's
# documents and near an end of most. What agencies give to many sites stands on few documents of each.
MIN_SITES, TEMPLATE_SHARE = 5, 0.3

Keys = npt.NDArray[np.uint64]
Counts = npt.NDArray[np.uint32]  # a row a line: documents that have it, near their beginning, near their end
_HEAD, _TAIL, _PLACE = 1, 2, 3  # the two lowest bits of a digest give way to the place


@dataclass(slots=True)
class SiteLines:
    """How many documents of a site were seen, and on how many of them each line (by digest, sorted) stood.

    With `of_sites`, the documents are sites of the crawl, and the lines those of their templates.
    """

    documents: int = 0
    keys: Keys = field(default_factory=lambda: np.zeros(0, np.uint64))
    counts: Counts = field(default_factory=lambda: np.zeros((0, 3), np.uint32))
    error: int = 0
    of_sites: bool = False

    @classmethod
    def of(cls, documents: int, placed: "array[int]") -> "SiteLines":
        """The lines of some documents: digests with places in the lowest bits, each once a document."""
        raw = np.frombuffer(placed, dtype=np.uint64)
        place = (raw & np.uint64(_PLACE)).astype(np.uint32)
        counts = np.stack([np.ones_like(place), place & _HEAD, place >> 1], axis=1)
        return cls(documents, *_summed(raw & ~np.uint64(_PLACE), counts))

    def merge(self, other: "SiteLines", capacity: int) -> None:
        """Add another part's counts, and keep at most `capacity` lines."""
        self.documents += other.documents
        self.error += other.error
        keys, counts = np.concatenate([self.keys, other.keys]), np.concatenate([self.counts, other.counts])
        self.keys, self.counts = _summed(keys, counts)
        self.prune(capacity)

    def prune(self, capacity: int) -> None:
        """Take from every count that of the first line too many, and forget the lines that have nothing left."""
        if len(self.keys) <= capacity:
            return
        n = self.counts[:, 0]
        floor = int(np.partition(n, len(n) - capacity - 1)[len(n) - capacity - 1])
        kept = n > floor
        self.error += floor
        self.keys, self.counts = self.keys[kept], self.counts[kept]
        self.counts[:, 0] -= np.uint32(floor)
        self.counts[:, 1:] = np.minimum(self.counts[:, 1:], self.counts[:, :1])


@dataclass(slots=True)
class Survey:
    """What pass 1 learns: the sites' lines, and which ids occur more than once. A monoid under `merge`."""

    sites: dict[str, SiteLines] = field(default_factory=dict)
    ids: "array[int]" = field(default_factory=lambda: array("Q"))
    capacity: int = 0
    forgotten: int = 0  # sites
    too_many_ids: bool = False
    _waiting: "dict[str, tuple[int, array[int]]]" = field(default_factory=dict)
    _lines: int = 0

    def __post_init__(self) -> None:
        self.capacity = self.capacity or CAPACITY

    def add(self, document: Document | Unread) -> None:
        """Count one document."""
        self._add_ids((digest(document.id),))
        if isinstance(document, Unread) or document.site is None:
            return
        documents, lines = self._waiting.get(document.site) or (0, array("Q"))
        found = placed_lines(document.text)
        lines.extend(found)
        self._waiting[document.site] = documents + 1, lines
        self._lines += len(found)
        if self._lines > BUFFER or len(self._waiting) > MAX_SITES:
            self.settle()

    def settle(self) -> "Survey":
        """Sort in what waits. A survey that travels or is asked is settled first."""
        for site, (documents, lines) in self._waiting.items():
            self.sites.setdefault(site, SiteLines()).merge(SiteLines.of(documents, lines), self.capacity)
        self._waiting, self._lines = {}, 0
        self._bound()
        return self

    def merge(self, other: "Survey") -> "Survey":
        """Add another part's survey."""
        self.settle()
        other.settle()
        self._add_ids(other.ids)
        self.too_many_ids |= other.too_many_ids
        self.capacity = min(self.capacity, other.capacity)
        self.forgotten += other.forgotten
        for site, lines in other.sites.items():
            self.sites.setdefault(site, SiteLines()).merge(lines, self.capacity)
        self._bound()
        return self

    def evidence(self) -> "Evidence":
        """What pass 2 needs of it: the repeated lines and the ids that are not unique."""
        self.settle()
        repeats = {site: _repeated(s) for site, s in self.sites.items() if s.documents >= MIN_DOCUMENTS}
        shared = _shared(repeats.values())
        if len(shared.keys):
            repeats |= dict.fromkeys(self.sites.keys() - repeats.keys(), shared)
        values, counts = np.unique(np.frombuffer(self.ids, dtype=np.uint64), return_counts=True)
        return Evidence(repeats, frozenset(values[counts > 1].tolist()), self.too_many_ids, self.about())

    def about(self) -> dict[str, Any]:
        """How far the counts can be relied on, for `summary.json`."""
        worst = max((s.error / s.documents for s in self.sites.values()), default=0.0)
        return {
            "sites": len(self.sites),
            "forgotten_sites": self.forgotten,
            "lines_a_site": self.capacity,
            "exact": not self.forgotten and not worst,
            "counts_too_low_by_at_most": round(worst, 6),  # as a share of the site's documents
        }

    def _add_ids(self, ids: Iterable[int]) -> None:
        if not self.too_many_ids:
            self.ids.extend(ids)
        if len(self.ids) > MAX_IDS:
            self.ids, self.too_many_ids = array("Q"), True

    def _bound(self) -> None:
        """Forget the smallest sites, then the rarest lines, when there are too many."""
        if len(self.sites) > MAX_SITES:
            ranked = sorted(self.sites, key=lambda site: (-self.sites[site].documents, site))
            self.forgotten += len(ranked) - MAX_SITES
            self.sites = {site: self.sites[site] for site in ranked[:MAX_SITES]}
        while sum(len(s.keys) for s in self.sites.values()) > TOTAL and self.capacity > LEAST_CAPACITY:
            self.capacity = max(LEAST_CAPACITY, self.capacity // 2)
            for found in self.sites.values():
                found.prune(self.capacity)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Repeated lines by site, and digests of ids met more than once (`every_id`: any may be one of them)."""

    sites: Mapping[str, SiteLines] = field(default_factory=dict)
    twice: frozenset[int] = frozenset()
    every_id: bool = False
    about: Mapping[str, Any] = field(default_factory=dict)

    def repeats(self, document: Document) -> dict[int, Repeat]:
        """How often the site has each line of a document that is not blank, by index, for those it repeats.

        A text that the site has several times, such as a story published again and again, counts as one document.
        """
        site = self.sites.get(document.site or "")
        if site is None or not len(site.keys):
            return {}
        lines = filter(None, (raw.strip(EDGE) for raw in document.text.splitlines()))
        found = [(i, line_digest(core)) for i, line in enumerate(lines) if (core := countable(line))]
        same = max(0, int(site.counts[at[0], 0]) - 1) if (at := _places(site, [text_digest(document.text)])) else 0
        places = _places(site, [key for _, key in found])
        out = {}
        for place, row in places.items():
            n, head, tail = (max(0, count - same) for count in site.counts[row].tolist())
            if site.of_sites:
                out[found[place][0]] = Repeat(n, n, head, tail, sites=True)
            elif n >= MIN_REPEATS and site.documents - same >= MIN_DOCUMENTS:
                out[found[place][0]] = Repeat(n, site.documents - same, head, tail, site.error)
        return out

    def unique_id(self, document: Document | Unread) -> str:
        """The document's id, with its source where the id alone may not be unique in the run."""
        known = not self.every_id and digest(document.id) not in self.twice
        return document.id if known else f"{document.id}@{document.source}"


def placed_lines(text: str) -> list[int]:
    """Digests of a text's different lines, and of the whole text, with their places in the two lowest bits."""
    lines = text.splitlines()
    if len(lines) > MAX_LINES:
        lines = lines[: MAX_LINES // 2] + lines[-MAX_LINES // 2 :]
    keys = [line_digest(core) for raw in lines if (core := countable(raw.strip(EDGE)))]
    places = dict.fromkeys(keys, 0)
    near = min(ENDS, (len(keys) + 1) // 2)
    for key in keys[:near]:
        places[key] = _HEAD
    for key in keys[len(keys) - near :]:
        places[key] |= _TAIL
    return [text_digest(text), *(key | place for key, place in places.items())]


def countable(core: str) -> str | None:
    """The line as it is counted: None for lines too long, or with hardly a letter, to be a site's."""
    if len(core) > MAX_LINE_CHARS:
        return None
    if core[:MIN_LETTERS].isalpha() and len(core) >= MIN_LETTERS:  # as most lines begin
        return core
    return core if sum(map(str.isalpha, core[:40])) >= MIN_LETTERS else None


def line_digest(core: str) -> int:
    """62 bits that name a line, the same in every process and on every machine; the two lowest are free."""
    return xxh3_64_intdigest(core.encode("utf-8", "surrogatepass")) & ~_PLACE


def text_digest(text: str) -> int:
    """The same of a whole text; the seed keeps it apart from the digest of a text's only line."""
    return xxh3_64_intdigest(text.strip(EDGE).encode("utf-8", "surrogatepass"), seed=1) & ~_PLACE


def digest(text: str) -> int:
    """A 64-bit digest, the same in every process and on every machine."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def line_counts(lines: SiteLines) -> Counter[int]:
    """On how many documents each line stood, by digest."""
    return Counter(dict(zip(lines.keys.tolist(), lines.counts[:, 0].tolist(), strict=True)))


def _summed(keys: Keys, counts: Counts) -> tuple[Keys, Counts]:
    """Each key once, in order, with the sum of its counts."""
    if not len(keys):
        return keys, counts
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    first = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    return keys[first], np.add.reduceat(counts[order], first, axis=0, dtype=np.uint32)


def _repeated(site: SiteLines) -> SiteLines:
    kept = site.counts[:, 0] >= max(MIN_REPEATS, MIN_SHARE * site.documents - site.error)
    return SiteLines(site.documents, site.keys[kept], site.counts[kept], site.error)


def _shared(sites: Iterable[SiteLines]) -> SiteLines:
    """The lines that are the template of several sites: on how many of these, and near which end."""
    keys, placed = [np.zeros(0, np.uint64)], [np.zeros((0, 3), np.uint32)]
    for site in sites:
        n = site.counts[:, 0]
        near = 2 * site.counts >= n[:, None]  # on most of the documents that have the line
        is_template = (n >= np.maximum(MIN_REPEATS, TEMPLATE_SHARE * site.documents)) & near[:, 1:].any(axis=1)
        keys.append(site.keys[is_template])
        placed.append(near[is_template].astype(np.uint32))
    found, counts = _summed(np.concatenate(keys), np.concatenate(placed))
    kept = counts[:, 0] >= MIN_SITES
    return SiteLines(len(keys) - 1, found[kept], counts[kept], of_sites=True)


def _places(site: SiteLines, keys: list[int]) -> dict[int, int]:
    """Which of the keys a site has: position in the list -> row."""
    wanted = np.array(keys, dtype=np.uint64)
    rows = np.searchsorted(site.keys, wanted).clip(max=len(site.keys) - 1)
    return {i: int(rows[i]) for i in np.flatnonzero(site.keys[rows] == wanted).tolist()}
