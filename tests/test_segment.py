"""Lines and blocks: offsets exact for any text, nothing lost, and what each line is taken for."""

import textwrap
from collections.abc import Callable, Iterable
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.document import Document
from audit.page import Block, Kind, Line, Page
from audit.script import EDGE
from audit.segment import segment

Growth = Callable[[Callable[[int], Callable[[], object]]], float]
BREAKS = (
    "\n",
    "\r\n",
    "\r",
    "\n\n",
    "\x0b",
    "\x0c",
    "\x1c",
    "\x1d",
    "\x1e",
    "\x85",
    "\u2028",
    "\u2029",
    "\n \n",
    "\n\u200b\n",
)
PIECES = (
    "The ferry left at noon.", "read more", "Accept all cookies", "- a list entry", "| a | b |", "# Heading", "x = f(1);", "— Nein, sagte er.",
    "渡轮中午离港。", "船は正午に出た。「はい」", "เรือออกแล้ว", "عاد القارب إلى الميناء.", "\u202bעברית\u202c", "नाव चली गई।", "🎈👩‍👩‍👧", "e\u0301\u0302",
    "İstanbul’da", "\ufeff", "\u200b", "\u00ad", " \t ", "\xa0", "...", "(((", "“", "[1]", "\x00", "\x1b[31m", "a" * 450, "word " * 120,
)  # fmt: skip
plain = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60)
texts = st.lists(st.one_of(plain, st.sampled_from(PIECES), st.sampled_from(BREAKS)), max_size=30).map("".join)

PROSE = {
    "en": "The harbour council met on Tuesday and agreed to mend the old pier before the winter storms arrive. Three bids came in, and the cheapest "
    "was also the only one that promised to keep the ferry running while the work goes on. A decision about the money is expected in spring.",
    "de": "Der Gemeinderat hat am Dienstag beschlossen, die alte Mole noch vor den Winterstürmen instand zu setzen. Drei Angebote lagen vor, und "
    "das günstigste war auch das einzige, das den Fährbetrieb während der Bauzeit nicht unterbricht. Über das Geld wird im Frühjahr entschieden.",
    "fr": "Le conseil du port a décidé mardi de réparer la vieille jetée avant les tempêtes de l’hiver. Trois offres ont été reçues, et la moins "
    "chère était aussi la seule qui promettait de ne pas arrêter le bac pendant les travaux. On parlera de l’argent au printemps prochain.",
    "ru": "Совет порта решил во вторник починить старый причал до наступления зимних штормов. Поступило три предложения, и самое дешёвое "
    "оказалось единственным, при котором паром будет ходить и во время работ. Вопрос о деньгах решат весной на следующем заседании.",
    "tr": "Liman meclisi salı günü eski iskelenin kış fırtınalarından önce onarılmasına karar verdi. Üç teklif geldi ve en ucuzu, çalışma "
    "sürerken vapur seferlerini durdurmayan tek teklifti. Para konusunda karar ilkbaharda yapılacak toplantıda verilecek.",
    "vi": "Hội đồng cảng hôm thứ ba đã quyết định sửa chữa cầu tàu cũ trước khi mùa bão đến. Có ba đơn vị dự thầu và đơn vị rẻ nhất cũng là "
    "đơn vị duy nhất hứa giữ cho phà chạy trong khi thi công. Việc chi tiền sẽ được bàn vào mùa xuân năm sau tại cuộc họp.",
    "ar": "قرر مجلس الميناء يوم الثلاثاء إصلاح الرصيف القديم قبل وصول عواصف الشتاء. وتلقى المجلس ثلاثة عروض وكان أرخصها هو الوحيد الذي "
    "وعد بإبقاء العبارة عاملة أثناء الأعمال. ومن المنتظر أن يبت المجلس في أمر المال في فصل الربيع المقبل بعد اجتماع آخر.",
    "hi": "बंदरगाह परिषद ने मंगलवार को तय किया कि पुराने घाट की मरम्मत सर्दियों के तूफ़ानों से पहले की जाएगी। तीन प्रस्ताव आए और सबसे सस्ता "
    "प्रस्ताव ही ऐसा था जिसमें काम के दौरान नाव चलती रहेगी। पैसे के बारे में फ़ैसला वसंत में होने वाली बैठक में लिया जाएगा।",
    "sw": "Baraza la bandari liliamua siku ya Jumanne kukarabati gati la zamani kabla ya dhoruba za majira ya baridi kufika. Zabuni tatu "
    "zilipokelewa na ile ya bei nafuu ndiyo pekee iliyoahidi kwamba kivuko kitaendelea kufanya kazi wakati wa ujenzi huo wote.",
}  # fmt: skip
DENSE = {
    "zh": "港口委员会周二决定在冬季风暴到来之前修复旧码头。共收到三份投标书，其中价格最低的一份也是唯一承诺施工期间渡轮照常运行的。资金问题将在春天讨论。",
    "ja": "港の委員会は火曜日、冬の嵐が来る前に古い桟橋を直すことを決めた。三つの入札があり、最も安いものだけが工事中も渡し船を止めないと約束していた。費用は春に話し合われる。",
}


def page(text: str, lang: str | None = None) -> Page:
    return segment(Document("d", "d", text, lang=lang))


def spans(parts: Iterable[Line | Block]) -> list[tuple[int, int]]:
    return [(part.start, part.end) for part in parts]


def flat(found: Page) -> list[str]:
    return [" ".join(block.text.split()) for block in found.blocks]


@given(texts)
@settings(max_examples=400)
def test_offsets_are_exact_and_nothing_is_lost(text: str) -> None:
    found = page(text)
    for parts in (found.lines, found.blocks):
        covered = bytearray(len(text))
        end = 0
        for part in parts:
            assert text[part.start : part.end] == part.text
            assert part.text
            assert part.text == part.text.strip(EDGE)
            assert end <= part.start < part.end
            end = part.end
            covered[part.start : part.end] = b"\1" * (part.end - part.start)
        assert all(covered[i] or c in EDGE for i, c in enumerate(text))


@given(texts)
def test_blocks_are_made_of_whole_lines_in_order(text: str) -> None:
    found = page(text)
    for before, block in zip((None, *found.blocks), found.blocks, strict=False):
        assert 0 <= block.first <= block.last < len(found.lines)
        assert found.lines[block.first].start <= block.start < block.end <= found.lines[block.last].end
        assert before is None or before.last <= block.first
        if not found.one_line:
            assert (block.start, block.end) == (found.lines[block.first].start, found.lines[block.last].end)
    assert [line.number for line in found.lines] == sorted({line.number for line in found.lines})


@given(texts)
def test_line_numbers_are_those_of_splitlines(text: str) -> None:
    found = page(text)
    raw = text.splitlines()
    for line in found.lines:
        assert raw[line.number - 1].strip(EDGE) == line.text
        assert found.line_number(line.start) == found.line_number(line.end) == line.number
    assert found.line_number(0) >= 1


@given(texts)
@settings(max_examples=50)
def test_segmenting_is_a_function(text: str) -> None:
    one, other = page(text), page(text)
    assert (one.lines, one.blocks, one.wrapped, one.lang) == (other.lines, other.blocks, other.wrapped, other.lang)


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\ufeff", "\u200b\r\n\u2028", "\x85\x0c"], ids=ascii)
def test_a_blank_text_has_no_lines(text: str) -> None:
    found = page(text)
    assert (found.lines, found.blocks, found.wrapped, found.one_line) == ((), (), False, False)
    assert found.line_number(0) == 1


@given(st.permutations(sorted(PROSE)), st.integers(43, 100), st.integers(3, 5))
@settings(max_examples=100, deadline=None)
def test_wrapped_text_has_the_blocks_of_unwrapped_text(langs: list[str], width: int, paragraphs: int) -> None:
    wanted = [PROSE[lang] for lang in langs[:paragraphs]]
    wrapped = page("\n\n".join(textwrap.fill(p, width, break_long_words=False, break_on_hyphens=False) for p in wanted))
    assert wrapped.wrapped
    assert flat(wrapped) == wanted
    assert [(b.kind, b.finished) for b in wrapped.blocks] == [(Kind.PROSE, True)] * paragraphs


@pytest.mark.parametrize(
    "lang", [lang for lang in PROSE if lang != "de"]
)  # whose long words leave a narrow line half empty
@pytest.mark.parametrize("width", [40, 65, 72, 78])
def test_wrapped_text_of_one_language_is_unwrapped(lang: str, width: int) -> None:
    text = textwrap.fill(PROSE[lang], width, break_long_words=False, break_on_hyphens=False)
    assert flat(page(f"{text}\n\n{text}\n\n{text}\n")) == [PROSE[lang]] * 3


@pytest.mark.parametrize("lang", DENSE)
@pytest.mark.parametrize("width", [30, 40])
def test_wrapped_text_without_spaces_is_unwrapped(lang: str, width: int) -> None:
    text = DENSE[lang] * 2
    lines = [text[i : i + width] for i in range(0, len(text), width)]
    found = page("\n".join(lines))
    assert found.wrapped
    assert [b.text.replace("\n", "") for b in found.blocks] == [text]


@pytest.mark.parametrize("lang", PROSE)
def test_paragraphs_a_line_each_are_not_wrapped(lang: str) -> None:
    found = page("\n".join([PROSE[lang]] * 5))
    assert not found.wrapped
    assert flat(found) == [PROSE[lang]] * 5


@pytest.mark.parametrize("between", ["\n\n", "\n\n\n \n", "\r\n\r\n"])
def test_a_label_between_wrapped_paragraphs_stays_a_block(between: str) -> None:
    paragraph = textwrap.fill(PROSE["en"], 65)
    found = page(f"{paragraph}{between}read more{between}{paragraph}")
    assert flat(found) == [PROSE["en"], "read more", PROSE["en"]]
    assert [b.kind for b in found.blocks] == [Kind.PROSE, Kind.HEADING, Kind.PROSE]


@pytest.mark.parametrize(
    ("lang", "end", "sentences"),
    [("en", " ", 3), ("de", " ", 3), ("fr", " ", 3), ("ru", " ", 3), ("hi", " ", 3), ("ar", " ", 3), ("sw", " ", 2), ("vi", " ", 3)],
)  # fmt: skip
def test_an_article_in_one_line_is_split_into_sentences(lang: str, end: str, sentences: int) -> None:
    found = page(f"{PROSE[lang]}{end}" * 3)
    assert found.one_line
    assert len(found.blocks) == 3 * sentences
    assert all(block.finished and block.kind is Kind.PROSE for block in found.blocks)
    assert {(block.first, block.last) for block in found.blocks} == {(0, 0)}


@pytest.mark.parametrize("lang", DENSE)
def test_an_article_without_spaces_in_one_line_is_split_into_sentences(lang: str) -> None:
    found = page(DENSE[lang] * 6)
    assert found.one_line
    assert len(found.blocks) == 18
    assert all(block.finished for block in found.blocks)


def test_thai_in_one_line_is_kept_whole() -> None:
    text = "เรือออกจากท่าเรือตอนเที่ยงวันและกลับมาในตอนเย็น " * 12
    found = page(text)
    assert found.lang == "th"
    assert "".join(b.text for b in found.blocks).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize("lang", ["en", "xx", "../../etc/passwd", "EN-us", "\x00", "zh-Hant"], ids=ascii)
def test_any_language_tag_is_survived(lang: str) -> None:
    found = page(PROSE["en"] * 3, lang)
    assert found.lang == lang
    assert "".join(flat(found)).replace(" ", "") == (PROSE["en"] * 3).replace(" ", "")


KINDS = {
    Kind.LIST: ("- one thing", "* two things", "• three", "1. four", "12) twelve", "(3) three", "(a) five", "① six", "１、七", "‣ eight", "✓ nine", "1、一"),
    Kind.TABLE: ("| a | b |", "Mon\t9:00\t17:00", "a | b | c | d", "|"),
    Kind.CODE: (
        "def paint(colour):", "return paint(colour);", ">>> 1 + 1", "$ pip install harbour", "#include <stdio.h>", "x = {", "}", "import os.path",
        "from harbour import ferry", "const tide = 4", "print('a');", "break;", "@cache", "@app.route('/tides')", "public class Ferry", "</div>", "int a = 3;",
        "<p class='x'>", "SELECT name FROM ferries", "// a comment", "items.forEach(x =>", "std::sort(a);",
    ),
    Kind.HEADING: ("# Title", "### Deeper title", "== Tides ==", "**What comes next**", "**Next:**"),
    Kind.DIALOGUE: ("— Went home, he said.", "– Nein, sagte sie.", "Q: Why not today?", "A: Because it rained.", "问：为什么？", "В: Когда?", "S: Warum denn nicht?"),
    Kind.PROSE: (
        "The ferry left at noon.", "Der Hafen öffnet erst am Montag wieder seine Tore für alle, die warten und", "渡轮中午离港。", "船は出た。",
        "عاد القارب إلى الميناء مساء.", "नाव दोपहर को चली गई।", "Паром ушёл ровно в полдень.", "@harbour wrote that the ferry will be late again today.",
        "The ferry came (late); the crew left; the light was put out; the rain began to fall;",
    ),
    Kind.SHORT: (
        "Share", "Read more", "Thank you.", "Sign in", "渡轮", "اقرأ المزيد", "और पढ़ें", "Subscribe now!", "=====", "-----", "***", "1.5 million",
        "private schools in the city", "public transport of the old town", "return to the harbour town", "old as the river stone;", "class action was brought",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "line"), [(kind, line) for kind, lines in KINDS.items() for line in lines])
def test_what_a_line_is(kind: Kind, line: str) -> None:
    assert page(line).lines[0].kind is kind
    assert page(f"  {line}\u200b \r\n").lines[0].kind is kind


VERSES = {
    "en": "Roses on the harbour wall,\nold as the river stone;\nnobody comes to count them all,\nnobody walks alone.",
    "de": "Am Hafen stehen Rosen still,\nso alt wie Stein am Fluss,\nund keiner, der sie zählen will,\nund keiner, der es muss.",
    "ru": "У стен стоят кусты рябин,\nстарее камня и реки,\nникто из нас здесь не один,\nхоть все огни здесь далеки.",
    "es": "Hay rosas junto al viejo mar,\nmás viejas que la piedra gris,\ny nadie las vendrá a contar,\ny nadie será más feliz.",
}


@pytest.mark.parametrize("lang", VERSES)
def test_a_stanza_is_verse(lang: str) -> None:
    found = page(f"{VERSES[lang]}\n\n{VERSES[lang]}\n")
    assert {line.kind for line in found.lines} == {Kind.VERSE}
    assert len(found.blocks) == 8


@pytest.mark.parametrize(
    "text", ["Home\nNews\nSport", "One,\ntwo,", "- a, b c d,\n- c, e f g,\n- d, h i j,", f"{PROSE['en']},\n" * 3]
)
def test_what_is_no_stanza(text: str) -> None:
    assert Kind.VERSE not in {line.kind for line in page(text).lines}


def test_a_short_line_over_running_text_is_a_heading() -> None:
    found = page(f"Opening hours\n\n{PROSE['en']}\n\nTickets\n- adults pay four\n\nShare\n\nPrint")
    assert [b.kind for b in found.blocks] == [Kind.HEADING, Kind.PROSE, Kind.HEADING, Kind.LIST, Kind.SHORT, Kind.SHORT]


def test_gaps_are_known() -> None:
    found = page("\none\ntwo\n\u200b\nthree")
    assert [(line.text, line.number, line.after_gap) for line in found.lines] == [
        ("one", 2, True),
        ("two", 3, False),
        ("three", 5, True),
    ]


HUGE: dict[str, tuple[str, str, int, str]] = {  # what stands before, what is repeated, how often, what stands behind
    "one letter": ("", "a", 2_000_000, ""), "blanks": ("", " ", 2_000_000, "x"), "invisible": ("", "\u200b", 1_000_000, "x"),
    "equals": ("", "=", 100_000, "x"), "equals and spaces": ("", "= ", 100_000, ""), "open brackets": ("", "(“", 200_000, ""),
    "open quotes": ("", "“a ", 40_000, ""), "short lines": ("", "a b\n", 30_000, ""), "carriage returns": ("", "a b\r", 30_000, ""),
    "blank lines": ("", "\n", 1_000_000, "x"), "all breaks": ("", "w\x0b\x0c\x1c\x85\u2028", 20_000, ""),
    "zh": ("", "船到岸了。", 20_000, ""), "zh, no stops": ("", "船", 190_000, ""), "thai": ("", "เรือ", 45_000, ""),
    "combining": ("e", "\u0301", 300_000, ""), "footnotes": ("Told.", "[1]", 60_000, ""), "dots": ("", ".", 1_000_000, ""),
    "bars": ("", "|", 500_000, ""), "hashes": ("", "#", 500_000, ""), "stars": ("", "**a", 100_000, ""),
    "select": ("", "SELECT a ", 20_000, ""), "dotted": ("", "a.", 90_000, ""),
    "wrapped": ("", textwrap.fill(PROSE["en"] * 4, 70) + "\n", 100, ""),
}  # fmt: skip


@pytest.mark.parametrize(("before", "unit", "times", "end"), HUGE.values(), ids=HUGE)
def test_work_grows_with_the_text_only(growth: Growth, before: str, unit: str, times: int, end: str) -> None:
    assert growth(lambda n: partial(page, before + unit * n + end)) < 1
    found = page(before + unit * times + end)  # of which one that was squared would not see the end
    assert spans(found.lines) == sorted(spans(found.lines))
