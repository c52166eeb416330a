"""A sample: the same whatever the parts, of each site its share, and every document with the same chance."""

from collections import Counter
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from audit.document import Document, Unread
from audit.sampling import Sampler


def crawl(*sites: tuple[str, int]) -> list[Document | Unread]:
    return [
        Unread(f"{site}/{i}", "x", "damaged", site=site)
        if i % 10 == 9
        else Document(f"{site}/{i}", "x", f"Text {i}.", site=site)
        for site, n in sites
        for i in range(n)
    ]


def seen(documents: list[Document | Unread], size: int, seed: int = 0) -> Sampler:
    sampler = Sampler(size, seed)
    for document in documents:
        sampler.add(document)
    return sampler


CRAWL = crawl(("a", 700), ("b", 200), ("c", 95), ("d", 5))


def test_each_site_gives_its_share() -> None:
    sample = seen(CRAWL, 100).drawn()
    assert sample is not None
    shares = Counter(document.site for document in CRAWL if document in sample)
    assert (shares["a"], shares["b"], shares.total(), sample.of) == (70, 20, 100, 1000)
    assert shares["c"] in (9, 10)


@given(st.lists(st.integers(0, len(CRAWL)), max_size=5), st.integers(1, 19), st.booleans())
def test_parts_and_their_order_make_no_difference(cuts: list[int], size: int, backwards: bool) -> None:
    ends = [0, *sorted(cuts), len(CRAWL)]
    parts = [seen(CRAWL[start:end], size) for start, end in pairwise(ends)]
    whole = Sampler(size, 0)
    for part in reversed(parts) if backwards else parts:
        whole.merge(part)
    sample = whole.drawn()
    assert sample == seen(CRAWL, size).drawn()
    assert sample is not None
    assert sum(document in sample for document in CRAWL) == size


def test_another_seed_draws_others_and_all_have_the_same_chance() -> None:
    drawn: Counter[str] = Counter()
    small = crawl(("a", 80), ("b", 17), ("c", 3))
    for seed in range(300):
        sample = seen(small, 20, seed).drawn()
        assert sample is not None
        drawn.update(document.id for document in small if document in sample)
    assert len(drawn) == 100
    assert max(drawn.values()) < 2 * 60
    by_site = {site: sum(n for name, n in drawn.items() if name[0] == site) / 300 for site in "abc"}
    assert (round(by_site["a"]), round(by_site["b"]), round(by_site["c"])) == (16, 3, 1)


def test_a_crawl_no_larger_than_the_sample_is_taken_whole() -> None:
    assert seen(CRAWL, len(CRAWL)).drawn() is None
