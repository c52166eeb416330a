"""`crawlaudit train`: train the models on labelled texts."""

from pathlib import Path
from typing import Annotated

import typer

from audit.cli.options import Labelled, NoColor, Quiet, console_for


def train(
    paths: Labelled,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the models; `check --models DIR` uses them.")],
    seed: Annotated[int, typer.Option(help="Of everything drawn by chance.")] = 0,
    folds: Annotated[int, typer.Option(min=2, help="Folds of the cross-validation over pages.")] = 5,
    fold_models: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Also keep the models of the folds, for `evaluate --fold-models DIR`."),
    ] = None,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Train the models on labelled texts, with a fixed seed."""
    from audit import train as verb
    from audit.terminal import progress

    with progress(console_for(no_color, quiet, stderr=True)) as step:
        made = verb.train(paths, out, seed=seed, folds=folds, apart=fold_models, progress=step)
    if not quiet:
        for name, file in made.card["models"].items():
            print(f"{out / name}  {file['bytes']} bytes, SHA-256 {file['sha256'][:12]}")
