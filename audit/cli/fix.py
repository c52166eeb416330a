"""`crawlaudit fix`: write a crawl without what does not belong to its texts."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from audit.cli.options import ConfigFile, Quiet


def fix(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Files, folders or globs.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="A new or empty folder for the files.")],
    confidence: Annotated[
        float | None, typer.Option(min=0, max=1, help="Remove everything of at least this confidence.")
    ] = None,
    aggressive: Annotated[bool, typer.Option("--aggressive", help="The same as --confidence 0.5.")] = False,
    drop: Annotated[
        Literal["bad", "suspect"] | None, typer.Option(help="Leave bad documents out, or also suspect ones.")
    ] = None,
    config: ConfigFile = None,
    quiet: Quiet = False,
) -> None:
    """Write texts and JSON Lines again without what surely does not belong, and removed.jsonl with all that went."""
    from audit import fix as verb
    from audit.config import load
    from audit.finding import dropped
    from audit.visible import visible

    sure = 0.5 if aggressive and confidence is None else confidence
    done = verb.fix(paths, out, load(file=config), confidence=sure, drop=dropped(drop))
    if quiet:
        return
    print(f"{done.changed} of {done.seen} documents changed, {done.characters} characters removed, in {out}")
    print(f"{done.dropped} left out, {done.unread} not read; what went is in {out / verb.RECORD}")
    for source, why in done.copied:
        print(f"copied as it is ({visible(why)}): {visible(source)}")
