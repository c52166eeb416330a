"""A crawl in a bucket: moto's S3 on this machine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from audit.document import Document
from audit.errors import AuditError
from audit.inputs import plan, read_unit
from audit.records import ReadOptions

CRAWL = Path(__file__).parents[1] / "samples" / "crawl"


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    server = pytest.importorskip("moto.server").ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    s3fs = pytest.importorskip("s3fs")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server.start()
    host, port = server.get_host_and_port()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    s3fs.S3FileSystem.clear_instance_cache()
    files = s3fs.S3FileSystem()
    files.makedirs("bucket", exist_ok=True)
    files.put(f"{CRAWL}/", "bucket/crawl/", recursive=True)
    yield "s3://bucket/crawl"
    s3fs.S3FileSystem.clear_instance_cache()
    server.stop()


def read(path: str) -> list[Document]:
    found = [item for unit in plan([path]).units for item in read_unit(unit, ReadOptions())]
    return [item for item in found if isinstance(item, Document)]


def test_a_crawl_in_a_bucket_is_read_as_one_on_disk(bucket: str) -> None:
    here, there = read(str(CRAWL)), read(bucket)
    assert len(there) > 50
    assert [(d.text, d.site, d.html) for d in there] == [(d.text, d.site, d.html) for d in here]
    assert all(d.source.startswith(f"{bucket}/") for d in there)


def test_what_a_bucket_does_not_have(bucket: str) -> None:
    with pytest.raises(AuditError, match="nothing lies at s3://bucket/none"):
        plan(["s3://bucket/none"])
    with pytest.raises(AuditError, match=r"not found: .*bucket"):
        plan(["s3://no-such-bucket/x"])
