"""Remote paths that the user names, through fsspec: copied once to a temporary folder that goes when the program ends.

Nothing else in an audit opens a connection.
"""

import atexit
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from audit.errors import AuditError, MissingExtraError, UsageError
from audit.streams import explain

_ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://")
_WEB = ("http", "https")


def is_remote(path: str) -> bool:
    """Whether a PATH argument is an address, such as `s3://bucket/crawl/`.

    >>> is_remote("s3://bucket/a.jsonl"), is_remote("C:/crawl")
    (True, False)
    """
    return _ADDRESS.match(path) is not None


def fetched(address: str, copies: Path | None = None) -> Iterator[tuple[str, str, str]]:
    """The files at an address, or below it: the beginning of their addresses, the rest, and where the copy lies.

    The copies go to a folder in `copies`, else among temporary files.

    Raises AuditError when they cannot be had, UsageError for a kind of address that does not exist, MissingExtraError
    without the library for it.
    """
    try:
        from fsspec.core import url_to_fs
    except ImportError:
        raise MissingExtraError("fsspec", "remote", f"Reading {address}") from None
    try:
        system, path = url_to_fs(address)
    except ImportError:
        raise MissingExtraError("a library for such addresses", "remote", f"Reading {address}") from None
    except ValueError as error:
        raise UsageError(f"{address}: {explain(error)}") from None
    place = Path(tempfile.mkdtemp(prefix=".crawlaudit-", dir=copies))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    folder, scheme = address.rstrip("/") + "/", address.partition("://")[0].lower()
    try:
        whole = scheme in _WEB or system.isfile(path)  # a web server has no folders
        names = [path] if whole else sorted(system.glob(path) if "*" in path else system.find(path))
        for number, name in enumerate(names):
            if not whole and system.isdir(name):
                continue
            copy = place / str(number)
            system.get_file(name, str(copy))
            shown = address if whole else f"{scheme}://{str(name).removeprefix(f'{scheme}://').lstrip('/')}"
            near = folder if shown.startswith(folder) else shown.rpartition("/")[0] + "/"
            yield near, shown.removeprefix(near), str(copy)
    except FileNotFoundError as error:  # with the address or the server's words, but no number of the system
        raise AuditError(f"{address}: not found{_told(error, address)}") from None
    except Exception as error:  # each file system has errors of its own
        raise AuditError(f"{address}: {explain(error)}") from None


def _told(error: FileNotFoundError, address: str) -> str:
    """What a server says of what it does not have, if it is more than the address."""
    message = " ".join(str(error).split())
    return f": {message}" if message and message not in address else ""
