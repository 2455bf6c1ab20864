from __future__ import annotations

from civic_assistant.hearing import hear
from civic_assistant.known import MOST_IN_A_ROW, NOTHING_KNOWN, Known, known_from
from civic_assistant.messages import PAGE_LANGUAGES, messages_for
from civic_assistant.outcomes import AskedDetail
from civic_assistant.situations import load_situations

SITUATIONS = load_situations()
DETAIL = AskedDetail(
    "carte",
    "Carte d'identité",
    "fr",
    (),
    ("première demande d'un adulte", "renouvellement d'un adulte", "carte d'un mineur"),
)
WAITING = NOTHING_KNOWN.after_asking(DETAIL, ("age",), "quels papiers pour une carte ?")


def after(known: Known, text: str, language: str = "fr") -> Known:
    return hear(text, language, known, SITUATIONS).known


def test_what_was_said_is_kept_and_a_contradiction_replaces_it() -> None:
    known = after(NOTHING_KNOWN, "je suis mineur, et je suis locataire")
    assert known.cases == ("age=0-17", "tenure=tenant")
    assert set(after(known, "je suis majeur").cases) == {"tenure=tenant", "age=18-120"}


def test_a_persons_case_holds_in_every_guide_and_a_requests_only_in_its_own() -> None:
    known = after(Known(matter="carte"), "je suis étrangère et j'ai perdu ma carte")
    assert set(known.facts("carte", SITUATIONS)) == {"nationality", "stage"}
    assert set(known.facts("passeport", SITUATIONS)) == {"nationality"}
    assert known.for_matter("passeport", SITUATIONS).cases == ("nationality=foreign",)


def test_a_child_gives_way_to_the_one_who_asks() -> None:
    known = after(NOTHING_KNOWN, "les papiers de mon fils de 15 ans")
    assert known.cases == ("child=yes", "age=15")
    assert after(known, "et pour moi ?").cases == ()


def test_a_label_answers_the_detail_and_stands_for_its_facts() -> None:
    heard = hear("Carte d'un mineur", "fr", WAITING, SITUATIONS)
    assert heard.question == "quels papiers pour une carte ? (carte d'un mineur)"
    assert set(heard.known.cases) == {"carte d'un mineur", "age=0-17"}
    assert heard.known.pending is None


def test_everyday_words_and_numbers_answer_it_too() -> None:
    assert "carte d'un mineur" in after(WAITING, "j'ai 15 ans").cases
    assert "carte d'un mineur" in after(WAITING, "er ist minderjährig", "de").cases
    assert "renouvellement d'un adulte" in after(WAITING, "2").cases


def test_an_answer_that_leaves_several_cases_is_kept_and_asked_on() -> None:
    heard = hear("je suis adulte", "fr", WAITING, SITUATIONS)
    assert (heard.question, heard.known.in_a_row) == ("quels papiers pour une carte ?", 1)
    assert heard.known.cases == ("age=18-120",)


def test_another_question_is_no_answer() -> None:
    heard = hear("où se trouve la déchèterie ?", "fr", WAITING, SITUATIONS)
    assert heard.question is None
    assert heard.known.pending is None


def test_not_knowing_gives_the_answer_over_all_cases() -> None:
    said = ["je ne sais pas", *(messages_for(x).text("detail.other") for x in PAGE_LANGUAGES)]
    for text in said:
        heard = hear(text, "fr", WAITING, SITUATIONS)
        assert heard.question == "quels papiers pour une carte ?"
        assert heard.known.in_a_row == MOST_IN_A_ROW
        assert heard.known.cases == ()


def test_a_label_that_is_contradicted_is_forgotten_and_what_still_holds_stays() -> None:
    known = after(WAITING, "première demande d'un adulte")
    later = after(known, "et pour un renouvellement ?")
    assert set(later.cases) == {"age=18-120", "stage=renewal"}


def test_cases_are_taken_as_labels_facts_or_everyday_words() -> None:
    known = known_from(("nationality=foreign", "I am a tenant", "bruit de chantier"), SITUATIONS)
    assert set(known.cases) == {
        "nationality=foreign",
        "tenure=tenant",
        "I am a tenant",
        "bruit de chantier",
    }
    assert known.labels("bruit") == {"I am a tenant", "bruit de chantier"}
