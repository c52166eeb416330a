"""`crawlaudit evaluate`: measure on labelled texts."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from audit.cli.options import ConfigFile, Labelled, Models, NoColor, Quiet, Strictness, Workers, console_for


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
    fold_models: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Judge each page by the models in DIR that have not seen it: see `train`."),
    ] = None,
    fix: Annotated[
        bool, typer.Option("--fix", help="Also measure what `crawlaudit fix` makes of texts whose gold is known.")
    ] = False,
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
    """Measure on labelled texts what is found, and what in error."""
    from audit import evaluate as verb
    from audit import templates
    from audit.ceiling import hold_memory
    from audit.config import load
    from audit.engines.local import LocalEngine
    from audit.labelled import load as load_labelled
    from audit.terminal import progress

    settings = load({"workers": workers, "strictness": strictness, "models": models}, file=config)
    hold_memory(settings.max_memory)
    documents = load_labelled(paths, limit=limit, seed=seed, kinds=kind or (), source=given == "source")
    with progress(console_for(no_color, quiet, stderr=True)) as step:
        found = verb.evaluate(
            documents, settings, given=given, paths=paths, folds=folds or 0, fold_models=fold_models, seed=seed,
            fix=fix, engine=LocalEngine(settings.workers), progress=step,
        )  # fmt: skip
    if html:
        templates.write(verb.as_page(found), html)
    if not quiet:
        print(verb.as_json(found) if output == "json" else verb.as_text(found), end="")
