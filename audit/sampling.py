"""A sample of a crawl: so many documents, from each site its share, the same ones whenever the crawl is the same.

Every document has a number that depends on the seed and on nothing but itself. Those of the lowest numbers, many more
than are wanted, are put in order by site, and every so many-th of them is drawn. Each is drawn with the same chance, so
that rates of the sample are rates of the crawl; one that could not be read is drawn like any other.
"""

from dataclasses import dataclass
from typing import Any

from audit.document import Document, Unread
from audit.sites import digest

SPARE = 50  # numbers kept for each document wanted: the more, the nearer a site's share is to what it should be
NUMBERS = 1 << 64  # what a digest may be, below


@dataclass(frozen=True, slots=True)
class Sample:
    """The numbers of the documents drawn from `of`."""

    seed: int
    numbers: frozenset[int]
    of: int

    def __contains__(self, found: Document | Unread) -> bool:
        """Whether this document was drawn."""
        return number_of(found, self.seed) in self.numbers


class Sampler:
    """Sees all documents, in any number of parts, and draws at the end, in bounded memory."""

    def __init__(self, size: int, seed: int) -> None:
        self.size, self.seed = size, seed
        self._below = NUMBERS
        self._of = 0
        self._kept: list[tuple[str, int]] = []  # site and number

    def empty(self) -> "Sampler":
        """One for another part."""
        return Sampler(self.size, self.seed)

    def add(self, found: Document | Unread) -> None:
        """See one document."""
        self._of += 1
        number = number_of(found, self.seed)
        if number < self._below:
            self._kept.append((found.site or "", number))
            self._thin()

    def merge(self, other: "Sampler") -> None:
        """Add what another part has seen; the order of parts makes no difference."""
        self._of += other._of
        self._below = min(self._below, other._below)
        self._kept += other._kept
        self._keep_below()
        self._thin()

    def seen(self) -> list[Any]:
        """What it has seen, as plain values, which `take` takes."""
        return [self._of, self._below, self._kept]

    def take(self, seen: list[Any]) -> None:
        """Add what another part has seen, as it tells."""
        part = self.empty()
        part._of, part._below, part._kept = seen[0], seen[1], [(site, number) for site, number in seen[2]]
        self.merge(part)

    def drawn(self) -> Sample | None:
        """The sample; None when there are no more documents than it wants."""
        if self._of <= self.size:
            return None
        ranked, start = sorted(self._kept), digest(f"start {self.seed}") / NUMBERS
        places = (int((i + start) * len(ranked) / self.size) for i in range(self.size))
        return Sample(self.seed, frozenset(ranked[place][1] for place in places), self._of)

    def _thin(self) -> None:
        while len(self._kept) > SPARE * self.size:
            self._below //= 2
            self._keep_below()

    def _keep_below(self) -> None:
        self._kept = [(site, number) for site, number in self._kept if number < self._below]


def number_of(found: Document | Unread, seed: int) -> int:
    """A document's number, at least 0 and below NUMBERS: by its id and its text, or the reason why there is none."""
    said = found.text if isinstance(found, Document) else found.reason
    return digest(f"{seed}\n{found.id}\n{said}")
