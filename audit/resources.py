"""Where the data lies: folders inside an installed package or beside it in a checkout, and the models in force."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from hashlib import sha256
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
MODELS = ("lines", "decisions")  # what `crawlaudit train` makes, in the order of its making
_own_models: ContextVar[Path | None] = ContextVar("own_models", default=None)


def folder(name: str) -> Path:
    """The folder `models` or `reports`.

    Raises FileNotFoundError when the installation is broken.
    """
    for place in (_PACKAGE / name, _PACKAGE.parent / name):
        if place.is_dir():
            return place
    raise FileNotFoundError(f"the data folder {name!r} is missing from this installation")


@contextmanager
def models_from(place: Path | None) -> Iterator[None]:
    """Inside, models are those of `place`; those it lacks, or all for None, are the shipped ones."""
    token = _own_models.set(place)
    try:
        yield
    finally:
        _own_models.reset(token)


def model(name: str) -> Path | None:
    """The file of a model in force, None when there is none. What is read from it may be kept for this path only."""
    for place in (_own_models.get(), folder("models")):
        if place and (place / f"{name}.npz").is_file():
            return place / f"{name}.npz"
    return None


def model_digests() -> dict[str, str]:
    """SHA-256 of the file of each model in force: names their versions in the results."""
    return {name: sha256(path.read_bytes()).hexdigest() for name in MODELS if (path := model(name))}
