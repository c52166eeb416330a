"""A crawl of any size out of labelled tables: real lines, documents of about 3 KB, many sites with templates.

    python tests/benchmarks/made_crawl.py FOLDER OUT [--documents 100000] [--sites 2000]

FOLDER holds `lines.parquet` as `crawlaudit train` takes it. A document is a run of content lines of real pages, with
lines that were labelled as noise around it, six of which all documents of its site share.
"""

import argparse
import json
import random
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq

CHARS = 3000
A_FILE = 50_000
SHARED, NEAR = 6, 40


def main() -> None:
    """Write the crawl."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--sites", type=int, default=2000)
    given = parser.parse_args()
    print(f"{make(given.folder, given.out, given.documents, given.sites) / 1e6:.0f} MB in {given.out}")


def make(folder: Path, out: Path, documents: int, sites: int) -> int:
    """Write JSON Lines of `A_FILE` documents each. Returns the bytes of all texts."""
    content, noise = lines_of(folder)
    out.mkdir(parents=True, exist_ok=True)
    size = 0
    for first in range(0, documents, A_FILE):
        with (out / f"{first:09}.jsonl").open("w", encoding="utf-8") as file:
            for number in range(first, min(first + A_FILE, documents)):
                text = "\n".join(text_of(number, number * 7919 % sites, content, noise))
                size += len(text.encode())
                url = f"https://site{number * 7919 % sites}.example/news/{number}"
                file.write(json.dumps({"id": str(number), "url": url, "text": text}) + "\n")
    return size


def lines_of(folder: Path) -> tuple[list[str], list[str]]:
    """The content lines and the noise lines of all labelled texts, in their order."""
    table = pq.read_table(folder / "lines.parquet", columns=["text", "labels"])
    found: dict[str, list[str]] = {"content": [], "noise": []}
    for text, labels in zip(table["text"].to_pylist(), table["labels"].to_pylist(), strict=True):
        for line, label in zip(text.splitlines(), labels, strict=True):
            if label in found and 3 < len(line) < CHARS:
                found[label].append(line)
    return found["content"], found["noise"]


def text_of(number: int, site: int, content: list[str], noise: list[str]) -> Iterator[str]:
    """The lines of one document, the same whenever it is made."""
    chance, template = random.Random(number), random.Random(-site)
    shared = [template.choice(noise)[:NEAR] + f" {site}" for _ in range(SHARED)]
    yield from shared[:2]
    at, left = chance.randrange(len(content)), CHARS - sum(map(len, shared))
    while left > 0:
        line = content[at % len(content)][:left]
        yield line
        at, left = at + 1, left - len(line) - 1
    yield from shared[2:]


if __name__ == "__main__":
    main()
