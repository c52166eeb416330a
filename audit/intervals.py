"""Intervals and tests of rates."""

from collections.abc import Sequence
from math import erfc, exp, lgamma, log, log1p, sqrt

Z95 = 1.959964


def wilson(k: float, n: float) -> tuple[float, float]:
    """The 95 % interval of a rate by Wilson's score; 0 to 1 when nothing was seen."""
    if not n:
        return 0.0, 1.0
    p, z = k / n, Z95 * Z95 / n
    middle, reach = p + z / 2, Z95 * sqrt(p * (1 - p) / n + z / (4 * n))
    return max(0.0, (middle - reach) / (1 + z)), min(1.0, (middle + reach) / (1 + z))


def difference(k: int, n: int, before_k: int, before_n: int) -> tuple[float, float]:
    """The 95 % interval of the difference of two rates, by Newcombe's method 10 (1998)."""
    p, q = (k / n if n else 0.0), (before_k / before_n if before_n else 0.0)
    (low, high), (before_low, before_high) = wilson(k, n), wilson(before_k, before_n)
    return p - q - sqrt((p - low) ** 2 + (before_high - q) ** 2), p - q + sqrt((high - p) ** 2 + (q - before_low) ** 2)


def tail(k: int, n: int, rate: float) -> float:
    """How probably k or more of n are hit where the rate is no more than this: the exact binomial tail."""
    if k <= 0 or rate >= 1:
        return 1.0
    if rate <= 0:
        return 0.0
    term = exp(_chosen(n, k) + k * log(rate) + (n - k) * log1p(-rate))
    total, odds = 0.0, rate / (1 - rate)
    for i in range(k, n + 1):
        total += term
        term *= (n - i) / (i + 1) * odds
        if term < total * 1e-12:
            break
    return min(1.0, total)


def increase(k: int, n: int, before_k: int, before_n: int) -> float:
    """How probably k or more of n are hit where the rate is that of before: Fisher's exact test, one-sided."""
    hits, whole = k + before_k, n + before_n
    if k <= max(0, hits - before_n):
        return 1.0
    first = _chosen(hits, k) + _chosen(whole - hits, n - k) - _chosen(whole, n)
    term, total = exp(first), 0.0
    for i in range(k, min(hits, n) + 1):
        total += term
        term *= (hits - i) * (n - i) / ((i + 1) * (whole - hits - n + i + 1))
        if term < total * 1e-12:
            break
    return min(1.0, total)


def beyond(over: float, reach: float) -> float:
    """How probably a value whose 95 % interval reaches so far is found so much over a limit by chance (normal)."""
    return 0.5 * erfc(over / reach * Z95 / sqrt(2)) if reach > 0 else float(over <= 0)


def _chosen(n: int, k: int) -> float:
    """The logarithm of n over k."""
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


def discoveries(chances: Sequence[float], rate: float = 0.05) -> list[bool]:
    """Which of many tests hold when at most this share of those may be in error (Benjamini and Hochberg, 1995)."""
    ranked = sorted(range(len(chances)), key=lambda i: chances[i])
    last = max((r for r, i in enumerate(ranked, 1) if chances[i] <= rate * r / len(chances)), default=0)
    kept = set(ranked[:last])
    return [i in kept for i in range(len(chances))]


def chance(k: int, n: int, before_k: int, before_n: int) -> float:
    """How probably two equal rates differ by so much or more: the pooled two-sided test of two proportions."""
    pooled = (k + before_k) / max(1, n + before_n)
    spread = pooled * (1 - pooled) * (1 / max(1, n) + 1 / max(1, before_n))
    return erfc(abs(k / n - before_k / before_n) / sqrt(2 * spread)) if n and before_n and spread else 1.0
