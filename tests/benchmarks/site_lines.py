"""How well the lines of a site are found: `python tests/benchmarks/site_lines.py FOLDER [--sites 8]`.

FOLDER holds labelled texts: `lines.parquet` with columns page, extractor, kind, text and labels (one a line: content,
noise, …). Each site is made of 40 clean articles (lines labelled content) with real chrome lines around them: some on
every document, some on half. Traps: the intro of a series on five documents, a refrain inside one, an agency's story
published four times. A finding is a repeated line, its truth whether it was put there as chrome.
"""

import argparse
import random
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from audit.config import Config
from audit.document import Document
from audit.judge import Judge
from audit.outline import is_repeated
from audit.sites import Survey, countable

DOCUMENTS, TEMPLATE = 40, 10
INTRO = "This is part of our series about people who changed their town."
REFRAIN = "And the tide came in, and the tide went out"


def main() -> None:
    """Print precision and recall over the lines of all sites."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sites", type=int, default=8)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    draw = random.Random(given.seed)
    articles, chrome = material(given.folder / "lines.parquet")
    hits = wrong = missed = 0
    for number in range(given.sites):
        documents, template = site(f"site{number}.example", articles, chrome, draw)
        for line, is_template, found in findings(documents, template):
            hits += is_template and found
            wrong += found and not is_template
            missed += is_template and not found
            if found != is_template:
                print("missed" if is_template else "wrong", ascii(line[:90]))
    print(f"{given.sites} sites of {DOCUMENTS} documents, {hits + missed} template lines")
    print(f"precision {hits / max(1, hits + wrong):.4f}  recall {hits / max(1, hits + missed):.4f}")


def material(table: Path) -> tuple[list[str], list[list[str]]]:
    """Clean articles, and for each page its chrome lines."""
    rows = pd.read_parquet(table, columns=["page", "kind", "text", "labels"])
    articles: dict[str, str] = {}
    chrome: dict[str, list[str]] = {}
    for row in rows[rows.kind == "article"].to_dict("records"):
        pairs = list(zip(row["text"].splitlines(), row["labels"], strict=False))
        clean = [line for line, label in pairs if label == "content"]
        if sum(map(len, clean)) > 1000:
            articles.setdefault(row["page"], "\n".join(clean))
        noise = list(
            dict.fromkeys(line.strip() for line, label in pairs if label == "noise" and countable(line.strip()))
        )
        if len(noise) >= TEMPLATE:
            chrome.setdefault(row["page"], noise)
    return list(articles.values()), list(chrome.values())


def site(
    name: str, articles: list[str], chrome: list[list[str]], draw: random.Random
) -> tuple[list[Document], set[str]]:
    """The documents of one made-up site, and its template lines."""
    lines = draw.sample(draw.choice(chrome), TEMPLATE)
    head, tail, half = lines[:3], lines[3:8], lines[8:]
    texts = draw.sample(articles, DOCUMENTS)
    texts[1:4] = [texts[0]] * 3
    documents = []
    for i, text in enumerate(texts):
        own = f"{INTRO}\n{text}" if 5 <= i < 10 else text
        if i == 11:
            own = "\n".join(f"{REFRAIN}\n{line}" for line in own.splitlines())
        parts = [*head, own, *tail, *(half if i % 2 else ())]
        documents.append(Document(f"{name}{i}", f"{i}.txt", "\n".join(parts), site=name))
    return documents, set(lines)


def findings(documents: list[Document], template: set[str]) -> Iterator[tuple[str, bool, bool]]:
    """Each line of each document, whether it is the site's, and whether it is found to be."""
    survey = Survey()
    for document in documents:
        survey.add(document)
    judge = Judge.of(Config(), survey.evidence())
    for document in documents:
        page = judge.page(document)
        repeated = {
            page.lines[i].start for b in page.blocks if is_repeated(page, b) for i in range(b.first, b.last + 1)
        }
        for line in page.lines:
            yield line.text, line.text in template, line.start in repeated


if __name__ == "__main__":
    main()
