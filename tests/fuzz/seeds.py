"""Where fuzzing starts: small sound inputs of every kind."""

import gzip
import io
import json
import tarfile
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from .targets import BETWEEN, EXTENSIONS, TARGETS

TEXT = "The harbour council met on Tuesday and agreed to mend the old pier. Nobody objected.\n\nRead more\n"
PAGE = f"<html><head><title>A pier</title></head><body><nav><a href=/>Home</a></nav><p>{TEXT}</p><p>{TEXT}</p></body></html>"
RECORD = json.dumps({"text": TEXT, "url": "https://harbour.example/1", "metadata": {"title": "A pier"}})
WARC = (
    "WARC/1.0\r\nWARC-Type: conversion\r\nContent-Type: text/plain\r\n"
    f"Content-Length: {len(TEXT)}\r\n\r\n{TEXT}\r\n\r\n"
).encode()
SETTINGS = (
    'exclude = ["drafts/"]\nignore = ["CH404"]\n[options.TR101]\nmin_words = 15\n'
    '[[gate]]\nmetric = "bad"\nmax = 0.1\n[[suppress]]\nrule = "LK103"\nreason = "ours"\n'
)


def _zip(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return out.getvalue()


def _tar() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        info = tarfile.TarInfo("a.txt")
        info.size = len(TEXT)
        archive.addfile(info, io.BytesIO(TEXT.encode()))
    return out.getvalue()


def _tables() -> tuple[bytes, bytes]:
    table, parquet, arrow = pa.table({"text": [TEXT] * 3}), io.BytesIO(), io.BytesIO()
    pq.write_table(table, parquet)
    with pa.ipc.new_file(arrow, table.schema) as writer:
        writer.write_table(table)
    return parquet.getvalue(), arrow.getvalue()


PARQUET, ARROW = _tables()
SEEDS: dict[str, bytes] = {
    "arrow": ARROW,
    "csv": f'text,url\n"{TEXT}",x\n'.encode(),
    "tsv": b"text\turl\nThe harbour council met.\tx\n",
    "html": PAGE.encode(),
    "json": f"[{RECORD}]".encode(),
    "json-lines": f"{RECORD}\n{RECORD}\n".encode(),
    "parquet": PARQUET,
    "tar": _tar(),
    "text": TEXT.encode(),
    "wacz": _zip("archive/a.warc", WARC),
    "warc": WARC,
    "zip": _zip("a.txt", TEXT.encode()),
    "compressed": gzip.compress(TEXT.encode()),
    "segmenter": TEXT.encode(),
    "aligner": f"{TEXT}{BETWEEN}{PAGE}".encode(),
    "configuration": SETTINGS.encode(),
    "showing": b"safe \x1b[31m \xe2\x80\xae \r\n\t",
}
assert SEEDS.keys() == TARGETS.keys() >= EXTENSIONS.keys(), "a target without a seed, or a seed without a target"


def write(target: str, place: Path) -> None:
    """The seed of a target as a file of a corpus."""
    place.mkdir(parents=True, exist_ok=True)
    (place / "seed").write_bytes(SEEDS[target])
