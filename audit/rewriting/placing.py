"""Where the files of a crawl go when they are written again: under the same names, below another folder."""

import shutil
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from audit.errors import AuditError
from audit.streams import InputFile

STDIN = "stdin"


def places_of(
    files: Sequence[InputFile], out: Path, paths: Sequence[str], *, taken: Sequence[str]
) -> dict[Path, InputFile]:
    """A place below `out` for each file of `paths`, none called as one of `taken`.

    Raises AuditError when `out` is not empty or lies in a path, and for two files of one name.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise AuditError(f"{out} is there and not empty: nothing is written over")
    for path in paths:
        if out.resolve().is_relative_to(Path(path).resolve()):
            raise AuditError(f"{out} lies in {path}, which is being read")
    places: dict[Path, InputFile] = {}
    for file in files:
        place = place_of(file, out, taken)
        if place in places:
            raise AuditError(f"{file.source} and {places[place].source} would be the same file: take them apart")
        places[place] = file
    return places


def place_of(file: InputFile, out: Path, taken: Sequence[str]) -> Path:
    """The file's path below its root, or its name alone where that would lead out of the folder."""
    name = PurePosixPath(file.name if file.name != STDIN else f"{STDIN}.jsonl")
    if name.is_absolute() or ".." in name.parts or ":" in file.name:  # a colon begins a stream or names a drive
        name = PurePosixPath(name.name.replace(":", "_"))
    return out / (f"_{name}" if str(name) in taken else name)


def copy(file: InputFile, place: Path) -> None:
    """The file as it is, over what was begun there. Raises OSError."""
    place.unlink(missing_ok=True)
    place.parent.mkdir(parents=True, exist_ok=True)
    with file.path.open("rb") as data, place.open("xb") as stream:
        shutil.copyfileobj(data, stream)
