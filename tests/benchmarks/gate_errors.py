"""How often the gate errs: crawls drawn at the limit must not fail too often, bad ones must.

python tests/benchmarks/gate_errors.py [--crawls 1000]
"""

import argparse
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from audit.conditions import Condition
from audit.gate import Status, _absolute, _compared, _many
from audit.measures import Measure

AT, SITES, N = 0.10, 200, 50


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--crawls", type=int, default=1000)
    crawls = parser.parse_args().crawls
    random = np.random.default_rng(7)
    print(f"{crawls} crawls each; limit {AT:.0%}; failures in per cent of crawls")
    per_site = Condition(metric="bad", limit=AT, scope="site")
    for name, rates in (
        ("200 sites at the limit", np.full(SITES, AT)),
        ("one of 200 sites at 40 %", np.r_[0.4, np.full(SITES - 1, AT)]),
        ("one of 200 sites at 25 %", np.r_[0.25, np.full(SITES - 1, AT)]),
    ):
        right = wrong = 0
        for _ in range(crawls):
            drawn = random.binomial(N, rates)
            checks = _many([_absolute(per_site, Measure(str(i), k / N, int(k), N)) for i, k in enumerate(drawn)])
            failed = {check.found.group for check in checks if check.status is Status.FAILED}
            wrong += bool(failed - ({"0"} if rates[0] > AT else set()))
            right += "0" in failed
        print(f"  {name}: some site fails in error {wrong / crawls:6.1%}; the bad one fails {right / crawls:6.1%}")
    regression = Condition(metric="bad", mode="regression")
    for n in (200, 1000, 5000):
        for rate in (AT, 0.15, 0.2):
            broken = 0
            for _ in range(crawls):
                then, now = int(random.binomial(n, AT)), int(random.binomial(n, rate))
                known = {"scopes": {"all": {"all": {"bad": [then / n, then, n]}}}}
                broken += _compared(regression, Measure("all", now / n, now, n), known, True).status is Status.FAILED
            print(f"  regression, {n:5} documents, {AT:.0%} then {rate:.0%}: fails {broken / crawls:6.1%}")


if __name__ == "__main__":
    main()
