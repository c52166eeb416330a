"""`crawlaudit fix`: the crawl again, without what is surely no part of its texts, and a record of all that went.

Files keep their names, formats, compression and other fields below the output folder; a file that nothing is removed
from is the same bytes. Nothing is written over: the folder has to be new or empty. The record gets its name when all
is done, so that a folder with one is whole.
"""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from audit.config import Config
from audit.errors import AuditError
from audit.finding import RECORD_FILE
from audit.inputs import Plan, plan, read_unit
from audit.judge import Judge
from audit.menders import Counts, Fixed, Repairer, Restorer, Row, read_rows, write_rows
from audit.records import ReadOptions
from audit.resources import models_from
from audit.rewriters import writers
from audit.rewriting.files import new_file
from audit.rewriting.placing import copy, place_of, places_of
from audit.sites import Evidence, Survey
from audit.streams import InputFile, explain

RECORD, UNFINISHED = RECORD_FILE, f"{RECORD_FILE}.unfinished"
OWN = (RECORD, UNFINISHED)
WHOLE = 1 << 62  # bytes of a unit: files are written whole
SHOWN = 5


def fix(
    paths: Sequence[str], out: Path, config: Config, *, confidence: float | None = None, drop: Sequence[str] = ()
) -> Fixed:
    """Write the files of the paths to `out` without what can be removed from their texts.

    With a `confidence` everything removable of at least so much goes, without one only what `audit.repair` is sure of.
    Documents whose verdict is in `drop` are left out. Raises AuditError when `out` is not empty, lies in a path, or
    cannot be written, for archives, and for two files of one name.
    """
    todo, options = plan(paths, exclude=config.exclude, unit_bytes=WHOLE), _options(config)
    places = places_of(_writable(todo), out, paths, taken=OWN)
    judge = Judge.of(config, _evidence(todo, options))
    done = _begun(out, todo)
    try:
        out.mkdir(parents=True, exist_ok=True)
        with (out / UNFINISHED).open("x", encoding="ascii", newline="\n") as record, models_from(config.models):
            for place, file in places.items():
                repairer = Repairer(judge, place.relative_to(out).as_posix(), confidence, frozenset(drop))
                if _write(file, place, options, repairer, done):
                    write_rows(repairer.rows, record)
        (out / UNFINISHED).replace(out / RECORD)
    except OSError as error:
        raise AuditError(f"cannot write to {out}: {error.strerror}") from error
    return done


def put_back(fixed: Path, out: Path, config: Config) -> Fixed:
    """Write the files of a fixed folder to `out` with the texts as they were read, by the folder's record.

    Documents that were left out stay so: their texts are in the record. Raises AuditError when there is no record,
    a text was changed since, and as `fix` does.
    """
    rows, todo = read_rows(fixed / RECORD), plan([str(fixed)], unit_bytes=WHOLE)
    places = places_of(_writable(todo), out, [str(fixed)], taken=OWN)
    known: dict[str, dict[int, Row]] = defaultdict(dict)
    for row in rows:
        if not row["dropped"]:
            known[row["file"]][row["document"]] = row
    done = _begun(out, todo)
    for place, file in places.items():
        _write(file, place, _options(config), Restorer(known[file.name]), done)
    if lost := [name for name, left in known.items() if left]:
        raise AuditError(f"{fixed} is not what its record is of: documents of {min(lost)} are gone")
    done.counts += Counts(dropped=sum(row["dropped"] for row in rows))
    return done


def _write(file: InputFile, place: Path, options: ReadOptions, mend: Repairer | Restorer, done: Fixed) -> bool:
    """Write one file; as it is when nothing changed, or when it cannot be written anew, which is told: then False."""
    try:
        with new_file(place, file.path) as stream:
            writers()[file.reader](file, options, stream, mend)
    except AuditError:
        raise
    except Exception as error:  # whatever a hostile file provokes in a library costs this file only
        done.told.append((file.source, explain(error)))
        _copy(file, place, done)
        return False
    done.counts += mend.counts
    if mend.counts.dropped and not mend.counts.stayed:
        place.unlink()
    elif not (mend.counts.changed or mend.counts.dropped):
        _copy(file, place, done)
    if file.page and mend.counts.stayed:
        _copy(file.page, place_of(file.page, done.out, OWN), done)
    return True


def _copy(file: InputFile, place: Path, done: Fixed) -> None:
    try:
        file.path.open("rb").close()
    except OSError as error:
        place.unlink(missing_ok=True)
        done.told.append((file.source, f"cannot be copied: {explain(error)}"))
        return
    copy(file, place)


def _begun(out: Path, todo: Plan) -> Fixed:
    return Fixed(out, Counts(unread=len(todo.unread)), todo.skipped.total())


def _writable(todo: Plan) -> list[InputFile]:
    """The files to write. Raises AuditError for archives."""
    files = [file for unit in todo.units for file in unit.items]
    packed = [f"{file.source} ({file.reader})" for file in files if file.reader not in writers()]
    if packed:
        names = ", ".join(packed[:SHOWN]) + (" …" if packed[SHOWN:] else "")
        raise AuditError(f"archives are not written again: unpack them, or leave them out with --exclude: {names}")
    if not files:
        raise AuditError("nothing to fix: no file of a known format")
    return files


def _evidence(todo: Plan, options: ReadOptions) -> Evidence:
    survey = Survey()
    for unit in todo.units:
        for found in read_unit(unit, options):
            survey.add(found)
    return survey.evidence()


def _options(config: Config) -> ReadOptions:
    return ReadOptions(config.fields, config.max_bytes, config.encoding)
