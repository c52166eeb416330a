"""`crawlaudit init` and `crawlaudit config`: a commented configuration; the one in force, and where it comes from."""

from pathlib import Path
from typing import Annotated

import typer

from audit.cli.options import ConfigFile, NoColor, console_for
from audit.errors import UsageError

FILE = "crawlaudit.toml"


def init(
    file: Annotated[Path, typer.Argument(help="Where to write it.")] = Path(FILE),
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Write a commented configuration that is sensible as it stands."""
    from audit.resources import folder

    if file.exists() and not force:
        raise UsageError(f"{file} is there already: --force replaces it")
    try:
        file.write_text((folder("reports") / FILE).read_text(encoding="utf-8"), encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(f"cannot write {file}: {error.strerror}") from error
    print(file)


def config(file: ConfigFile = None, no_color: NoColor = False) -> None:
    """Print the configuration in force, and where it comes from."""
    from rich.table import Table
    from rich.text import Text

    from audit.config import in_force, load
    from audit.visible import visible

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("key", "value", "from"):
        table.add_column(column, overflow="fold")
    for row in in_force(load(file=file), file=file):
        table.add_row(*(Text(visible(cell)) for cell in row))
    console_for(no_color, quiet=False).print(table)
