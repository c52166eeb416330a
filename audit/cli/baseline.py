"""`crawlaudit baseline`: write or tighten the committed baseline."""

from pathlib import Path
from typing import Annotated

import typer

from audit.cli.options import ConfigFile, Quiet


def baseline(
    out: Annotated[Path, typer.Argument(metavar="DIR", help="The results folder of a finished audit.")] = Path(
        "crawlaudit-out"
    ),
    file: Annotated[Path | None, typer.Option(metavar="FILE", help="The baseline, to be committed.")] = None,
    tighten: Annotated[bool, typer.Option("--tighten", help="Keep what the baseline has better.")] = False,
    config: ConfigFile = None,
    quiet: Quiet = False,
) -> None:
    """Write what a crawl is like, for the gate to hold later ones to."""
    from audit import baseline as verb
    from audit.config import load
    from audit.measures import Measures
    from audit.table import load_columns

    settings = load({"baseline": file}, file=config)
    place = settings.baseline or Path(verb.FILE)
    results = load_columns(out, *verb.COLUMNS)
    found = verb.measure(results, Measures(results, settings.suppress))
    verb.write(verb.tightened(verb.read(place), found) if tighten else found, place)
    if not quiet:
        print(place)
