"""How fast an audit is beside other filters of text: `python tests/benchmarks/throughput.py TEXTS [--documents 300]`.

TEXTS is a Parquet or JSON Lines file with a field `text`; without it the sample crawl stands in, which is too small to
say much. Every contestant gets the same documents, on one core, in this one process, round by round in turn; the
medians of CPU seconds count. Those that are not installed are named as absent: `pip install justext datatrove[processing]`.
"""

import argparse
import json
import logging
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):  # before numpy is imported
    os.environ[name] = "1"

SAMPLE = Path(__file__).parents[1] / "samples" / "crawl"
Run = Callable[[], object]


def main() -> None:
    """Measure everybody in turn and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("texts", type=Path, nargs="?")
    parser.add_argument("--documents", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    texts = [t for t in read(given.texts) if t.strip()][: given.documents]
    with tempfile.TemporaryDirectory() as folder:
        runs = dict(contestants(texts, Path(folder)))
        seconds: dict[str, list[float]] = {name: [] for name in runs}
        for turn in range(given.rounds + 1):  # the first warms up
            for name, run in runs.items():
                began = time.process_time()
                run()
                if turn:
                    seconds[name].append(time.process_time() - began)
    show(texts, {name: statistics.median(took) for name, took in seconds.items()})


def read(path: Path | None) -> Iterator[str]:
    """The texts of a file, or of the sample crawl."""
    if path is None:
        yield from (file.read_text(encoding="utf-8", errors="replace") for file in sorted(SAMPLE.rglob("*.txt")))
    elif path.suffix == ".parquet":
        import pyarrow.parquet as pq

        yield from (text for text in pq.read_table(path, columns=["text"])["text"].to_pylist() if text)
    else:
        with path.open(encoding="utf-8") as lines:
            yield from (json.loads(line).get("text") or "" for line in lines)


def contestants(texts: Sequence[str], folder: Path) -> Iterator[tuple[str, Run]]:
    """Everybody who is installed, crawlaudit first."""
    yield "crawlaudit", crawlaudit(texts, folder)
    yield "decode and splitlines", floor(texts)
    for name, make in (("jusText: classify paragraphs", justext), ("datatrove: Gopher, C4, FineWeb", datatrove)):
        try:
            yield name, make(texts)
        except (ImportError, OSError) as error:
            print(f"absent: {name} ({error})", file=sys.stderr)


def crawlaudit(texts: Sequence[str], folder: Path) -> Run:
    """A whole audit of one file, classifier and all rules on, findings and results written."""
    from audit.config import Config
    from audit.run import audit

    crawl = folder / "crawl.jsonl"
    lines = (json.dumps({"id": f"d{i}", "text": text}) + "\n" for i, text in enumerate(texts))
    crawl.write_text("".join(lines), encoding="utf-8")
    return lambda: audit([str(crawl)], Config(workers=1), Path(tempfile.mkdtemp(dir=folder)))


def floor(texts: Sequence[str]) -> Run:
    """What no reader of text can be faster than."""
    encoded = [text.encode("utf-8", "replace") for text in texts]
    return lambda: [data.decode("utf-8").splitlines() for data in encoded]


def justext(texts: Sequence[str]) -> Run:
    """Both passes of jusText over the lines, without HTML."""
    from justext import get_stoplist
    from justext.core import classify_paragraphs, revise_paragraph_classification
    from justext.paragraph import Paragraph

    stoplist = frozenset(word.lower() for word in get_stoplist("English"))

    def run() -> None:
        for text in texts:
            paragraphs = []
            for line in filter(str.strip, text.splitlines()):
                paragraph = Paragraph(_Nowhere())
                paragraph.append_text(line)
                paragraphs.append(paragraph)
            classify_paragraphs(paragraphs, stoplist)
            revise_paragraph_classification(paragraphs)

    return run


class _Nowhere:
    """The place of a paragraph in a page, for texts that have none."""

    dom = xpath = ""


def datatrove(texts: Sequence[str]) -> Run:
    """The filters that made FineWeb, one after the other, each seeing every document."""
    from datatrove.data import Document
    from datatrove.pipeline.filters import (
        C4QualityFilter,
        FineWebQualityFilter,
        GopherQualityFilter,
        GopherRepetitionFilter,
    )

    logging.disable(logging.WARNING)
    filters = [GopherRepetitionFilter(), GopherQualityFilter(), C4QualityFilter(), FineWebQualityFilter()]

    def run() -> None:
        for i, text in enumerate(texts):
            for each in filters:
                each.filter(Document(text=text, id=str(i)))

    run()  # what is missing for its tokenizer shows here
    return run


def show(texts: Sequence[str], seconds: dict[str, float]) -> None:
    """MB/s, documents/s, and how many times faster crawlaudit is."""
    from rich.console import Console
    from rich.table import Table

    megabytes = sum(len(text.encode("utf-8", "replace")) for text in texts) / 1e6
    table = Table(title=f"{len(texts)} documents, {megabytes:.1f} MB")
    for heading in ("", "MB/s", "documents/s", "crawlaudit is … times as fast"):
        table.add_column(heading, justify="right" if heading else "left")
    for name, took in seconds.items():
        rate = [f"{megabytes / took:.2f}", f"{len(texts) / took:.0f}", f"{took / seconds['crawlaudit']:.2f}"]
        table.add_row(name, *rate)
    Console().print(table)


if __name__ == "__main__":
    main()
