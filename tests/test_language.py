"""The language of a text: found in its own script and words, or None rather than a guess."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.language import language_of
from audit.vocabulary import load

TEXTS = {
    "ar": "قرر مجلس الميناء يوم الثلاثاء إصلاح الرصيف القديم قبل وصول العواصف، وقال إن الأعمال التي تبدأ في الربيع لن تؤثر على العبارة.",
    "bg": "Пристанищният съвет реши във вторник, че старият кей ще бъде ремонтиран преди зимата и че фериботът няма да спира, тъй като това е важно за всички.",
    "bn": "বন্দর পরিষদ মঙ্গলবার সিদ্ধান্ত নিয়েছে যে শীতের আগে পুরোনো ঘাটটি মেরামত করা হবে এবং নৌকা চলবে।",
    "ca": "El consell del port va decidir dimarts que el vell moll es repararà abans de l'hivern i que la barca no s'aturarà, segons els veïns, durant les obres.",
    "cs": "Rada přístavu se v úterý rozhodla, že starou hráz opraví ještě před zimou, a že se o penězích bude jednat až na jaře, kdy je to možné.",
    "da": "Den gamle mole bliver repareret af havnen efter nytår, og færgen sejler, da der er penge til det, men det blev først afgjort af rådet nu.",
    "de": "Der Rat hat am Dienstag beschlossen, die alte Mole noch vor dem Winter zu reparieren, und über das Geld wird erst im Frühjahr entschieden.",
    "en": "The harbour council agreed on Tuesday that the old pier will be mended before the winter, and that the ferry is to go on running for all.",
    "es": "El consejo del puerto decidió el martes que el viejo muelle se va a reparar antes del invierno y que no se parará la barca en las obras.",
    "et": "Sadamanõukogu otsustas teisipäeval, et vana kai parandatakse veel enne talve ja et praam tööde ajal ei peatu, sest see on kõigile vajalik.",
    "fa": "شورای بندر روز سه شنبه تصمیم گرفت که اسکله قدیمی را تا پیش از زمستان تعمیر کند و این کار برای قایق ها خطری ندارد.",
    "fi": "Satamaneuvosto päätti tiistaina, että vanha laituri korjataan ennen talvea, ja että lautta ei lopeta kulkuaan, kun työt ovat kesken.",
    "fr": "Le conseil du port a décidé mardi que la vieille jetée sera réparée avant les tempêtes et que le bac ne sera pas arrêté par les travaux.",
    "he": "מועצת הנמל החליטה ביום שלישי לתקן את המזח הישן", "lo": "ສະພາທ່າເຮືອຕັດສິນໃຈສ້ອມແປງທ່າເຮືອເກົ່າ",
    "hi": "बंदरगाह परिषद ने मंगलवार को तय किया कि पुराने घाट की मरम्मत की जाएगी और इस काम के दौरान भी नाव चलती रहेगी, यह सब के लिए अच्छा है।",
    "hr": "Lučko vijeće odlučilo je u utorak da će stari mol biti popravljen prije zime i da trajekt, koji je važan za sve, neće stajati zbog radova.",
    "hu": "A kikötői tanács kedden úgy döntött, hogy a régi mólót még a tél előtt kijavítják, és a komp nem áll le a munka miatt, mert az kell.",
    "id": "Dewan pelabuhan pada hari Selasa memutuskan bahwa dermaga tua itu akan diperbaiki dan tidak ada feri yang berhenti untuk pekerjaan ini.",
    "is": "Hafnarráð ákvað á þriðjudag að gamla bryggjan verði lagfærð fyrir veturinn og að ferjan hætti ekki að ganga á meðan, því það er þörf fyrir hana.",
    "it": "Il consiglio del porto ha deciso martedì che il vecchio molo sarà riparato prima di inverno e che non si fermerà la barca per i lavori.",
    "ja": "港の委員会は火曜日、冬の嵐が来る前に古い桟橋を直すことを決めた。費用は春に話し合われる。",
    "ko": "항구 위원회는 화요일에 겨울 폭풍이 오기 전에 낡은 부두를 고치기로 했다. 비용은 봄에 논의한다.",
    "lt": "Uosto taryba antradienį nusprendė, kad senoji prieplauka bus sutvarkyta dar prieš žiemą ir kad keltas dėl darbų nenustos plaukti, nes jo reikia.",
    "lv": "Ostas padome otrdien nolēma, ka vecā piestātne tiks salabota vēl pirms ziemas un ka prāmis darbu dēļ netiks apturēts, jo tas ir vajadzīgs.",
    "nl": "De havenraad heeft dinsdag besloten dat de oude pier voor de winter wordt hersteld en dat het veer niet zal stoppen met varen in die tijd.",
    "no": "Den gamle moloen blir reparert av havna etter nyttår, og ferga går fra byen, for det ble bestemt av rådet nå, men noen var ikke enige i det.",
    "pl": "Rada portu zdecydowała we wtorek, że stare molo zostanie naprawione przed zimą i że nie będzie to miało wpływu na prom, jak się dowiedziano.",
    "pt": "O conselho do porto decidiu na terça que o velho cais vai ser reparado antes do inverno e que a barca não para por causa das obras em curso.",
    "ro": "Consiliul portului a decis marți că vechiul dig va fi reparat înainte de iarnă și că bacul nu se va opri pentru lucrări, după cum este scris.",
    "ru": "Совет порта решил во вторник, что старый причал починят до зимы и что паром не будет стоять, как это было в прошлый раз, по его словам.",
    "sk": "Rada prístavu sa v utorok rozhodla, že starý most opravia ešte pred zimou a že sa trajekt počas prác nezastaví, ako to bolo podľa ľudí predtým.",
    "sl": "Pristaniški svet se je v torek odločil, da bo stari pomol popravljen še pred zimo in da se trajekt, ki je pomemben za vse, zaradi del ne bo ustavil.",
    "sr": "Лучко веће је у уторак одлучило да ће стари мол бити поправљен пре зиме и да трајект, који је важан за све, неће стајати због радова.",
    "sv": "Hamnrådet beslutade på tisdagen att den gamla piren ska lagas före vintern och att färjan inte ska sluta gå under den tid som det tar.",
    "sw": "Baraza la bandari liliamua siku ya Jumanne kwamba gati la zamani litakarabatiwa na kivuko hicho hakitasimama kwa sababu ya kazi hiyo.",
    "ta": "பழைய துறைமுகப் பாலத்தை குளிர்காலத்திற்கு முன்பே சீரமைக்க துறைமுகக் குழு செவ்வாய்க்கிழமை முடிவு செய்தது, படகு சேவை நிறுத்தப்படாது.",
    "th": "คณะกรรมการท่าเรือตัดสินใจซ่อมท่าเรือเก่าก่อนฤดูหนาว", "el": "Το συμβούλιο του λιμανιού αποφάσισε την Τρίτη να επισκευάσει την προβλήτα.",
    "tr": "Liman meclisi salı günü eski iskelenin kış için onarılmasına karar verdi ve bu iş ile vapur seferlerinin bir gün bile durmayacağını da söyledi.",
    "uk": "Рада порту вирішила у вівторок, що старий причал буде полагоджено до зими і що пором не зупиниться, як це було минулого року, та й це все.",
    "ur": "بندرگاہ کی کونسل نے منگل کو فیصلہ کیا کہ پرانے گھاٹ کی مرمت سردیوں سے پہلے کی جائے گی اور اس کام کے دوران کشتی بند نہیں ہو گی۔",
    "vi": "Hội đồng cảng đã quyết định sửa cầu tàu cũ trước mùa bão và cho biết các chuyến phà không bị dừng trong thời gian này của năm.",
    "zh": "港口委员会周二决定在冬季风暴到来之前修复旧码头。资金问题将在春天讨论。",
}  # fmt: skip


@pytest.mark.parametrize("lang", TEXTS)
def test_the_language_of_a_paragraph(lang: str) -> None:
    assert language_of(TEXTS[lang]) == lang


def test_every_language_with_phrases_has_a_text_here() -> None:
    assert set(load()) <= set(TEXTS)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n",
        "12 345.67",
        "!!! ??? …",
        "🎈🎈🎈",
        "Kowalski Meyer Rossi",
        "the",
        "lorem ipsum dolor sit amet",
        "<div></div>",
        "\x00\x01",
    ],
    ids=ascii,
)
def test_what_cannot_be_told_is_not_guessed(text: str) -> None:
    assert language_of(text) is None


def test_the_middle_of_a_text_counts_not_its_edges() -> None:
    menu = "Home News Sport Weather About the site and the of to a in that is for it on with as be by at\n"
    assert language_of(menu + TEXTS["de"] * 30 + menu) == "de"


def test_a_name_in_another_script_changes_nothing() -> None:
    assert language_of(TEXTS["en"] + " The ship is called 海鸥 (Möwe, Чайка).") == "en"


@given(st.text())
def test_any_text_has_a_known_language_or_none(text: str) -> None:
    found = language_of(text)
    assert found is None or found in TEXTS
    assert found == language_of(text)
