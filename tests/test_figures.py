from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Literal

import pytest
from babel import Locale
from babel.dates import format_timedelta
from hypothesis import given
from hypothesis import strategies as st

from civic_assistant.figures import (
    CalendarDate,
    Figure,
    Kind,
    Reading,
    figures_of,
    ranges_of,
    stands_among,
)
from civic_assistant.messages import PAGE_LANGUAGES

Unit = Literal["minute", "hour", "day", "week", "month", "year"]
Value = int | float | str | tuple[int | None, int | None, int | None]


def reading(kind: Kind, value: Value, unit: str = "") -> Reading:
    if isinstance(value, tuple):
        return Reading(kind, CalendarDate(*value), unit)
    return Reading(kind, value if isinstance(value, str) else Decimal(str(value)), unit)


def stated(text: str, language: str) -> list[Figure]:
    return [figure for figure in figures_of(text, language) if not figure.is_implied]


def stands(claim: str, language: str, text: str, text_language: str = "fr") -> bool:
    known = figures_of(text, text_language)
    return all(stands_among(figure, known) for figure in stated(claim, language))


READ: list[tuple[str, str, Reading]] = [
    ("en", "€1,234.50", reading("amount", 1234.5, "EUR")),
    ("fr", "1 234,50 €", reading("amount", 1234.5, "EUR")),
    ("de", "1.234,50 EUR", reading("amount", 1234.5, "EUR")),
    ("fr", "1'234.50 CHF", reading("amount", 1234.5, "CHF")),
    ("ar", "١٬٢٣٤٫٥٠ يورو", reading("amount", 1234.5, "EUR")),
    ("zh", "１２３４.５０欧元", reading("amount", 1234.5, "EUR")),
    ("fr", "12 € 50", reading("amount", 12.5, "EUR")),
    ("it", "dodici euro e cinquanta centesimi", reading("amount", 12.5, "EUR")),
    ("de", "fünfundzwanzig Euro", reading("amount", 25, "EUR")),
    ("uk", "двадцять п'ять євро", reading("amount", 25, "EUR")),
    ("ar", "خمسة وعشرون يورو", reading("amount", 25, "EUR")),
    ("ro", "25 de euro", reading("amount", 25, "EUR")),
    ("fr", "50 centimes", reading("amount", 0.5, "EUR")),
    ("pl", "bezpłatnie", reading("amount", 0)),
    ("fr", "quatre-vingt-dix-sept personnes", reading("count", 97)),
    ("en", "one hundred and fifty people", reading("count", 150)),
    ("tr", "%80", reading("percentage", 80)),
    ("zh", "百分之八十", reading("percentage", 80)),
    ("fr", "la moitié du tarif", reading("percentage", 50)),
    ("fr", "deux semaines", reading("duration", 14, "day")),
    ("en", "two weeks", reading("duration", 14, "day")),
    ("de", "zwei Wochen", reading("duration", 14, "day")),
    ("pl", "dwóch tygodni", reading("duration", 14, "day")),
    ("uk", "двох тижнів", reading("duration", 14, "day")),
    ("ar", "أسبوعين", reading("duration", 14, "day")),
    ("tr", "iki hafta", reading("duration", 14, "day")),
    ("ro", "două săptămâni", reading("duration", 14, "day")),
    ("zh", "三个月", reading("duration", 3, "month")),
    ("ar", "الأشهر الثلاثة الأخيرة", reading("duration", 3, "month")),
    ("fr", "dix jours ouvrés", reading("duration", 10, "working5")),
    ("fr", "dix jours ouvrables", reading("duration", 10, "working6")),
    ("tr", "on beş gün", reading("duration", 15, "day")),
    ("fr", "une heure et demie", reading("duration", 90, "minute")),
    ("en", "one hour and thirty minutes", reading("duration", 90, "minute")),
    ("pl", "półtorej godziny", reading("duration", 90, "minute")),
    ("en", "a quarter of an hour", reading("duration", 15, "minute")),
    ("de", "18-Jährige", reading("age", 18)),
    ("en", "aged 16", reading("age", 16)),
    ("uk", "16-річчя", reading("age", 16)),
    ("en", "2.30 pm", reading("time", 870)),
    ("fr", "14h30", reading("time", 870)),
    ("de", "14 Uhr", reading("time", 840)),
    ("es", "las 5 de la tarde", reading("time", 1020)),
    ("ar", "الساعة التاسعة صباحًا", reading("time", 540)),
    ("zh", "下午5点半", reading("time", 1050)),
    ("fr", "huit heures trente", reading("time", 510)),
    ("en", "12 noon", reading("time", 720)),
    ("fr", "1er mars", reading("date", (None, 3, 1))),
    ("en", "March 1, 2027", reading("date", (2027, 3, 1))),
    ("pl", "dwudziestego piątego maja", reading("date", (None, 5, 25))),
    ("ar", "25 حزيران 2026", reading("date", (2026, 6, 25))),
    ("it", "1° gennaio", reading("date", (None, 1, 1))),
    ("zh", "2027年3月25日", reading("date", (2027, 3, 25))),
    ("de", "01.06.2026", reading("date", (2026, 6, 1))),
    ("pt", "segunda-feira", reading("weekday", 0)),
    ("fr", "03.53.01.20.10", reading("phone", "0353012010")),
    ("en", "+33 3 53 01 20 10", reading("phone", "0353012010")),
    ("fr", "https://www.service-public.fr/", reading("address", "service-public.fr")),
    ("en", "CCAS@vaubreuil.example", reading("address", "ccas@vaubreuil.example")),
    ("fr", "cerfa n° 12100*02", reading("form", "12100*02")),
    ("tr", "11531 numaralı cerfa formu", reading("form", "11531")),
    ("ar", "المادة L123-4", reading("reference", "L123-4")),
    ("uk", "Декрет № 2017-890", reading("reference", "2017-890")),
    ("fr", "formulaire ST-04", reading("reference", "ST04")),
    ("fr", "le troisième enfant", reading("ordinal", 3)),
    ("fr", "3,5 tonnes", reading("measure", 3.5, "tonne")),
    ("en", "20 m³", reading("measure", 20, "cubic_metre")),
    ("fr", "15 € par mois", reading("rate", "", "month")),
]


@pytest.mark.parametrize(("language", "text", "expected"), READ)
def test_a_figure_is_read_in_the_words_of_its_language(
    language: str, text: str, expected: Reading
) -> None:
    assert expected in [reading for figure in stated(text, language) for reading in figure.readings]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "un véhicule neuf"),
        ("it", "se sei residente"),
        ("fr", "Merci mille fois et mille mercis !"),
        ("en", "Thanks a million, a thousand thanks!"),
        ("de", "Vielen tausend Dank!"),
        ("es", "Mil gracias, ¡un millón de gracias!"),
        ("it", "Va bene, grazie mille!"),
        ("it", "Mille grazie!"),
        ("pt", "Mil obrigados!"),
        ("ro", "O mie de mulțumiri!"),
        ("pl", "Dziękuję tysiąc razy!"),
        ("uk", "Тисяча подяк!"),
        ("zh", "十分感谢，万分感谢！"),
        ("en", "third-party insurance, meat-free dishes, feel free to ask"),
        ("pt", "a quinta da cidade"),
        ("de", "Achten Sie auf Dritte"),
        ("fr", "Code de la route, rue des Lilas"),
    ],
)
def test_words_that_only_look_like_figures_state_none(language: str, text: str) -> None:
    assert stated(text, language) == []


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("it", "Costa mille. Grazie!", reading("count", 1000)),
        ("it", "Grazie. Mille euro bastano.", reading("amount", 1000, "EUR")),
        ("fr", "Mille euros, merci !", reading("amount", 1000, "EUR")),
        ("es", "Son mil. ¡Gracias!", reading("count", 1000)),
    ],
)
def test_a_figure_beside_thanks_is_one(language: str, text: str, expected: Reading) -> None:
    (figure,) = stated(text, language)
    assert expected in figure.readings


def test_an_ambiguous_date_or_number_keeps_both_readings() -> None:
    (date,) = stated("01/02/2027", "en")
    assert set(date.readings) == {
        reading("date", (2027, 2, 1)),
        reading("date", (2027, 1, 2)),
    }
    (number,) = stated("1.234 €", "de")
    assert [r.value for r in number.readings] == [Decimal(1234), Decimal("1.234")]
    assert len(stated("01/02/2027", "fr")[0].readings) == 1


@pytest.mark.parametrize(
    ("claim", "language", "text"),
    [
        ("1,234.50 euros", "en", "1 234,50 €"),
        ("15 days", "en", "quinze jours"),
        ("12 months", "en", "un an"),
        ("on 1 March", "en", "le 1er mars 2027"),
        ("the cerfa 12100 form", "en", "le cerfa n° 12100*02"),
        ("service-public.fr", "en", "www.service-public.fr/particuliers/vosdroits/F1341"),
        ("3 to 5 weeks", "en", "de trois à cinq semaines"),
        ("from 1 to 15 July 2026", "en", "du 1er au 15 juillet 2026"),
        ("1.30 to 5 pm", "en", "de 13 h 30 à 17 h"),
        ("on Tuesdays", "en", "du lundi au vendredi"),
        ("under 18", "en", "les mineurs"),
        ("working days: 5 working days", "en", "cinq jours ouvrables"),
    ],
)
def test_a_figure_stands_in_another_language_and_format(
    claim: str, language: str, text: str
) -> None:
    assert stands(claim, language, text)


@pytest.mark.parametrize(
    ("claim", "language", "text"),
    [
        ("5 working days", "en", "15 jours ouvrés"),
        ("5 days", "en", "5 jours ouvrés"),
        ("fünf Werktage", "de", "cinq jours"),
        ("15 weeks", "en", "15 jours"),
        ("48 hours", "en", "deux jours"),
        ("30 CHF", "en", "30 €"),
        ("€30", "en", "30 %"),
        ("1 March 2028", "en", "le 1er mars 2027"),
        ("cerfa 12100*03", "en", "le cerfa n° 12100*02"),
        ("L123-5", "en", "article L123-4"),
        ("03 53 01 20 11", "en", "03 53 01 20 10"),
        ("the third working day", "en", "le troisième jour"),
        ("16 documents", "en", "seize ans"),
        ("€15 per year", "en", "15 € par mois"),
        ("free", "en", "10 €"),
    ],
)
def test_another_value_kind_or_unit_does_not_stand(claim: str, language: str, text: str) -> None:
    assert not stands(claim, language, text)


def test_ranges_are_told_from_enumerations() -> None:
    text = "du lundi au vendredi de 8 h 30 à 12 h et de 13 h 30 à 17 h"
    ends = [(a.text, b.text) for a, b in ranges_of(figures_of(text, "fr"), text, "fr")]
    assert ends == [("lundi", "vendredi"), ("8 h 30", "12 h"), ("13 h 30", "17 h")]


@pytest.mark.parametrize("language", PAGE_LANGUAGES)
def test_every_month_and_weekday_of_cldr_is_known(language: str) -> None:
    locale = Locale(language)
    for number, name in locale.months["format"]["wide"].items():
        found = [r for f in figures_of(f"15 {name} 2027", language) for r in f.readings]
        if language == "zh":
            found = [r for f in figures_of(f"2027年{number}月15日", language) for r in f.readings]
        assert reading("date", (2027, number, 15)) in found, name
    for number, name in locale.days["format"]["wide"].items():
        found = [r for f in figures_of(name, language) for r in f.readings]
        assert reading("weekday", number) in found, name


@pytest.mark.parametrize("language", PAGE_LANGUAGES)
def test_units_of_time_are_told_apart(language: str) -> None:
    lengths: dict[Unit, timedelta] = {
        "minute": timedelta(minutes=20),
        "hour": timedelta(hours=20),
        "day": timedelta(days=20),
        "week": timedelta(weeks=20),
        "month": timedelta(days=30 * 20),
        "year": timedelta(days=365 * 20),
    }
    texts = [
        format_timedelta(length, granularity=unit, threshold=10**6, locale=language)
        for unit, length in lengths.items()
    ]
    assert len({stated(text, language)[0].readings[0] for text in texts}) == len(texts), texts


_WORDS = (
    "deux et 12 h 30 € % 1er mars am noon hundred ثلاثة و ٣٠ 三 个月 第 1/2 31/02 99:99 ½ ° - – ( "
    "cerfa 12100*02 L. +33 @ Uhr of twenty first Monday to | \u00ad"
)
_PARTS = st.sampled_from([*_WORDS.split(), "\n", "\u202f"])
_TEXTS = st.lists(_PARTS, max_size=14).map(" ".join) | st.text(max_size=60)


@given(_TEXTS, st.sampled_from(PAGE_LANGUAGES))
def test_any_text_is_read_and_every_span_slices_back(text: str, language: str) -> None:
    figures = figures_of(text, language)
    assert all(text[f.start : f.end] == f.text and f.readings for f in figures)
    spans = [(f.start, f.end) for f in figures if not f.is_implied]
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))
