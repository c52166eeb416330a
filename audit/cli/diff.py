"""`crawlaudit diff`: what changed between two audits."""

from pathlib import Path
from typing import Annotated, Literal

import typer


def diff(
    before: Annotated[Path, typer.Argument(metavar="BEFORE", help="The results folder of the earlier audit.")],
    after: Annotated[Path, typer.Argument(metavar="AFTER", help="The results folder of the later audit.")],
    output: Annotated[Literal["text", "json"], typer.Option("--format", help="What to print.")] = "text",
) -> None:
    """Show what changed between two audits: documents, sites, and rates with how sure the change is."""
    import json
    from dataclasses import asdict

    from audit import diff as verb
    from audit.table import load_results
    from audit.visible import json_safe, visible

    found = verb.compare(load_results(before), load_results(after))
    if output == "json":
        print(json_safe(json.dumps(asdict(found), indent=1, ensure_ascii=False)))
    else:
        print("\n".join(visible(line) for line in verb.as_lines(found)))
