"""Progress of long work: a bar with rate and remaining time, or now and then a plain line where no one watches."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from time import monotonic
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskID, TextColumn, TimeRemainingColumn
from rich.text import Text

from audit.wording import number

PLAIN_SECONDS = 10.0  # between two plain lines: the log of an hour gets 360 of them
JSON_SECONDS = 1.0
STAGES = {
    "sites": "Learning the sites",
    "documents": "Judging",
    "folds": "Training and judging",
    "models": "Training",
}

Step = Callable[[str, int, int], None]  # stage, parts done, parts in all


@contextmanager
def progress(console: Console, *, every: float = PLAIN_SECONDS, as_json: bool = False) -> Iterator[Step]:
    """Gives the function to call after each part of the work; `every` is the time in seconds between plain lines.

    What it is called with first in a stage was there before: that counts as done, and for no rate.
    """
    if as_json:
        yield _Events(console, min(every, JSON_SECONDS)).step
        return
    if not console.is_terminal or console.quiet:
        yield _Lines(console, every).step
        return
    with Progress(*_columns(), console=console, transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def step(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(STAGES.get(stage, stage), completed=done, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield step


def event(console: Console, name: str, **facts: Any) -> None:
    """Print what happened as one line of JSON, in ASCII, for machines."""
    line = json.dumps({"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "event": name, **facts})
    console.print(Text(line), soft_wrap=True)


class _Lines:
    """Says where the work stands, on a line of its own, at most every so many seconds."""

    def __init__(self, console: Console, every: float) -> None:
        self._console, self._every = console, every
        self._stage, self._start, self._said, self._before = "", monotonic(), monotonic(), 0

    def step(self, stage: str, done: int, total: int) -> None:
        now = monotonic()
        if stage != self._stage:
            self._stage, self._start, self._before = stage, now, done
        if now - self._said >= self._every or self._is_due(done, total):
            self._said = now
            rate = (done - self._before) / max(now - self._start, 1e-9)
            self._say(done, total, rate, (total - done) / rate if rate else None)

    def _is_due(self, done: int, total: int) -> bool:
        return False

    def _say(self, done: int, total: int, rate: float, left: float | None) -> None:
        self._console.print(Text(_line(STAGES.get(self._stage, self._stage), done, total, rate, left)), soft_wrap=True)


class _Events(_Lines):
    """The same for machines, with the end of every stage."""

    def _is_due(self, done: int, total: int) -> bool:
        return done == total

    def _say(self, done: int, total: int, rate: float, left: float | None) -> None:
        pace = {"per_second": round(rate, 3), "seconds_left": None if left is None else round(left, 1)}
        event(self._console, "progress", stage=self._stage, done=done, of=total, **pace)


def _line(what: str, done: int, total: int, rate: float, left: float | None) -> str:
    """One plain line.

    >>> _line("Judging", 20, 80, 1.25, 48.0)
    'Judging: 20 of 80 parts, 1.2 a second, 48 s left'
    >>> _line("Judging", 0, 80, 0.0, None)
    'Judging: 0 of 80 parts'
    """
    pace = "" if left is None else f", {number(rate)} a second, {_span(left)} left"
    return f"{what}: {number(done)} of {number(total)} parts{pace}"


class _Rate(ProgressColumn):
    """Parts a second."""

    def render(self, task: Task) -> Text:
        return Text(f"{number(task.speed)}/s" if task.speed else "", "dim")


def _columns() -> tuple[ProgressColumn, ...]:
    count = TextColumn("{task.completed:,.0f} of {task.total:,.0f} parts", markup=False)
    left = (TimeRemainingColumn(compact=True), TextColumn("left", style="dim"))
    return (TextColumn("{task.description}", markup=False), BarColumn(), count, _Rate(), *left)


def _span(seconds: float) -> str:
    """A time in the two units that matter.

    >>> _span(16.2), _span(75), _span(7300)
    ('16 s', '1 min 15 s', '2 h 1 min')
    """
    whole = max(0, round(seconds))
    minutes, rest = divmod(whole, 60)
    if whole < 60:
        return f"{whole} s"
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
