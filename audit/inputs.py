"""From the PATH arguments to units of work: what each worker reads, and what can not be read and why."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from hashlib import blake2b, file_digest
from itertools import chain, count
from pathlib import Path

from audit.document import Document, Unread
from audit.errors import AuditError
from audit.pages import joined, store
from audit.reading import PAGE, TEXT, read_file, stem
from audit.records import ReadOptions
from audit.registry import readers
from audit.search import Search
from audit.streams import InputFile, is_compressed

# Some hundred documents, a few seconds of work, are worth sending to a worker; in larger units a crawl of some MB would
# keep few cores busy, and its progress would not move. Of a large crawl units are larger, up to what one may lose when
# a worker dies, so that their number stays one that a folder can hold.
UNIT_BYTES, MOST_UNIT_BYTES = 1 << 20, 64 << 20
UNITS = 500
UNIT_FILES = 500


@dataclass(frozen=True, slots=True)
class Unit:
    """Files, or a range of one, to read in one go; units in index order give the documents in input order.

    `pages` is the file of pages, made by `store_pages`, to which the texts belong.
    """

    index: int
    items: tuple[InputFile, ...]
    pages: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What an audit will read. `unread` are paths that cannot be; `skipped` counts files of no known format.

    `digest` changes when a file comes, goes or is written again, or the units are cut elsewhere.
    """

    units: tuple[Unit, ...]
    unread: tuple[Unread, ...] = ()
    skipped: Counter[str] = field(default_factory=Counter)
    digest: str = ""

    def with_pages(self, place: Path) -> "Plan":
        """The same with the pages that `store_pages` put there."""
        return replace(self, units=tuple(replace(unit, pages=str(place)) for unit in self.units))


def plan(
    paths: Sequence[str], *, exclude: Sequence[str] = (), unit_bytes: int | None = None, copies: Path | None = None
) -> Plan:
    """Find all files of these files, folders, glob patterns or `-`, and cut them into units of about `unit_bytes`.

    The same files give the same plan. `exclude` are patterns as in a `.gitignore`, relative to each folder given. What
    lies at an address, or comes from standard input, is copied to a folder in `copies`, else among temporary files.
    Raises AuditError for a path that does not exist, UsageError for a pattern that is none.
    """
    search = Search(exclude, copies)
    for path in paths:
        search.add(path)
    files = _paired(search.files)
    size = unit_bytes or min(MOST_UNIT_BYTES, max(UNIT_BYTES, sum(size for _, size in files) // UNITS))
    units = tuple(_units(files, size))
    return Plan(units, tuple(search.unread), search.skipped, _digest(units, search))


def read_unit(unit: Unit, options: ReadOptions) -> Iterator[Document | Unread]:
    """The documents of a unit, in order. Bad input never raises: it becomes an Unread with its reason."""
    for file in unit.items:
        for found in read_file(file, options):
            yield joined(found, unit.pages) if unit.pages else found


def store_pages(paths: Sequence[str], options: ReadOptions, place: Path) -> None:
    """Keep the pages of these files, folders or globs, compressed, in a new file that `Unit.pages` may name.

    Raises AuditError for a path that does not exist, or when there is no page with an address in them.
    """
    wanted = replace(options, pages=True)
    if not store(chain.from_iterable(read_unit(unit, wanted) for unit in plan(paths).units), place):
        raise AuditError(f"no page with an address in {', '.join(paths)}")


def _paired(files: list[tuple[InputFile, int]]) -> list[tuple[InputFile, int]]:
    """Texts with the page of the same name in their folder; these pages are then no documents of their own."""
    pages: dict[str, InputFile] = {}
    for file, _ in files:
        if file.reader == PAGE:
            pages.setdefault(stem(file.root + file.name), file)
    taken: set[InputFile] = set()
    result = []
    for file, size in files:
        page = pages.get(stem(file.root + file.name)) if file.reader == TEXT else None
        if page:
            taken.add(page)
            file = replace(file, page=page)
        result.append((file, size))
    return [(file, size) for file, size in result if file not in taken]


def _units(files: list[tuple[InputFile, int]], unit_bytes: int) -> Iterator[Unit]:
    """Small files together, large ones by range."""
    index, items, filled = count(1), list[InputFile](), 0
    for part, size in chain.from_iterable(_parts(*file, unit_bytes) for file in files):
        if items and (filled + size > unit_bytes or len(items) == UNIT_FILES):
            yield Unit(next(index), tuple(items))
            items, filled = [], 0
        items.append(part)
        filled += size
    if items:
        yield Unit(next(index), tuple(items))


def _digest(units: Sequence[Unit], search: Search) -> str:
    """A digest of what is read in which units, and of each file's size and time; of a copy, of its content."""
    found = blake2b(digest_size=16)
    for unit in units:
        for item in unit.items:
            told = replace(item, at=None, page=item.page and replace(item.page, at=None))
            found.update(repr((unit.index, told, _version(item), item.page and _version(item.page))).encode())
    found.update(repr(search.unread).encode())
    return found.hexdigest()


@lru_cache(maxsize=1)  # the ranges of a file come one after the other
def _copied(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "blake2b").hexdigest()


def _version(file: InputFile) -> object:
    try:
        status = file.path.stat()
        return _copied(file.path) if file.at else (status.st_size, status.st_mtime_ns)
    except OSError as error:
        return error.errno  # whoever reads the file meets it again, and tells


def _parts(file: InputFile, size: int, unit_bytes: int) -> Iterator[tuple[InputFile, int]]:
    """The file and its size, or ranges of it where it is large and its format allows them."""
    splits = readers()[file.reader].splits
    try:
        ranges = splits(file, unit_bytes) if splits and size > unit_bytes and not is_compressed(file.path) else ()
    except Exception:  # the same damage is met when the file is read, and told then
        ranges = ()
    yield from [(part, unit_bytes) for part in ranges] or [(file, size)]
