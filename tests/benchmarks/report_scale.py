"""How long the report of a large crawl takes from finished results, how large it is, and how much memory it needs.

    python tests/benchmarks/report_scale.py [DOCUMENTS] [SITES]

The results are synthetic: the fixture's summary with the counts and sites scaled up, and tables with a row a document.
"""

import json
import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from audit.finding import DOCUMENTS_FILE, SUMMARY_FILE
from audit.report import render, render_folder
from audit.table import DOCUMENTS, load_summary

FIXTURE = Path(__file__).parents[1] / "fixtures" / "summary.json"
PART = 50_000


def make(out: Path, documents: int, sites: int) -> None:
    """Write `documents.parquet` and `summary.json`."""
    rng = np.random.default_rng(7)
    with pq.ParquetWriter(out / DOCUMENTS_FILE, DOCUMENTS, compression="zstd") as writer:
        for start in range(0, documents, PART):
            names = [f"d{n}" for n in range(start, min(documents, start + PART))]
            columns = {field.name: pa.nulls(len(names), field.type) for field in DOCUMENTS}
            places = rng.integers(0, sites, len(names))
            columns |= {"id": pa.array(names), "source": pa.array([f"crawl/{n}.txt" for n in names])}
            columns |= {
                "title": pa.array([f"Story {n}" for n in names]),
                "site": pa.array([f"site{n}.example" for n in places]),
            }
            columns |= {"score": pa.array(rng.uniform(0, 100, len(names))), "verdict": pa.array(["bad"] * len(names))}
            writer.write_table(pa.table(columns, schema=DOCUMENTS))
    summary = json.loads(FIXTURE.read_text(encoding="utf-8"))
    row, line = summary["sites"][0], summary["recurring"][0]
    summary["sites"] = [row | {"site": f"site{n}.example"} for n in range(min(200, sites))]
    summary["recurring"] = [line | {"site": f"site{n}.example"} for n in range(min(200, sites))]
    summary["other_sites"] = summary["other_sites"] | {"sites": max(0, sites - 200)}
    (out / SUMMARY_FILE).write_text(json.dumps(summary), encoding="utf-8")


def main(documents: int = 1_000_000, sites: int = 5_000) -> None:
    """Print a line a packaging."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        make(out, documents, sites)
        made = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for write in (render_folder, render):
            start = time.perf_counter()
            page = write(load_summary(out), out)
            seconds, size = time.perf_counter() - start, page.stat().st_size
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            print(f"{page.name}: {seconds:.1f} s, {size / 1e6:.2f} MB, peak {peak >> 10} MB ({made >> 10} MB before)")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
