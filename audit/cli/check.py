"""`crawlaudit check`: audit a crawl."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from audit.cli.diff import Before, changes
from audit.cli.gate import hold, tell
from audit.cli.options import ConfigFile, MaxMemory, Models, NoColor, Quiet, Strictness, StripList, Workers, console_for
from audit.errors import AuditError, CrawlauditError, UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from audit.config import Config
    from audit.run import Engine


def check(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH...", help="Files, folders or globs; - for JSON Lines on stdin.")
    ],
    out: Annotated[Path, typer.Option(help="Folder for the results.")] = Path("crawlaudit-out"),
    report: Annotated[bool, typer.Option("--report/--no-report", help="Also render the HTML report.")] = True,
    output: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FORMAT[:PATH]", help="Also write text, jsonl, json or csv, to stdout without a path. Repeatable."
        ),
    ] = None,
    field: Annotated[
        list[str] | None,
        typer.Option(metavar="ROLE=NAME", help="The field that holds the text, url, title, … of a record. Repeatable."),
    ] = None,
    exclude: Annotated[
        list[str] | None, typer.Option(metavar="PATTERN", help="Leave files out, as in .gitignore. Repeatable.")
    ] = None,
    select: Annotated[
        list[str] | None, typer.Option(metavar="RULE", help="Run only these rules or families. Repeatable.")
    ] = None,
    ignore: Annotated[
        list[str] | None, typer.Option(metavar="RULE", help="Do not run these rules or families. Repeatable.")
    ] = None,
    sample: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Judge only N documents, from each site its share.")
    ] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Another one draws another sample.")] = None,
    gate: Annotated[bool, typer.Option("--gate", help="Also hold the audit to the gate, as `gate` does.")] = False,
    before: Before = None,
    strip_list: StripList = None,
    pages: Annotated[
        list[str] | None,
        typer.Option(metavar="PATH", help="Pages (WARC, HTML, records) of the texts, matched by URL. Repeatable."),
    ] = None,
    strictness: Strictness = None,
    models: Models = None,
    config: ConfigFile = None,
    workers: Workers = None,
    max_memory: MaxMemory = None,
    encoding: Annotated[
        str | None, typer.Option(help="The encoding of all inputs; found by content when not given.")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume/--no-resume", help="Go on with an unfinished run in the output folder.")
    ] = True,
    reuse: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="An earlier audit: documents that are as they were are not judged again."),
    ] = None,
    engine: Annotated[
        Literal["local", "ray"], typer.Option(help="Where the work runs: processes here, or a Ray cluster.")
    ] = "local",
    address: Annotated[
        str | None, typer.Option(help="The address of the Ray cluster; RAY_ADDRESS, or one started here, without.")
    ] = None,
    log_json: Annotated[
        bool, typer.Option("--log-json", help="Tell what happens on stderr, one JSON object a line.")
    ] = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Audit a crawl: write results and a report, print a summary.

    Exit status 0 whatever it finds, 3 when no document could be read; with --gate 1 when a condition fails.
    """
    from audit import run
    from audit.ceiling import hold_memory
    from audit.config import load
    from audit.registry import find_format
    from audit.terminal import progress, show_summary

    flags: dict[str, Any] = {
        "exclude": exclude,
        "select": select,
        "ignore": ignore,
        "workers": workers,
        "max_memory": max_memory,
    }
    flags |= {
        "encoding": encoding,
        "fields": _fields(field),
        "pages": pages,
        "strictness": strictness,
        "models": models,
        "sample": sample,
        "seed": seed,
    }
    settings = load(flags, file=config)
    hold_memory(settings.max_memory)
    if before and before.resolve() == out.resolve():
        raise UsageError(f"--before {before} is the folder that this audit writes; name another with --out")
    for word in output or ():  # a mistake must show before the work, not after
        find_format(word.partition(":")[0])
    console, errors = console_for(no_color, quiet), console_for(no_color, quiet and not log_json, stderr=True)
    with _logged(errors if log_json else None) as log, progress(errors, as_json=log_json) as step, _interruptible():
        chosen = _engine(engine, address, settings)
        log("started", inputs=paths, out=str(out), engine=engine)
        result = run.audit(
            paths, settings, out, engine=chosen, progress=step, command=sys.argv[1:], resume=resume, reuse=reuse
        )
        facts = ("counts", "seconds", "resumed_parts", "reused")
        log("finished", **{key: result.summary[key] for key in facts if key in result.summary})
    read = result.summary["counts"]["read"]
    earlier = before if before and before.is_dir() else None  # conditions on new documents ask for an audit
    found = hold(result.out, settings, before=earlier) if gate and read else None  # the report tells of it
    changed = changes(before, result.out) if before and read else None
    page = None
    if report:
        from audit.report import render

        page = render(result.summary, result.out, changes=changed)
    if strip_list:
        from audit.strip import write_strip_list

        write_strip_list(result.summary, strip_list)
    if output:
        _emit(result.out, output)
    else:
        show_summary(result.summary, console, out=result.out, report=page)
    if not read:
        raise AuditError("nothing to judge: no document could be read; the reasons are in the results")
    if found:
        tell(found, result.out, [] if quiet or output else ["text"])


def _emit(out: Path, output: list[str]) -> None:
    """Write the results in other formats, for which pandas is imported."""
    from audit.formats import emit
    from audit.table import load_results

    results = load_results(out)
    for word in output:
        emit(results, word, sys.stdout)


def _engine(name: str, address: str | None, settings: "Config") -> "Engine":
    if name == "ray":
        from audit.engines.ray import RayEngine

        return RayEngine(address)
    if address:
        raise UsageError("--address is that of a Ray cluster: add --engine ray")
    from audit.engines.local import LocalEngine

    return LocalEngine(settings.workers, apart=settings.max_memory is not None)


@contextmanager
def _logged(console: "Console | None") -> Iterator[Callable[..., None]]:
    """Gives what prints events, if there is a console for them; an error is one too."""
    from audit.progress import event

    def log(name: str, **facts: Any) -> None:
        if console:
            event(console, name, **facts)

    try:
        yield log
    except CrawlauditError as error:
        log("failed", message=str(error), status=error.exit_code)
        raise


@contextmanager
def _interruptible() -> Iterator[None]:
    """Ctrl-C, and SIGTERM as schedulers send it, end the run and lose nothing."""
    try:
        yield
    except KeyboardInterrupt:
        raise AuditError("interrupted; what is done is kept, and the same command goes on from there") from None


def _fields(given: list[str] | None) -> dict[str, str] | None:
    """`text=content` flags as a mapping."""
    pairs = [word.partition("=") for word in given or ()]
    for role, equals, name in pairs:
        if not (role and equals and name):
            raise UsageError(f"--field takes ROLE=NAME, such as text=content, not {role + equals + name!r}")
    return {role: name for role, _, name in pairs} or None
