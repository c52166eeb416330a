"""A real Ray cluster, a head and two workers on this machine: it finds what one process finds, whatever dies."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from audit import run, work
from audit.config import Config
from audit.engines.ray import RayEngine
from audit.errors import AuditError
from audit.finding import DOCUMENTS_FILE, EXAMPLES_FILE, FINDINGS_FILE
from audit.inputs import plan
from audit.table import load_summary

ray = pytest.importorskip("ray")
cluster_utils = pytest.importorskip("ray.cluster_utils")

pytestmark = [
    pytest.mark.filterwarnings("default"),  # those of Ray are its own
    pytest.mark.skipif(sys.platform == "win32", reason="clusters of several nodes are no thing of Windows"),
]
STORE = 80 << 20  # bytes of a node's object store, about the least Ray takes
STORY = "The harbour council met on Tuesday and agreed to mend the old pier before the winter storms arrive."
CLOCKS = ("started", "seconds", "documents_per_second", "bytes_per_second", "resumed_parts")


@pytest.fixture
def cluster() -> Iterator[Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_memory_monitor_refresh_ms", "0")  # it counts what others do on the machine
        patch.setenv("RAY_AUTH_MODE", "disabled")
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.delenv("RAY_ADDRESS", raising=False)
        found = cluster_utils.Cluster(
            initialize_head=True,
            head_node_args={"num_cpus": 1, "object_store_memory": STORE, "include_dashboard": False},
        )
        for _ in range(2):
            found.add_node(num_cpus=1, object_store_memory=STORE)
        ray.cloudpickle.register_pickle_by_value(sys.modules[__name__])
        yield found
        ray.shutdown()
        found.shutdown()


@pytest.fixture
def crawl(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("crawl")
    for name in "abcd":
        lines = (
            {
                "text": f"{STORY} Day {i}.\n\n{STORY} Read more\n\nTide news\n",
                "url": f"https://{i % 3}.example/{name}{i}",
            }
            for i in range(12)
        )
        (root / f"{name}.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return root


@pytest.fixture(autouse=True)
def small_units(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "plan", partial(plan, unit_bytes=1_500))


def assert_same(out: Path, wanted: Path) -> None:
    for name in (DOCUMENTS_FILE, FINDINGS_FILE):
        assert pq.read_table(out / name).equals(pq.read_table(wanted / name))
    assert (out / EXAMPLES_FILE).read_bytes() == (wanted / EXAMPLES_FILE).read_bytes()
    found, expected = load_summary(out), load_summary(wanted)
    assert {k: v for k, v in found.items() if k not in CLOCKS} == {k: v for k, v in expected.items() if k not in CLOCKS}


class DeadlyEngine(RayEngine):
    """A cluster in which the process of one unit dies in each pass."""

    def map_units(self, work: Callable[..., Any], *rest: Any) -> Iterator[Any]:
        return super().map_units(partial(dies_once, work), *rest)


def dies_once(job: Callable[[Any, work.Given], bool], unit: Any, given: work.Given) -> bool:
    mark = given.parts.folder.parent.parent / f"dead-{job.__name__}"
    if unit.index == 5 and not mark.exists():
        mark.touch()
        os._exit(9)
    return job(unit, given)


def full_disk(unit: Any, given: Any) -> bool:
    raise OSError(28, "No space left on device")


class FullEngine(RayEngine):
    """A cluster whose disk is full."""

    def map_units(self, work: Callable[..., Any], *rest: Any) -> Iterator[Any]:
        return super().map_units(full_disk, *rest)


def test_a_cluster(cluster: Any, crawl: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One test, as a cluster takes long to start. In both passes a process dies, and then a node."""
    nodes = list(cluster.worker_nodes)
    killed: list[str] = []

    def progress(stage: str, done: int, total: int) -> None:
        if done == 2 and stage not in killed:
            killed.append(stage)
            cluster.remove_node(nodes.pop(), allow_graceful=False)

    with pytest.raises(AuditError, match=r"cannot write to .*: No space left on device; what is done is kept"):
        run.audit([str(crawl)], Config(), tmp_path / "there", engine=FullEngine(cluster.address))
    run.audit([str(crawl)], Config(), tmp_path / "here")
    run.audit([str(crawl)], Config(), tmp_path / "there", engine=DeadlyEngine(cluster.address), progress=progress)
    assert killed == ["sites", "documents"]
    assert sorted(path.name for path in tmp_path.glob("dead-*")) == ["dead-judge", "dead-survey"]
    assert_same(tmp_path / "there", tmp_path / "here")
    with (crawl / "a.jsonl").open() as stream:  # which no other machine could read
        monkeypatch.setattr(sys, "stdin", stream)
        found = run.audit(["-"], Config(), tmp_path / "out", engine=RayEngine(cluster.address))
    assert found.summary["counts"]["read"] == found.summary["counts"]["seen"] == 12


def test_no_cluster_at_the_address() -> None:
    with pytest.raises(AuditError, match=r"no Ray cluster at 127\.0\.0\.1:1"):
        RayEngine("127.0.0.1:1")
