"""`crawlaudit rule`: explain a rule."""

from typing import Annotated

import typer

from audit.cli.options import NoColor, console_for


def rule(
    code: Annotated[str | None, typer.Argument(help="A rule's code or name; all rules when left out.")] = None,
    no_color: NoColor = False,
) -> None:
    """Explain a rule, or list them all."""
    from audit.registry import find_rule, rules
    from audit.terminal import show_rule, show_rules

    console = console_for(no_color, quiet=False)
    if code is None:
        show_rules(rules().values(), console)
    else:
        show_rule(find_rule(code), console)
