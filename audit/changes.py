"""What the report and the terminal tell of `crawlaudit diff`: every change in words, safe to show."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from audit.visible import clip
from audit.wording import family_title, number, percent, points

NAME_CHARS, PRINTED = 160, 20
UNSURE = "no sure change"
SCALES = (0.05, 0.1, 0.2, 0.5, 1.0)  # where the axis of a table may end


@dataclass(frozen=True, slots=True)
class Shift:
    """A rate before and after, in words and as shares; `word` is better, worse, or that nothing is sure."""

    name: str
    before: float | None
    after: float | None
    counts: str
    change: str
    interval: str
    word: str


@dataclass(frozen=True, slots=True)
class Follow:
    """A document by its id as read (`key`, never shown), with its verdict and score before and after."""

    key: str
    id: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Names:
    """So many, and the first of them."""

    title: str
    total: int
    first: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """What changed, ready to be shown. `documents` counts them by what became of them; `scale` ends the axis."""

    before: str
    after: str
    headline: str
    not_comparable: tuple[str, ...]
    scale: float
    rates: Mapping[str, Shift]
    rules: Mapping[str, Shift]
    sites: tuple[Shift, ...]
    more_sites: int
    names: tuple[Names, ...]
    documents: Mapping[str, int]
    worse: tuple[Follow, ...]
    better: tuple[Follow, ...]


def changed(found: Mapping[str, Any] | None) -> Changed | None:
    """What `crawlaudit diff --format json` tells; None without it."""
    if found is None:
        return None
    rates, rules = ({rate["name"]: _shift(rate) for rate in found[kind]} for kind in ("rates", "rules"))
    sites = tuple(map(_shift, found["sites"]["first"]))
    followed = {name: found[name]["total"] for name in ("new", "gone", "worse", "better")}
    names = (
        ("New sites", "new_sites"),
        ("Gone sites", "gone_sites"),
        ("New documents", "new"),
        ("Gone documents", "gone"),
    )
    highest = max((share or 0.0 for rate in rates.values() for share in (rate.before, rate.after)), default=0.0)
    return Changed(
        before=clip(found["before"], NAME_CHARS),
        after=clip(found["after"], NAME_CHARS),
        headline=_headline(rates.get("bad")),
        not_comparable=tuple(clip(why, NAME_CHARS) for why in found["not_comparable"]),
        scale=next(end for end in SCALES if end >= min(1.0, highest)),
        rates=rates,
        rules=rules,
        sites=sites,
        more_sites=found["sites"]["total"] - len(sites),
        names=tuple(_names(title, found[key]) for title, key in names if found[key]["total"]),
        documents={} if found["same"] is None else followed | {"as before": found["same"]},
        worse=tuple(map(_follow, found["worse"]["first"])),
        better=tuple(map(_follow, found["better"]["first"])),
    )


def as_lines(changes: Changed) -> Iterator[str]:
    """The changes as lines for the terminal."""
    yield from (f"Not comparable: {why}." for why in changes.not_comparable)
    yield changes.headline
    if changes.documents:
        yield f"Documents: {', '.join(f'{number(n)} {word}' for word, n in changes.documents.items())}"
    sure = [rate for rate in changes.rules.values() if rate.word != UNSURE]
    yield from _table("Rates", list(changes.rates.values()))
    yield from _table("Rules that surely changed", sure)
    yield from _table("Share of bad documents by site, where it surely changed", changes.sites[:PRINTED])
    for one in changes.names:
        more = " …" if one.total > PRINTED else ""
        yield f"{one.title} ({number(one.total)}): {', '.join(one.first[:PRINTED])}{more}"
    for title, documents in (("Worse documents", changes.worse), ("Better documents", changes.better)):
        yield from [title] if documents else []
        yield from (f"  {d.before:>12} → {d.after:>12}  {d.id}" for d in documents[:PRINTED])


def _table(title: str, rows: Sequence[Shift]) -> Iterator[str]:
    yield from [title] if rows else []
    width = max((len(row.name) for row in rows), default=0)
    for row in rows:
        yield f"  {row.name:{width}}  {row.counts:24}  {row.change:>6} ({row.interval})  {row.word}"


def _shift(rate: Mapping[str, Any]) -> Shift:
    (k, n), (j, m) = rate["before"], rate["after"]
    before, after = (k / n if n else None), (j / m if m else None)
    gap = (after or 0.0) - (before or 0.0)
    word = ("worse" if gap > 0 else "better") if rate["sure"] else UNSURE
    counts = f"{number(k)} of {number(n)} → {number(j)} of {number(m)}"
    interval = f"{points(rate['low'])} to {points(rate['high'])}"
    return Shift(family_title(clip(rate["name"], NAME_CHARS)), before, after, counts, points(gap), interval, word)


def _headline(bad: Shift | None) -> str:
    if bad is None or bad.before is None or bad.after is None:
        return "Nothing can be said of bad documents: on one side none was judged."
    return f"{percent(bad.before)} of the documents were bad, {percent(bad.after)} are now: {bad.word}."


def _names(title: str, listed: Mapping[str, Any]) -> Names:
    return Names(title, listed["total"], tuple(clip(name, NAME_CHARS) for name in listed["first"]))


def _follow(moved: Mapping[str, Any]) -> Follow:
    before, after = (" ".join([v, *([] if s is None else [number(s)])]) for v, s in (moved["before"], moved["after"]))
    return Follow(moved["id"], clip(moved["id"], NAME_CHARS), before, after)
