"""What a publish changes, by guide, section, sentence and word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from civic_assistant.catalogue import GuideEntry
from civic_assistant.guides import Fact, Guide
from ingest.reviewing.differences import (
    EditionDifference,
    FieldChange,
    edition_difference,
    guide_change,
)
from ingest.reviewing.sentence_changes import Run, SentenceChange, word_runs
from tests.guides_by_hand import CANTEEN, guide, section

PRICES = CANTEEN.sections[1]
DEARER = section(
    ("paragraph", "Le prix du repas dépend du quotient familial :"),
    ("header", "Quotient familial | Prix du repas"),
    ("row", "moins de 400 € | 1,20 €"),
    ("row", "400 € et plus | 4,10 €"),
    path=("Tarifs",),
)


def with_sections(*sections: object) -> Guide:
    return replace(CANTEEN, sections=sections)  # type: ignore[arg-type]


def difference(before: Mapping[str, Guide], after: Mapping[str, Guide]) -> EditionDifference:
    """Compare editions given as their guides by digest."""
    held = {**before, **after}
    return edition_difference(_entries(before), _entries(after), held.__getitem__)


def _entries(guides: Mapping[str, Guide]) -> list[GuideEntry]:
    return [
        GuideEntry(digest, g.id, g.language, g.source, g.document, g.title, None, None)
        for digest, g in guides.items()
    ]


def test_a_fee_that_changes_is_shown_as_one_row_and_in_it_as_one_word() -> None:
    change = guide_change(CANTEEN, with_sections(CANTEEN.sections[0], DEARER, CANTEEN.sections[2]))

    (changed,) = change.sections
    assert (changed.kind, changed.path) == ("changed", ("Tarifs",))
    assert changed.sentences == (
        SentenceChange(
            "moins de 400 € | 1,00 €",
            "moins de 400 € | 1,20 €",
            (
                Run("same", "moins de 400 € | "),
                Run("removed", "1,00 "),
                Run("added", "1,20 "),
                Run("same", "€"),
            ),
        ),
    )


def test_a_change_of_dates_and_department_alone_is_no_change_of_text() -> None:
    later = replace(
        CANTEEN,
        department="Affaires scolaires",
        updated_on=date(2026, 9, 1),
        facts=(Fact("online_service", "Portail famille", address="https://famille.example"),),
    )

    change = guide_change(CANTEEN, later)

    assert not change.is_text
    assert change.fields == (
        FieldChange("department", "Accueil", "Affaires scolaires"),
        FieldChange("updated_on", "", "2026-09-01"),
        FieldChange("facts.online_service", "", "Portail famille <https://famille.example>"),
    )


def test_another_title_is_a_change_of_text_because_it_is_searched() -> None:
    assert guide_change(CANTEEN, replace(CANTEEN, title="Restauration scolaire")).is_text


def test_a_section_under_another_heading_is_one_section_and_not_two() -> None:
    renamed = replace(PRICES, path=("Combien ça coûte",))

    (changed,) = guide_change(
        CANTEEN, with_sections(CANTEEN.sections[0], renamed, CANTEEN.sections[2])
    ).sections

    assert (changed.kind, changed.path_before, changed.path, changed.sentences) == (
        "changed",
        ("Tarifs",),
        ("Combien ça coûte",),
        (),
    )


def test_sections_that_came_and_went_are_told_in_reading_order() -> None:
    strike = section(("paragraph", "En cas de grève, rien n'est facturé."), path=("Grève",))

    change = guide_change(CANTEEN, with_sections(strike, *CANTEEN.sections[1:]))

    assert [(s.kind, s.path) for s in change.sections] == [
        ("added", ("Grève",)),
        ("removed", ("Qui est concerné ?",)),
    ]
    assert change.sections[0].sentences[0].before is None


def test_a_sentence_put_between_two_others_leaves_them_alone() -> None:
    longer = section(
        (
            "paragraph",
            "La cantine accueille les élèves le midi. Elle ferme le mercredi. "
            "L'inscription est obligatoire.",
        ),
        path=("Qui est concerné ?",),
    )

    (changed,) = guide_change(CANTEEN, with_sections(longer, *CANTEEN.sections[1:])).sections

    assert [(s.before, s.after) for s in changed.sentences] == [(None, "Elle ferme le mercredi.")]


def test_sentences_that_share_nothing_are_one_gone_and_one_come() -> None:
    other = section(("paragraph", "Un dossier par famille suffit."), path=("Qui est concerné ?",))

    (changed,) = guide_change(CANTEEN, with_sections(other, *CANTEEN.sections[1:])).sections

    assert [s.after is None for s in changed.sentences] == [True, True, False]


def test_chinese_is_compared_character_by_character() -> None:
    runs = word_runs("餐费为四欧元", "餐费为五欧元")

    assert [(run.kind, run.text) for run in runs] == [
        ("same", "餐费为"),
        ("removed", "四"),
        ("added", "五"),
        ("same", "欧元"),
    ]


def test_an_edition_tells_guides_that_came_changed_went_and_stayed() -> None:
    swimming = guide("piscine", "Piscine", section(("paragraph", "Ouverte le lundi.")))
    english = replace(CANTEEN, language="en", document="cantine/en.md")
    dearer = with_sections(CANTEEN.sections[0], DEARER, CANTEEN.sections[2])

    told = difference({"a": CANTEEN, "b": english}, {"c": dearer, "b": english, "d": swimming})
    back = difference({"c": dearer, "d": swimming}, {"c": dearer})

    assert [(g.guide_id, g.language) for g in told.changed] == [("cantine", "fr")]
    assert [g.guide_id for g in told.added] == ["piscine"]
    assert (told.withdrawn, told.unchanged) == ((), 1)
    assert [g.guide_id for g in back.withdrawn] == ["piscine"]


def test_a_guide_rewritten_whole_is_compared_in_a_second() -> None:
    lines = [("paragraph", f"Le service {n} ouvre à {n % 24} h le matin.") for n in range(400)]
    others = [("paragraph", f"Pour le dossier {n}, comptez {n} jours.") for n in range(400)]

    change = guide_change(
        with_sections(section(*lines)),  # type: ignore[arg-type]
        with_sections(section(*others)),  # type: ignore[arg-type]
    )

    assert len(change.sections[0].sentences) == 400
