"""Hugging Face `datasets`: the judgement of every row as columns beside it, with `map` and all that it can do."""

from functools import partial
from importlib.metadata import version
from typing import Any, TypeVar

import pyarrow as pa

from audit.api import FOUND, JUDGEMENT, Checker, judgement
from audit.config import Config
from audit.errors import MissingExtraError
from audit.table import DOCUMENTS, FINDINGS

try:
    from datasets import Features
except ImportError:
    raise MissingExtraError("datasets", "datasets", "Checking a data set") from None

D = TypeVar("D")
PREFIX = "crawlaudit_"
# Stated, as a column that begins with nulls or with empty lists would get no type.
_FINDINGS = pa.list_(pa.struct([FINDINGS.field(name) for name in FOUND]))
SCHEMA = pa.schema([DOCUMENTS.field(name).with_name(PREFIX + name) for name in JUDGEMENT]).append(
    pa.field(f"{PREFIX}findings", _FINDINGS)
)


def check(dataset: D, *, config: Config | None = None, **options: Any) -> D:
    """The data set with the columns `crawlaudit_verdict`, `_score`, the four risks, …, `crawlaudit_findings`.

    For a `Dataset`, an `IterableDataset` or a `DatasetDict` of them. Each row is judged by itself; its fields are found
    as in files, or named by `Config(fields={"text": "story"})`. `options` are those of `map`, such as `num_proc`.

    Raises UsageError for a mistake in the configuration.
    """
    if isinstance(dataset, dict):
        return type(dataset)({name: check(part, config=config, **options) for name, part in dataset.items()})
    source: Any = dataset
    features = source.features and Features({**source.features, **Features.from_arrow_schema(SCHEMA)})
    # The version is told, as the results of another one must not be taken from the cache.
    judged = partial(_judged, checker=Checker(config), version=version("crawlaudit"))
    result: D = source.map(judged, features=features, **options)
    return result


def _judged(row: Any, *, checker: Checker, version: str) -> dict[str, Any]:
    return {PREFIX + name: value for name, value in judgement(checker(dict(row))).items()}
