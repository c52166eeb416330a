"""Where the data lies: folders inside an installed package or beside it in a checkout, and the models in force."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from pkgutil import iter_modules
from typing import Any
from zipfile import ZipFile

import numpy as np
from numpy.typing import NDArray

MODEL_BYTES = 256 << 20  # ours have 20 MB in all; a file may claim, or unpack to, more than fits in memory
_PACKAGE = Path(__file__).resolve().parent
MODELS = ("lines", "decisions", "quality", "gaps")  # what `crawlaudit train` makes, in the order of its making
# A folder of own models, and the files found so far: they are looked for once a document, not once a use.
_in_force: ContextVar[tuple[Path | None, dict[str, Path | None]]] = ContextVar("in_force")


def names_in(package: Iterable[str]) -> list[str]:
    """The modules of a package's `__path__`, in name order: each adds what its file is called."""
    return sorted(module.name for module in iter_modules(package))


def folder(name: str) -> Path:
    """The folder `models` or `reports`.

    Raises FileNotFoundError when the installation is broken.
    """
    for place in (_PACKAGE / name, _PACKAGE.parent / name):
        if place.is_dir():
            return place
    raise FileNotFoundError(f"the data folder {name!r} is missing from this installation")


def digest_of(name: str, pattern: str) -> str:
    """SHA-256 over the files of a folder that match a pattern, whatever ends their lines: names their version."""
    seen = sha256()
    for path in sorted(folder(name).glob(pattern)):
        seen.update(path.name.encode() + b"\0" + path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return seen.hexdigest()


@contextmanager
def models_from(place: Path | None, found: dict[str, Path | None] | None = None) -> Iterator[None]:
    """Inside, models are those of `place`; those it lacks, or all for None, are the shipped ones.

    `found` keeps the files from one time to the next, for a caller that comes back for every document.
    """
    token = _in_force.set((place and place.resolve(), {} if found is None else found))
    try:
        yield
    finally:
        _in_force.reset(token)


def models_in_force() -> Path | None:
    """The folder of own models that is in force, None where only the shipped ones are."""
    return _in_force.get((None, {}))[0]


def model(name: str) -> Path | None:
    """The file of a model in force, None when there is none. What is read from it may be kept for this path only."""
    own, found = _in_force.get((None, {}))
    if name not in found:
        files = (place / f"{name}.npz" for place in (own, folder("models")) if place)
        found[name] = next((file for file in files if file.is_file()), None)
    return found[name]


def model_file(name: str) -> Path:
    """The same; FileNotFoundError when there is none, which a whole installation never lacks."""
    if (path := model(name)) is None:
        raise FileNotFoundError(f"the model {name!r} is missing from this installation")
    return path


@lru_cache(maxsize=8)
def arrays(path: Path) -> dict[str, NDArray[Any]]:
    """The arrays of a model file: numbers only, as nothing in it is unpickled.

    Raises OSError, ValueError, EOFError, MemoryError or zipfile.BadZipFile for a file that is not what it says.
    """
    with ZipFile(path) as packed:
        if sum(member.file_size for member in packed.infolist()) > MODEL_BYTES:
            raise ValueError(f"unpacks to more than {MODEL_BYTES:,} bytes")
    with np.load(path, allow_pickle=False) as file:
        return {name: _without_subnormals(_numbers(name, array)) for name, array in file.items()}


def _numbers(name: str, array: NDArray[Any]) -> NDArray[Any]:
    if array.dtype.kind not in "biuf" or not np.isfinite(array).all():
        raise ValueError(f"{name!r} holds something else than finite numbers")
    return array


def _without_subnormals(array: NDArray[Any]) -> NDArray[Any]:
    """Weights that training drove to almost nothing are nothing: processors take fifty times as long over them."""
    if array.dtype.kind != "f":
        return array
    return np.where(np.abs(array) < np.finfo(np.float32).tiny, array.dtype.type(0), array)


def model_digests() -> dict[str, str]:
    """SHA-256 of the file of each model in force: names their versions in the results."""
    files = ((name, model(name)) for name in MODELS)
    return {name: _file_digest(path, path.stat().st_mtime_ns) for name, path in files if path}


@lru_cache(maxsize=8)
def _file_digest(path: Path, written: int) -> str:
    return sha256(path.read_bytes()).hexdigest()


def code_digest() -> str:
    """SHA-256 of the program itself: a checkout changes more often than its version."""
    found = sha256()
    for path in sorted(_PACKAGE.rglob("*.py")):
        found.update(path.relative_to(_PACKAGE).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()
