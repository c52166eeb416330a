"""One command at a time in a folder: a lock that the system takes back from whoever dies, so none is ever stale."""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from audit.errors import AuditError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

FILE = ".lock"  # hidden, like all that is no result
TAKEN = (errno.EACCES, errno.EAGAIN)  # what systems say of a file that another process has locked


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Inside, no other process has the folder. Raises AuditError when one has, OSError when it cannot be written.

    Where a file system knows no locks, as that of some network disks, everybody is let in: what is written there is
    still written whole.
    """
    place = folder / FILE
    file = _opened(place)
    try:
        yield
    finally:
        if sys.platform == "win32":  # where an open file keeps its name
            file.close()
            with suppress(OSError):  # another process has it open already, and removes it in the end
                place.unlink()
        else:
            place.unlink(missing_ok=True)  # before it is free, or the name may be that of another's lock
            file.close()


def _opened(place: Path) -> IO[bytes]:
    """The file with its lock; closed, even by the end of this process, it is free."""
    while True:
        file = place.open("ab")
        try:
            _lock(file)
        except OSError as error:
            if error.errno in TAKEN:
                file.close()
                raise AuditError(
                    f"another crawlaudit is at work in {place.parent}: wait for its end, or take another --out"
                ) from None
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(file.fileno()), place.stat()):
                return file
        file.close()  # its last owner removed it while this process opened it


def _lock(file: IO[bytes]) -> None:
    if sys.platform == "win32":
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
