"""What others do meanwhile, people and processes, is told and never overwritten."""

from __future__ import annotations

from datetime import timedelta

from civic_assistant.desk.editors.drafts import draft_digest
from civic_assistant.desk.editors.publishing import Publishing
from civic_assistant.desk.sessions import Member
from civic_assistant.embedding import Embedding
from civic_assistant.publishing_lock import publishing
from ingest.folder import FolderSource
from ingest.progress import Progress
from ingest.publish import publish
from tests.desk.editing import NEW_FEE, Editor, Office
from tests.desk.fee_change import (
    GUIDE,
    MAX,
    changes_fee,
    eve,
    office,
    words,
)

__all__ = ["eve", "office"]


def test_of_two_editors_one_is_told_who_is_at_it(office: Office, eve: Editor) -> None:
    run = office.workshop.runs.begin("publish", MAX)
    changes_fee(office, eve)
    answer = eve.send("/plan")
    assert answer.status_code == 409
    assert "Max P. est en train de préparer ou de publier." in answer.text
    assert "Max P. publie depuis" in words(eve.page(), ".busy")
    assert "Max P. publie depuis" in words(eve.page("/plan"), "[data-run]")
    office.workshop.runs.finish(run.id)
    eve.plans()


def test_what_a_colleague_published_meanwhile_is_not_taken_back_unasked(
    office: Office, eve: Editor
) -> None:
    bo = office.editor("bo", "Bo M.")
    changes_fee(office, eve)
    changes_fee(office, bo, NEW_FEE.replace("16 €", "18 €"))
    bo.plans()
    bo.publishes("Bo d’abord")
    page = eve.plans()
    assert page.select_one("#publish-form") is None
    assert "Quelqu’un d’autre a changé ces documents" in words(page, "main .alert")
    page = eve.page(f"/{GUIDE}/fr")
    assert "une autre personne a publié un autre texte" in words(page, ".caution")
    name = f"{GUIDE}/fr.md"
    eve.sends(f"/{GUIDE}/settle", {"name": name, "keep": "mine"})
    page = eve.plans()
    assert "18" in words(page, ".change del") and "16" in words(page, ".change ins")
    eve.publishes("Ève ensuite")
    assert "16 € | 160 €" in office.published(GUIDE)


def test_taking_the_published_text_leaves_nothing_to_publish(office: Office, eve: Editor) -> None:
    bo = office.editor("bo", "Bo M.")
    changes_fee(office, eve)
    changes_fee(office, bo, NEW_FEE.replace("16 €", "18 €"))
    bo.plans()
    bo.publishes("Bo d’abord")
    eve.sends(f"/{GUIDE}/settle", {"name": f"{GUIDE}/fr.md", "keep": "theirs"})
    assert words(eve.page("/plan"), ".drafted .count") == "0"
    assert "18 €" in words(eve.page(f"/{GUIDE}/fr"), "#preview")


def test_a_plan_is_old_once_something_else_went_live(
    office: Office, eve: Editor, embedder: Embedding
) -> None:
    changes_fee(office, eve)
    assert eve.plans().select_one("#publish-form") is not None
    other = office.corpus / "composteur" / "fr.md"
    other.write_text(other.read_text("utf-8") + "\nNouveau : en bois.\n", encoding="utf-8")
    settings = office.product.settings
    publish(FolderSource(office.corpus), settings, embedder, Progress(visible=False))
    assert eve.page("/plan").select_one("#publish-form") is None
    eve.plans()
    eve.publishes("Ensuite")
    assert "en bois" in office.published("composteur")
    assert "16 € | 160 €" in office.published(GUIDE)


def test_the_page_is_told_how_far_a_run_is(office: Office, eve: Editor) -> None:
    run = office.workshop.runs.begin("plan", MAX)
    office.workshop.runs.advance(run.id, "embedding", 3, 12)
    told = eve.client.get(f"/desk/guides/run/{run.id}").json()
    assert told == {
        "is_over": False,
        "said": "Mise en recherche des nouveaux passages…",
        "done": 3,
        "total": 12,
    }
    office.workshop.runs.fail(run.id, "broken")
    assert eve.client.get(f"/desk/guides/run/{run.id}").json()["is_over"] is True
    assert eve.client.get("/desk/guides/run/nowhere").json() == {"is_over": True}


def test_a_plan_whose_process_died_is_given_up_and_the_next_begins(
    office: Office, eve: Editor
) -> None:
    changes_fee(office, eve)
    member = Member(eve.staff_id, "Ève E.", (), ("editor",))
    office.workshop.runs.begin("plan", member)
    assert eve.send("/plan").status_code == 409
    office.clock.now += timedelta(minutes=2)
    assert "Le serveur s’est arrêté en chemin." in words(eve.page("/plan"), "main .alert")
    eve.plans()
    eve.publishes("Enfin")
    assert "16 € | 160 €" in office.published(GUIDE)


def test_a_publish_that_died_after_the_switch_counts_as_done(office: Office, eve: Editor) -> None:
    changes_fee(office, eve)
    eve.plans()
    eve.publishes("Avant")
    changes_fee(office, eve, NEW_FEE.replace("16", "17"))
    member = Member(eve.staff_id, "Ève E.", (), ("editor",))
    digest = draft_digest(office.draft(eve))
    office.workshop.runs.begin("publish", member, draft=digest, edition=2, reason="Mort")
    office.clock.now += timedelta(minutes=2)
    Publishing(office.workshop).settle()
    assert office.draft(eve).changed() == ()
    assert "Publié : l’édition 2 est en ligne." in words(eve.page("/plan"))


def test_another_program_that_publishes_is_named_as_the_reason_to_wait(
    office: Office, eve: Editor
) -> None:
    changes_fee(office, eve)
    folder = office.product.settings.index_folder
    with publishing(folder, "town", "the timer", office.clock()):
        page = eve.plans()
    assert "Une publication est en cours en dehors de cette page." in words(page, "main .alert")
