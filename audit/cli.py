"""The command line: the only place that prints and exits.

Exit status: 0 done, 1 the gate failed, 2 usage or configuration, 3 the audit could not be done or there was nothing to
judge. Heavy imports wait until a command runs, so that `--help` is instant.
"""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from audit.errors import CrawlauditError, UsageError

if TYPE_CHECKING:
    from rich.console import Console

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Find which documents of a crawl are damaged, where, and why.",
)

Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")]
NoColor = Annotated[bool, typer.Option("--no-color", help="Print without colours, as with NO_COLOR set.")]
ConfigFile = Annotated[Path | None, typer.Option(help="The configuration file, instead of looking for one.")]
Strictness = Annotated[
    Literal["low", "normal", "high"] | None,
    typer.Option(help="How readily the models flag: low asks for more certainty, high for less."),
]
Models = Annotated[Path | None, typer.Option(metavar="DIR", help="Own models, made by `crawlaudit train`.")]
Workers = Annotated[int | None, typer.Option(min=0, help="Processes; 0 for one a core.")]
Labelled = Annotated[
    list[Path], typer.Argument(metavar="PATH...", help="Folders of labelled tables, or JSON Lines marked by hand.")
]

_INTERRUPTED = 130  # what Typer makes of Ctrl-C


def main() -> None:
    """Run the command line; every end has its documented exit status."""
    _prepare()
    try:
        status = app(standalone_mode=False)  # what an `Exit` carried; None for a command that just ended
    except SystemExit:
        status = 0  # Typer's way out of a closed pipe, as in `| head`: its 1 would say that a gate failed
    except CrawlauditError as error:
        print(f"crawlaudit: {_plain(str(error))}", file=sys.stderr)
        sys.exit(error.exit_code)
    except Exception as error:
        show = getattr(error, "show", None)
        if show is None:
            import traceback

            traceback.print_exc()
            sys.exit(3)
        show()  # click's own usage errors
        sys.exit(2)
    if status == _INTERRUPTED:
        print("crawlaudit: interrupted; nothing was written", file=sys.stderr)
        sys.exit(3)
    sys.exit(status)


def _prepare() -> None:
    """Set up this process: its threads, before numpy is imported, and its streams."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")  # processes share the cores; threads of theirs would only fight for them
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # files get UTF-8; a Windows console in a legacy encoding must not break
            stream.reconfigure(errors="replace", encoding=stream.encoding if stream.isatty() else "utf-8")


@app.command()
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
    strictness: Strictness = None,
    models: Models = None,
    config: ConfigFile = None,
    workers: Workers = None,
    encoding: Annotated[
        str | None, typer.Option(help="The encoding of all inputs; found by content when not given.")
    ] = None,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Audit a crawl: write results and a report, print a summary. Exit status 0 whatever it finds."""
    from audit import run
    from audit.config import load
    from audit.engines.local import LocalEngine
    from audit.formats import emit
    from audit.registry import find_format
    from audit.table import load_results
    from audit.terminal import progress, show_summary

    flags: dict[str, Any] = {"exclude": exclude, "select": select, "ignore": ignore, "workers": workers}
    flags |= {"encoding": encoding, "fields": _fields(field), "strictness": strictness, "models": models}
    settings = load(flags, file=config)
    for word in output or ():  # a mistake must show before the work, not after
        find_format(word.partition(":")[0])
    console, errors = _console(no_color, quiet), _console(no_color, quiet, stderr=True)
    with progress(errors) as step:
        result = run.audit(
            paths, settings, out, engine=LocalEngine(settings.workers), progress=step, command=sys.argv[1:]
        )
    page = _render(result.out, result.summary) if report else None
    if output:
        results = load_results(result.out)
        for word in output:
            emit(results, word, sys.stdout)
    else:
        show_summary(result.summary, console, out=result.out, report=page)


@app.command("report")
def report_command(
    out: Annotated[Path, typer.Argument(metavar="DIR", help="The results folder of a finished audit.")] = Path(
        "crawlaudit-out"
    ),
    title: Annotated[str | None, typer.Option(help="The report's title.")] = None,
    timestamp: Annotated[bool, typer.Option("--timestamp/--no-timestamp", help="Show when the audit ran.")] = True,
    quiet: Quiet = False,
) -> None:
    """Render the HTML report of a finished audit."""
    from audit.table import load_summary

    page = _render(out, load_summary(out), title=title, timestamp=timestamp)
    if not quiet:
        print(page)


@app.command()
def evaluate(
    paths: Labelled,
    output: Annotated[Literal["text", "json"], typer.Option("--format", help="What to print.")] = "text",
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Also write an HTML page.")] = None,
    given: Annotated[
        Literal["text", "meta", "source"],
        typer.Option(help="What is known of each text: nothing else, its title and address too, or also its HTML."),
    ] = "meta",
    folds: Annotated[
        int | None, typer.Option(min=2, help="Judge each part of the pages by models trained on the others.")
    ] = None,
    kind: Annotated[list[str] | None, typer.Option(help="Only pages of this kind. Repeatable.")] = None,
    limit: Annotated[int, typer.Option(min=0, help="Only so many pages of each PATH, for a quick look.")] = 0,
    seed: Annotated[int, typer.Option(help="Of everything drawn by chance.")] = 7,
    strictness: Strictness = None,
    models: Models = None,
    config: ConfigFile = None,
    workers: Workers = None,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Measure on labelled texts how much of each family is found, and how much in error."""
    from audit import evaluate as verb
    from audit import templates
    from audit.config import load
    from audit.engines.local import LocalEngine
    from audit.labelled import load as load_labelled
    from audit.terminal import progress

    settings = load({"workers": workers, "strictness": strictness, "models": models}, file=config)
    documents = load_labelled(paths, limit=limit, seed=seed, kinds=kind or (), source=given == "source")
    with progress(_console(no_color, quiet, stderr=True)) as step:
        found = verb.evaluate(
            documents, settings, given=given, paths=paths, folds=folds or 0, seed=seed,
            engine=LocalEngine(settings.workers), progress=step,
        )  # fmt: skip
    if html:
        templates.write(verb.as_page(found), html)
    if not quiet:
        print(verb.as_json(found) if output == "json" else verb.as_text(found), end="")


@app.command()
def train(
    paths: Labelled,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the models; `check --models DIR` uses them.")],
    seed: Annotated[int, typer.Option(help="Of everything drawn by chance.")] = 0,
    folds: Annotated[int, typer.Option(min=2, help="Folds of the cross-validation over pages.")] = 5,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Train the models on labelled texts, with a fixed seed."""
    from audit import train as verb
    from audit.terminal import progress

    with progress(_console(no_color, quiet, stderr=True)) as step:
        made = verb.train(paths, out, seed=seed, folds=folds, progress=step)
    if not quiet:
        for name, file in made.card["models"].items():
            print(f"{out / name}  {file['bytes']} bytes, SHA-256 {file['sha256'][:12]}")


@app.command()
def rule(
    code: Annotated[str | None, typer.Argument(help="A rule's code or name; all rules when left out.")] = None,
    no_color: NoColor = False,
) -> None:
    """Explain a rule, or list them all."""
    from audit.registry import find_rule, rules
    from audit.terminal import show_rule, show_rules

    console = _console(no_color, quiet=False)
    if code is None:
        show_rules(rules().values(), console)
    else:
        show_rule(find_rule(code), console)


@app.callback(invoke_without_command=True)
def _version(
    version: Annotated[bool, typer.Option("--version", help="Print the version.", is_eager=True)] = False,
) -> None:
    if version:
        from importlib.metadata import version as installed

        print(f"crawlaudit {installed('crawlaudit')}")
        raise typer.Exit


def _fields(given: list[str] | None) -> dict[str, str] | None:
    """`text=content` flags as a mapping."""
    pairs = [word.partition("=") for word in given or ()]
    for role, equals, name in pairs:
        if not (role and equals and name):
            raise UsageError(f"--field takes ROLE=NAME, such as text=content, not {role + equals + name!r}")
    return {role: name for role, _, name in pairs} or None


def _render(out: Path, summary: dict[str, Any], *, title: str | None = None, timestamp: bool = True) -> Path:
    from audit.report import render

    return render(summary, out, title=title, timestamp=timestamp)


def _console(no_color: bool, quiet: bool, *, stderr: bool = False) -> "Console":
    from rich.console import Console

    return Console(no_color=no_color or None, quiet=quiet, stderr=stderr, highlight=False, soft_wrap=False)


def _plain(text: str) -> str:
    """An error may quote a hostile file name."""
    from audit.visible import visible

    return visible(text, lines=True)
