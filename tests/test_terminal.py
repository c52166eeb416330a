import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from audit.finding import Mark
from audit.registry import Option, Rule
from audit.terminal import progress, show_rule, show_rules, show_summary


def console(**other: Any) -> Console:
    return Console(file=io.StringIO(), width=100, **other)


def shown(screen: Console) -> str:
    assert isinstance(screen.file, io.StringIO)
    return "".join(f"{line.rstrip()}\n" for line in screen.file.getvalue().splitlines())


def check(page: object, *, at_least: int = 40, marks: tuple[str, ...] = ("…",)) -> Iterator[Mark]:
    """A text that stops in mid-sentence.

    The last line of prose ends without a [bold]full stop[/bold].
    """
    yield from ()


OPTIONS = (Option("at_least", int, 40), Option("marks", tuple[str, ...], ("…",)))
RULE = Rule("TR101", "cut-mid-sentence", "truncation", "error", False, 0.9, check, OPTIONS)


def test_summary_gold(summary: dict[str, Any], gold: Callable[[str, str], None]) -> None:
    screen = console()
    show_summary(summary, screen, out=Path("out"), report=Path("report.html"))
    gold("summary.txt", shown(screen))


def test_summary_obeys_nothing_audited(hostile_summary: dict[str, Any]) -> None:
    """Whatever the console makes of markup, and in colour, too."""
    for screen in (console(), console(force_terminal=True, no_color=True, markup=True, emoji=True)):
        show_summary(hostile_summary, screen)
        text = shown(screen)
        assert "[bold red]markup[/bold red]" in text
        assert "\x1b[31mred" not in text
        assert "]8;" not in text  # a link
        assert "\u202e" not in text
        text.encode()


def test_summary_without_documents(summary: dict[str, Any]) -> None:
    nothing = {"documents": 0, "of": 0, "rate": None, "low": None, "high": None}
    summary["counts"] = dict.fromkeys(summary["counts"], 0)
    summary["families"] = dict.fromkeys(summary["families"], nothing)
    screen = console()
    show_summary(summary | {"worst": [], "sites": [], "unread": [], "not_judged": []}, screen)
    assert "Nothing could be judged." in shown(screen)
    assert "Damage" not in shown(screen)


def test_quiet_is_quiet(summary: dict[str, Any]) -> None:
    screen = console(quiet=True)
    show_summary(summary, screen)
    with progress(screen, every=0) as step:
        step("documents", 1, 2)
    assert shown(screen) == ""


def test_many_reasons_end_in_a_rest(summary: dict[str, Any]) -> None:
    summary["unread"] = [{"reason": f"reason {i}", "documents": 10 - i, "examples": []} for i in range(9)]
    screen = console()
    show_summary(summary, screen)
    assert "14  for other reasons" in shown(screen)


def test_progress_says_plain_lines_now_and_then() -> None:
    screen = console()
    with progress(screen, every=0) as step:
        step("sites", 1, 3)
        step("documents", 0, 3)
        step("documents", 3, 3)
    lines = shown(screen).splitlines()
    assert lines[0] == "Learning the sites: 1 of 3 parts"  # done before: that tells nothing of the pace
    assert lines[2].endswith(" 0 s left")
    screen = console()
    with progress(screen) as step:
        step("documents", 1, 3)
    assert shown(screen) == ""


def test_progress_for_machines() -> None:
    screen = console()
    with progress(screen, every=3600, as_json=True) as step:
        step("sites", 2, 4)
        step("sites", 3, 4)
        step("sites", 4, 4)
    found = json.loads(shown(screen))
    assert found.pop("per_second") > 0
    assert found.pop("time").endswith("+00:00")
    assert found == {"event": "progress", "stage": "sites", "done": 4, "of": 4, "seconds_left": 0.0}


def test_progress_draws_a_bar_for_a_person() -> None:
    screen = console(force_terminal=True)
    with progress(screen) as step:
        step("documents", 2, 3)
    assert "2 of 3 parts" in shown(screen)


def test_bar_in_ascii(summary: dict[str, Any]) -> None:
    raw = io.TextIOWrapper(io.BytesIO(), encoding="ascii", errors="replace")
    show_summary(summary, Console(file=raw, width=100))
    raw.seek(0)
    assert "#####-----------" in raw.read()


def test_rule_page(gold: Callable[[str, str], None]) -> None:
    screen = console()
    show_rule(RULE, screen)
    show_rules([RULE], screen)
    gold("rule.txt", shown(screen))


@pytest.mark.parametrize(("bad", "suspect", "unread", "word"), [
    (0, 0, 0, "Little"), (1, 5, 0, "Little"), (3, 0, 0, "Look"), (0, 20, 0, "Look"), (0, 0, 9, "Look"),
    (30, 0, 0, "Repair"),
])  # fmt: skip
def test_verdict_in_words(summary: dict[str, Any], bad: int, suspect: int, unread: int, word: str) -> None:
    counts = {"read": 100, "seen": 100 + unread, "bad": bad, "suspect": suspect, "unread": unread}
    summary["counts"] |= counts | {"ok": 100 - bad - suspect}
    screen = console()
    show_summary(summary, screen)
    assert shown(screen).startswith(word)


def test_breaks_are_told_and_the_rest_counted(summary: dict[str, Any]) -> None:
    said = [
        f"From {n} March 2026 on, 96 % of \x1b[31m[red]s{n}.example lack their lead; before, 2 %." for n in range(1, 9)
    ]
    screen = console(markup=True)
    show_summary(summary | {"breaks": [{"message": message} for message in said]}, screen)
    text = shown(screen)
    assert "Breaks\n  From 1 March 2026 on, 96 % of [U+001B][31m[red]s1.example lack their lead; before, 2 %." in text
    assert "and 3 more in summary.json" in text
    assert "From 6 March" not in text
