"""CH2: what a site asks of its visitor: consent, subscription, sharing, comments, money."""

from collections.abc import Iterator

from audit.boilerplate import chrome_marks
from audit.finding import Mark
from audit.page import Page
from audit.registry import rule


@rule("CH201", "consent", confidence=0.94)
def consent(page: Page) -> Iterator[Mark]:
    """Consent banners: cookies, tracking, privacy settings. An article about cookies is not one."""
    yield from chrome_marks(page, "consent", "part of a consent banner")


@rule("CH202", "subscribe", confidence=0.92)
def subscribe(page: Page) -> Iterator[Mark]:
    """Newsletter forms, “Follow us”, app and notification prompts, “Get the latest posts sent to your email”."""
    yield from chrome_marks(page, "subscribe", "an appeal to subscribe or follow")


@rule("CH203", "share", confidence=0.92)
def share(page: Page) -> Iterator[Mark]:
    """Share and print buttons: “Share on Facebook”, “Tweet”, “Copy link”. A list of networks in an article is none."""
    yield from chrome_marks(page, "share", "a share button", least=0.35)


@rule("CH204", "comment-form", confidence=0.94)
def comment_form(page: Page) -> Iterator[Mark]:
    """The comment form and its rules: “Leave a Reply”, “Your email address will not be published”."""
    yield from chrome_marks(page, "comments", "part of the comment form")


@rule("CH205", "donate", confidence=0.9)
def donate(page: Page) -> Iterator[Mark]:
    """Appeals for money: “Support our journalism”, “Make a donation”."""
    yield from chrome_marks(page, "donate", "an appeal for money")


@rule("CH206", "advertisement", confidence=0.92)
def advertisement(page: Page) -> Iterator[Mark]:
    """The label of an advertisement at the edge of the text; inside the text it is LK107."""
    yield from chrome_marks(page, "advertisement", "the label of an advertisement")
