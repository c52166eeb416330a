"""What becomes of a document when its file is written again."""

from enum import Enum
from typing import Protocol

from audit.document import Document, Unread


class Fate(Enum):
    """A document that gets no new text."""

    KEPT = "kept"
    DROPPED = "dropped"


class Mend(Protocol):
    """Decides about every document of a file, in order."""

    def __call__(self, found: Document | Unread, *, whole: bool = False) -> str | Fate:
        """The new text, or that the document stays as it is or is left out.

        With `whole` the format cannot take another text, so there is none. What could not be read stays.
        """
        ...
