"""Runs extractors in a process of their own, which a page that takes too long or kills it cannot take down with it."""

import multiprocessing
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Self

from audit.extractors import find_extractor
from audit.streams import explain

START_SECONDS = 60.0  # what importing all libraries may take on a busy machine


class Extraction:
    """A process that extracts, started again after a page that it did not survive. Use as a context."""

    def __init__(self, seconds: float) -> None:
        """`seconds`: what one extractor may take for one page."""
        self._seconds = seconds
        self._context = multiprocessing.get_context("spawn")
        self._start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stop()

    def run(self, name: str, html: str, url: str | None) -> tuple[str | None, str | None]:
        """The text, or None and the reason why there is none."""
        reason = f"took longer than {self._seconds:g} s"
        try:
            self._pipe.send((name, html, url))
            if self._pipe.poll(self._seconds):
                text, failure = self._pipe.recv()
                return text, failure
        except (EOFError, OSError):
            reason = "the extractor's process died"
        self._stop()
        self._start()
        return None, reason

    def _start(self) -> None:
        self._pipe, theirs = self._context.Pipe()
        self._process = self._context.Process(target=_serve, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()
        if not self._pipe.poll(START_SECONDS) or self._pipe.recv() != "ready":
            raise TimeoutError("the extractors' process did not start")

    def _stop(self) -> None:
        self._process.kill()
        self._process.join()
        self._pipe.close()


def _serve(pipe: Connection) -> None:
    """Extract what comes through the pipe until it is closed."""
    pipe.send("ready")
    while True:
        try:
            name, html, url = pipe.recv()
        except EOFError:
            return
        try:
            answer: tuple[str | None, str | None] = (find_extractor(name)(html, url), None)
        except Exception as error:  # whatever a hostile page provokes in a library is a failure on this page
            answer = (None, explain(error))
        pipe.send(answer)
