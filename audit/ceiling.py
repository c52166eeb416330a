"""A ceiling for the memory of this process and of those it starts, where the system has one that fits."""

import sys

from audit.errors import UsageError

LEAST = 512 << 20  # the program itself, with its models and libraries, takes 200 to 300 MB


def hold_memory(limit: int | None) -> None:
    """Let no process take more than `limit` bytes for its data; None leaves everything as it is.

    What goes beyond is refused by the system, so it costs the document, or the files of one unit. Mapped files do not
    count, as the system can always drop them: a limit on addresses, which more systems have, would count them, and
    what allocators and threads only reserve. Raises UsageError where there is no such limit, or a lower one in force.
    """
    if limit is None:
        return
    if sys.platform != "linux":
        raise UsageError(
            "max_memory: this system holds no process to a limit on its data; use a container or a virtual machine"
        )
    import resource

    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    if hard != resource.RLIM_INFINITY and limit > hard:
        raise UsageError(f"max_memory: this system already holds its processes to {hard:,} bytes")
    resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))
