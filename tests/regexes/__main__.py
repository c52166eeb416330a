"""What the package's regular expressions take of a processor on texts made against them, the slowest ones first.

    python -m tests.regexes [--characters 20000] [--shown 20]

The tests count steps and hold them to be linear; this tells what a step costs. Best of three.
"""

import argparse
import collections
import sys
import time

from .attacks import attacks
from .patterns import Use, uses
from .test_linear import BOUNDED


def main() -> None:
    """Print nanoseconds a character, pattern and attack."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--characters", type=int, default=20_000)
    parser.add_argument("--shown", type=int, default=20)
    given = parser.parse_args()
    rows = []
    for name, use in uses().items():
        size = BOUNDED.get(name, given.characters)
        costs = {attack: seconds(use, *attack, size) / size for attack in attacks(use.pattern)}
        worst = max(costs, key=lambda attack: costs[attack])
        rows.append((costs[worst] * 1e9, name, worst))
    for cost, name, (before, unit, end) in sorted(rows, reverse=True)[: given.shown]:
        sys.stdout.write(f"{cost:8.0f} ns a character  {name}: {before!r} + {unit!r} * n + {end!r}\n")


def seconds(use: Use, before: str, unit: str, end: str, size: int) -> float:
    """CPU time of what the package does with a pattern, on a text of so many characters."""
    text = before + unit * max(1, size // len(unit)) + end
    subject = text.encode("utf-8", "replace") if isinstance(use.pattern.pattern, bytes) else text
    took = []
    for _ in range(3):
        began = time.thread_time()
        if use.way == "finditer":
            collections.deque(use.pattern.finditer(subject), 0)
        else:
            getattr(use.pattern, use.way)(subject)
        took.append(time.thread_time() - began)
    return min(took)


if __name__ == "__main__":
    main()
