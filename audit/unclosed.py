"""Quotations and brackets that a piece of text opens and does not close."""

from collections.abc import Iterable

Pairs = Iterable[tuple[str, str]]  # what opens one, and all that may close it
BRACKETS: Pairs = (("(", ")"), ("[", "]"), ("（", "）"))
_QUOTES: Pairs = (("“", "”"), ("«", "»"), ("「", "」"))
# Where „ opens them, “ closes them as well as ”, and opens none.
_LOW_QUOTES: Pairs = (("„", "“”"), ("«", "»"))
OPENERS = ("“", "„", "«", "»", "「", "『", "‘", '"')


def quotes_of(text: str) -> Pairs:
    """The marks around quotations in a text."""
    return _LOW_QUOTES if "„" in text else _QUOTES


def unclosed(text: str, pairs: Pairs) -> str | None:
    """The first mark of the pairs that a text opens more often than it closes it, and last of all; None without one.

    >>> unclosed("He said: “We shall go", quotes_of("“")), unclosed("„Ja“, sagte er", quotes_of("„"))
    ('“', None)
    """
    return next((opening for opening, closing in pairs if _is_open(text, opening, closing)), None)


def _is_open(text: str, opening: str, closing: str) -> bool:
    if text.count(opening) <= sum(map(text.count, closing)):
        return False
    return text.rfind(opening) > max(map(text.rfind, closing))
