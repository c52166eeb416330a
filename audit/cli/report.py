"""`crawlaudit report`: render the HTML report of a finished audit."""

from pathlib import Path
from typing import Annotated

import typer

from audit.cli.options import Quiet


def report(
    out: Annotated[Path, typer.Argument(metavar="DIR", help="The results folder of a finished audit.")] = Path(
        "crawlaudit-out"
    ),
    title: Annotated[str | None, typer.Option(help="The report's title.")] = None,
    timestamp: Annotated[bool, typer.Option("--timestamp/--no-timestamp", help="Show when the audit ran.")] = True,
    quiet: Quiet = False,
) -> None:
    """Render the HTML report of a finished audit."""
    from audit.report import render
    from audit.table import load_summary

    page = render(load_summary(out), out, title=title, timestamp=timestamp)
    if not quiet:
        print(page)
