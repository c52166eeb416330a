"""Another text in the field of a record that its text was read from, and JSON spelled as it was."""

import json
import re
from collections.abc import Mapping
from itertools import product
from typing import Any

from audit.fields import first_text, lowered
from audit.records import ReadOptions

_INDENT = re.compile(r"[\[{]\r?\n([ \t]+)")
Style = Mapping[str, Any]


def put_text(record: dict[str, Any], text: str, options: ReadOptions) -> str:
    """Set the text of a record that has one, in place. Returns the name of the record's own field that was changed."""
    known, names = lowered(record), options.names("text")
    wanted = first_text(known, names, options.encoding)
    name = next(name for name in names if first_text(known, [name], options.encoding) == wanted)
    return _put(record, name, text)


def _put(record: dict[str, Any], name: str, text: str) -> str:
    """Set a field: by its name, in any case, or below a dot."""
    own = {key.lower(): key for key in record} | {key: key for key in record}
    if key := own.get(name, own.get(name.lower())):
        record[key] = text.split("\n") if isinstance(record[key], list) else text
        return key
    head, _, rest = name.partition(".")
    key = own.get(head) or own[head.lower()]
    _put(record[key], rest, text)
    return key


def style_of(value: object, spelled: str) -> Style:
    """How a JSON value has to be written to be spelled like this, as far as that can be told."""
    found = _INDENT.search(spelled)
    indent = found[1] if found else None
    escaped = "\\u" in spelled
    spaced = (",", ": ") if indent else (", ", ": ")
    styles: list[Style] = [
        {"ensure_ascii": ascii_only, "separators": separators, "indent": indent}
        for ascii_only, separators in product((escaped, not escaped), (spaced, (",", ":")))
    ]
    return next((style for style in styles if json.dumps(value, **style) == spelled.strip()), styles[0])


def spelled_as(value: object, style: Style) -> str:
    """The value as JSON in a style; halves of surrogate pairs, which no file can hold, as escapes."""
    text = json.dumps(value, **style)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, **{**style, "ensure_ascii": True})
    return text
