"""What pass 1 costs: `python tests/benchmarks/survey_cost.py [--documents 100000] [--sites 5000]`.

Made-up documents of 30 different lines each, 8 of them the site's; prints seconds, megabytes and how exact it was.
"""

import argparse
import time
import tracemalloc

from audit.document import Document
from audit.sites import Survey

UNIT = 2000


def main() -> None:
    """Survey the documents in units, as an audit does."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--sites", type=int, default=5000)
    parser.add_argument("--memory", action="store_true", help="trace memory too, which takes several times as long")
    given = parser.parse_args()
    if given.memory:
        tracemalloc.start()
    whole, began, spent = Survey(), time.perf_counter(), 0.0
    for first in range(0, given.documents, UNIT):
        made = [document(i, i * 7919 % given.sites) for i in range(first, min(first + UNIT, given.documents))]
        start = time.perf_counter()
        part = Survey()
        for one in made:
            part.add(one)
        whole.merge(part)
        spent += time.perf_counter() - start
    whole.evidence()
    print(f"{spent:.1f} s of {time.perf_counter() - began:.1f} s, {1e6 * spent / given.documents:.0f} µs a document")
    if given.memory:
        print("MB now and at most:", [round(n / 1e6) for n in tracemalloc.get_traced_memory()])
    print(
        "MB of lines:", round(sum(s.keys.nbytes + s.counts.nbytes for s in whole.sites.values()) / 1e6), whole.about()
    )


def document(number: int, site: int) -> Document:
    """One made-up document."""
    template = [f"Template line {n} of site {site}" for n in range(8)]
    own = [
        f"Sentence {n} of document {number}, which is as long as sentences of the news are as a rule."
        for n in range(22)
    ]
    return Document(f"d{number}", "x", "\n".join(template[:3] + own + template[3:]), site=f"site{site}.example")


if __name__ == "__main__":
    main()
