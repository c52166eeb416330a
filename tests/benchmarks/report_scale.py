"""How long the report of a large crawl takes from finished results, how large it is, and how much memory it needs.

    python tests/benchmarks/report_scale.py [DOCUMENTS] [SITES]

The results are synthetic: the fixture's summary with the counts and sites scaled up, tables with a row a document, as
many documents with their texts as an audit keeps at most, and an earlier audit to be compared with.
"""

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from audit.diff import compare
from audit.finding import DOCUMENTS_FILE, EXAMPLES_FILE, FAMILIES, SUMMARY_FILE
from audit.report import render, render_folder
from audit.table import DOCUMENTS, load_summary

FIXTURE = Path(__file__).parents[1] / "fixtures" / "summary.json"
PART, KEPT = 50_000, 240


def make(out: Path, documents: int, sites: int, seed: int) -> None:
    """Write `documents.parquet` and `summary.json`."""
    rng = np.random.default_rng(seed)
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
            columns |= {name: pa.array(rng.uniform(0, 1, len(names))) for name in FAMILIES}
            columns |= {"words": pa.array(rng.integers(5, 5000, len(names)))}
            columns |= {"score": pa.array(rng.uniform(0, 100, len(names)))}
            columns |= {"verdict": pa.array(rng.choice(["ok", "suspect", "bad"], len(names)))}
            writer.write_table(pa.table(columns, schema=DOCUMENTS))
    summary = json.loads(FIXTURE.read_text(encoding="utf-8"))
    row, line = summary["sites"][0], summary["recurring"][0]
    row["timeline"]["periods"] = rng.integers(0, 90, (24, 8)).tolist()
    summary["sites"] = [row | {"site": f"site{n}.example"} for n in range(min(200, sites))]
    summary["recurring"] = [line | {"site": f"site{n}.example"} for n in range(min(200, sites))]
    summary["other_sites"] = summary["other_sites"] | {"sites": max(0, sites - 200)}
    (out / SUMMARY_FILE).write_text(json.dumps(summary), encoding="utf-8")
    (out / EXAMPLES_FILE).write_text("".join(json.dumps(example(n)) + "\n" for n in range(KEPT)), encoding="utf-8")


def example(number: int) -> dict[str, Any]:
    """A long document with many findings, as `examples.jsonl` has it."""
    text = "The harbour is open again, the city said on Monday.\n" * 340
    found = {"rule": "CH203", "name": "share", "family": "chrome", "confidence": 0.9, "severity": "warning"}
    found |= {"line": 1, "removable": True, "message": "A share button.", "evidence": {}}
    findings = [found | {"start": start, "end": start + 20} for start in range(0, len(text), 170)]
    about = {
        "id": f"d{number}",
        "source": f"crawl/{number}.txt",
        "url": None,
        "site": "site0.example",
        "title": "Story",
    }
    judged = {"lang": "en", "score": 50.0, "verdict": "bad", "risks": dict.fromkeys(FAMILIES, 0.5), "chars": len(text)}
    return about | judged | {"parts": [(0, text)], "findings": findings}


def main(documents: int = 1_000_000, sites: int = 5_000) -> None:
    """Print a line a packaging, and one for the changes since an earlier audit."""
    with tempfile.TemporaryDirectory() as folder:
        out, earlier = Path(folder, "now"), Path(folder, "before")
        for seed, place in enumerate((out, earlier)):
            place.mkdir()
            make(place, documents, sites, seed)
        measure("before", lambda: None)
        measure("folder", lambda: render_folder(load_summary(out), out))
        measure("single file", lambda: render(load_summary(out), out))
        measure("changes", lambda: compare(earlier, out))


def measure(what: str, work: Callable[[], object]) -> None:
    """Print the seconds, the size of the page written, and the process's peak of memory so far."""
    wall, cpu = time.perf_counter(), time.process_time()
    page = work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    size = f"{page.stat().st_size / 1e6:.2f} MB, " if isinstance(page, Path) else ""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    print(f"{what}: {wall:.1f} s ({cpu:.1f} s of CPU), {size}peak {peak} MB")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
