"""Finds the files below the PATH arguments: folders, files, glob patterns, standard input."""

import atexit
import os
import re
import shutil
import stat
import sys
import tempfile
from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import Path, PurePosixPath

from pathspec import GitIgnoreSpec

from audit.document import Unread
from audit.errors import AuditError, UsageError
from audit.finding import (
    DOCUMENTS_FILE,
    EXAMPLES_FILE,
    FINDINGS_FILE,
    GATE_FILE,
    KEYS_FILE,
    RECORD_FILE,
    REPORT_FILE,
    REPORT_FOLDER,
    SUMMARY_FILE,
)
from audit.reading import PAGE, TEXT, reader_of
from audit.records import unread
from audit.registry import readers
from audit.remote import fetched, is_remote
from audit.streams import DAMAGE, NO_FILE, REASON_CHARS, InputFile, explain, open_stream, printable_path

HEAD_BYTES = 1 << 16
STDIN = "json-lines"
_BEGINS_RECORD = re.compile(rb'\Z|\{"document": \d+, "dropped": (?:true|false), "file": ')


class Search:
    """Collects the files below the paths, each once, in a fixed order."""

    def __init__(self, exclude: Sequence[str], copies: Path | None = None) -> None:
        """`copies`: where to put what does not lie in a file here, instead of among temporary files."""
        self.files: list[tuple[InputFile, int]] = []
        self.unread: list[Unread] = []
        self.skipped: Counter[str] = Counter()
        self._exclude = _spec(exclude)
        self._copies = copies
        self._seen: set[str] = set()  # resolved folders and files: links may lead to a folder twice, or for ever

    def add(self, path: str) -> None:
        """Search one PATH argument. Raises AuditError for one that does not exist or may not be looked at."""
        try:
            self._add(path)
        except OSError as error:
            raise AuditError(f"{printable_path(path)[:REASON_CHARS]}: {explain(error)}") from error

    def _add(self, path: str) -> None:
        if not path:
            raise UsageError("a PATH is empty: . is the folder you are in")
        given = Path(path)
        if is_remote(path):
            self._remote(path)
        elif path == "-":
            file = _stdin(self._copies)
            self.files.append((file, file.path.stat().st_size))
        elif given.is_dir():
            self._folder(_slashed(given), "")
        elif given.exists() or given.is_symlink():
            self._named(given)
        else:
            self._glob(path)

    def _remote(self, address: str) -> None:
        empty = True
        for root, name, copy in fetched(address, self._copies):
            empty = False
            plain = name.partition("?")[0]
            reader = reader_of(plain) or (_sniffed(Path(copy)) if root + name == address else None)
            if self._exclude.match_file(plain):
                continue
            if reader:
                self.files.append((InputFile(root, name, reader, at=copy), Path(copy).stat().st_size))
            else:
                self.skipped[PurePosixPath(plain).suffix.lower()] += 1
        if empty:
            raise AuditError(f"nothing lies at {address}")

    def _named(self, given: Path) -> None:
        """A file named by the user is read whatever its name, and its page is looked for beside it."""
        root = _slashed(given.parent)
        self._file(root, given.name, named=True)
        if reader_of(given.name) == TEXT:
            for end in readers()[PAGE].extensions:
                if given.with_suffix(end).is_file():
                    self._file(root, given.with_suffix(end).name)

    def _glob(self, pattern: str) -> None:
        """Expand a pattern, which the shells of Windows leave to the program. Links to folders are not followed."""
        parts = Path(pattern).parts
        fixed = next((i for i, part in enumerate(parts) if set(part) & set("*?[")), None)
        if fixed is None:
            raise AuditError(f"no such file or folder: {pattern}")
        base = Path(*parts[:fixed])
        try:
            found = sorted(path.relative_to(base).as_posix() for path in base.glob(str(Path(*parts[fixed:]))))
        except ValueError as error:
            raise UsageError(f"{pattern}: {error}") from None
        if not found:
            raise AuditError(f"no file matches {pattern}")
        for name in found:
            if not any(part.startswith(".") for part in PurePosixPath(name).parts):
                self._entry(_slashed(base), "" if name == "." else name)

    def _entry(self, root: str, name: str) -> None:
        if not Path(root + name).is_dir():
            self._file(root, name)
        elif not name or not self._exclude.match_file(f"{name}/"):
            self._folder(root, f"{name}/" if name else "")

    def _folder(self, root: str, top: str) -> None:
        """Walk a folder, files before the folders in it; without recursion, as a path can be 4,000 folders long."""
        waiting = [top]
        while waiting:
            folder = waiting.pop()
            inner = []
            for name, is_folder in self._listed(root, folder):
                if not is_folder:
                    self._file(root, name)
                elif not self._exclude.match_file(f"{name}/"):
                    inner.append(f"{name}/")
            waiting += reversed(inner)

    def _listed(self, root: str, folder: str) -> list[tuple[str, bool]]:
        """What lies in a folder that was not visited before, hidden files left out, by name."""
        try:
            if not self._first_visit(Path(root + folder).resolve()):
                return []
            with os.scandir(root + folder or ".") as entries:
                found = sorted((entry.name, _is_folder(entry)) for entry in entries)
        except OSError as error:
            self._give_up(root, folder, f"the folder cannot be listed: {explain(error)}")
            return []
        listed = [name for name, _ in found]
        hidden = _results(listed) | _about_dataset(listed) | _record(root + folder, listed)
        return [(folder + n, is_folder) for n, is_folder in found if not (n.startswith(".") or n in hidden)]

    def _file(self, root: str, name: str, *, named: bool = False) -> None:
        path = Path(root + name)
        if self._exclude.match_file(name) or not self._first_visit(path.parent.resolve() / path.name):
            return
        try:
            status = path.stat()
        except OSError as error:
            return self._give_up(root, name, explain(error))
        if not stat.S_ISREG(status.st_mode):
            return self._give_up(root, name, NO_FILE)
        reader = reader_of(name) or (_sniffed(path) if named else None)
        if reader:
            self.files.append((InputFile(root, name, reader), status.st_size))
        else:
            self.skipped[PurePosixPath(name).suffix.lower()] += 1

    def _first_visit(self, path: Path) -> bool:
        known = len(self._seen)
        self._seen.add(os.fspath(path))
        return len(self._seen) > known

    def _give_up(self, root: str, name: str, reason: str) -> None:
        self.unread.append(unread(InputFile(root, name, TEXT), reason))


def _results(names: Collection[str]) -> set[str]:
    """The files of a folder that are the results of an earlier audit, which nobody means to audit."""
    tables = {DOCUMENTS_FILE, FINDINGS_FILE, SUMMARY_FILE}
    return tables | {EXAMPLES_FILE, KEYS_FILE, GATE_FILE, REPORT_FILE, REPORT_FOLDER} if tables <= set(names) else set()


def _record(folder: str, names: Collection[str]) -> set[str]:
    """The record of a fix among the files that were fixed: what it holds was removed. It begins so, or is empty."""
    if RECORD_FILE not in names:
        return set()
    try:
        with open_stream(Path(folder + RECORD_FILE)) as stream:
            return {RECORD_FILE} if _BEGINS_RECORD.match(stream.read(HEAD_BYTES)) else set()
    except DAMAGE:
        return set()  # whoever reads it meets the same error


def _about_dataset(names: Collection[str]) -> set[str]:
    """The files of a Hugging Face dataset's folder that describe it, or repeat rows of it, rather than hold it."""
    if not {"dataset_dict.json"} <= set(names) and not {"dataset_info.json", "state.json"} <= set(names):
        return set()
    about = {"dataset_dict.json", "dataset_info.json", "state.json"}
    return about | {name for name in names if name.startswith("cache-") and name.endswith(".arrow")}


def _spec(patterns: Sequence[str]) -> GitIgnoreSpec:
    try:
        return GitIgnoreSpec.from_lines(patterns)
    except ValueError as error:
        raise UsageError(f"exclude: {error}") from None


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself: taken for a file, which cannot be opened and says so
        return False


def _slashed(folder: Path) -> str:
    """The folder as the beginning of paths, with forward slashes; empty for the working directory."""
    path = folder.as_posix()
    return "" if path == "." else path.rstrip("/") + "/"


def _stdin(copies: Path | None) -> InputFile:
    """Standard input in a temporary file, as it is read twice; removed when the program ends."""
    with tempfile.NamedTemporaryFile(prefix=".crawlaudit-", suffix=".jsonl", dir=copies, delete=False) as spool:
        atexit.register(Path(spool.name).unlink, missing_ok=True)
        shutil.copyfileobj(sys.stdin.buffer, spool)
    return InputFile("", "stdin", STDIN, at=spool.name)


def _sniffed(path: Path) -> str:
    """The reader for a file whose name tells nothing: by its first bytes, else text."""
    try:
        with open_stream(path) as stream:
            head = stream.read(HEAD_BYTES)
    except DAMAGE:
        return TEXT  # whose reader will meet the same error and tell it
    return next((r.name for r in readers().values() if r.matches and r.matches(head)), TEXT)
