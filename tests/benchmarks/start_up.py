"""What a command costs before it has done anything: CPU seconds of whole processes, the least of several.

    python tests/benchmarks/start_up.py [--rounds 7]

Also without the compiled files that Python keeps beside modules, as in a container that may not write them.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

WITHOUT = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPYCACHEPREFIX": "nowhere"}  # not even those of Python


def main() -> None:
    """Print a line a command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as place:
        (Path(place) / "one.txt").write_text("word\n", encoding="utf-8")
        for words in ("--help", "check --help", "rule", "check one.txt --no-report", "check one.txt"):
            warm, cold = (least(words.split(), place, more, rounds) for more in ({}, WITHOUT))
            print(f"{warm:.2f} s, {cold:.2f} s without compiled files: crawlaudit {words}", flush=True)


def least(words: list[str], place: str, more: dict[str, str], rounds: int) -> float:
    """CPU seconds of the fastest of so many runs, those of its workers included."""
    environment = {key: value for key, value in os.environ.items() if key not in WITHOUT} | more
    spent = []
    for _ in range(rounds):
        before = os.times()
        subprocess.run(
            [sys.executable, "-m", "audit", *words], cwd=place, env=environment, stdout=subprocess.DEVNULL, check=True
        )
        after = os.times()
        spent.append(sum(after[2:4]) - sum(before[2:4]))
    return min(spent)


if __name__ == "__main__":
    main()
