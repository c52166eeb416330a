"""Source pages: what is read from HTML of any kind, how texts find their place on it, and whose word counts."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit import judge
from audit.config import Config
from audit.document import Document
from audit.finding import Audited, Mark
from audit.registry import rules
from audit.segment import segment
from audit.source import reader
from audit.source.align import Aligner
from audit.source.evidence import Evidence, Place, evidence
from audit.source.known import known_of
from audit.source.markup import Markup
from audit.source.reader import as_written, parse
from audit.source.verdict import settled
from audit.source.words import words_of

STORIES = {
    "en": (
        "The weir below the mill was mended in a single night, by people who would not say who had asked them to.",
        "Since then the water has stood a hand higher, and the ducks have moved to the meadow behind the school.",
        "The miller found a bill for eleven loaves of bread on his doorstep, and paid it without asking any questions.",
    ),
    "fr": (
        "Le boulanger de la place ferme le mardi, parce que c'est le jour où son four se repose depuis trente ans.",
        "Les habitants achètent leur pain le lundi soir, et le trouvent meilleur le lendemain que le jour même.",
        "Un concurrent a ouvert un mardi, il y a deux ans, et personne n'a poussé sa porte avant le mercredi.",
    ),
    "ru": (
        "Старый трамвай вернулся на улицу после ремонта, который длился на два года дольше, чем когда-то строили саму линию.",
        "Вагоновожатый звонит на каждом углу, хотя машин здесь не было уже двадцать лет.",
        "Дети машут ему из окон школы, и он каждый раз снимает фуражку, не отпуская рычага.",
    ),
    "zh": (
        "村里的水井在干旱的夏天第一次见了底，老人们说这是六十年来从未有过的事情。",
        "年轻人带着绳子和灯下到井里，在石缝中找到了一只写着名字的旧水桶。",
        "水桶的主人如今住在城里，听到消息以后连夜坐火车赶了回来。",
    ),
}
each_story = pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)


def page(story: tuple[str, ...], head: str = "") -> str:
    paragraphs = "".join(f"<p>{p}</p>" for p in story)
    return (
        f"<html><head><title>Weir</title>{head}</head><body><nav><a href='/'>Home</a></nav><main><h1>Weir</h1>"
        f"{paragraphs}</main><footer><p>All rights reserved by nobody in particular</p></footer></body></html>"
    )


def shown(text: str, html: str) -> Evidence:
    found = evidence(segment(Document("a", "a.txt", text, html=html)))
    assert found is not None
    return found


def judged(text: str, html: str | None) -> Audited:
    return judge.Judge.of(Config()).judge(Document("a", "a.txt", text, html=html))


def read(html: str) -> Markup:
    found = parse(html)
    assert found is not None
    return found


@each_story
@pytest.mark.parametrize("form", ["plain", "markdown", "wrapped", "one line"])
def test_a_whole_text_has_lost_nothing_whatever_its_form(story: tuple[str, ...], form: str) -> None:
    made = {
        "plain": "\n\n".join(story),
        "markdown": "# Weir\n\n" + "\n\n".join(f"**{p[:8]}**{p[8:]}" for p in story),
        "wrapped": "\n\n".join("\n".join(p[i : i + 40] for i in range(0, len(p), 40)) for p in story),
        "one line": " ".join(story),
    }[form]
    found = shown(made, page(story))
    assert (found.lead, found.tail, found.holes) == (None, None, ())


@each_story
def test_a_lost_beginning_and_end_are_quoted(story: tuple[str, ...]) -> None:
    text = "\n\n".join((*story[1:2], story[2][: len(story[2]) // 2]))
    found = shown(text, page(story))
    assert found.lead is not None
    assert found.lead.quote == story[0]
    assert found.tail is not None
    assert found.tail.inside
    assert found.tail.quote.split()[-1] == words_of(story[2])[-1]


def test_a_page_whose_encoding_was_misread_is_read_as_it_was_written() -> None:
    story = ("The “weir” we’re proud of — Anna’s — was mended at night.", "It’s a hand higher; the “ducks” don’t mind.")
    misread = page(story).encode("utf-8").decode("latin-1")
    assert shown("\n\n".join(story), misread).holes == ()
    assert shown("\n\n".join(story), misread).tail is None
    both = "\n\n".join(story).encode("utf-8").decode("latin-1")
    assert as_written(misread, both) == misread  # the text says the same
    assert as_written("Ã is a letter, and so is Ж", "") == "Ã is a letter, and so is Ж"


@each_story
def test_the_page_decides_the_risks(story: tuple[str, ...]) -> None:
    whole, cut = judged("\n\n".join(story), page(story)), judged("\n\n".join(story[1:])[:-12], page(story))
    for family in ("missing_lead", "truncation"):
        assert (whole.risks[family] or 0) < 0.01
        assert (cut.risks[family] or 0) > 0.85


def test_what_the_text_alone_seems_to_lack_is_refuted_by_the_page() -> None:
    story: tuple[str, ...] = (
        "and so the weir was mended, in a single night, by people who would not say who had asked them to.",
    )
    story += (*STORIES["en"][1:], "Nobody has seen the ducks since the evening on which the water came down from the")
    text = "\n\n".join(story)
    assert {f.rule for f in judged(text, None).findings} >= {"LD101", "TR101"}
    assert judged(text, page(story)).findings == ()


@pytest.mark.parametrize(
    ("rule", "story"),
    [
        (
            "TR106",
            (
                "Mira Solano has kept bees on the roof of the old post office for nineteen years. We met her in March.",
                "How did you start, and who helped you with the first hive?",
                "By accident. A swarm settled on my balcony, so I read a book overnight and bought a box.",
                "And what happened in the summer of the fire, when the roof was closed?",
            ),
        ),
        (
            "LK112",
            (
                *STORIES["en"][:2],
                "You are reading one of your three free stories this month.",
                *STORIES["en"][2:],
            ),
        ),
    ],
)
def test_what_the_text_alone_seems_to_have_is_refuted_by_the_page(rule: str, story: tuple[str, ...]) -> None:
    text = "\n\n".join(story)
    assert rule in {f.rule for f in judged(text, None).findings}
    assert judged(text, page(story)).findings == ()


def test_a_page_the_text_is_not_from_says_nothing() -> None:
    text = "\n\n".join(STORIES["en"])
    assert evidence(segment(Document("a", "a.txt", text, html=page(STORIES["fr"])))) is None
    assert judged(text, page(STORIES["fr"])).findings == judged(text, None).findings


def test_without_the_library_the_text_is_judged_alone_and_the_result_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "is_able", lambda: False)
    monkeypatch.setattr("audit.source.verdict.is_able", lambda: False)
    evidence.cache_clear()
    text = "\n\n".join(STORIES["en"][1:])
    found = judged(text, page(STORIES["en"]))
    assert "needs lxml" in (found.reason or "")
    assert found.findings == judged(text, None).findings


# What pages have beside an article without its text having lost or gained anything; the texts are the three paragraphs.
HARMLESS = {
    "a paragraph shown twice": ("<p>{0}</p><p>{0}</p><p>{1}</p><p>{2}</p>", "{0}\n\n{1}\n\n{2}"),
    "a hint under the headline": ("<div>Prices were right when this was printed, by and large.</div>{all}", "{text}"),
    "a word written apart": ("<p>{0}</p><p>{1} water wheel</p><p>{2}</p>", "{0}\n\n{1} wa ter wheel\n\n{2}"),
    "a numbered title that is a link": ("<p>{0}</p><p><a href=/b>2. The ducks of the meadow</a></p><p>{1}</p><p>{2}</p>",
        "{0}\n\n2. The ducks of the meadow\n\n{1}\n\n{2}"),
    "a link within the page": ("<p>{0}</p><p><a href=#d>The ducks of the meadow</a></p><p>{1}</p><p>{2}</p>",
        "{0}\n\nThe ducks of the meadow\n\n{1}\n\n{2}"),
    "a long box of the article": ("{all}<aside><p>{box}</p></aside>", "{text}\n\n{box}"),
    "a paragraph that is several lines of the text": ("<p>{0} It has a rake, a sluice and a small wheel of oak.</p><p>{1}</p><p>{2}</p>",
        "{0} It has\n\na rake,\n\na sluice\n\nand a small wheel of oak.\n\n{1}\n\n{2}"),
    "words that are those of the footer, too": ("<p>{0}</p><p>{1}</p><p>{2}</p>", "{0}\n\nIn particular\n\n{1}\n\n{2}"),
    "a heading that is named like buttons": ("<p>{0}</p><h3 id=social-benefits>Social benefits</h3><p>{1}</p><p>{2}</p>",
        "{0}\n\nSocial benefits\n\n{1}\n\n{2}"),
    "the name of a picture": ("<p>{0}</p><img alt='The ducks of the meadow'><p>{1}</p><p>{2}</p>",
        "{0}\n\nThe ducks of the meadow\n\n{1}\n\n{2}"),
    "questions in the footer of the article": ("<article><div>{all}</div><footer><h2>Who was it?</h2><p>{box}</p></footer></article>",
        "{text}\n\nWho was it?\n\n{box}"),
    "a row of which one cell is a link": ("<p>{0}</p><table><tr><td>Height<td><a href=/m>The water has stood a hand higher since then"
        "</a><td>yes</table><p>{1}</p><p>{2}</p>", "{0}\n\nHeight The water has stood a hand higher since then yes\n\n{1}\n\n{2}"),
    "the title in the menu": ("{all}</main><nav><a href=/w>Old Weir</a></nav>", "Old Weir\n\n{text}"),
    "a pointer in a paragraph of its own": ("<p>{0}</p><p>Read more: <a href=/m>How the mill was built</a></p><p>{1}</p><p>{2}</p>",
        "{0}\n\nRead more: How the mill was built\n\n{1}\n\n{2}"),
    "a label at the end of a paragraph": ("<p>{0} <a href=/m>Read more.</a></p><p>{1}</p><p>{2}</p>",
        "{0} Read more.\n\n{1}\n\n{2}"),
    "a label in a paragraph of its own": ("<p>{0}</p><p>Learn more</p><p>{1}</p><p>{2}</p>", "{0}\n\nLearn more\n\n{1}\n\n{2}"),
    "words that stand apart": ("<p>{0}</p><div><b>Total time</b><span>13<i> hours</i></span> hours <span>35<i> minutes</i></span> minutes"
        "</div><p>{1}</p><p>{2}</p>", "{0}\n\nTotal time 13 hours 35 minutes\n\n{1}\n\n{2}"),
    "the footer of a box": ("<p>{0}</p><div><footer><p>From the book of the mill</p></footer></div><p>{1}</p><p>{2}</p>",
        "{0}\n\nFrom the book of the mill\n\n{1}\n\n{2}"),
    "a short note that follows": ("{all}<p>The names of all who helped are known.</p>", "{text}"),
}  # fmt: skip
BOX = "The mill was built by two brothers who did not speak, and who each ground on their own days. " * 3


@pytest.mark.parametrize(("body", "text"), HARMLESS.values(), ids=HARMLESS)
def test_what_pages_do_is_no_damage(body: str, text: str) -> None:
    story = STORIES["en"]
    parts = {"all": "".join(f"<p>{p}</p>" for p in story), "text": "\n\n".join(story), "box": BOX.strip()}
    html = page((), "<meta property=og:title content='Old Weir'>")
    html = html.replace("</h1>", "</h1>" + body.format(*story, **parts))
    assert [f.rule for f in judged(text.format(*story, **parts), html).findings] == []


@pytest.mark.parametrize(
    ("sure", "label", "stands"), [(0.6, "{}", False), (0.9, "{}", True), (0.6, "<a href=/b>{}</a>", True)]
)
def test_the_articles_element_speaks_for_doubtful_lines_without_links(sure: float, label: str, stands: bool) -> None:
    line, story = "Twelve barges", STORIES["en"]
    body = "".join(f"<p>{p}</p>" for p in story)
    html = f"<article><div><div>{label.format(line)}</div></div><section>{body}</section></article>"
    text = "\n\n".join((line, *story))
    mark = Mark(0, len(line), "It looks like a label.", sure)
    left = settled(segment(Document("a", "a.txt", text, html=html)), [(rules()["CH402"], mark)])
    assert (list(left) != []) is stands


LABELS = ("Chart data", "Ad Policy", "Up next", "Settings.py")


@pytest.mark.parametrize("label", LABELS)
def test_a_label_that_the_page_has_nowhere_is_injected(label: str) -> None:
    story = STORIES["en"]
    text = "\n\n".join((*story[:2], label, story[2]))
    assert [(f.rule, f.excerpt) for f in judged(text, page(story)).findings] == [("LK302", label)]
    hidden = page(story, f"<script>label = {label!r}</script>")
    assert judged(text, hidden).findings == ()


def test_what_the_page_hides_between_the_same_words_is_no_insertion() -> None:
    story = STORIES["en"]
    text = "\n\n".join((story[0].replace(" night,", " nightLink opens in a new tab,"), *story[1:]))
    assert [f.rule for f in judged(text, page(story)).findings] == ["LK303"]
    icon = "<a href=/n>night<svg><title>Link opens in a new tab</title></svg></a>"
    html = page(story).replace(" night,", f" {icon},")
    assert judged(text, html).findings == ()


POINTERS = ("Read also: Seven lighthouses to see", "Also read | Seven lighthouses to see")


@pytest.mark.parametrize("pointer", POINTERS)
@pytest.mark.parametrize("words", ["", " from the old road on a clear day in winter with a dog and a loaf of bread"])
def test_all_that_was_injected_into_a_paragraph_is_marked(pointer: str, words: str) -> None:
    story = STORIES["en"]
    text = "\n\n".join((story[0], f"{story[1]} {pointer}{words}", story[2]))
    assert [(f.rule, f.excerpt) for f in judged(text, page(story)).findings] == [("LK303", pointer + words)]


def test_many_words_that_the_page_lacks_are_another_version_of_it() -> None:
    story = STORIES["en"] * 3
    told = tuple(f"{p} Nobody knows {n}" for n, p in enumerate(story))
    assert [f.rule for f in judged("\n\n".join((*told[:2], *story[2:])), page(story)).findings] == ["LK303"] * 2
    assert judged("\n\n".join(told), page(story)).findings == ()


STANDFIRST = "Nobody asked for it, and nobody was paid for it, but the weir of the village stands where it stood again."
BIO = "Ann Weir writes about water, and has been with this paper since she was asked to leave another one."


def test_a_lost_standfirst_is_a_greater_risk_than_a_box_about_the_author() -> None:
    def risk(above: str) -> float:
        html = page(STORIES["en"]).replace("</h1>", f"</h1>{above}")
        return judged("\n\n".join(STORIES["en"]), html).risks["missing_lead"] or 0.0

    assert risk("") < risk(f"<div class=author-box><div>{BIO}</div></div>") < risk(f"<p>{STANDFIRST}</p>")


@each_story
def test_findings_carry_what_is_missing(story: tuple[str, ...]) -> None:
    lost = next(f for f in judged("\n\n".join(story[1:]), page(story)).findings if f.rule == "LD401")
    assert lost.evidence == {"missing": story[0], "words": len(words_of(story[0]))}
    long = ("The weir. " * 500, *story[1:])
    lost = next(f for f in judged("\n\n".join(long[1:]), page(long)).findings if f.rule == "LD401")
    assert len(str(lost.evidence["missing"])) <= 400


def test_places() -> None:
    text = "\n\n".join(
        ("Home", "Weir", *STORIES["en"], "A line from elsewhere", "All rights reserved by nobody in particular")
    )
    places = [s.place for s in shown(text, page(STORIES["en"])).stands]
    assert places == [Place.REGION, Place.HEADLINE, *[Place.BODY] * 3, Place.ABSENT, Place.REGION]


def test_blocks_links_and_hidden_text() -> None:
    found = read(
        "<div>Read <b>a</b>ll <a href=x>the rest</a><p>Two<br>lines</p><script>no()</script><noscript>no</noscript></div>"
    )
    assert [(p.text, p.linked) for p in found.pieces] == [("Read all the rest", 2), ("Two lines", 0)]


def test_what_a_page_says_of_itself() -> None:
    data = (
        '{"@graph": [{"@type": ["NewsArticle"], "headline": " A  b ", "wordCount": 3, "isAccessibleForFree": "False"}]}'
    )
    head = f'<meta property="og:description" content="C d"><script type="application/ld+json">{data}</script>'
    known = known_of(read(page(STORIES["en"], head)))
    assert (known.title, known.description, known.words, known.free, known.is_news) == ("A b", "C d", 3, False, True)


@pytest.mark.parametrize(
    "data", ["{", "[" * 100_000, "null", '{"@type": 1}', '{"@type": "Article", "headline": ["x"]}']
)
def test_broken_json_says_nothing(data: str) -> None:
    head = f'<script type="application/ld+json">{data}</script>'
    assert known_of(read(page(STORIES["en"], head))).title == "Weir"


HOSTILE = {
    "deep": "<div>" * 100_000,
    "deep but closed": "<div>" * 900 + "x" + "</div>" * 900,
    "unclosed": "<p><b><a href=x><table><tr><td>" * 5_000,
    "many attributes": "<p " + " ".join(f"a{i}=1" for i in range(60_000)) + ">",
    "huge attribute": f"<p class='{'nav ' * 500_000}'>",
    "nulls": "\0<p>\0x" * 10_000,
    "surrogates": "<p>\ud800" * 1_000,
    "scripts": "<script><!--<script>" * 10_000,
    "open comment": "<!--" * 50_000,
    "entities": "&#x110000;&bogus;&#0;" * 20_000,
    "one word": "<p>x " * 50_000,
    "headlines": "<h1>x y z</h1>" * 20_000,
    "one block": "x " * 300_000,
    "beyond the size": "x" * (reader.MAX_CHARS + 1),
    "not closed tag": "<p" * 100_000,
    "wrong encoding": "<meta charset=utf-16><p>Ünïcödé" + "\x80\x81" * 1000,
}


@pytest.mark.parametrize("attack", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("before", [True, False])
def test_hostile_pages_are_judged_within_bounds(attack: str, before: bool) -> None:
    text = "\n\n".join((*STORIES["en"], *["x y z"] * 200))
    html = attack + page(STORIES["en"]) if before else page(STORIES["en"]) + attack
    assert judged(text, html).score is not None
    found = parse(html)
    assert found is None or len(found.pieces) <= reader.MAX_BLOCKS


TAGS = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<a href=x>",
        "</a>",
        "<nav>",
        "</nav>",
        "<h1>",
        "<script>",
        "</script>",
        "<!--",
        "-->",
        "<",
        "<br>",
    ]
)
SOUP = st.lists(TAGS | st.text(max_size=20) | st.sampled_from(STORIES["en"]), max_size=40).map("".join)


def test_letters_that_grow_in_lower_case_keep_their_places() -> None:
    found = read("<p>İİ <a href=x>İstanbul İli</a> son</p>")
    assert found.unlinked(found.pieces[0], 0, 4) == [0, 3]


@given(SOUP, st.text(max_size=200))
@settings(deadline=None)
def test_any_markup_is_read(html: str, text: str) -> None:
    found = parse(html)
    if found is not None:
        assert [p.start for p in found.pieces] == [0, *(p.end for p in found.pieces)][:-1]
        assert found.pieces[-1].end == len(found.words)
    audited = judged(" ".join(("Once.", text, *STORIES["en"])), html)
    for finding in audited.findings:
        assert 0 <= finding.start <= finding.end <= len(" ".join(("Once.", text, *STORIES["en"])))


@given(
    st.lists(st.sampled_from("abcdefgh"), max_size=80),
    st.lists(st.lists(st.sampled_from("abcdefghx"), max_size=12), max_size=6),
)
@settings(deadline=None)
def test_runs_are_equal_words_in_order(words: list[str], blocks: list[list[str]]) -> None:
    matches = Aligner(words, [(0, len(words))]).align(blocks)
    for block, match in zip(blocks, matches, strict=True):
        for run in match.runs:
            assert block[run.at : run.at + run.length] == words[run.place : run.place + run.length]
        assert all(a.at + a.length <= b.at for a, b in pairwise(match.runs))
