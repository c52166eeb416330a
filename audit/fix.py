"""`crawlaudit fix`: the crawl again, without what is surely no part of its texts, and a record of all that went.

Files keep their names, formats and other fields below the output folder; what nothing is removed from is the same
bytes. Nothing is written over: the folder has to be new or empty.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, cast

from audit.config import Config
from audit.decoding import encoding_of
from audit.document import Document, Unread
from audit.errors import AuditError
from audit.fields import first_text, lowered
from audit.finding import Verdict
from audit.inputs import Plan, plan, read_unit
from audit.judge import Judge
from audit.reading import read_file
from audit.records import ReadOptions, from_json, parse_json
from audit.repair import Removal, repair, restore
from audit.resources import models_from
from audit.sites import Survey
from audit.streams import InputFile, is_compressed, numbered_lines, read_bytes

RECORD = "removed.jsonl"
WHOLE = 1 << 62  # bytes of a unit: files are written whole
Mend = Callable[[Document], str | None]


@dataclass(slots=True)
class Fixed:
    """What was done: documents seen, changed, left out and not read; files copied as they are, with the reason."""

    out: Path
    seen: int = 0
    changed: int = 0
    dropped: int = 0
    unread: int = 0
    characters: int = 0
    copied: list[tuple[str, str]] = field(default_factory=list)


def fix(
    paths: Sequence[str], out: Path, config: Config, *, confidence: float | None = None, drop: Sequence[str] = ()
) -> Fixed:
    """Write the files of the paths to `out` without what can be removed from their texts.

    With a `confidence` everything removable of at least so much goes, without one only what `audit.repair` is sure of.
    Documents whose verdict is in `drop` are left out. Raises AuditError when `out` is not empty, lies in a path, or
    cannot be written, and for two files of one name.
    """
    todo = plan(paths, exclude=config.exclude, unit_bytes=WHOLE)
    files = [file for unit in todo.units for file in unit.items]
    places = _places(files, out, paths)
    options = ReadOptions(config.fields, config.max_bytes, config.encoding)
    judge = Judge.of(config, _evidence(todo, options))
    done = Fixed(out)
    try:
        out.mkdir(parents=True, exist_ok=True)
        with (out / RECORD).open("x", encoding="utf-8", newline="\n") as record, models_from(config.models):
            worker = _Worker(judge, done, record, confidence, frozenset(drop))
            for file, place in zip(files, places, strict=True):
                place.parent.mkdir(parents=True, exist_ok=True)
                with place.open("xb") as stream:
                    _WRITERS.get(_kind(file), _copied)(file, options, stream, worker)
    except OSError as error:
        raise AuditError(f"cannot write to {out}: {error.strerror}") from error
    done.unread += len(todo.unread)
    return done


def unfixed(out: Path) -> Iterator[tuple[str, str]]:
    """The id and the text as read of each document that something was removed from. Raises AuditError."""
    try:
        rows = [json.loads(line) for line in (out / RECORD).read_text(encoding="utf-8").splitlines()]
    except (OSError, ValueError) as error:
        raise AuditError(f"{out / RECORD} cannot be read: {error}") from None
    for row in rows:
        if not row["dropped"]:
            yield row["id"], restore(row["text"], [Removal(**removal) for removal in row["removed"]])


@dataclass(frozen=True, slots=True)
class _Worker:
    judge: Judge
    done: Fixed
    record: Any
    confidence: float | None
    drop: frozenset[str]

    def __call__(self, document: Document) -> str | None:
        """The text to write for a document; None to leave it out."""
        self.done.seen += 1
        judged = self.judge.judge(document)
        if judged.verdict in self.drop:
            self.done.dropped += 1
            self._tell(document, [], dropped=True)
            return None
        if judged.verdict is Verdict.UNREAD or not judged.findings:
            return document.text
        text, removed = repair(document.text, lambda text: self._look(document, text), self.confidence)
        if removed:
            self.done.changed += 1
            self.done.characters += sum(len(r.text) for r in removed)
            self._tell(replace(document, text=text), removed)
        return text

    def _look(self, document: Document, text: str) -> Sequence[Any]:
        return self.judge.findings(self.judge.page(replace(document, text=text)))

    def _tell(self, document: Document, removed: Sequence[Removal], *, dropped: bool = False) -> None:
        row = {"id": document.id, "source": document.source, "dropped": dropped, "text": document.text}
        row |= {"removed": [asdict(r) for r in removed]}
        self.record.write(json.dumps(row, sort_keys=True) + "\n")


def _places(files: Sequence[InputFile], out: Path, paths: Sequence[str]) -> list[Path]:
    """Where each file goes: below `out`, under the path below its root."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise AuditError(f"{out} is there and not empty: fix writes over nothing")
    for path in paths:
        if out.resolve().is_relative_to(Path(path).resolve()):
            raise AuditError(f"{out} lies in {path}, which is being read")
    places: dict[Path, InputFile] = {}
    for file in files:
        name = PurePosixPath(file.name)
        if name.is_absolute() or ".." in name.parts or name.name == RECORD:
            name = PurePosixPath(name.name if name.name != RECORD else f"_{RECORD}")
        place = out.joinpath(*name.parts)
        if place in places:
            raise AuditError(f"{file.source} and {places[place].source} would be the same file: fix them apart")
        places[place] = file
    return list(places)


def _evidence(todo: Plan, options: ReadOptions) -> Any:
    survey = Survey()
    for unit in todo.units:
        for found in read_unit(unit, options):
            survey.add(found)
    return survey.evidence()


def _kind(file: InputFile) -> str:
    return "" if is_compressed(file.path) else file.reader


def _copied(file: InputFile, options: ReadOptions, stream: BinaryIO, worker: _Worker) -> None:
    """The file as it is: its format cannot be written, which is told."""
    worker.done.copied.append((file.source, "compressed" if is_compressed(file.path) else file.reader))
    stream.write(file.path.read_bytes())


def _text(file: InputFile, options: ReadOptions, stream: BinaryIO, worker: _Worker) -> None:
    data = file.path.read_bytes()
    for found in read_file(file, options):
        if isinstance(found, Unread):
            worker.done.unread += 1
        elif (text := worker(found)) is None:
            data = b""
        elif text != found.text:
            encoding = options.encoding or encoding_of(read_bytes(file.path, options.max_bytes))
            try:
                data = text.encode(encoding)
            except UnicodeError:
                data = text.encode("utf-8", "replace")
    stream.write(data)


def _lines(file: InputFile, options: ReadOptions, stream: BinaryIO, worker: _Worker) -> None:
    for number, line in numbered_lines(file, options.max_bytes):
        if line is None:
            raise AuditError(f"{file.source}:{number}: a line larger than the limit cannot be written again")
        body = line.rstrip(b"\r\n")
        found = from_json(body, file, options, f":{number}") if body.strip() else None
        if found is None or isinstance(found, Unread):
            worker.done.unread += found is not None
            stream.write(line)
        elif (text := worker(found)) is not None:
            record = cast(dict[str, Any], parse_json(body, options))
            new = body if text == found.text else json.dumps(_replaced(record, text, options)).encode()
            stream.write(new + line[len(body) :])


def _replaced(record: Mapping[str, Any], text: str, options: ReadOptions) -> dict[str, Any]:
    """The record with another text in the field that its text was read from."""
    known, names = lowered(record), options.names("text")
    wanted = first_text(known, names, options.encoding)
    name = next(name for name in names if first_text(known, [name], options.encoding) == wanted)
    return _put(record, name, text)


def _put(record: Mapping[str, Any], name: str, text: str) -> dict[str, Any]:
    """The record with a field set: by its name, in any case, or below a dot."""
    own = {key.lower(): key for key in record} | {key: key for key in record}
    if name in own or name.lower() in own:
        key = own[name if name in own else name.lower()]
        return {**record, key: text.split("\n") if isinstance(record[key], list) else text}
    head, _, rest = name.partition(".")
    key = own[head if head in own else head.lower()]
    return {**record, key: _put(record[key], rest, text)}


_WRITERS: Mapping[str, Callable[[InputFile, ReadOptions, BinaryIO, _Worker], None]] = {
    "text": _text,
    "json-lines": _lines,
}
