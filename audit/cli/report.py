"""`crawlaudit report`: render the HTML report of a finished audit."""

from pathlib import Path
from typing import Annotated

import typer

from audit.cli.options import Quiet, StripList


def report(
    out: Annotated[Path, typer.Argument(metavar="DIR", help="The results folder of a finished audit.")] = Path(
        "crawlaudit-out"
    ),
    title: Annotated[str | None, typer.Option(help="The report's title.")] = None,
    timestamp: Annotated[bool, typer.Option("--timestamp/--no-timestamp", help="Show when the audit ran.")] = True,
    strip_list: StripList = None,
    quiet: Quiet = False,
) -> None:
    """Render the HTML report of a finished audit."""
    from audit.report import render
    from audit.strip import write_strip_list
    from audit.table import load_summary

    summary = load_summary(out)
    if strip_list:
        write_strip_list(summary, strip_list)
    page = render(summary, out, title=title, timestamp=timestamp)
    if not quiet:
        print(page)
