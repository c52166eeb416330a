"""The figures of an evaluation, as plain records."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure in [0, 1] with its 95 % interval, taken `of` so many; None where there is nothing to take it from."""

    value: float | None
    low: float | None
    high: float | None
    of: int


@dataclass(frozen=True, slots=True)
class Triple:
    """Precision, recall and their harmonic mean."""

    precision: Figure
    recall: Figure
    f1: Figure


@dataclass(frozen=True, slots=True)
class Bin:
    """Documents with a risk in [low, high): the mean risk `said`, and the share that had the defect."""

    low: float
    high: float
    documents: int
    said: float | None
    true: Figure


@dataclass(frozen=True, slots=True)
class Calibration:
    """Whether risks are probabilities: their mean squared error, and a table of ten bins."""

    brier: float
    bins: tuple[Bin, ...]


@dataclass(frozen=True, slots=True)
class FamilyFigures:
    """A family measured on whole documents. What was not judged counts as not flagged and is left out of `calibration`.

    `auroc_lost` ranks texts by what real extractors lost of them, where that is known.
    """

    documents: int
    not_judged: int
    flagged: Triple
    auroc: Figure
    auroc_lost: Figure
    calibration: Calibration | None


@dataclass(frozen=True, slots=True)
class Quality:
    """Whether the score follows the true token F1: rank correlation, error, and AUROC of F1 below 0.8."""

    documents: int
    spearman: float | None
    mean_absolute_error: float
    auroc_bad: float | None


@dataclass(frozen=True, slots=True)
class Measured:
    """The figures of some documents: of all, of a language's or of a page kind's.

    What could not be judged at all, `unread`, counts as not flagged and of score 0. `lines` holds noise lines by the
    group of extractors, `characters` those of `chrome`, `link_text` and `either`.
    """

    name: str
    documents: int
    unread: int
    pages: int
    families: dict[str, FamilyFigures]
    lines: dict[str, Triple]
    characters: dict[str, Triple]
    clean_flagged: Figure
    quality: Quality | None


@dataclass(frozen=True, slots=True)
class Mistake:
    """A false alarm or a miss, with the place in its context. `sure` is the finding's confidence or the risk told."""

    family: str
    miss: bool
    id: str
    source: str
    page: str
    lang: str | None
    line: int
    rule: str | None
    sure: float | None
    message: str
    before: str
    marked: str
    after: str


@dataclass(frozen=True, slots=True)
class Repaired:
    """Token F1 against the gold, as (median, 10th percentile, mean), of a group's texts before and after repair.

    `worse` is the share of texts that lost some.
    """

    name: str
    texts: int
    pages: int
    before: tuple[float, float, float]
    after: tuple[float, float, float]
    worse: Figure


@dataclass(frozen=True, slots=True)
class Sureness:
    """How often it is right to remove what is marked with at least this confidence, from articles and whole pages."""

    least: float
    articles: Figure
    pages: Figure


@dataclass(frozen=True, slots=True)
class Fixes:
    """What `crawlaudit fix` does to the texts. `rules` tells of each how often it is right where it is sure enough."""

    groups: tuple[Repaired, ...]
    sure: tuple[Sureness, ...]
    rules: dict[str, Figure]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything that `crawlaudit evaluate` tells; `fixes` only when asked for."""

    about: dict[str, object]
    all: Measured
    languages: tuple[Measured, ...]
    kinds: tuple[Measured, ...]
    mistakes: tuple[Mistake, ...]
    fixes: Fixes | None = None
