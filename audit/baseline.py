"""`crawlaudit baseline`: what a crawl was like, in a small sorted file to be committed; later crawls are held to it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from audit.conditions import LEVELS_OF_TEXT, RATES, Condition
from audit.errors import AuditError
from audit.finding import FAMILY_OF_PREFIX
from audit.measures import Measure, Measures, columns_for
from audit.table import Results

FILE = "crawlaudit-baseline.json"
LEAST, MOST = 20, 1000  # documents of a group, and groups of a scope, the largest
SCOPES: tuple[Literal["all", "site", "path", "lang", "folder"], ...] = ("all", "site", "path", "lang", "folder")
METRICS = (*RATES, "bad_words", *LEVELS_OF_TEXT)
COLUMNS = columns_for(Condition(metric=metric, scope=scope) for metric in METRICS for scope in SCOPES)
Baseline = dict[str, Any]


def measure(results: Results, measures: Measures | None = None) -> Baseline:
    """The baseline of results: each metric's value for the crawl and its groups, and the versions that made them.

    Of the rules, those that found nothing in a group are left out.
    """
    measures = measures or Measures(results)
    found: dict[str, dict[str, dict[str, list[float | int | None]]]] = {}
    metrics = [*METRICS, *sorted(set(results.findings["rule"]))]
    for scope in SCOPES:
        groups = found.setdefault(scope, {})
        for metric in metrics:
            for one in measures.of(Condition(metric=metric, scope=scope, min_n=LEAST)):
                if one.value == one.value and (metric in METRICS or one.k):  # a rate of nothing is not known
                    groups.setdefault(one.group, {})[metric] = [round(one.value, 6), one.k, one.n]
        largest = sorted(groups, key=lambda name: (-_size(groups[name]), name))[:MOST]
        found[scope] = {name: groups[name] for name in sorted(largest)}
    return {"made_by": versions(results.summary), "scopes": found}


def versions(summary: Mapping[str, Any]) -> dict[str, Any]:
    """What decides findings: baselines of other versions cannot be compared."""
    tool = summary["tool"]
    return {key: tool[key] for key in ("version", "rules_digest", "models")} | {
        "configuration": summary["configuration_digest"]
    }


def tightened(old: Baseline, new: Baseline) -> Baseline:
    """The better value of each metric of both; groups and metrics of one of them as they are. Never gets worse."""
    scopes: dict[str, Any] = {}
    for scope in sorted({*old["scopes"], *new["scopes"]}):
        before, after = old["scopes"].get(scope, {}), new["scopes"].get(scope, {})
        scopes[scope] = {name: _better(before.get(name, {}), after.get(name, {})) for name in sorted({*before, *after})}
    return {"made_by": new["made_by"], "scopes": scopes}


def _better(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    if not (one and other):
        return {**one, **other}
    out = {metric: row for metric, row in {**one, **other}.items() if metric in METRICS or metric in {*one} & {*other}}
    for metric in set(one) & set(other):
        pick = max if metric in LEVELS_OF_TEXT else min
        out[metric] = pick(one[metric], other[metric], key=lambda row: row[0])
    return out


def find(baseline: Baseline, condition: Condition, group: str) -> Measure | None:
    """What the baseline has of a condition's metric and group; None when it does not know it."""
    rows = baseline["scopes"].get(condition.scope, {}).get(group, {})
    row = rows.get(condition.metric)
    family = rows.get(FAMILY_OF_PREFIX.get(condition.metric[:2], ""))
    if row is None and condition.metric not in METRICS and family:  # a rule that found nothing
        row = [0.0, 0, family[2]]
    return Measure(group, *row) if row else None


def write(baseline: Baseline, file: Path) -> None:
    """Write the file: sorted, a metric a line, so that its diff can be read. Raises AuditError."""
    text = json.dumps(baseline, indent=1, sort_keys=True, ensure_ascii=True)
    flat = text.replace("[\n     ", "[").replace(",\n     ", ", ").replace("\n    ]", "]")
    try:
        file.write_text(flat + "\n", encoding="utf-8", newline="\n")
    except OSError as error:
        raise AuditError(f"cannot write {file}: {error.strerror}") from error


def read(file: Path) -> Baseline:
    """The baseline of a file. Raises AuditError when there is none, or it is none."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise AuditError(f"no baseline {file}: write one with `crawlaudit baseline DIR --file {file}`") from None
    except (OSError, ValueError) as error:
        raise AuditError(f"{file} is no baseline: {error}") from None
    if not (isinstance(found, dict) and {"made_by", "scopes"} <= set(found) and isinstance(found["scopes"], dict)):
        raise AuditError(f"{file} is no baseline: it lacks made_by or scopes")
    return found


def _size(group: Mapping[str, Any]) -> int:
    return int(group.get("documents", [0])[0])
