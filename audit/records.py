"""From a text or a record of any crawler to a document, or to the reason why it is none."""

import codecs
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from audit.decoding import decode
from audit.document import Document, Unread, host
from audit.errors import UnreadableError, UsageError
from audit.fields import FIELDS, first_text, lowered
from audit.streams import InputFile, explain, numbered_lines

MAX_BYTES = 64 << 20
METADATA_CHARS = 4096  # longer titles, addresses and ids are accidents or attacks, and are cut here
FIELDS_SHOWN = 20
BINARY_SHARE = 0.1  # control characters and U+FFFD: prose has next to none, decoded binary data a third
BINARY_SAMPLE = 10_000  # characters: data is told by its beginning, and only NULs are counted to the end

# ISO 639-2 and 639-3 codes (FineWeb-2, library catalogues) of languages that have a shorter one.
_LONG_TAGS = (
    "ara:ar arb:ar ces:cs cze:cs dan:da deu:de ger:de ell:el gre:el eng:en spa:es fin:fi fra:fr fre:fr hin:hi ind:id "
    "ita:it jpn:ja kor:ko nld:nl dut:nl nor:no nob:no nb:no pol:pl por:pt ron:ro rum:ro rus:ru swe:sv swa:sw swh:sw "
    "tha:th tur:tr ukr:uk vie:vi zho:zh chi:zh cmn:zh"
)
_SHORT = dict(pair.split(":") for pair in _LONG_TAGS.split())
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffd]")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read. `fields` maps a role (`text`, `url`, ...) to the field that holds it, instead of looking for one.

    `max_bytes` bounds one document after decompression. With `pages` it is the pages that are wanted: a document may
    have one and no text. Raises UsageError for a role or encoding that does not exist.
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    max_bytes: int = MAX_BYTES
    encoding: str | None = None
    pages: bool = False

    def __post_init__(self) -> None:
        for role in self.fields:
            if role not in FIELDS:
                raise UsageError(f"a record has no role {role!r}: the roles are {', '.join(FIELDS)}")
        try:
            codecs.lookup(self.encoding or "utf-8")
        except LookupError:
            raise UsageError(f"no encoding is called {self.encoding!r}") from None

    def names(self, role: str) -> tuple[str, ...]:
        """The fields that may hold a role, most wanted first."""
        return (self.fields[role],) if role in self.fields else FIELDS[role]

    @property
    def all_names(self) -> tuple[tuple[str, ...], ...]:
        """The fields that may hold a role, of every role."""
        return tuple(map(self.names, FIELDS))


def unread(file: InputFile, reason: str, place: str = "", url: str | None = None, own_id: str | None = None) -> Unread:
    """What stands for a document that could not be read. `place` is `:line`, `#record` or nothing."""
    site = host(url) or file.site
    return Unread(own_id or file.id + place, file.source + place, mended(reason), url, site)


def document(
    text: str, file: InputFile, options: ReadOptions, place: str = "", known: Mapping[str, str | None] | None = None
) -> Document | Unread:
    """A document of this text, with what else is `known` of it by role; Unread when the text is none."""
    about = {role: _clean(value) for role, value in (known or {}).items() if role != "html"}
    url = about.get("url")
    text = mended(text)
    html = mended((known or {}).get("html") or "") or None
    is_page = options.pages and html is not None and not text
    if not is_page and (reason := _flaw(text, options.max_bytes)):
        return unread(file, reason, place, url, about.get("id"))
    return Document(
        id=about.get("id") or file.id + place,
        source=file.source + place,
        text=text,
        url=url,
        site=host(url) or file.site,
        title=about.get("title"),
        description=about.get("description"),
        lang=language(about.get("lang")),
        date=about.get("date"),
        extractor=about.get("extractor"),
        html=html,
        truncated=about.get("truncated"),
    )


def from_record(record: object, file: InputFile, options: ReadOptions, place: str = "") -> Document | Unread:
    """The document a record describes; Unread, naming the fields it has, when none of them holds a text."""
    if not isinstance(record, Mapping):
        return unread(file, f"not an object with fields but {_kind(record)}", place)
    try:
        fields = lowered(record)
        known = {role: first_text(fields, options.names(role), options.encoding) for role in FIELDS}
    except UnreadableError as error:
        return unread(file, explain(error), place)
    text = known.pop("text")
    if text is None and options.pages and known["html"]:
        text = ""
    if text is None:
        return unread(file, no_text(record, options), place, _clean(known["url"]), _clean(known["id"]))
    return document(text, file, options, place, known)


def from_json(data: bytes, file: InputFile, options: ReadOptions, place: str) -> Document | Unread:
    """The document of one JSON object, such as a line of JSON Lines."""
    try:
        return from_record(parse_json(data, options), file, options, place)
    except (UnreadableError, RecursionError) as error:
        return unread(file, explain(error), place)


def is_json_lines(head: bytes) -> bool:
    """Whether a file that begins like this holds one JSON object a line, and at least two of them."""
    first, _, rest = head.removeprefix(codecs.BOM_UTF8).lstrip().partition(b"\n")
    return first.startswith(b"{") and first.rstrip().endswith(b"}") and rest.lstrip().startswith(b"{")


def read_json_lines(file: InputFile, options: ReadOptions) -> Iterator[Document | Unread]:
    """The documents of a file or range of JSON Lines, streamed; their places are `:line`."""
    for number, line in numbered_lines(file, options.max_bytes):
        if line is None:
            yield unread(file, f"a line larger than the limit of {options.max_bytes:,} bytes", f":{number}")
        elif number == 1 and line.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise UnreadableError("JSON Lines in UTF-16: save it as UTF-8")
        elif line.strip():
            yield from_json(line.rstrip(b"\r\n"), file, options, f":{number}")


def parse_json(data: bytes, options: ReadOptions) -> object:
    """The value of a JSON text. Raises UnreadableError, and RecursionError for thousands of nested brackets."""
    try:
        return json.loads(decode(data, options.encoding))
    except ValueError as error:
        raise UnreadableError(f"not valid JSON: {error}") from None


def has_text(record: object, options: ReadOptions) -> bool:
    """Whether this is a record with a field for the text, even an empty one."""
    return (
        isinstance(record, Mapping) and first_text(lowered(record), options.names("text"), options.encoding) is not None
    )


def no_text(record: Mapping[str, object], options: ReadOptions) -> str:
    """The reason for a record without a text: what its text field holds instead, or which fields it has."""
    fields = lowered(record)
    for name in options.names("text"):
        if name in fields:
            return f"the field {name!r} holds {_kind(fields[name])} and no text"
    wanted = repr(options.fields["text"]) if "text" in options.fields else "for the text"
    names = [_printable(str(name)) for name in list(record)[:FIELDS_SHOWN]]
    more = ", …" if len(record) > FIELDS_SHOWN else ""
    return f"no field {wanted}; the record has: {', '.join(names)}{more}"


def language(tag: str | None) -> str | None:
    """The primary subtag of a language tag, in its short form; None when it is no tag.

    >>> language("en-US"), language("deu_Latn"), language("unknown")
    ('en', 'de', None)
    """
    first = re.split(r"[-_,;\s]", (tag or "").strip().lower())[0]
    return _SHORT.get(first, first) if re.fullmatch("[a-z]{2,3}", first) and first != "und" else None


def mended(text: str) -> str:
    """The text without halves of surrogate pairs, which a JSON escape can carry but no UTF-8 file can hold.

    Replaced one for one by U+FFFD before any offset exists, so offsets are the same in the text and in all results.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text)
    return text


def _clean(value: str | None) -> str | None:
    return mended(value).strip()[:METADATA_CHARS] or None if value else None


def _flaw(text: str, max_bytes: int) -> str | None:
    """What makes this no text to audit."""
    if not text or text.isspace():
        return "the text is empty"
    if len(text) > max_bytes or (len(text) * 4 > max_bytes and len(text.encode()) > max_bytes):
        return f"larger than the limit of {max_bytes:,} bytes"
    start = text[:BINARY_SAMPLE]
    if text.count("\0") > len(text) * BINARY_SHARE or len(_CONTROL.findall(start)) > len(start) * BINARY_SHARE:
        return "not text: too many control characters"
    return None


def _kind(value: object) -> str:
    names = {str: "a string", list: "a list", dict: "an object", type(None): "null", bool: "true or false"}
    return names.get(type(value), "a number")


def _printable(name: str) -> str:
    return "".join(c if c.isprintable() else "\ufffd" for c in name[:40])
