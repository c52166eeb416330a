"""Fuzz with atheris: `python -m tests.fuzz SECONDS [TARGET...]`, each target for so long; a crash leaves its input.

What was found to be new stays in `.fuzz/TARGET` and is where the next run starts. Ends with status 1 after a crash.
"""

import subprocess
import sys
from pathlib import Path

LONGEST = 1 << 16
SLOW_SECONDS = 25  # for one input of at most LONGEST bytes: far more than any may take


def fuzz(target: str, *flags: str) -> None:
    """Fuzz one target in this process, which ends with it."""
    import atheris

    with atheris.instrument_imports(include=["audit"]):
        from .targets import TARGETS
    atheris.Setup([sys.argv[0], *flags], TARGETS[target])
    atheris.Fuzz()


def main(seconds: str, *targets: str) -> int:
    """Each target in a process of its own, one after the other."""
    from . import seeds

    failed = []
    for target in targets or seeds.SEEDS:
        corpus = Path(".fuzz") / target
        seeds.write(target, corpus)
        flags = (f"-max_total_time={seconds}", f"-max_len={LONGEST}", f"-timeout={SLOW_SECONDS}", "-rss_limit_mb=2000")
        command = (
            sys.executable,
            "-m",
            "tests.fuzz",
            "--one",
            target,
            *flags,
            f"-artifact_prefix={corpus}-",
            str(corpus),
        )
        if subprocess.run(command, check=False).returncode:
            failed.append(target)
    sys.stderr.write(f"failed: {', '.join(failed) or 'none'}\n")
    return bool(failed)


if __name__ == "__main__":
    if sys.argv[1] == "--one":
        fuzz(*sys.argv[2:])
    else:
        sys.exit(main(*sys.argv[1:]))
