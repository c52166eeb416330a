"""Lines written for the training: what sites say around their texts, and what articles say that looks like it.

The labelled pages of a set hold too few of the sentences in which sites speak, and hardly any in most languages. Those
of `models/lines`, a file a language, were written for this project, and the phrase lists say the same in a few words.
Lines that were put into an article are known, so that articles with them are labelled documents like any other.
"""

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from audit.labelled import fold_of
from audit.notices import OTHER_GROUPS
from audit.resources import digest_of, folder
from audit.vocabulary import load

FILES = "lines/*.toml"
# What the arrays of a file hold, with the family that lines have as spans: lines of sites, texts of links, lines of
# articles that look like either, and any others; and, from the phrase lists, labels of chrome and of links.
FAMILIES = {"site": "chrome", "link": "link_text", "text": None, "plain": None}
# An article gets so many lines of sites, with the first chance also one that only looks like one; each stands above the
# article with the second chance, below it with the third, or else between its paragraphs.
PUT, LOOKALIKE, ABOVE, BELOW = (1, 3), 0.5, 0.25, 0.3
LEAST_LINES = 4  # of an article


@dataclass(frozen=True, slots=True)
class Written:
    """A line, its language, what it is (as in FAMILIES, or `phrase`), and its family, None for one of an article."""

    text: str
    lang: str
    part: str
    family: str | None


def written() -> tuple[Written, ...]:
    """All written lines, by language."""
    out = []
    for path in sorted(folder("models").glob(FILES)):
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        for part, family in FAMILIES.items():
            out += [Written(text, path.stem, part, family) for text in table.get(part, ())]
    return tuple(out)


def digest() -> str:
    """SHA-256 over all files of written lines: names their version in what was learned from them."""
    return digest_of("models", FILES)


def phrases() -> Iterator[Written]:
    """The phrases of the lists that name chrome or link text."""
    for lang, vocabulary in load().items():
        for group, by in vocabulary.groups.items():
            if group not in OTHER_GROUPS or group == "link_text":
                family = "link_text" if group == "link_text" else "chrome"
                yield from (Written(text, lang, "phrase", family) for texts in by.values() for text in texts)


def by_fold(lines: Iterable[Written], folds: int) -> Mapping[tuple[str | None, int], Sequence[Written]]:
    """The lines that are put into articles, by language and fold.

    A line is of one fold, as pages are, so that no model has learned from the lines of the documents it is measured on.
    """
    out = defaultdict[tuple[str | None, int], list[Written]](list)
    for line in lines:
        if line.part != "plain":
            out[line.lang, fold_of(line.text, folds)].append(line)
    return out


def with_lines(row: dict[str, Any], fit: Sequence[Written], seed: int) -> dict[str, Any] | None:
    """A clean row of `defects` as another one, with some of the lines that fit it; None where none do."""
    rows = [line.rstrip() for line in row["text"].splitlines()]
    if sum(map(bool, rows)) < LEAST_LINES or not fit:
        return None
    random = Random(f"{seed}:written:{row['page']}")
    site, text = ([line for line in fit if (line.family is None) is of] for of in (False, True))
    put = random.sample(site, min(len(site), random.randint(*PUT)))
    put += random.sample(text, min(len(text), random.random() < LOOKALIKE))
    places = sorted((_place(rows, line, random), n) for n, line in enumerate(put))
    out, spans = list[str](), list[dict[str, Any]]()
    gap = "\n\n" if "" in rows else "\n"
    for at, (start, n) in enumerate((*places, (len(rows), -1))):
        before = "\n".join(rows[places[at - 1][0] if at else 0 : start]).strip("\n")
        out += [before] if before else []
        if n >= 0:
            begin = sum(len(part) + len(gap) for part in out)
            out.append(put[n].text)
            if family := put[n].family:
                spans.append({"family": family, "start": begin, "end": begin + len(put[n].text)})
    defects = sorted({span["family"] for span in spans})
    return row | {"text": gap.join(out), "spans": spans, "defects": defects, "group": "written"}


def _place(rows: Sequence[str], line: Written, random: Random) -> int:
    """The row before which a line is put; those of articles stand inside."""
    chance = random.random() if line.family else 1.0
    if chance < ABOVE:
        return 0
    if chance < ABOVE + BELOW:
        return len(rows)
    return random.choice([i for i, row in enumerate(rows) if row][1:])
