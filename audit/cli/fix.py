"""`crawlaudit fix`: write a crawl without what does not belong to its texts."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from audit.cli.options import ConfigFile, Quiet
from audit.errors import UsageError

if TYPE_CHECKING:
    from audit.menders import Fixed


def fix(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Files, folders or globs.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="A new or empty folder for the files.")],
    confidence: Annotated[
        float | None, typer.Option(min=0, max=1, help="Remove everything of at least this confidence.")
    ] = None,
    aggressive: Annotated[bool, typer.Option("--aggressive", help="Remove also what is less sure.")] = False,
    drop: Annotated[
        Literal["bad", "suspect"] | None, typer.Option(help="Leave bad documents out, or also suspect ones.")
    ] = None,
    restore: Annotated[
        bool, typer.Option("--restore", help="PATH is a fixed folder: write it with its texts as they were.")
    ] = False,
    exclude: Annotated[
        list[str] | None, typer.Option(metavar="PATTERN", help="Leave files out, as in .gitignore. Repeatable.")
    ] = None,
    config: ConfigFile = None,
    quiet: Quiet = False,
) -> None:
    """Write a crawl again without what surely does not belong to it. All that went stands in removed.jsonl."""
    from audit import fix as verb
    from audit.ceiling import hold_memory
    from audit.config import load
    from audit.finding import dropped
    from audit.repair import AGGRESSIVE

    settings = load({"exclude": exclude}, file=config)
    hold_memory(settings.max_memory)
    if restore:
        if len(paths) != 1 or confidence is not None or aggressive or drop or exclude:
            raise UsageError("--restore takes one fixed folder and --out, and nothing else")
        done = verb.put_back(Path(paths[0]), out, settings)
        n = done.counts
        said = f"{n.changed} of {n.seen} documents as they were, {n.characters} characters put back, in {out}"
        left = f"{n.dropped} were left out: their texts are in {Path(paths[0]) / verb.RECORD}"
    else:
        sure = AGGRESSIVE if aggressive and confidence is None else confidence
        done = verb.fix(paths, out, settings, confidence=sure, drop=dropped(drop))
        n = done.counts
        said = f"{n.changed} of {n.seen} documents changed, {n.characters} characters removed, in {out}"
        left = f"{n.dropped} left out, {n.unread} not read; what went is in {out / verb.RECORD}"
    if not quiet:
        print(said, left, *_told(done), sep="\n")


def _told(done: "Fixed") -> list[str]:
    from audit.visible import visible

    skipped = [f"{done.skipped} files of no known format were not copied"] if done.skipped else []
    return skipped + [f"as it is: {visible(source)}: {visible(why)}" for source, why in done.told]
