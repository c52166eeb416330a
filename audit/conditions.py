"""What a gate asks for: conditions and suppressions, as they stand in the configuration."""

from datetime import date
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from audit.errors import UsageError
from audit.finding import FAMILIES
from audit.registry import find_rule

RATES = ("bad", "suspect", "unread", "not_judged", *FAMILIES)
LEVELS_OF_TEXT = ("score", "score_p10", "documents")  # of these, more is better: the limit is the least
METRICS = (*RATES, "bad_words", *LEVELS_OF_TEXT)


class Condition(BaseModel):
    """A promise that a crawl keeps or breaks.

    `metric` is a rate of documents (a family, a rule, `bad`, `suspect`, `unread`, `not_judged`), `bad_words`, the
    share of words in bad documents, or `score` (mean), `score_p10` (10th percentile) or `documents`, where `limit` is
    the least. Rates are from 0 to 1. With `mode` regression and ratchet, `limit` is by how much the value may be worse
    than the baseline's, and `relative` by which share of that, whichever is more.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    metric: str = Field(description="what is measured")
    limit: float = Field(0.0, description="the most, or of a score or number of documents the least")
    relative: float = Field(0.0, ge=0, description="by which share of the baseline it may be worse")
    scope: Literal["all", "site", "path", "lang", "folder"] = Field("all", description="measured for each of these")
    only: str | None = Field(None, description="only groups whose name fits this pattern, such as *.example.com")
    level: Literal["fail", "warn"] = Field("fail", description="what it means when the promise is broken")
    mode: Literal["absolute", "regression", "new", "ratchet"] = Field("absolute", description="compared with what")
    min_n: int = Field(20, ge=1, description="groups of fewer documents are pooled, and a pool of fewer not judged")

    @field_validator("metric")
    @classmethod
    def _known(cls, metric: str) -> str:
        if metric in METRICS:
            return metric
        try:
            return find_rule(metric).code
        except UsageError:
            raise ValueError(f"no metric or rule is called {metric!r}; there are {', '.join(METRICS)}") from None

    @model_validator(mode="after")
    def _fitting(self) -> Self:
        if self.relative and self.mode not in ("regression", "ratchet"):
            raise ValueError("relative is for the modes regression and ratchet, which have a baseline")
        return self

    @property
    def wants_more(self) -> bool:
        """Whether the limit is the least rather than the most."""
        return self.metric in LEVELS_OF_TEXT

    @property
    def title(self) -> str:
        """The promise in words."""
        sign = ">=" if self.wants_more else "<="
        shown = f"{self.limit:g}" if self.wants_more else f"{self.limit:.1%}"
        shown += f" or {self.relative:.0%}" if self.relative else ""
        against = {
            "absolute": "",
            "new": " of new documents",
            "regression": " over the baseline",
            "ratchet": " over the best",
        }
        where = "" if self.scope == "all" else f" on each {self.scope}"
        return f"{self.metric} {sign} {shown}{against[self.mode]}{where}" + (f" of {self.only}" if self.only else "")


class Suppression(BaseModel):
    """Findings of a rule that do not count, and why. `site`, `path` and `url` are patterns; at least one is needed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rule: str = Field(description="code or name of the rule")
    reason: str = Field(min_length=3, description="why its findings there are none")
    site: str | None = None
    path: str | None = Field(None, description="pattern of the source")
    url: str | None = None
    until: date | None = Field(None, description="the last day on which it holds")

    @model_validator(mode="after")
    def _narrow(self) -> Self:
        if self.site is None and self.path is None and self.url is None:
            raise ValueError("name a site, path or url; `ignore` switches a rule off everywhere")
        return self

    @field_validator("rule")
    @classmethod
    def _known(cls, rule: str) -> str:
        try:
            return find_rule(rule).code
        except UsageError as error:
            raise ValueError(str(error)) from None


# What is asked for where the configuration asks for nothing.
DEFAULT = (
    Condition(metric="bad", limit=0.1),
    Condition(metric="unread", limit=0.05),
    Condition(metric="not_judged", limit=0.5, level="warn"),
    Condition(metric="bad", limit=0.5, scope="site", level="warn"),
)
