"""`crawlaudit diff`: what changed between two audits."""

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

Before = Annotated[
    Path | None,
    typer.Option(metavar="PATH", exists=True, help="An earlier audit or a baseline: the report tells what changed."),
]


def diff(
    before: Annotated[Path, typer.Argument(metavar="BEFORE", help="The earlier audit's results, or a baseline file.")],
    after: Annotated[Path, typer.Argument(metavar="AFTER", help="The results folder of the later audit.")],
    output: Annotated[Literal["text", "json"], typer.Option("--format", help="What to print.")] = "text",
) -> None:
    """Show what changed between two audits. Rates are told with how sure their change is."""
    import json

    from audit.changes import as_lines, changed
    from audit.visible import json_safe

    found = changes(before, after)
    if output == "json":
        print(json_safe(json.dumps(found, indent=1, ensure_ascii=False)))
    elif shown := changed(found):
        print("\n".join(as_lines(shown)))


def changes(before: Path, after: Path) -> dict[str, Any]:
    """What changed as plain data, for the report and for JSON."""
    from dataclasses import asdict

    from audit.diff import compare

    return asdict(compare(before, after))
