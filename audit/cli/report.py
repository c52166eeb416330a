"""`crawlaudit report`: render the HTML report of a finished audit."""

from pathlib import Path
from typing import Annotated

import typer

from audit.cli.diff import Before, changes
from audit.cli.options import Quiet, StripList


def report(
    out: Annotated[Path, typer.Argument(metavar="DIR", help="The results folder of a finished audit.")] = Path(
        "crawlaudit-out"
    ),
    single_file: Annotated[
        bool, typer.Option("--single-file", help="Write one file, DIR/report.html, instead of the folder DIR/report.")
    ] = False,
    show: Annotated[bool, typer.Option("--open", help="Open the report in the browser.")] = False,
    title: Annotated[str | None, typer.Option(help="The report's title.")] = None,
    timestamp: Annotated[bool, typer.Option("--timestamp/--no-timestamp", help="Show when the audit ran.")] = True,
    before: Before = None,
    strip_list: StripList = None,
    quiet: Quiet = False,
) -> None:
    """Render the HTML report of a finished audit.

    It is a folder with pages for sites and documents, or one file.
    """
    from audit.report import render, render_folder
    from audit.strip import write_strip_list
    from audit.table import load_summary

    summary = load_summary(out)
    if strip_list:
        write_strip_list(summary, strip_list)
    write = render if single_file else render_folder
    found = changes(before, out) if before else None
    page = write(summary, out, title=title, timestamp=timestamp, changes=found)
    if not quiet:
        print(page)
    if show:
        import webbrowser

        webbrowser.open(page.resolve().as_uri())
