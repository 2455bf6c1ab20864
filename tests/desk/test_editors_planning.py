"""What a draft would change is planned, shown, asked, and given up."""

from __future__ import annotations

import json

from bs4 import BeautifulSoup

from civic_assistant.catalogue import open_catalogue
from tests.desk.editing import GUIDES, NEW_FEE, Editor, Office
from tests.desk.fee_change import (
    ASKED,
    GUIDE,
    changes_fee,
    eve,
    expects,
    office,
    words,
)

__all__ = ["eve", "office"]


def test_the_plan_shows_the_question_that_changes_with_both_answers(
    office: Office, eve: Editor
) -> None:
    expects(office, "150 €")
    changes_fee(office, eve)
    page = eve.plans()
    impact = words(page, ".impact")
    assert ASKED in impact and "question de contrôle" in impact
    assert "Moins bien répondue" in impact and "Autres phrases" in impact
    today, then = (part.get_text(" ", strip=True) for part in page.select(".before-after > div"))
    assert "15 €" in today and "16 €" not in today
    assert "16 €" in then and "15 €" not in then
    assert "J’ai vu les questions de contrôle moins bien répondues : 1." in words(
        page, "#publish-form"
    )
    eve.publishes("Le tarif a changé")
    assert "16 € | 160 €" in office.published(GUIDE)


def test_an_editor_can_require_that_no_test_question_gets_worse(
    office: Office, eve: Editor
) -> None:
    expects(office, "150 €")
    changes_fee(office, eve)
    page = eve.plans(strict="true")
    assert page.select_one("#publish-form") is None
    assert "1 questions de contrôle seraient moins bien répondues." in words(page)
    plan = office.workshop.runs.latest(eve.staff_id, "plan")
    assert plan is not None
    sent = {"plan": plan.id, "reason": "Quand même", "seen": ["worse"]}
    assert eve.send("/publish", sent).status_code == 409
    expects(office, "160 €")
    page = eve.plans(strict="true")
    assert "Mieux répondue" in words(page, ".impact")
    eve.publishes("Le tarif a changé")


def test_translations_that_fall_behind_are_named_with_the_figures_they_lack(
    office: Office, eve: Editor
) -> None:
    changes_fee(office, eve)
    page = eve.plans()
    assert "l’original change avec cette publication" in words(page, "[aria-labelledby=lags-title]")
    assert "16 €" in words(page, "[aria-labelledby=lags-title] mark")
    eve.publishes("Le tarif a changé")
    row = eve.page("?q=stationnement").select_one(".guide-row")
    assert row is not None and "Traduction en retard" in row.get_text(" ", strip=True)
    assert "L’original a changé depuis cette traduction." in words(
        eve.page(f"/{GUIDE}/en"), "main .caution"
    )


def test_many_withdrawals_are_asked_about_before_anything_is_staged(
    office: Office, eve: Editor
) -> None:
    for guide_id in GUIDES[1:]:
        eve.sends(f"/{guide_id}/remove")
    eve.sends(f"/{GUIDE}/en/remove")
    page = eve.plans()
    assert "Beaucoup de guides disparaîtraient." in words(page, "main .alert")
    assert page.select_one("#publish-form") is None
    page = eve.plans(withdrawals="confirmed")
    assert page.select_one("#publish-form") is not None


def test_a_document_that_is_refused_keeps_its_published_version_and_says_so(
    office: Office, eve: Editor
) -> None:
    eve.writes(GUIDE, "fr", "Sans titre.\n")
    eve.writes(GUIDE, "en", "# Resident parking\n\nNothing changes.\n")
    page = eve.plans()
    refused = words(page, "[aria-labelledby=refused-title]")
    assert f"{GUIDE}/fr.md" in refused and "il n’a pas de titre." in refused
    assert "La version en ligne reste." in refused
    eve.publishes("Malgré tout")
    assert "15 € | 150 €" in office.published(GUIDE)
    assert "Nothing changes." in office.published(GUIDE, "en")


def test_a_second_plan_gives_the_first_edition_up(office: Office, eve: Editor) -> None:
    changes_fee(office, eve)
    eve.plans()
    changes_fee(office, eve, NEW_FEE.replace("16", "17"))
    eve.plans()
    catalogue = open_catalogue(office.product.settings.index_folder)
    assert [entry.state for entry in catalogue.editions()] == ["published", "dropped", "staged"]


def test_the_staged_edition_is_asked_like_a_citizen_asks_and_nothing_is_recorded(
    office: Office, eve: Editor
) -> None:
    changes_fee(office, eve)
    question = {"question": ASKED}
    page = BeautifulSoup(eve.send("/try", question).text, "html.parser")
    assert page.select_one(".tried-answer.draft") is None
    assert "15 €" in words(page, ".tried-answer.live .bubble")
    eve.plans()
    page = BeautifulSoup(eve.send("/try", question).text, "html.parser")
    assert "16 €" in words(page, ".tried-answer.draft .bubble")
    assert "15 €" in words(page, ".tried-answer.live .bubble")
    assert "Stationnement résident" in words(page, ".tried-answer.draft .source-card")
    assert [mark.get_text() for mark in page.select(".draft .source-card mark")]
    with office.product.records.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM turn").scalar_one() == 0


def test_what_is_kept_with_a_plan_names_no_person_but_its_author(
    office: Office, eve: Editor
) -> None:
    changes_fee(office, eve)
    eve.plans()
    run = office.workshop.runs.latest(eve.staff_id, "plan")
    assert run is not None and run.author == "Ève E."
    assert "Ève" not in json.dumps(office.workshop.runs.outcome(run.id), ensure_ascii=False)
    eve.publishes("Voilà")
    assert office.workshop.runs.outcome(run.id) is None
