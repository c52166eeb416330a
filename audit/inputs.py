"""From the PATH arguments to units of work: what each worker reads, and what can not be read and why."""

import atexit
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, count
from pathlib import Path
from tempfile import NamedTemporaryFile

from audit.document import Document, Unread
from audit.errors import AuditError
from audit.pages import joined, store
from audit.reading import PAGE, TEXT, read_file, stem
from audit.records import ReadOptions
from audit.registry import readers
from audit.search import Search
from audit.streams import InputFile, is_compressed

UNIT_BYTES = 4 << 20  # a thousand documents or so: enough to be worth sending to a worker, not enough to wait for
UNIT_FILES = 500


@dataclass(frozen=True, slots=True)
class Unit:
    """Files, or a range of one, to read in one go; units in index order give the documents in input order.

    `pages` is the file of pages, made by `with_pages`, to which the texts belong.
    """

    index: int
    items: tuple[InputFile, ...]
    pages: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What an audit will read. `unread` are paths that cannot be; `skipped` counts files of no known format."""

    units: tuple[Unit, ...]
    unread: tuple[Unread, ...] = ()
    skipped: Counter[str] = field(default_factory=Counter)


def plan(paths: Sequence[str], *, exclude: Sequence[str] = (), unit_bytes: int = UNIT_BYTES) -> Plan:
    """Find all files of these files, folders, glob patterns or `-`, and cut them into units of about `unit_bytes`.

    The same files give the same plan. `exclude` are patterns as in a `.gitignore`, relative to each folder given.
    Raises AuditError for a path that does not exist, UsageError for a pattern that is none.
    """
    search = Search(exclude)
    for path in paths:
        search.add(path)
    files = _paired(search.files)
    return Plan(tuple(_units(files, unit_bytes)), tuple(search.unread), search.skipped)


def read_unit(unit: Unit, options: ReadOptions) -> Iterator[Document | Unread]:
    """The documents of a unit, in order. Bad input never raises: it becomes an Unread with its reason."""
    for file in unit.items:
        for found in read_file(file, options):
            yield joined(found, unit.pages) if unit.pages else found


def with_pages(todo: Plan, paths: Sequence[str], options: ReadOptions) -> tuple[Plan, tuple[int, int]]:
    """The plan with the pages of these files, folders or globs for its texts, and two counts.

    These are of the pages, and of records that are none. The pages are kept, compressed, in a temporary file until the
    program ends. Raises AuditError for a path that does not exist, or when there is no page with an address in them.
    """
    with NamedTemporaryFile(prefix="crawlaudit-", suffix=".pages", delete=False) as place:
        atexit.register(Path(place.name).unlink, missing_ok=True)
    wanted = replace(options, pages=True)
    found = chain.from_iterable(read_unit(unit, wanted) for unit in plan(paths).units)
    counts = store(found, place.name)
    if not counts[0]:
        raise AuditError(f"no page with an address in {', '.join(paths)}")
    return replace(todo, units=tuple(replace(unit, pages=place.name) for unit in todo.units)), counts


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
    index, items, filled = count(), list[InputFile](), 0
    for part, size in chain.from_iterable(_parts(*file, unit_bytes) for file in files):
        if items and (filled + size > unit_bytes or len(items) == UNIT_FILES):
            yield Unit(next(index), tuple(items))
            items, filled = [], 0
        items.append(part)
        filled += size
    if items:
        yield Unit(next(index), tuple(items))


def _parts(file: InputFile, size: int, unit_bytes: int) -> Iterator[tuple[InputFile, int]]:
    """The file and its size, or ranges of it where it is large and its format allows them."""
    splits = readers()[file.reader].splits
    try:
        ranges = splits(file, unit_bytes) if splits and size > unit_bytes and not is_compressed(file.path) else ()
    except Exception:  # the same damage is met when the file is read, and told then
        ranges = ()
    yield from [(part, unit_bytes) for part in ranges] or [(file, size)]
