"""How often a crawl without breaks gets one: `python tests/benchmarks/false_breaks.py [--crawls 2000]`.

Simulated crawls of ten sites and fifty days in which every document is damaged with the same probability, and the same
with the effect floor taken away, which shows what the bound alone does.
"""

import argparse
import random

from audit import breaks

SITES, DAYS, EACH = 10, 50, 100


def main() -> None:
    """Print the share of crawls with a false break, by rate."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--crawls", type=int, default=500)
    given = parser.parse_args()
    draw = random.Random(7)
    for floor in (breaks.LEAST_GAP, 0.0):
        breaks.LEAST_GAP = floor
        for rate in (0.02, 0.2, 0.5):
            false = sum(bool(crawl(rate, draw).rows()) for _ in range(given.crawls))
            print(
                f"least gap {floor}, rate {rate}: {false} of {given.crawls} crawls; at most {breaks.ALPHA:.1%} promised"
            )


def crawl(rate: float, draw: random.Random) -> breaks.Breaks:
    """One crawl in which nothing breaks."""
    out = breaks.Breaks()
    for site in range(SITES):
        days: dict[int, list[int]] = {}
        for i in range(EACH):
            counts = days.setdefault(700_000 + i % DAYS, [0] * 8)
            for family in range(4):
                counts[2 * family] += 1
                counts[2 * family + 1] += draw.random() < rate
        out.cells["site", f"s{site}.example", ""] = days
        out.all = [sum(column) for column in zip(out.all, *days.values(), strict=True)]
    return out


if __name__ == "__main__":
    main()
