"""The command line: the only place that prints and exits.

Exit status: 0 done, 1 the gate failed, 2 usage or configuration, 3 the audit could not be done or there was nothing to
judge. Heavy imports wait until a command runs, so that `--help` is instant.
"""

import os
import signal
import sys
import threading
from typing import Annotated

import typer

from audit.cli import baseline, check, compare, config, diff, evaluate, fix, gate, report, rule, show, train
from audit.errors import CrawlauditError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # frames around the help would take three times as long as all else
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Find which documents of a crawl are damaged, where, and why.",
)

VERBS = (
    check.check,
    gate.gate,
    report.report,
    show.show,
    diff.diff,
    baseline.baseline,
    fix.fix,
    compare.compare,
    rule.rule,
    evaluate.evaluate,
    train.train,
    config.init,
    config.config,
)
for command in VERBS:
    app.command()(command)

_INTERRUPTED = 130  # what Typer makes of Ctrl-C


def main() -> None:
    """Run the command line; every end has its documented exit status."""
    _prepare()
    try:
        status = app(standalone_mode=False)  # what an `Exit` carried; None for a command that just ended
        sys.stdout.flush()  # while an error can still be told
    except (SystemExit, BrokenPipeError):
        status = 0  # Typer's way out of a closed pipe, as in `| head`: its 1 would say that a gate failed
    except Exception as error:
        status = _failed(error)
    if status == _INTERRUPTED:
        print("crawlaudit: interrupted; nothing was written", file=sys.stderr)
        status = 3
    _let_go()
    sys.exit(status)


def _let_go() -> None:
    """Leave nothing in the buffer that cannot be written: Python would try again, and end with a status of its own."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _failed(error: Exception) -> int:
    """Tell what went wrong. Returns the exit status."""
    status, message = 3, ""
    match error:
        case CrawlauditError():
            status, message = error.exit_code, str(error)
        case MemoryError():
            message = "not enough memory; a higher --max-memory or fewer --workers may help"
        case OSError(errno=int(), strerror=str(reason)):  # a full disk, a folder that may not be written
            message = f"{error.filename}: {reason}" if error.filename else reason
    if message:
        print(f"crawlaudit: {_plain(message)}", file=sys.stderr)
    elif show := getattr(error, "show", None):
        show()  # click's own usage errors
        status = 2
    else:
        import traceback

        traceback.print_exception(error)
    return status


def _prepare() -> None:
    """Set up this process: its threads, before numpy is imported, its signals and streams."""
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")  # its own takes a gigabyte at once: see --max-memory
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")  # processes share the cores; threads of theirs would only fight for them
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: by way of what has to be cleaned up
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # files get UTF-8; a Windows console in a legacy encoding must not break
            stream.reconfigure(errors="replace", encoding=stream.encoding if stream.isatty() else "utf-8")


@app.callback(invoke_without_command=True)
def _version(
    version: Annotated[bool, typer.Option("--version", help="Print the version.", is_eager=True)] = False,
) -> None:
    if version:
        from importlib.metadata import version as installed

        print(f"crawlaudit {installed('crawlaudit')}")
        raise typer.Exit


def _plain(text: str) -> str:
    """An error may quote a hostile file name."""
    from audit.visible import visible

    return visible(text, lines=True)
