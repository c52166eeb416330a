"""Archives of files: members one after the other, with limits, each read by the reader that its name asks for.

No member is ever written under its own name: it goes to a numbered temporary file, which is gone once it is read. What
an archive may do to a careless program is refused all the same, and told: it is a sign of something wrong.
"""

import re
import stat
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import BinaryIO, cast

from audit.document import Document, Unread
from audit.errors import UnreadableError
from audit.reading import PAGE, TEXT, read_file, reader_of, stem
from audit.records import ReadOptions, unread
from audit.sites import digest
from audit.streams import CHUNK_BYTES, InputFile, explain

# Bytes an archive may unpack to for each of its own: pages with one template reach 50, bombs 1,000 and more.
RATIO = 200
FREE_BYTES = 64 << 20  # what any archive may unpack to, as a small one can well repeat itself
ARCHIVES = ("zip", "tar", "wacz")
KINDS_SHOWN = 5
ENCRYPTED = 1  # the flag bit of a ZIP member
_SPECIAL = {stat.S_IFLNK: "a link", stat.S_IFBLK: "a device", stat.S_IFCHR: "a device", stat.S_IFIFO: "a pipe"}
_ABSOLUTE = re.compile(r"/|[A-Za-z]:")


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive: its name as stored, how to open its bytes, and what forbids to, if anything."""

    name: str
    open: Callable[[], BinaryIO]
    flaw: str | None = None


Listing = Callable[[], Iterable[Member]]  # the members in the archive's order; asked for twice
Found = Iterator[Document | Unread]


def read_archive(file: InputFile, options: ReadOptions, listing: Listing) -> Found:
    """The documents of all members, in order; a text with its page of the same name waits for it.

    A member that may not or cannot be read costs itself; a damaged archive or a bomb costs what comes after.
    """
    pairs = _pairs(file, listing())
    texts: dict[str, list[InputFile]] = defaultdict(list)
    pages: dict[str, InputFile] = {}
    with TemporaryDirectory(prefix="crawlaudit-") as place:
        for found in _unpacked(file, listing, Path(place)):
            if isinstance(found, Unread):
                yield found
                continue
            key = stem(found.source)
            if key not in pairs:
                yield from _used(found, options)
            elif found.reader == PAGE:
                pages.setdefault(key, found)
                yield from _joined(texts.pop(key, []), pages, options)
            elif key in pages:
                yield from _joined([found], pages, options)
            else:
                texts[key].append(found)
        for waiting in texts.values():  # whose page was refused
            yield from _joined(waiting, pages, options)


def zip_members(archive: zipfile.ZipFile, below: str = "") -> list[Member]:
    """The files of a ZIP archive whose names begin with `below`."""
    infos = [info for info in archive.infolist() if not info.is_dir() and info.filename.startswith(below)]
    return [Member(info.filename, partial(_open, archive, info), _flaw(info)) for info in infos]


def _open(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> BinaryIO:
    return cast(BinaryIO, archive.open(info))


def _flaw(info: zipfile.ZipInfo) -> str | None:
    if info.flag_bits & ENCRYPTED:
        return "encrypted"
    kind = _SPECIAL.get(stat.S_IFMT(info.external_attr >> 16))
    return f"refused: no file but {kind}" if kind else None


def _pairs(file: InputFile, members: Iterable[Member]) -> set[str]:
    """The stems that both a text and a page have; as far as a damaged archive can be listed."""
    texts, pages = set[int](), dict[int, str]()
    try:
        for member in members:
            inner = _inner(file, member)
            if inner and inner.reader == TEXT:
                texts.add(digest(stem(inner.source)))
            elif inner and inner.reader == PAGE:
                pages[digest(stem(inner.source))] = stem(inner.source)
    except Exception:  # met again, and told, when the members are read
        return {name for key, name in pages.items() if key in texts}
    return {name for key, name in pages.items() if key in texts}


def _unpacked(file: InputFile, listing: Listing, place: Path) -> Iterator[InputFile | Unread]:
    """Each member that is to be read, in a temporary file; each that is refused, with the reason."""
    seen, skipped = set[int](), Counter[str]()
    budget = _Budget(max(FREE_BYTES, RATIO * file.path.stat().st_size))
    try:
        for number, member in enumerate(listing()):
            inner = _inner(file, member)
            if inner:
                reason = _refused(member, inner, seen)
                target = place / str(number)
                yield unread(inner, reason) if reason else budget.unpack(member, inner, target)
            elif not _is_hidden(member.name):
                skipped[PurePosixPath(member.name).suffix.lower() or "without extension"] += 1
    except Exception as error:  # such as the end of a truncated archive, or a bomb
        yield unread(file, explain(error))
    if skipped:
        kinds = ", ".join(f"{n} {kind}" for kind, n in skipped.most_common(KINDS_SHOWN))
        yield unread(file, f"holds {skipped.total()} files of no known format: {kinds}")


class _Budget:
    """How much an archive may still unpack to."""

    def __init__(self, limit: int) -> None:
        self._limit = self._left = limit

    def unpack(self, member: Member, inner: InputFile, target: Path) -> InputFile | Unread:
        """Copy a member's bytes. Raises UnreadableError when the archive's limit is passed."""
        try:
            source = member.open()
        except RuntimeError as error:  # zipfile's, for what it cannot open: the next member may be another case
            return unread(inner, explain(error))
        with source, target.open("wb") as out:
            while chunk := source.read(CHUNK_BYTES):
                self._left -= len(chunk)
                if self._left < 0:
                    raise UnreadableError(
                        f"unpacks to more than {self._limit:,} bytes: refused as a bomb from {inner.name} on"
                    )
                out.write(chunk)
        return replace(inner, at=str(target))


def _inner(file: InputFile, member: Member) -> InputFile | None:
    """The member as a file to read: of the archive's site, or below an archive that stands for a folder itself."""
    name = _plain(member.name)
    reader = reader_of(name)
    if _is_hidden(name) or not (reader or member.flaw):
        return None
    root, below = (file.root, f"{file.name}/{name}") if "/" in file.name else (f"{file.root}{file.name}/", name)
    return InputFile(root, below, reader or TEXT)


def _refused(member: Member, inner: InputFile, seen: set[int]) -> str | None:
    """Why a member is not unpacked; None when nothing speaks against it."""
    name, key = _plain(member.name), digest(inner.source)
    if "\0" in name or _ABSOLUTE.match(name) or ".." in PurePosixPath(name).parts:
        return "refused: its path leads out of the archive"
    if member.flaw:
        return member.flaw
    if inner.reader in ARCHIVES:
        return "an archive inside an archive: unpack the outer one first"
    if key in seen:
        return "refused: the archive holds another file of this name before it"
    seen.add(key)
    return None


def _joined(texts: list[InputFile], pages: dict[str, InputFile], options: ReadOptions) -> Found:
    for text in texts:
        yield from _used(replace(text, page=pages.get(stem(text.source))), options)


def _used(file: InputFile, options: ReadOptions) -> Found:
    """The documents of an unpacked member, which is removed then."""
    try:
        yield from read_file(file, options)
    finally:
        file.path.unlink()


def _plain(name: str) -> str:
    """The name with forward slashes, which some programs for Windows do not write, and without a leading `./`."""
    plain = name.replace("\\", "/")
    while plain.startswith("./"):
        plain = plain[2:].lstrip("/")
    return plain


def _is_hidden(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return any(part.startswith(".") and part != ".." for part in parts) or "__MACOSX" in parts
