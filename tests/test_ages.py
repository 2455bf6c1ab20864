from __future__ import annotations

import pytest

from civic_assistant.ages import ADULT, MINOR, ages_in


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("le passeport de mon fils de 15 ans", 15),
        ("j'ai 17 ans et demi", 17),
        ("bébé de 6 mois", 0),
        ("my 15 year old needs a card", 15),
        ("my 30-year-old son", 30),
        ("mein 15-jähriger Sohn", 15),
        ("mi hijo de 15 años", 15),
        ("il mio bambino ha 3 anni", 3),
        ("o meu filho tem 7 anos", 7),
        ("ابني عمره 6 سنوات", 6),
        ("oğlum 9 yaşında", 9),
        ("синові 15 років", 15),
        ("fiul meu are 15 ani", 15),
        ("mój syn ma 15 lat", 15),
        ("我儿子15岁", 15),
    ],
)
def test_an_age_is_read_in_every_language(text: str, age: int) -> None:
    assert ages_in(text) == {age}


@pytest.mark.parametrize(
    "text",
    [
        "ma carte est périmée depuis 5 ans",
        "j'habite ici depuis 10 ans",
        "j'ai 10 ans d'ancienneté",
        "j'ai habité 5 ans à Lyon",
        "un passeport valable 10 ans",
        "Date d'expiration : moins de 5 ans",
        "Permis de moins de 3 ans",
        "le chien a moins de huit mois",
        "mon enfant a une carte de moins de 6 mois",
        "it costs 17 euros",
        "I have lived here for 12 years",
    ],
)
def test_years_that_are_nobodys_age_are_left_out(text: str) -> None:
    assert ages_in(text) == frozenset()


@pytest.mark.parametrize(
    ("label", "first", "last"),
    [
        ("moins de 18 ans", 0, 17),
        ("À partir de 16 ans", 16, 120),
        ("Entre 12 et 13 ans", 12, 13),
        ("Mineur de 15 à 17 ans", 15, 17),
        ("Vous avez 67 ans (ou plus)", 67, 120),
        ("person over 75 or with a disability", 75, 120),
        ("未满18岁", 0, 17),
        ("18 yaşından küçük", 0, 17),
    ],
)
def test_a_range_gives_all_its_years(label: str, first: int, last: int) -> None:
    assert ages_in(label) == set(range(first, last + 1))


def test_everybody_is_a_minor_or_an_adult() -> None:
    assert sorted(MINOR | ADULT) == list(range(121))
    assert not MINOR & ADULT
