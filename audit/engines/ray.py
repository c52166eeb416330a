"""Ray: units as plain tasks on the machines of a cluster, all of which see input and output under the same paths."""

import logging
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from socket import create_connection
from typing import Any, TypeVar

from audit.engines.local import ATTEMPTS, KILLED
from audit.errors import AuditError, MissingExtraError

U = TypeVar("U")
R = TypeVar("R")

REACH_SECONDS = 10.0
AHEAD = 4  # tasks for each core: hides the way to the workers, and lets some be done before an earlier one
# A cluster retries a task that ran out of memory for ever, unless it was started to do so this often.
OWN_CLUSTER: dict[str, Any] = {"include_dashboard": False, "_system_config": {"task_oom_retries": ATTEMPTS - 1}}


class RayEngine:
    """A cluster at an address, or with `local` one of its own on this machine."""

    is_shared = True

    def __init__(self, address: str | None = None) -> None:
        """Connect: to `address`, else to that of RAY_ADDRESS, else start a cluster.

        Raises MissingExtraError without Ray, AuditError when there is no cluster at the address.
        """
        try:
            import ray
        except ImportError:
            raise MissingExtraError("ray", "ray", "--engine ray") from None
        self._ray: Any = ray
        place = address or os.environ.get("RAY_ADDRESS") or "local"  # never the remains of an earlier cluster
        own = OWN_CLUSTER if place == "local" else {}
        try:
            if not ray.is_initialized():
                _reach(place)
                ray.init(place, log_to_driver=False, logging_level=logging.ERROR, **own)
        except (OSError, RuntimeError, ValueError) as error:
            raise AuditError(f"no Ray cluster at {place}: {error}") from None

    def map_units(
        self, work: Callable[[U, Any], R], units: Iterable[U], constants: Any, failed: Callable[[U, str], R]
    ) -> Iterator[R]:
        """See `Engine`."""
        ray = self._ray
        task = ray.remote(max_retries=ATTEMPTS - 1)(_run)
        given = ray.put((work, constants))
        here = (str(Path.cwd()), version("crawlaudit"))
        waiting, pending = iter(units), deque[tuple[U, Any]]()
        while True:
            for unit in islice(waiting, AHEAD * self._cores() - len(pending)):
                pending.append((unit, task.remote(here, given, unit)))
            if not pending:
                return
            unit, result = pending.popleft()
            yield self._result(unit, result, failed)

    def _cores(self) -> int:
        return max(1, int(self._ray.cluster_resources().get("CPU", 1)))

    def _result(self, unit: U, result: Any, failed: Callable[[U, str], R]) -> R:
        errors = self._ray.exceptions
        try:
            found: R = self._ray.get(result)
        except errors.RayTaskError as error:
            raise error.cause from error
        except (errors.WorkerCrashedError, errors.NodeDiedError, errors.OutOfMemoryError, errors.ObjectLostError):
            return failed(unit, KILLED)
        except errors.RayError as error:
            raise AuditError(
                f"the Ray cluster failed: {error}; what is done is kept, and the same command goes on"
            ) from None
        return found


def _reach(place: str) -> None:
    """Raises OSError where nothing listens at an address: Ray itself would try for minutes."""
    host, colon, port = place.removeprefix("ray://").rpartition(":")
    if colon and port.isdigit():
        with create_connection((host.strip("[]"), int(port)), timeout=REACH_SECONDS):
            return


def _run(here: tuple[str, str], given: tuple[Callable[[U, Any], R], Any], unit: U) -> R:
    """A unit's work, on whatever machine, in the folder in which the audit was started."""
    folder, wanted = here
    if (own := version("crawlaudit")) != wanted:
        raise AuditError(f"a machine of the cluster has crawlaudit {own}, and not {wanted}")
    try:
        os.chdir(folder)
    except OSError:
        raise AuditError(
            f"a machine of the cluster has no folder {folder}: start the audit in one that all share"
        ) from None
    work, constants = given
    return work(unit, constants)
