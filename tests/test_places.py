from __future__ import annotations

import pytest

from civic_assistant.places import load_places

TOWN = "Vaubreuil-sur-Sarle"


@pytest.mark.parametrize(
    ("question", "town"),
    [
        ("prix de la cantine à Toulouse", "Toulouse"),
        ("inscrire mon fils à l'école à saint etienne", "saint etienne"),
        ("How do I get married in Nice?", "Nice"),
        ("在里昂怎么办护照", "里昂"),
        ("Як одружитися в Марселі?", "Марселі"),
    ],
)
def test_another_town_is_recognised(question: str, town: str) -> None:
    assert load_places().other_town(question, [TOWN]) == town


@pytest.mark.parametrize(
    "question",
    [
        "Combien coûte la cantine à Vaubreuil ?",
        "a nice place to sit",
        "dans tous les sens",
        "il y a trois tours",
    ],
)
def test_the_town_itself_and_common_words_are_no_other_town(question: str) -> None:
    assert load_places().other_town(question, [TOWN]) is None


def test_a_town_that_the_guide_names_is_no_other_town() -> None:
    guide = "L'acte d'une naissance à l'étranger se demande au service central de Nantes."
    assert load_places().other_town("écrire à Nantes pour mon acte", [TOWN, guide]) is None


@pytest.mark.parametrize(
    "question",
    [
        "rendez-vous à la SAAQ pour mon permis",
        "zasiłek 800 plus wniosek",
        "e-devletten belge",
        "上海户口怎么迁",
    ],
)
def test_an_authority_of_another_country_is_recognised(question: str) -> None:
    assert load_places().is_about_other_country(question)


@pytest.mark.parametrize(
    "question",
    [
        "La pensione INPS si dichiara in Francia?",
        "Czy emerytura z ZUS jest opodatkowana we Francji?",
        "Je suis allemand, comment voter ici ?",
        "How do I exchange my Canadian licence?",
    ],
)
def test_who_names_france_or_only_comes_from_elsewhere_asks_about_here(question: str) -> None:
    assert not load_places().is_about_other_country(question)
