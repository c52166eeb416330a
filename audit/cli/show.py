"""`crawlaudit show`: one document with its findings marked."""

from pathlib import Path
from typing import Annotated

import typer

from audit.cli.options import NoColor, console_for


def show(
    out: Annotated[Path, typer.Argument(metavar="DIR", help="The results folder of a finished audit.")],
    name: Annotated[str, typer.Argument(metavar="ID", help="The document's id.")],
    no_color: NoColor = False,
) -> None:
    """Print one document with its findings marked.

    Example documents are kept with the results; others are read again from their source, if it has not changed.
    """
    from audit.show import find
    from audit.terminal import show_document

    show_document(find(out, name), console_for(no_color, quiet=False))
