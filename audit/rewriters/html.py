"""HTML pages: their text was extracted, so that there is no place for another one; they stay, or are left out."""

from typing import BinaryIO

from audit.reading import read_file
from audit.records import ReadOptions
from audit.rewriting.mending import Fate, Mend
from audit.streams import InputFile, read_bytes

READERS = ("html",)


def write(file: InputFile, options: ReadOptions, stream: BinaryIO, mend: Mend) -> None:
    """Write the page as it is."""
    fates = [mend(found, whole=True) for found in read_file(file, options)]
    if Fate.DROPPED not in fates:
        stream.write(read_bytes(file.path, options.max_bytes))
