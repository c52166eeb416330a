"""What a source page can prove of a text, as data."""

from dataclasses import dataclass
from enum import StrEnum

from audit.source.known import Known


class Place(StrEnum):
    """Where a block of the text stands on the page."""

    BODY = "body"
    HEADLINE = "headline"
    HOME = "home"  # in the home, but unlike the body
    LINK = "link"  # in the home, and all of it a link
    REGION = "region"  # in navigation, footer, form and the like
    OUTSIDE = "outside"  # elsewhere on the page
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Stand:
    """Where one block stands: `region` names what encloses it, `share` of its words were found.

    An absent one with a share of 1 stands inside other words of the page.
    `over`: between the headline and the body, where bylines and dates are; `linked`: the share of its words in links;
    `is_heading`: by its tag; `in_order`: between what stands before and after it in the text. A few words out of order
    may be others that happen to be the same. `within`: in the element of the article, if not in its innermost one.
    """

    place: Place
    region: str | None = None
    share: float = 0.0
    over: bool = False
    linked: float = 0.0
    is_heading: bool = False
    in_order: bool = True
    within: bool = False


class Reason(StrEnum):
    """Why words of the page are taken for what an article has lost."""

    INSIDE = "inside"  # they stand in the same paragraph as the text's first or last words
    LIKE_BODY = "like the body"
    SHORT = "short"  # like the body, but so few that they may be a hint or a subtitle
    STANDFIRST = "standfirst"
    DESCRIBED = "described"  # a standfirst that a news page's description has
    LONG = "long"  # a standfirst of a paragraph's length
    SIGNS = "signs"  # no rule knows them


@dataclass(frozen=True, slots=True)
class Loss:
    """Words the page has and the text lacks, at `block` of the text.

    `sure` is the probability that the article has lost them: sites put other things beside their articles, too.
    """

    block: int
    words: int
    quote: str
    reason: Reason
    sure: float = 0.0

    @property
    def inside(self) -> bool:
        """Whether they stand in one of the text's paragraphs; otherwise they are whole blocks of the page."""
        return self.reason is Reason.INSIDE


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the page proves: a stand per block of the text, and what is lost; None where probably nothing is.

    `lead_risk` and `tail_risk` are the probabilities that the lead is missing and that the end is cut.

    `skipped` are the words of whole paragraphs that the text passes over or leaves out after its end; sites put hints
    and appeals there as well. `insertions` are characters of the text that the page does not have there; `first` and
    `last` are the article's outermost blocks, None when the page shows none of it.
    """

    stands: tuple[Stand, ...]
    lead: Loss | None
    tail: Loss | None
    holes: tuple[Loss, ...]
    skipped: int
    insertions: tuple[tuple[int, int], ...]
    first: int | None
    last: int | None
    known: Known
    lead_risk: float = 0.0
    tail_risk: float = 0.0
