"""How often the gate errs, for each kind of condition: crawls at the limit must hardly ever fail, bad ones must.

python tests/benchmarks/gate_errors.py [--crawls 1000]

Prints Markdown tables, in per cent of the crawls: those that fail, that pass, and of which it cannot be told.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[2]))

from audit.conditions import Condition
from audit.document import Unread
from audit.holding import Check, Status, absolute, among_many, compared
from audit.intervals import wilson
from audit.measures import VALUES, Measure
from audit.sampling import Sampler

AT, SITES, N = 0.10, 200, 50
Draw = Callable[[], list[Check]]
RANDOM = np.random.default_rng(7)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--crawls", type=int, default=1000)
    crawls = parser.parse_args().crawls
    for title, rows in (
        ("a sample against a limit", _samples()),
        ("a sample drawn as `check --sample` draws it, of 2,000 documents on 40 sites of 0 to 40 %", _drawn()),
        ("a crawl or sample against a baseline", _baselines()),
    ):
        print(f"| {title} | fails | passes | cannot be told |\n| --- | ---: | ---: | ---: |")
        for name, draw in rows:
            ends = Counter(draw()[0].status for _ in range(crawls))
            told = [ends[s] / crawls for s in (Status.FAILED, Status.PASSED, Status.INCONCLUSIVE)]
            print(f"| {name} | {' | '.join(f'{share:.1%}' for share in told)} |")
        print()
    print("| 200 sites | some site fails in error | the bad one fails |\n| --- | ---: | ---: |")
    for name, draw in _many():
        wrong, right = _of_many(draw, crawls)
        print(f"| {name} | {wrong:.1%} | {right:.1%} |")


def _samples() -> Iterator[tuple[str, Draw]]:
    for n in (100, 400, 1600):
        for rate in (0.05, AT, 0.15, 0.2):
            yield f"rate of at most 10 %: {n} documents, truly {100 * rate:.0f} %", _rate(n, rate)
    for metric, limit in (("score", 80.0), ("score_p10", 50.0), ("bad_words", AT)):
        for off in (0.0, 0.5, 1.0):
            worse = f"truly worse by {100 * off:.0f} %" + (" of it" if metric == "bad_words" else " of the spread")
            name = f"{metric} against its limit: 400 documents, {worse if off else 'truly at it'}"
            yield name, _valued(metric, limit, 400, off)


def _rate(n: int, rate: float) -> Draw:
    condition = Condition(metric="bad", limit=AT)
    return lambda: [absolute(condition, _measure(RANDOM.binomial(n, rate), n), sampled=True)]


def _valued(metric: str, limit: float, n: int, off: float) -> Draw:
    """Scores and lengths drawn from a large crawl of a skewed kind, whose own value is the limit, or worse."""
    pool = _crawl(100_000)
    if metric == "bad_words":
        pool["bad"] = RANDOM.random(len(pool)) < AT * (1 + off)
        limit = VALUES[metric](pool)[0] / (1 + off)
    else:
        pool["score"] += -off * pool["score"].std() + limit - VALUES[metric](pool)[0]
    condition = Condition(metric=metric, limit=limit)
    return lambda: [absolute(condition, _value(metric, _some(pool, n)), sampled=True)]


def _drawn() -> Iterator[tuple[str, Draw]]:
    rates = np.linspace(0, 0.4, 40)
    found = [Unread(f"{s}/{i}", "", "", site=str(s)) for s in range(40) for i in range(50)]
    bad = {one.id for one in found if int(one.id.split("/")[1]) < round(50 * rates[int(one.site or 0)])}
    for name, limit in (("at the limit", len(bad) / 2000), ("worse by half", len(bad) / 3000)):
        condition, seeds = Condition(metric="bad", limit=limit), iter(range(1_000_000))

        def draw(condition: Condition = condition, seeds: Iterator[int] = seeds) -> list[Check]:
            sampler = Sampler(200, next(seeds))
            for one in found:
                sampler.add(one)
            sample = sampler.drawn()
            k = sum(one in sample and one.id in bad for one in found) if sample else 0
            return [absolute(condition, _measure(k, 200), sampled=True)]

        yield f"200 documents, {name}", draw


def _baselines() -> Iterator[tuple[str, Draw]]:
    for n in (200, 1000, 5000):
        for rate in (AT, 0.15, 0.2):
            yield (
                f"regression: {n} documents, 10 % then {100 * rate:.0f} %",
                _against("regression", n, rate, sampled=False),
            )
    for n in (200, 1000):
        for rate in (AT, 0.15, 0.2):
            yield f"ratchet: sample of {n}, 10 % then {100 * rate:.0f} %", _against("ratchet", n, rate, sampled=True)
    yield "ratchet: whole crawl of 1000, 10 % then 10 %", _against("ratchet", 1000, AT, sampled=False)
    for off in (0.0, 0.1, 0.25):
        yield f"regression of the score: 400 documents, worse by {100 * off:.0f} % of the spread", _scores(400, off)


def _against(mode: str, n: int, rate: float, *, sampled: bool) -> Draw:
    condition = Condition.model_validate({"metric": "bad", "mode": mode})

    def draw() -> list[Check]:
        then = AT * n if mode == "ratchet" else RANDOM.binomial(n, AT)
        return [compared(condition, _measure(RANDOM.binomial(n, rate), n), _measure(then, n), sampled=sampled)]

    return draw


def _scores(n: int, off: float) -> Draw:
    pool, condition = _crawl(100_000), Condition(metric="score", mode="regression")
    worse = pool.assign(score=pool["score"] - off * pool["score"].std())
    return lambda: [compared(condition, _value("score", _some(worse, n)), _value("score", _some(pool, n)))]


def _many() -> Iterator[tuple[str, Draw]]:
    for words, sampled in (("whole crawl", False), ("sample", True)):
        for name, first in (("all at the limit of 10 %", AT), ("one at 25 %", 0.25), ("one at 40 %", 0.4)):
            yield f"{words}, {N} documents each, {name}", _sites(first, sampled=sampled)
    for name, first in (("all as they were", AT), ("one from 10 to 25 %", 0.25), ("one from 10 to 40 %", 0.4)):
        yield f"regression, {N} documents each, {name}", _sites_then(first)


def _sites(first: float, *, sampled: bool) -> Draw:
    condition, rates = Condition(metric="bad", limit=AT, scope="site"), np.r_[first, np.full(SITES - 1, AT)]

    def draw() -> list[Check]:
        drawn = enumerate(RANDOM.binomial(N, rates, SITES).tolist())
        return among_many([absolute(condition, _measure(k, N, str(i)), sampled=sampled) for i, k in drawn])

    return draw


def _sites_then(first: float) -> Draw:
    condition = Condition(metric="bad", mode="regression", scope="site")
    rates = np.r_[first, np.full(SITES - 1, AT)]

    def draw() -> list[Check]:
        then, now = RANDOM.binomial(N, AT, SITES).tolist(), RANDOM.binomial(N, rates, SITES).tolist()
        pairs = [
            (_measure(k, N, str(i)), _measure(before, N)) for i, (before, k) in enumerate(zip(then, now, strict=True))
        ]
        return among_many([compared(condition, *pair) for pair in pairs])

    return draw


def _of_many(draw: Draw, crawls: int) -> tuple[float, float]:
    wrong = right = 0
    for _ in range(crawls):
        failed = {check.found.group for check in draw() if check.status is Status.FAILED}
        wrong += bool(failed - {"0"})
        right += "0" in failed
    return wrong / crawls, right / crawls


def _measure(k: float, n: int, group: str = "all") -> Measure:
    return Measure(group, k / n, int(k), n, *wilson(int(k), n))


def _crawl(n: int) -> pd.DataFrame:
    """Documents with scores as crawls have them, most of them high and some very low, and lengths that differ much."""
    score = 100 * np.where(RANDOM.random(n) < 0.85, RANDOM.beta(12, 1.5, n), RANDOM.beta(2, 3, n))
    return pd.DataFrame(
        {"score": score, "words": np.maximum(20, RANDOM.lognormal(6, 0.8, n)).astype(int), "bad": False}
    )


def _some(pool: pd.DataFrame, n: int) -> pd.DataFrame:
    return pool.iloc[RANDOM.integers(0, len(pool), n)]


def _value(metric: str, rows: pd.DataFrame) -> Measure:
    value, low, high = VALUES[metric](rows)
    return Measure("all", value, None, len(rows), low, high)


if __name__ == "__main__":
    main()
