"""`crawlaudit compare`: which extractor serves which site best."""

from pathlib import Path
from typing import Annotated

import typer

from audit.cli.options import ConfigFile, NoColor, Quiet, console_for
from audit.errors import UsageError


def compare(
    paths: Annotated[
        list[str],
        typer.Argument(metavar="PAGES...", help="Pages to extract; or NAME=TEXTS of the same pages, twice or more."),
    ],
    extractors: Annotated[
        str, typer.Option(help="The extractors to run on the pages, with commas between.")
    ] = "trafilatura,resiliparse",
    out: Annotated[Path, typer.Option(help="Folder for compare.json.")] = Path("crawlaudit-out"),
    seconds: Annotated[float, typer.Option(min=0.1, help="What an extractor may take for one page.")] = 10.0,
    config: ConfigFile = None,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Compare extractors by what each makes of the same pages."""
    import json

    from audit import compare as verb
    from audit.ceiling import hold_memory
    from audit.config import load
    from audit.finding import COMPARISON_FILE
    from audit.terminal import show_comparison
    from audit.visible import json_safe

    settings = load(file=config)
    hold_memory(settings.max_memory)
    folders = dict(word.split("=", 1) for word in paths if "=" in word and not Path(word).exists())
    if folders and (len(folders) < len(paths) or len(folders) < 2):
        raise UsageError("give NAME=TEXTS two times or more and nothing else, each with another name")
    found = (
        verb.compare_folders(folders, settings)
        if folders
        else verb.compare_extractors(paths, [n.strip() for n in extractors.split(",")], settings, seconds)
    )
    out.mkdir(parents=True, exist_ok=True)
    text = json_safe(json.dumps({"inputs": paths} | found, indent=1, ensure_ascii=False)) + "\n"
    (out / COMPARISON_FILE).write_text(text, encoding="utf-8")
    show_comparison(found, console_for(no_color, quiet))
