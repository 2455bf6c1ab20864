from __future__ import annotations

from civic_assistant.cases import (
    Fork,
    Told,
    dividing_kinds,
    excluded_sections,
    forks_of,
    named_sections,
    remaining,
    texts_differ,
)
from civic_assistant.guides import Guide
from civic_assistant.keywords import stems
from civic_assistant.situations import load_situations
from tests.guides_by_hand import guide, section

SITUATIONS = load_situations()
PAPERS = ("Pièces à fournir",)
CARD = guide(
    "carte",
    "Carte d'identité",
    section(("paragraph", "Une photo."), path=PAPERS),
    section(("paragraph", "L'acte."), path=PAPERS, situation=("première demande d'un adulte",)),
    section(("paragraph", "L'ancienne."), path=PAPERS, situation=("renouvellement d'un adulte",)),
    section(("paragraph", "Le parent."), path=PAPERS, situation=("carte d'un mineur",)),
    section(("paragraph", "La lettre."), path=PAPERS, situation=("vous êtes hébergé",)),
    section(("paragraph", "Gratuit."), path=("Tarifs",)),
)
ABROAD = guide(
    "passeport",
    "Passeport",
    section(("paragraph", "86 €"), path=("Coût",), situation=("En France", "Cas général")),
    section(("paragraph", "43 €"), path=("Coût",), situation=("En France", "En Guyane")),
    section(("paragraph", "96 €"), path=("Coût",), situation=("À l'étranger",)),
)


def labels(fork: Fork, told: Told) -> list[str]:
    return [case.label for case in remaining(fork, told)]


def told(text: str, **more: object) -> Told:
    words = frozenset(stems(text, "fr"))
    return Told(facts=SITUATIONS.read(text, "fr"), words=words, **more)  # type: ignore[arg-type]


def only_fork(of: Guide) -> Fork:
    (fork,) = forks_of(of, SITUATIONS)
    return fork


def test_cases_under_one_heading_stand_beside_each_other() -> None:
    fork = only_fork(CARD)
    assert (fork.above, fork.home) == ((), PAPERS)
    assert dividing_kinds(fork.cases, SITUATIONS) == {"age", "stage"}
    assert texts_differ(fork.cases, PAPERS, CARD)


def test_cases_nest() -> None:
    outer, inner = forks_of(ABROAD, SITUATIONS)
    assert [case.label for case in outer.cases] == ["En France", "À l'étranger"]
    assert inner.above == ("En France",)


def test_a_lone_case_joins_those_that_differ_from_it_in_kind() -> None:
    of = guide(
        "carte",
        "Carte",
        section(("paragraph", "a"), path=PAPERS, situation=("première demande",)),
        section(("paragraph", "b"), situation=("renouvellement",)),
        section(("paragraph", "c"), situation=("organisme",)),
        section(("paragraph", "d"), path=("Tarifs",), situation=("étudiant",)),
    )
    assert [[case.label for case in fork.cases] for fork in forks_of(of, SITUATIONS)] == [
        ["première demande", "renouvellement", "organisme"],
        ["étudiant"],
    ]


def test_what_was_said_leaves_only_the_cases_that_agree() -> None:
    fork = only_fork(CARD)
    assert labels(fork, told("pour un mineur")) == ["carte d'un mineur", "vous êtes hébergé"]
    assert labels(fork, told("je suis majeure")) == [
        "première demande d'un adulte",
        "renouvellement d'un adulte",
        "vous êtes hébergé",
    ]
    assert "vous êtes hébergé" in labels(fork, told("c'est une première demande"))


def test_a_case_that_no_other_answers_stays_unless_the_age_is_wrong() -> None:
    of = guide(
        "mariage",
        "Mariage",
        section(("paragraph", "a"), path=PAPERS, situation=("l'un est de nationalité étrangère",)),
        section(("paragraph", "b"), path=PAPERS, situation=("personne de plus de 75 ans",)),
    )
    assert labels(only_fork(of), told("je suis française, j'ai 30 ans")) == [
        "l'un est de nationalité étrangère"
    ]


def test_a_chosen_case_puts_its_alternatives_aside() -> None:
    chosen = Told(chosen=frozenset({"renouvellement d'un adulte"}))
    assert labels(only_fork(CARD), chosen) == ["renouvellement d'un adulte", "vous êtes hébergé"]


def test_the_towns_own_place_is_taken_for_granted_and_the_general_case_with_it() -> None:
    at_home = Told(defaults={"place": frozenset({"france"})})
    kept = set(range(3)) - excluded_sections(ABROAD, forks_of(ABROAD, SITUATIONS), at_home)
    assert [ABROAD.sections[n].text for n in kept] == ["86 €"]


def test_who_lives_abroad_reads_what_is_for_them() -> None:
    away = told("je vis en Allemagne", defaults={"place": frozenset({"france"})})
    gone = excluded_sections(ABROAD, forks_of(ABROAD, SITUATIONS), away)
    assert 0 in gone and 2 not in gone


def test_a_case_is_named_by_its_own_words() -> None:
    of = guide(
        "bruit",
        "Bruit de voisinage",
        section(("paragraph", "a"), path=("Que faire ?",), situation=("bruit de chantier",)),
        section(("paragraph", "b"), path=("Que faire ?",), situation=("bruit d'un bar",)),
    )
    forks = forks_of(of, SITUATIONS)
    assert named_sections(forks, told("le bruit du chantier d'à côté")) == {0}
    assert named_sections(forks, told("du bruit chez le voisin")) == frozenset()


def test_a_guide_is_never_left_out_whole() -> None:
    of = guide("a", "A", section(("paragraph", "a"), situation=("personne de plus de 75 ans",)))
    assert excluded_sections(of, forks_of(of, SITUATIONS), told("j'ai 30 ans")) == frozenset()
