"""Time and memory by the size of the crawl, in one table: both per document, and the peak of all processes together.

    python tests/benchmarks/scale.py FOLDER [--documents 10000 100000] [--workers 2] [--engine local]

FOLDER holds labelled tables, of which `made_crawl.py` makes the crawls. The peak is that of the proportional set sizes
(Linux) of the command and all its processes, looked at ten times a second. The last line extrapolates to a million.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from made_crawl import make

EVERY = 0.1  # seconds between two looks at the memory
MILLION = 1_000_000


def main() -> None:
    """Print a line a size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--documents", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--sites", type=int, default=2000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--engine", default="local")
    given = parser.parse_args()
    print(f"{'documents':>10}  {'MB':>6}  {'seconds':>8}  {'CPU s':>7}  {'µs CPU each':>11}  {'peak MB':>8}")
    points = []
    for documents in given.documents:
        with tempfile.TemporaryDirectory() as place:
            size = make(given.folder, Path(place) / "crawl", documents, given.sites)
            words = ["--workers", str(given.workers), "--engine", given.engine]
            wall, peak, summary = audited(Path(place), words)
            cpu = summary["seconds"]["cpu"]
            points.append((documents, wall))
            each = 1e6 * cpu / documents
            print(f"{documents:>10}  {size / 1e6:>6.0f}  {wall:>8.1f}  {cpu:>7.1f}  {each:>11.0f}  {peak / 1e6:>8.0f}")
    if len(points) > 1:
        (n, first), *_, (m, last) = points
        each = (last - first) / (m - n)
        print(f"{MILLION:>10}  would take {last + each * (MILLION - m):.0f} s at {1e6 * each:.0f} µs for each more")


def audited(place: Path, words: list[str]) -> tuple[float, int, dict[str, dict[str, float]]]:
    """Wall seconds, peak bytes and the summary of an audit of `place/crawl`."""
    start, peak = time.perf_counter(), 0
    command = [sys.executable, "-m", "audit", "check", str(place / "crawl"), "--out", str(place / "out")]
    process = subprocess.Popen([*command, "--no-report", "--quiet", *words])
    while process.poll() is None:
        peak = max(peak, sum(map(proportional, family(process.pid))))
        time.sleep(EVERY)
    if process.returncode:
        raise SystemExit(process.returncode)
    return time.perf_counter() - start, peak, json.loads((place / "out" / "summary.json").read_text(encoding="utf-8"))


def family(pid: int) -> list[int]:
    """A process and all below it."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(p for child in children for p in family(int(child)))]


def proportional(pid: int) -> int:
    """Bytes of memory, with what is shared divided among those who share it."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:  # it has just ended
        return 0
    return next((int(line.split()[1]) << 10 for line in lines if line.startswith("Pss:")), 0)


if __name__ == "__main__":
    main()
