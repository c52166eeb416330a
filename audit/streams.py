"""The files of an audit and their bytes, decompressed while reading and never more than asked for."""

import bz2
import gzip
import io
import lzma
import os
import re
import stat
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from audit.errors import CrawlauditError, UnreadableError

COMPRESSED = (".gz", ".bz2", ".xz", ".zst")
CHUNK_BYTES = 1 << 20
REASON_CHARS = 300
HEAD_BYTES = 16  # enough to tell how a file is compressed
# What reading may raise for a file that cannot be read, is damaged, or is larger than the limit.
DAMAGE = (OSError, EOFError, zlib.error, lzma.LZMAError, UnreadableError)
NO_FILE = "neither a file nor a folder but a pipe, socket or device"


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file to read, or a range of one: small, and the same on every machine that sees the files.

    `root` (ending with a slash, or empty) and `name` make the path, with forward slashes, under which a user knows
    the file; `at` is where its bytes lie when that is elsewhere: a member taken out of an archive, a remote file's
    copy. `page` is the HTML page a text came from. A range is in bytes, or in row groups for Parquet, up to before
    `end`; `first` is the number of its first line or row.
    """

    root: str
    name: str
    reader: str
    page: "InputFile | None" = None
    start: int = 0
    end: int | None = None
    first: int = 1
    at: str | None = None

    @property
    def path(self) -> Path:
        """The file in the file system."""
        return Path(self.at or self.root + self.name)

    @property
    def source(self) -> str:
        """The file as shown to the user."""
        return printable_path(self.root + self.name)

    @property
    def id(self) -> str:
        """The path below the audited root: the beginning of the ids of documents that bring none."""
        return printable_path(self.name)

    @property
    def site(self) -> str | None:
        """The first folder below the audited root, None for a file that lies in the root itself."""
        folder, slash, _ = self.id.partition("/")
        return folder if slash else None


def printable_path(path: str) -> str:
    """A path as text that can be written as UTF-8: bytes of a name that are not text become U+FFFD."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def suffix(name: str) -> str:
    """The extension that tells the format, in lower case: `.json` for `a.JSON.gz`.

    >>> suffix("dump/c4-train.00000.json.gz")
    '.json'
    """
    path = PurePosixPath(name.lower())
    return PurePosixPath(path.stem).suffix if path.suffix in COMPRESSED else path.suffix


def _open_zstd(path: Path) -> io.BufferedReader:
    import pyarrow as pa

    return io.BufferedReader(pa.CompressedInputStream(pa.OSFile(os.fspath(path)), "zstd"))


# The content decides, not the name: servers and tools often decompress a file and keep its `.gz`.
_MAGIC: Mapping[str, re.Pattern[bytes]] = {
    "gzip": re.compile(rb"\x1f\x8b\x08"),
    "bz2": re.compile(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)"),
    "xz": re.compile(rb"\xfd7zXZ\0"),
    "zstd": re.compile(rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18"),  # the second: a skippable frame
}
_OPENERS: Mapping[str, Callable[[Path], object]] = {
    "gzip": gzip.GzipFile,
    "bz2": bz2.BZ2File,
    "xz": lzma.LZMAFile,
    "zstd": _open_zstd,
}


def compression_of(path: Path) -> str | None:
    """How the file is compressed, by its first bytes: `gzip`, `bz2`, `xz`, `zstd`, or None. Raises as `open_file`."""
    with open_file(path) as file:
        head = file.read(HEAD_BYTES)
    return next((kind for kind, magic in _MAGIC.items() if magic.match(head)), None)


def is_compressed(path: Path) -> bool:
    """Whether the file's first bytes are those of a compressed file."""
    return compression_of(path) is not None


def open_file(path: Path) -> BinaryIO:
    """The file's bytes as they are, never waiting for any. Raises OSError, and UnreadableError for what is no file.

    A pipe may have taken the place of a file since it was found, and some files of a kernel wait for events.
    """
    file = io.open(path, "rb", opener=_at_once)  # noqa: SIM115, UP020 - a Path takes no opener
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise UnreadableError(NO_FILE)
    return file


def _at_once(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def open_stream(path: Path) -> BinaryIO:
    """The file's bytes, decompressed while reading. Raises as `open_file`."""
    kind = compression_of(path)
    return cast(BinaryIO, _OPENERS[kind](path)) if kind else open_file(path)


def read_bytes(path: Path, limit: int, advice: str = "") -> bytes:
    """All bytes of a file; UnreadableError, ending with the `advice`, for more than `limit` after decompression."""
    chunks, size = [], 0
    with open_stream(path) as stream:
        while chunk := stream.read(CHUNK_BYTES):
            size += len(chunk)
            if size > limit:
                raise UnreadableError(f"larger than the limit of {limit:,} bytes{advice}")
            chunks.append(chunk)
    return b"".join(chunks)


def numbered_lines(file: InputFile, limit: int) -> Iterator[tuple[int, bytes | None]]:
    """The lines of a file or of its range with their numbers; None stands for one of more than `limit` bytes."""
    with open_stream(file.path) as stream:
        if file.start:
            stream.seek(file.start)
        number, position = file.first, file.start
        while file.end is None or position < file.end:
            line = stream.readline(limit + 1)
            if not line:
                return
            whole = len(line) <= limit or line.endswith(b"\n")
            position += len(line) + (0 if whole else skip_line(stream))
            yield number, line if whole else None
            number += 1


def skip_line(stream: BinaryIO) -> int:
    """Move on to the end of the current line without holding it. Returns the number of bytes passed."""
    skipped = 0
    while piece := stream.readline(CHUNK_BYTES):
        skipped += len(piece)
        if piece.endswith(b"\n"):
            break
    return skipped


def explain(error: Exception) -> str:
    """Why something could not be read, as one line for the user."""
    message = " ".join(str(error).split())
    match error:
        case CrawlauditError():
            reason = message
        case RecursionError():
            reason = "nested too deeply"
        case MemoryError():
            reason = "does not fit in memory"
        case EOFError() | zlib.error() | lzma.LZMAError() | gzip.BadGzipFile():
            reason = f"damaged compressed data: {message}"
        case OSError():
            reason = error.strerror or f"damaged data: {message}"  # without a number, bz2 and Arrow speak, not a system
        case _:
            reason = f"{type(error).__name__}: {message}"
    return reason[:REASON_CHARS]
