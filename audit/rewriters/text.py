"""Plain text and Markdown: the file is the text."""

from typing import BinaryIO

from audit.decoding import encoding_of
from audit.reading import read_file
from audit.records import ReadOptions
from audit.rewriting.mending import Fate, Mend
from audit.streams import InputFile, read_bytes

READERS = ("text",)


def write(file: InputFile, options: ReadOptions, stream: BinaryIO, mend: Mend) -> None:
    """Write the text in its encoding; UnicodeError when that cannot hold what was read."""
    data = read_bytes(file.path, options.max_bytes)
    for found in read_file(file, options):
        match mend(found):
            case Fate.DROPPED:
                return
            case str() as text:
                data = text.encode(options.encoding or encoding_of(data))
    stream.write(data)
