"""`crawlaudit compare`: which extractor serves which site best, by the scores of what each made of the same pages."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from importlib.util import find_spec
from itertools import chain, tee
from typing import Any

import numpy as np

from audit.config import Config
from audit.document import Document, Unread
from audit.errors import AuditError, MissingExtraError, UsageError
from audit.extraction import Extraction
from audit.extractors import find_extractor
from audit.inputs import plan, read_unit
from audit.judge import Judge
from audit.pages import address_key
from audit.reading import stem
from audit.records import ReadOptions

DRAWS, SEED = 2000, 7
LEAST_PAGES = 5  # fewer say nothing of a site
Scores = dict[str, float]  # extractor -> score of one page


def compare_extractors(paths: Sequence[str], names: Sequence[str], config: Config, seconds: float) -> dict[str, Any]:
    """Extract every page with each extractor, judge the texts and compare their scores.

    A page that an extractor makes nothing of counts 0 for it, when another makes something. Raises AuditError without
    pages, MissingExtraError without an extractor's library, UsageError for fewer than two extractors or an unknown one.
    """
    if len(set(names)) < 2:
        raise UsageError("a comparison takes two extractors or more")
    for name in names:
        find_extractor(name)
        if find_spec(name) is None:  # they are called as their libraries are
            raise MissingExtraError(name, "extractors", "`crawlaudit compare`")
    judge, rows, failures = Judge.of(config), list[tuple[str, Scores]](), Counter[tuple[str, str]]()
    unread = Counter[str]()
    with Extraction(seconds) as extraction:
        for page in _documents(paths, config, unread, pages=True):
            texts = {n: extraction.run(n, page.html, page.url) if page.html else (None, "no page") for n in names}
            judged = judge.judge_all(replace(page, text=text) for text, _ in texts.values() if text)
            scores: Scores = {}
            for name, (text, reason) in texts.items():
                score = next(judged).score if text else None
                if score is None:
                    failures[name, reason or "no text"] += 1
                scores[name] = score or 0.0
            if any(scores.values()):
                rows.append((page.site or "", scores))
    return _result(names, rows, failures, unread)


def compare_folders(folders: Mapping[str, str], config: Config) -> dict[str, Any]:
    """Judge several extractors' texts of the same pages, matched by address, else by name. The rest is the same."""
    judge, scores, sites = Judge.of(config), defaultdict[str, Scores](dict), dict[str, str]()
    unread, failures = Counter[str](), Counter[tuple[str, str]]()
    for name, path in folders.items():
        documents, again = tee(_documents([path], config, unread))
        for document, judged in zip(documents, judge.judge_all(again), strict=True):
            key = address_key(document.url or "") or stem(document.id)
            if judged.score is None:
                failures[name, judged.reason or "no text"] += 1
            scores[key][name] = judged.score or 0.0
            sites.setdefault(key, document.site or "")
    rows = [(sites[key], {name: found.get(name, 0.0) for name in folders}) for key, found in sorted(scores.items())]
    missing = Counter({(n, "no text"): sum(n not in found for found in scores.values()) for n in folders})
    return _result(list(folders), rows, failures + missing, unread)


def _documents(
    paths: Sequence[str], config: Config, unread: Counter[str], *, pages: bool = False
) -> Iterator[Document]:
    """What can be read; the reasons of the rest are counted."""
    options = ReadOptions(config.fields, config.max_bytes, config.encoding, pages)
    todo = plan(paths, exclude=config.exclude)
    for found in chain(todo.unread, *(read_unit(unit, options) for unit in todo.units)):
        if isinstance(found, Unread):
            unread[found.reason] += 1
        else:
            yield found


def _result(
    names: Sequence[str], rows: list[tuple[str, Scores]], failures: Counter[tuple[str, str]], unread: Counter[str]
) -> dict[str, Any]:
    if not rows:
        raise AuditError("no page that any extractor makes a text of")
    sites: dict[str, list[Scores]] = defaultdict(list)
    for site, scores in rows:
        sites[site].append(scores)
    failed = [{"extractor": n, "reason": why, "pages": k} for (n, why), k in sorted(failures.items())]
    listed = sorted(sites.items(), key=lambda item: (-len(item[1]), item[0]))
    return {
        "extractors": list(names),
        "all": _compared(names, [scores for _, scores in rows]),
        "sites": [{"site": site or None, **_compared(names, found)} for site, found in listed],
        "failures": failed,
        "unread": [{"reason": why, "documents": n} for why, n in sorted(unread.items())],
    }


def _compared(names: Sequence[str], found: list[Scores]) -> dict[str, Any]:
    """The mean scores, and by how much the best beats each other, from pages drawn again (seeded)."""
    table = np.array([[scores[name] for name in names] for scores in found])
    means = table.mean(axis=0)
    best = int(means.argmax())
    drawn = np.random.default_rng(SEED).integers(len(table), size=(DRAWS, len(table)))
    gaps = table[:, [best]] - table
    low, high = np.quantile(np.stack([gap[drawn].mean(axis=1) for gap in gaps.T]), (0.025, 0.975), axis=1)
    enough = len(table) >= LEAST_PAGES
    wins = enough and all(low[i] > 0 for i in range(len(names)) if i != best)
    return {
        "pages": len(table),
        "best": names[best] if wins else None,
        "scores": {name: round(float(mean), 2) for name, mean in zip(names, means, strict=True)},
        "behind": {
            name: [round(float(low[i]), 2), round(float(high[i]), 2)] for i, name in enumerate(names) if i != best
        },
    }
