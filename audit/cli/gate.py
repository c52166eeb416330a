"""`crawlaudit gate`: may a crawl go in?"""

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audit.cli.options import ConfigFile, Quiet
from audit.errors import GateFailedError

if TYPE_CHECKING:
    from audit.config import Config
    from audit.gate import Gate

GateOutput = Annotated[
    list[str] | None,
    typer.Option(
        "--output",
        metavar="FORMAT[:PATH]",
        help="Write text, json, junit, sarif, github, gitlab or markdown; to stdout without a path. Repeatable.",
    ),
]


def gate(
    out: Annotated[Path, typer.Argument(metavar="DIR", help="The results folder of a finished audit.")] = Path(
        "crawlaudit-out"
    ),
    baseline: Annotated[Path | None, typer.Option(metavar="FILE", help="The committed baseline.")] = None,
    before: Annotated[Path | None, typer.Option(metavar="DIR", help="An earlier audit, for conditions on new.")] = None,
    output: GateOutput = None,
    config: ConfigFile = None,
    quiet: Quiet = False,
) -> None:
    """Hold a finished audit to the conditions of the configuration. Exit status 1 when one fails."""
    from audit import gateformats
    from audit.config import load

    for word in output or ():  # a mistake must show before the work, not after
        gateformats.find(word.partition(":")[0])
    at_lines = any(word.partition(":")[0] == "sarif" for word in output or ())
    found = hold(out, load({"baseline": baseline}, file=config), before=before, at_lines=at_lines)
    tell(found, out, output or ([] if quiet else ["text"]))


def hold(out: Path, settings: "Config", *, before: Path | None = None, at_lines: bool = False) -> "Gate":
    """Judge a finished audit, and write `gate.json` into its folder; with `at_lines` also find where findings lie."""
    from audit import gateformats
    from audit.baseline import read
    from audit.conditions import DEFAULT
    from audit.finding import GATE_FILE
    from audit.gate import judge
    from audit.measures import NEW, columns_for
    from audit.spots import DOCUMENTS, FINDINGS, spots
    from audit.table import load_columns

    conditions = settings.gate or DEFAULT
    results = load_columns(out, *columns_for(conditions, settings.suppress))
    found = judge(
        results,
        conditions,
        settings.suppress,
        baseline=read(settings.baseline) if settings.baseline else None,
        before=load_columns(before, sorted(NEW), ()) if before else None,
    )
    if at_lines:
        found = replace(found, spots=spots(load_columns(out, DOCUMENTS, FINDINGS), Path.cwd()))
    gateformats.emit(found, f"json:{out / GATE_FILE}", sys.stdout)
    return found


def tell(found: "Gate", out: Path, output: list[str]) -> None:
    """Write the outcome, and raise GateFailedError when the crawl may not go in."""
    from audit import gateformats
    from audit.holding import Status

    for word in output:
        gateformats.emit(found, word, sys.stdout)
    if found.status is Status.FAILED:
        failed = len(found.of(Status.FAILED))
        worst = f"crawlaudit report {out} --open shows the worst documents"
        raise GateFailedError(f"the gate failed: {failed} of {len(found.checks)} checks; {worst}")
