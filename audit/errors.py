"""The errors a user can meet, each with its exit status: 1 the gate failed, 2 usage, 3 not done."""


class CrawlauditError(Exception):
    """A problem the user can act on; its text is the whole message, shown without a traceback.

    `exit_code` is the status the command line ends with.
    """

    exit_code = 3


class UsageError(CrawlauditError):
    """The command line or the configuration asks for something that does not exist."""

    exit_code = 2


class AuditError(CrawlauditError):
    """The audit could not be done: nothing to read, or no place to write."""


class GateFailedError(CrawlauditError):
    """A crawl breaks a condition of its gate."""

    exit_code = 1


class UnreadableError(CrawlauditError):
    """One file or record could not be read; readers turn it into an `unread` row."""


class MissingExtraError(CrawlauditError):
    """An optional dependency is needed: names the library, what it is for and the extra that brings it."""

    def __init__(self, library: str, extra: str, purpose: str) -> None:
        super().__init__(f"{purpose} needs {library}: pip install 'crawlaudit[{extra}]'")
