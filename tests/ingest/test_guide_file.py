"""guide.toml: what it may say, and how its mistakes are told."""

from datetime import date

import pytest

from civic_assistant.errors import DocumentRefused
from civic_assistant.guides import Fact
from ingest.guide_file import GuideFile, parse_guide_file

LEAST = 'id = "cantine"\ndepartment = "Affaires scolaires"\n'


def parse(text: str) -> GuideFile:
    return parse_guide_file(text.encode(), "cantine/fr.md")


def test_dates_are_toml_dates_or_iso_text() -> None:
    about = parse(f'{LEAST}valid_from = 2026-09-01\nreview_by = "2027-06-30"')
    assert (about.valid_from, about.review_by) == (date(2026, 9, 1), date(2027, 6, 30))


def test_a_fact_speaks_the_languages_it_is_written_in() -> None:
    (entry,) = parse(
        f'{LEAST}[[facts]]\nkind = "contact"\naddress = "mailto:a@vaubreuil.example"\n'
        '[facts.text]\nfr = "Le  service"\n[facts.situation]\nfr = ["urgence"]'
    ).facts
    assert entry.in_language("fr") == Fact(
        "contact", "Le service", ("urgence",), "mailto:a@vaubreuil.example"
    )
    assert entry.in_language("en") is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('id = "cantine"', "department: missing"),
        (f'{LEAST}departement = "x"', "departement: unknown key"),
        (f'{LEAST}audiences = ["citizens"]', "an audience is one of individuals, businesses"),
        (f'{LEAST}[[facts]]\nkind = "price"\ntext = {{fr = "x"}}', "a kind is one of who, docum"),
        (f"{LEAST}valid_from = 2026-02-30", "is not TOML: .*line 3"),
        (f'{LEAST}valid_from = "1er septembre"', "valid_from: '1er septembre' is not a date"),
        (f"{LEAST}valid_from = 2026-09-01T10:00:00", "without a time"),
        (f"{LEAST}valid_from = 20260901", "a date is written"),
        (f"{LEAST}valid_from = 2026-09-01\nvalid_until = 2026-01-01", "lies before valid_from"),
        (f'{LEAST}[addresses]\nfr = "vaubreuil.example"', "addresses.fr: "),
        (f'{LEAST}[addresses]\nfra = "https://a.example"', "addresses.fra"),
        (f'{LEAST}[[facts]]\nkind = "form"\naddress = "javascript:x"\ntext = {{fr = "x"}}', "addr"),
        ("id = ", "is not TOML"),
        ('id = "../x"\ndepartment = "y"', "id: "),
    ],
)
def test_a_mistake_is_told_with_its_key(text: str, told: str) -> None:
    with pytest.raises(DocumentRefused, match=told) as refusal:
        parse(text)
    assert refusal.value.document == "cantine/fr.md"
    assert refusal.value.remedy


def test_another_encoding_is_told() -> None:
    with pytest.raises(DocumentRefused, match="not UTF-8 at byte"):
        parse_guide_file('department = "Été"'.encode("cp1252"), "cantine/fr.md")
