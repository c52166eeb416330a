"""Progress of long work: a bar with rate and remaining time, or now and then a plain line where no one watches."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskID, TextColumn, TimeRemainingColumn
from rich.text import Text

from audit.wording import number

PLAIN_SECONDS = 10.0  # between two plain lines: the log of an hour gets 360 of them
STAGES = {
    "sample": "Drawing the sample",
    "sites": "Learning the sites",
    "documents": "Judging",
    "folds": "Training and judging",
    "models": "Training",
}

Step = Callable[[str, int, int], None]  # stage, parts done, parts in all


@contextmanager
def progress(console: Console, *, every: float = PLAIN_SECONDS) -> Iterator[Step]:
    """Gives the function to call after each part of the work; `every` is the time in seconds between plain lines."""
    if not console.is_terminal or console.quiet:
        yield _Lines(console, every).step
        return
    with Progress(*_columns(), console=console, transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def step(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(STAGES.get(stage, stage))
            bars.update(tasks[stage], completed=done, total=total)

        yield step


class _Lines:
    """Says where the work stands, on a line of its own, at most every so many seconds."""

    def __init__(self, console: Console, every: float) -> None:
        self._console, self._every = console, every
        self._stage, self._start, self._said = "", monotonic(), monotonic()

    def step(self, stage: str, done: int, total: int) -> None:
        now = monotonic()
        if stage != self._stage:
            self._stage, self._start = stage, self._said
        if now - self._said >= self._every:
            self._said = now
            line = _line(STAGES.get(stage, stage), done, total, now - self._start)
            self._console.print(Text(line), soft_wrap=True)


def _line(what: str, done: int, total: int, seconds: float) -> str:
    """One plain line.

    >>> _line("Judging", 20, 80, 16.0)
    'Judging: 20 of 80 parts, 1.2 a second, 48 s left'
    """
    rate = done / max(seconds, 1e-9)
    left = _span((total - done) / rate)
    return f"{what}: {number(done)} of {number(total)} parts, {number(rate)} a second, {left} left"


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
