"""The fuzz targets: each takes any bytes, and fails when a promise is broken."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from audit.config import load
from audit.document import Document
from audit.errors import UsageError
from audit.inputs import plan, read_unit
from audit.records import ReadOptions
from audit.registry import readers
from audit.segment import segment
from audit.source.evidence import evidence
from audit.visible import clip, json_safe, visible

MAX_BYTES = 1 << 20
BETWEEN = "\n\n\n"  # the text, then its page


def read(extension: str, data: bytes) -> None:
    """Any bytes give documents or reasons; what is said of them can be written and shown."""
    with TemporaryDirectory() as place:
        (Path(place) / f"a{extension}").write_bytes(data)
        found = [d for unit in plan([place]).units for d in read_unit(unit, ReadOptions(max_bytes=MAX_BYTES))]
    assert found
    for document in found:
        said = (document.text, document.title) if isinstance(document, Document) else (document.reason,)
        for text in (document.id, document.source, document.url, *said):
            (text or "").encode()
        assert not isinstance(document, Document) or len(document.text.encode()) <= 4 * MAX_BYTES


def segmenter(data: bytes) -> None:
    """Lines and blocks lie where they say, in order."""
    text = data.decode("utf-8", "replace")
    page = segment(Document("", "", text))
    assert all(text[line.start : line.end] == line.text for line in page.lines)
    assert all(text[block.start : block.end] == block.text for block in page.blocks)
    assert all(a.end <= b.start for a, b in zip(page.blocks, page.blocks[1:], strict=False))


def aligner(data: bytes) -> None:
    """Whatever the page, the evidence fits the text."""
    text, _, html = data.decode("utf-8", "replace").partition(BETWEEN)
    page = segment(Document("", "", text, html=html))
    found = evidence(page)
    if found:
        assert len(found.stands) == len(page.blocks)
        assert all(0 <= start <= end <= len(text) for start, end in found.insertions)


def configuration(data: bytes) -> None:
    """A configuration, or a message that says what is wrong with it."""
    with TemporaryDirectory() as place:
        file = Path(place) / "crawlaudit.toml"
        file.write_bytes(data)
        with suppress(UsageError):
            list(load(file=file).chosen())


def showing(data: bytes) -> None:
    """Nothing hidden is left in what is shown, and nothing is lost from JSON."""
    text = data.decode("utf-8", "replace")
    assert visible(visible(text)) == visible(text)
    assert len(clip(text, 100)) <= 100
    assert "\x1b" not in visible(text) + visible(text, lines=True) + json_safe(text)


EXTENSIONS = {name: reader.extensions[0] for name, reader in readers().items()}
TARGETS: dict[str, Callable[[bytes], None]] = {
    **{name: partial(read, extension) for name, extension in EXTENSIONS.items()},
    "compressed": partial(read, ".txt.gz"),
    "segmenter": segmenter,
    "aligner": aligner,
    "configuration": configuration,
    "showing": showing,
}
