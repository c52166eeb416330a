"""How lengths and risks are spread: counted in pieces, none lost."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given
from hypothesis import strategies as st

from audit import spreads
from audit.finding import DOCUMENTS_FILE, FAMILIES
from audit.table import DOCUMENTS

Row = tuple[int, str, float | None]
ROWS = st.lists(
    st.tuples(st.integers(0, 9000), st.sampled_from([*spreads.VERDICTS, "unread"]), st.none() | st.floats(0, 1))
)


def counted(place: Path, rows: list[Row]) -> spreads.Counts:
    documents = [{"words": words, "verdict": verdict, **dict.fromkeys(FAMILIES, risk)} for words, verdict, risk in rows]
    pq.write_table(pa.Table.from_pylist(documents, schema=DOCUMENTS), place / DOCUMENTS_FILE)
    return spreads.count(place)


@given(rows=ROWS)
def test_every_document_read_is_in_one_bin(rows: list[Row], tmp_path_factory: object) -> None:
    counts = counted(tmp_path_factory.mktemp("rows"), rows)  # type: ignore[attr-defined]
    read = [row for row in rows if row[1] != "unread"]
    lengths = spreads.lengths(counts)
    assert sum(one.documents for one in lengths.bins) == len(read) if lengths else not read
    for spread in spreads.risks(counts):
        assert sum(one.documents for one in spread.bins) + spread.left_out == len(read)


def test_bins(tmp_path: Path) -> None:
    rows: list[Row] = [
        (0, "bad", 0.0),
        (24, "suspect", 0.05),
        (25, "ok", 1.0),
        (5000, "ok", 0.999),
        (99, "ok", None),
        (9, "unread", None),
    ]
    counts = counted(tmp_path, rows)
    found = spreads.lengths(counts)
    assert found
    assert [(one.label, one.parts) for one in found.bins if one.documents] == [
        ("0–25", (("bad", 1), ("suspect", 1), ("ok", 0))),
        ("25–50", (("bad", 0), ("suspect", 0), ("ok", 1))),
        ("50–100", (("bad", 0), ("suspect", 0), ("ok", 1))),
        ("3,200 or more", (("bad", 0), ("suspect", 0), ("ok", 1))),
    ]
    assert [one.height for one in found.bins][:2] == [1.0, 0.5]
    first = next(spreads.risks(counts))
    assert [(one.label, one.documents) for one in first.bins if one.documents] == [("0–10 %", 2), ("90–100 %", 2)]
    assert first.left_out == 1


def test_without_documents_there_is_nothing_to_draw(tmp_path: Path) -> None:
    assert spreads.lengths(spreads.count(tmp_path)) is None
    assert list(spreads.risks(spreads.count(None))) == []
