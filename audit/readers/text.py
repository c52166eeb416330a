"""Plain text and Markdown: one file, one document, with the HTML page that lies beside it."""

from collections.abc import Iterator

from audit.decoding import decode, decode_page
from audit.document import Document, Unread
from audit.records import ReadOptions, document, unread
from audit.registry import reader
from audit.streams import DAMAGE, InputFile, explain, read_bytes


@reader("text", extensions=(".txt", ".text", ".md", ".markdown"))
def read_text(file: InputFile, options: ReadOptions) -> Iterator[Document | Unread]:
    """Read the file as one document; a page that cannot be read is told apart and does not cost the text."""
    text = decode(read_bytes(file.path, options.max_bytes), options.encoding)
    html = None
    if file.page:
        try:
            html = decode_page(read_bytes(file.page.path, options.max_bytes))
        except DAMAGE as error:
            yield unread(file.page, f"the page of {file.source}: {explain(error)}")
    yield document(text, file, options, known={"html": html})
