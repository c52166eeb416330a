"""How long reading and comparing source pages takes, beside trafilatura's extraction of the same pages.

    python tests/benchmarks/source_pages.py PAGES.parquet [COUNT]

PAGES has a column `html`. Prints CPU seconds per thousand pages of both, measured in one run, and their ratio; Python
looks for no circles of garbage meanwhile, as in an audit.
"""

import sys
import time
from collections.abc import Callable, Sequence

import pandas as pd
from trafilatura import extract

from audit.document import Document
from audit.segment import segment
from audit.source.evidence import evidence
from audit.together import uncollected


def seconds(work: Callable[[int], object], count: int) -> float:
    """CPU seconds per thousand calls."""
    with uncollected():
        began = time.process_time()
        for i in range(count):
            work(i)
        return (time.process_time() - began) / max(1, count) * 1000


def main(arguments: Sequence[str]) -> None:
    """Measure, and print."""
    pages = pd.read_parquet(arguments[0], columns=["html"]).html.head(int(arguments[1]) if arguments[1:] else 200)
    texts: list[str] = []
    extraction = seconds(lambda i: texts.append(extract(pages.iloc[i]) or ""), len(pages))
    documents = [
        Document(str(i), str(i), text, html=html) for i, (text, html) in enumerate(zip(texts, pages, strict=True))
    ]
    segmented = [segment(d) for d in documents]
    comparison = seconds(lambda i: evidence(segmented[i]), len(segmented))
    print(f"trafilatura.extract  {extraction:7.2f} s per thousand pages")
    print(f"source pages         {comparison:7.2f} s per thousand pages")
    print(f"ratio                {comparison / extraction:7.3f}")


if __name__ == "__main__":
    main(sys.argv[1:])
