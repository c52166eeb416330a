"""The local engine: units in order, and what the death of a worker costs. Light imports: every worker repeats them."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from audit.engines.local import LocalEngine


def double(unit: int, constants: int) -> int:
    return unit * 2 + constants


def deadly(unit: int, constants: str) -> str:
    if unit == 3:
        os._exit(1)
    return f"{constants}{unit}"


def dies_once(unit: int, mark: str) -> int:
    if unit == 2 and not Path(mark).exists():
        Path(mark).touch()
        os._exit(1)
    return unit


def raising(unit: int, constants: int) -> int:
    if unit == 2:
        raise KeyError("a fault")
    return unit


def lost(unit: int, reason: str) -> str:
    return f"lost {unit}: {reason}"


def fails_the_test(unit: object, reason: str) -> NoReturn:
    raise AssertionError(f"{unit}: {reason}")


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("units", [0, 1, 2, 30])
def test_units_in_order(workers: int, units: int) -> None:
    found = LocalEngine(workers).map_units(double, range(units), 1, fails_the_test)
    assert list(found) == [2 * i + 1 for i in range(units)]


def test_a_killed_worker_costs_its_unit_only() -> None:
    found = list(LocalEngine(2).map_units(deadly, range(8), "unit ", lost))
    assert found.pop(3).startswith("lost 3: the process that worked on it was killed")
    assert found == [f"unit {i}" for i in range(8) if i != 3]


def test_a_pool_that_dies_while_nobody_waits_for_it() -> None:
    """Then the next unit cannot even be handed in."""
    results = LocalEngine(2).map_units(deadly, range(8), "unit ", lost)
    found = [next(results)]
    time.sleep(0.5)
    found += results
    assert [i for i, line in enumerate(found) if line.startswith("lost")] == [3]


def test_a_unit_gets_a_second_chance(tmp_path: Path) -> None:
    found = LocalEngine(2).map_units(dies_once, range(5), str(tmp_path / "mark"), fails_the_test)
    assert list(found) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_fault_in_the_work_is_not_hidden(workers: int) -> None:
    with pytest.raises(KeyError, match="a fault"):
        list(LocalEngine(workers).map_units(raising, range(5), 0, fails_the_test))


def test_units_are_drawn_as_they_are_needed() -> None:
    drawn = []

    def units() -> Iterator[int]:
        for i in range(1000):
            drawn.append(i)
            yield i

    results = LocalEngine(2).map_units(double, units(), 0, fails_the_test)
    assert next(results) == 0
    results.close()  # type: ignore[attr-defined]
    assert len(drawn) < 20


def test_a_worker_for_every_core() -> None:
    assert LocalEngine().workers >= 1
    assert LocalEngine(5).workers == 5
