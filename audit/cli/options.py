"""Options that several commands share, and the consoles they print to."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from rich.console import Console

Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")]
NoColor = Annotated[bool, typer.Option("--no-color", help="Print without colours, as with NO_COLOR set.")]
ConfigFile = Annotated[Path | None, typer.Option(help="The configuration file, instead of looking for one.")]
Strictness = Annotated[
    Literal["low", "normal", "high"] | None,
    typer.Option(help="How readily the models flag: low asks for more certainty, high for less."),
]
Models = Annotated[Path | None, typer.Option(metavar="DIR", help="Own models, made by `crawlaudit train`.")]
StripList = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Also write the lines that sites repeat; .json adds evidence and XPath."),
]
Workers = Annotated[int | None, typer.Option(min=0, help="Processes; 0 for one a core.")]
MaxMemory = Annotated[
    str | None,
    typer.Option(metavar="SIZE", help="The most memory a process may take, such as 2GB; more costs the document."),
]
Labelled = Annotated[
    list[Path], typer.Argument(metavar="PATH...", help="Folders of labelled tables, or JSON Lines marked by hand.")
]


def console_for(no_color: bool, quiet: bool, *, stderr: bool = False) -> "Console":
    """The console that a command prints to; a quiet one prints nothing."""
    from rich.console import Console

    return Console(no_color=no_color or None, quiet=quiet, stderr=stderr, highlight=False, soft_wrap=False)
