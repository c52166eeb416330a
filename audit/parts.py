"""The folder of an unfinished run: what each unit gave, in files that are written once and whole, and whose they are.

A file gets its name when it is complete, from a temporary one that no other attempt has, so any number of processes may
work on a unit, and die: a part that has its name is right, and one that has not is made again.
"""

import json
import os
import pickle
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from audit.errors import AuditError, UsageError
from audit.sites import SiteLines, Survey, digest
from audit.summary import Tally

FOLDER = ".unfinished"  # hidden: an audit of the folder around it must not take it for a crawl
MANIFEST = "manifest.json"
SITES, DOCUMENTS, FINDINGS, KEYS, TALLIES, DEATHS = "sites", "documents", "findings", "keys", "tallies", "deaths"
_ENDS = {SITES: ".npz", DOCUMENTS: ".parquet", FINDINGS: ".parquet", KEYS: ".parquet", TALLIES: ".tally"}
PAGES = "pages.sqlite"  # the pages of the texts, where they lie elsewhere
WAY_OUT = "finish it with the command that began it, take another --out, or throw it away with --no-resume"


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a run, by kind and number; every process of the run sees the folder under this path.

    `run` names what the run is about: a process that outlives its run finds no place to write to in the next one.
    """

    folder: Path
    run: str = ""

    def path(self, kind: str, number: int) -> Path:
        """Where a part lies; its names sort as its numbers do."""
        return self.folder / kind / f"part-{number:07}{_ENDS[kind]}"

    def done(self, kind: str, number: int) -> bool:
        """Whether it is written."""
        return self.path(kind, number).exists()

    def deaths(self, kind: str, number: int) -> Path:
        """A folder for what the attempts at a part that kills its process leave behind."""
        return self.folder / DEATHS / f"{kind}-{number:07}"

    @property
    def temporary(self) -> Path:
        """The folder of what is not whole yet."""
        return self.folder / f"temporary-{self.run}"

    @contextmanager
    def written(self, path: Path) -> Iterator[Path]:
        """Gives a name to write to; at the end what was written gets the right one. Nothing is left when it fails."""
        temporary = self.temporary / f"{uuid4().hex}-{path.name}"
        try:
            yield temporary
            with temporary.open("rb+") as file:
                os.fsync(file.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)

    def manifest(self) -> dict[str, Any] | None:
        """What the run is about; None when there is no run here."""
        try:
            found: dict[str, Any] = json.loads((self.folder / MANIFEST).read_text(encoding="utf-8"))
        except (FileNotFoundError, NotADirectoryError):
            return None
        except ValueError:
            return {}  # of no run of ours
        return found

    def remove(self) -> None:
        """Forget the run. Without a manifest what is left is no run, so this may end anywhere."""
        (self.folder / MANIFEST).unlink(missing_ok=True)
        shutil.rmtree(self.folder, ignore_errors=True)


def begin(out: Path, about: Mapping[str, Any], *, resume: bool) -> Parts:
    """The parts of this run in the folder `out`: of an earlier attempt at the same one, or none yet.

    Raises UsageError when the folder holds an unfinished run that is about something else, AuditError when it cannot be
    written.
    """
    parts = Parts(out.resolve() / FOLDER, f"{digest(repr(sorted(about.items()))):016x}")
    try:
        found = parts.manifest()
        differing = [key for key in about if found is None or found.get(key) != about[key]]
        if found is not None and resume and differing and _has_work(parts):
            raise UsageError(f"{out} holds an unfinished run with another {' and '.join(differing)}: {WAY_OUT}")
        if differing or not resume:
            _clear(parts, about)
        shutil.rmtree(parts.folder / DEATHS, ignore_errors=True)  # whoever ended that attempt was no document
    except OSError as error:
        raise AuditError(f"cannot write to {out}: {error.strerror or error}") from None
    return parts


def _has_work(parts: Parts) -> bool:
    """Whether an attempt came so far that something would be lost."""
    return any(file.name != parts.path(kind, 0).name for kind in _ENDS for file in (parts.folder / kind).glob("*"))


def _clear(parts: Parts, about: Mapping[str, Any]) -> None:
    parts.remove()
    for folder in (*(parts.folder / kind for kind in _ENDS), parts.temporary):
        folder.mkdir(parents=True, exist_ok=True)
    with parts.written(parts.folder / MANIFEST) as temporary:
        temporary.write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


def save_survey(path: Path, survey: Survey, seconds: float, seen: list[Any] | None = None) -> None:
    """Write a survey, the CPU seconds that it took, and what a sampler has seen: numbers, and names as JSON."""
    sites = survey.settle().sites
    empty = SiteLines()
    found = [empty, *sites.values()]  # so that there is something to join
    numbers = [[len(s.keys), s.documents, s.error] for s in sites.values()]
    with path.open("wb") as file:
        np.savez(
            file,
            names=_as_json(list(sites)),
            seen=_as_json(seen),
            numbers=np.array(numbers, np.int64).reshape(-1, 3),
            keys=np.concatenate([s.keys for s in found]),
            counts=np.concatenate([s.counts for s in found]),
            ids=np.frombuffer(survey.ids, np.uint64),
            whole=np.array([survey.capacity, survey.forgotten, survey.too_many_ids], np.int64),
            seconds=seconds,
        )


def load_survey(path: Path) -> tuple[Survey, float, list[Any] | None]:
    """Read the three again."""
    with np.load(path, allow_pickle=False) as file:
        names, seen = (json.loads(file[name].tobytes()) for name in ("names", "seen"))
        numbers, keys, counts = (file[name] for name in ("numbers", "keys", "counts"))
        ids, whole, seconds = file["ids"], file["whole"], float(file["seconds"])
    survey = Survey(capacity=int(whole[0]), forgotten=int(whole[1]), too_many_ids=bool(whole[2]))
    survey.ids.frombytes(ids.tobytes())
    at = 0
    for name, (size, documents, error) in zip(names, numbers.tolist(), strict=True):
        survey.sites[name] = SiteLines(documents, keys[at : at + size], counts[at : at + size], error)
        at += size
    return survey, seconds, seen


def _as_json(value: Any) -> NDArray[np.uint8]:
    return np.frombuffer(json.dumps(value).encode(), np.uint8)


def save_tally(path: Path, tally: Tally, seconds: float) -> None:
    """Write a tally, and the CPU seconds that it took."""
    with pa.CompressedOutputStream(str(path), "zstd") as file:
        file.write(pickle.dumps((tally, seconds)))


def load_tally(path: Path) -> tuple[Tally, float]:
    """Read both again. Raises pickle.UnpicklingError for a file that holds anything else."""
    with BufferedReader(pa.CompressedInputStream(pa.OSFile(str(path)), "zstd")) as file:
        found: tuple[Tally, float] = _Unpickler(file).load()
    return found


class _Unpickler(pickle.Unpickler):
    """Makes tallies of what it reads and nothing else: a folder of results must not be able to run code."""

    KNOWN = frozenset(
        {
            *(("collections", "Counter"), ("collections", "defaultdict"), ("builtins", "list")),
            *(("audit.summary", "Tally"), ("audit.summary", "Group"), ("audit.breaks", "Breaks")),
        }
    )

    def find_class(self, module: str, name: str) -> Any:
        """The class of this name, when tallies are made of it."""
        if (module, name) not in self.KNOWN:
            raise pickle.UnpicklingError(f"{module}.{name} is no part of a tally")
        return super().find_class(module, name)
