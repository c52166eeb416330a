"""Kill an audit again and again, in any process and at any moment, and compare with one that was left alone.

    python tests/benchmarks/kill_and_resume.py CRAWL [--kills 200] [--workers 2] [--seed 0]

A round is one audit, killed with SIGKILL (the command, or one of its workers) or SIGTERM after a random time and begun
again until it comes to its end; every third round reuses what an audit of the first half of the crawl's files, or of its
only file, has judged. Prints how often each was killed; ends with status 1 when a result differs.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from scale import family

CLOCKS = ("started", "seconds", "documents_per_second", "bytes_per_second", "command", "resumed_parts", "reused")
KILLS = 6  # in a round at most, so that it ends
UNIT_BYTES = 100_000
PROGRAM = f"""
import sys
from functools import partial
from audit import cli, inputs, run
if __name__ == "__main__":
    run.plan = partial(inputs.plan, unit_bytes={UNIT_BYTES})
    cli.main()
"""


def main() -> None:
    """Print a line a round."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("crawl")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--workers", default="2")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    chance, bad, number, kills = random.Random(given.seed), 0, 0, Counter[str]()
    with tempfile.TemporaryDirectory() as place:
        program = [sys.executable, "-c", PROGRAM, "check"]
        flags = ["--workers", given.workers, "--no-report", "-q", "--out"]
        files = sorted(str(path) for path in Path(given.crawl).iterdir())
        subprocess.run([*program, *files[: (len(files) + 1) // 2], *flags, f"{place}/earlier"], check=True)
        start = time.perf_counter()
        subprocess.run([*program, given.crawl, *flags, f"{place}/whole"], check=True)
        lasts, wanted = time.perf_counter() - start, results(Path(place) / "whole")
        while kills.total() < given.kills:
            number += 1
            out, reuse = Path(place) / str(number), ["--reuse", f"{place}/earlier"] * (number % 3 == 0)
            done = killed([*program, given.crawl, *flags, str(out), *reuse], lasts, chance)
            same = results(out) == wanted
            bad, kills = bad + (not same), kills + done
            shutil.rmtree(out)
            print(f"round {number}: {dict(done)}, {'same' if same else 'DIFFERENT'}", flush=True)
    told = ", ".join(f"{n} {how}" for how, n in sorted(kills.items()))
    print(
        f"{number} rounds, {kills.total()} kills ({told}), {bad} different; an audit that is left alone takes {lasts:.1f} s"
    )
    sys.exit(bool(bad))


def killed(command: list[str], lasts: float, chance: random.Random) -> Counter[str]:
    """Run to the end in spite of everything. Returns who was killed how often."""
    done: Counter[str] = Counter()
    for attempt in range(KILLS + 1):
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        if attempt < KILLS:
            time.sleep(chance.random() * lasts)
            how = chance.choice(["kill", "kill", "term", "worker"])
            workers = family(process.pid)[1:]
            if process.poll() is None:
                victim = chance.choice(workers) if how == "worker" and workers else process.pid
                os.kill(victim, signal.SIGTERM if how == "term" else signal.SIGKILL)
                done[how] += 1
        if process.wait() == 0:
            break
    return done


def results(out: Path) -> tuple[object, ...]:
    """All that an audit found, without its clocks."""
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    told = {key: value for key, value in summary.items() if key not in CLOCKS}
    files = ("documents.parquet", "findings.parquet", "keys.parquet", "examples.jsonl")
    return told, *((out / name).read_bytes() for name in files), sorted(path.name for path in out.iterdir())


if __name__ == "__main__":
    main()
