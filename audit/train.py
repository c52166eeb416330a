"""`crawlaudit train`: from labelled texts to a folder of models, everything drawn by chance being seeded.

Each model has a trainer, a module of `audit.training` with a function

    fit(folders, *, seed, folds, unseen) -> audit.training.learned.Learned, or None where they cannot teach it

that reads folders of tables (docs/training.md) and cross-validates over pages. They run in the order of MODELS, and
what one learns from another is out of fold: folder k of `unseen` has the models made without the pages of fold k.
"""

import json
import sys
import zipfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from hashlib import sha256
from importlib import import_module
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from audit.errors import AuditError, MissingExtraError, UsageError
from audit.labelled import pages_of, tables
from audit.resources import MODELS
from audit.training.learned import Learned
from audit.training.written import digest

CARD = "models.json"
FOLDS = 5
LIBRARIES = ("numpy", "pandas", "scikit-learn", "scipy")

Fit = Callable[..., Learned | None]
Step = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Trained:
    """A folder of models, and what `models.json` in it tells."""

    out: Path
    card: dict[str, Any]


def train(
    paths: Sequence[Path],
    out: Path,
    *,
    seed: int = 0,
    folds: int = FOLDS,
    apart: Path | None = None,
    progress: Step | None = None,
) -> Trained:
    """Train every model on the labelled texts of the paths, and write them and their card into `out`.

    `apart` is a folder for the models of the cross-validation as well, those of each fold, which have not seen its
    pages, in a folder of its number.

    Raises AuditError for labelled texts that are not as documented and when `out` cannot be written, UsageError for
    more folds than pages, MissingExtraError without scikit-learn. Nothing is written before all models are made.
    """
    with TemporaryDirectory(prefix="crawlaudit-train-") as place:
        folders = tables(paths, Path(place) / "data")
        made = Path(place) / "models"
        figures = fit(folders, made, seed=seed, folds=folds, apart=apart, progress=progress)
        card = {
            "tool": {"name": "crawlaudit", "version": version("crawlaudit")},
            "python": ".".join(map(str, sys.version_info[:2])),
            "libraries": {name: version(name) for name in LIBRARIES},
            "seed": seed,
            "folds": folds,
            "data": [_described(path) for path in paths],
            "written": digest(),
            "models": {file.name: _identity(file) for file in sorted(made.iterdir())},
            "figures": figures,
        }
        _write(made / CARD, json.dumps(card, indent=1, ensure_ascii=False, sort_keys=True, default=_plain) + "\n")
        _put(made, out)
        return Trained(out, json.loads((made / CARD).read_text(encoding="utf-8")))


def fit(
    folders: Sequence[Path],
    out: Path,
    *,
    seed: int = 0,
    folds: int = FOLDS,
    apart: Path | None = None,
    progress: Step | None = None,
) -> dict[str, Any]:
    """Train every model that folders of tables can teach, store them in `out`, and return the figures of each.

    The models of the folds are kept in `apart` where that is given.
    """
    need_extra("`crawlaudit train`")
    if (pages := len(pages_of(folders))) < folds:
        raise UsageError(f"{folds} folds need as many pages to learn from, and there are {pages}")
    figures = {}
    with TemporaryDirectory(prefix="crawlaudit-folds-") if apart is None else nullcontext(apart) as place:
        for number, name in enumerate(MODELS, 1):
            if learned := trainer(name)(list(folders), seed=seed, folds=folds, unseen=Path(place)):
                figures[name] = dict(learned.figures)
                save(learned.arrays, out / f"{name}.npz")
                for fold, arrays in enumerate(learned.apart):
                    save(arrays, Path(place) / str(fold) / f"{name}.npz")
            if progress:
                progress("models", number, len(MODELS))
    return figures


def trainer(name: str) -> Fit:
    """The function that trains a model; imported late, as it wants scikit-learn."""
    found: Fit = import_module(f"audit.training.{name}").fit
    return found


def save(arrays: Mapping[str, ArrayLike], place: Path) -> None:
    """Write arrays as `numpy.load` reads them: numbers only, and no clock or system in the bytes."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(place, "w") as file:
        for name, array in sorted(arrays.items()):
            info = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, 3
            data = BytesIO()
            np.lib.format.write_array(data, np.asarray(array), allow_pickle=False)
            file.writestr(info, data.getvalue())


def need_extra(purpose: str) -> None:
    """Raises MissingExtraError without scikit-learn."""
    try:
        import_module("sklearn")
    except ModuleNotFoundError:
        raise MissingExtraError("scikit-learn", "train", purpose) from None


def _described(path: Path) -> dict[str, Any]:
    files = [path] if path.is_file() else sorted([*path.glob("*.parquet"), *path.glob("*.jsonl")])
    return {"name": path.resolve().name, "files": {file.name: _identity(file) for file in files}}


def _identity(file: Path) -> dict[str, Any]:
    data = file.read_bytes()
    return {"bytes": len(data), "sha256": sha256(data).hexdigest()}


def _plain(value: Any) -> Any:
    """A number or array of numpy as JSON knows it."""
    return value.tolist()


def _put(made: Path, out: Path) -> None:
    """The finished files in their place, the card last: it tells that the others are whole."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        for file in sorted(made.iterdir(), key=lambda f: (f.name == CARD, f.name)):
            part = out / f".{file.name}.part"
            part.write_bytes(file.read_bytes())
            part.replace(out / file.name)
    except OSError as error:
        raise AuditError(f"cannot write to {out}: {error.strerror}") from error


def _write(place: Path, text: str) -> None:
    place.write_text(text, encoding="utf-8", newline="\n")
