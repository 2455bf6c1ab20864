"""A draft is published and taken back, with the corpus folder."""

from __future__ import annotations

import shutil

from tests.desk.editing import FEE, NEW_FEE, Editor, Office
from tests.desk.fee_change import (
    GUIDE,
    changes_fee,
    corpus_text,
    eve,
    office,
    switches_of,
    words,
)

__all__ = ["eve", "office"]


def test_a_fee_goes_live_with_the_corpus_folder_and_comes_back_with_it(
    office: Office, eve: Editor
) -> None:
    changes_fee(office, eve)
    page = eve.plans()
    assert "15" in words(page, ".change del") and "16" in words(page, ".change ins")
    assert "15 € | 150 €" in office.published(GUIDE), "nothing is live before it is published"
    assert FEE in corpus_text(office)

    page = eve.publishes("Délibération du 28 mai")
    assert "Publié : l’édition 2 est en ligne." in words(page)
    assert "16 € | 160 €" in office.published(GUIDE)
    assert NEW_FEE in corpus_text(office)
    assert words(page, ".drafted .count") == "0"

    history = eve.page("/history")
    assert "Édition 2 publiée" in words(history, ".move")
    assert "Ève E." in words(history, ".move") and "Délibération du 28 mai" in words(history)
    confirm = eve.page("/history/1")
    assert "Stationnement résident" in words(confirm, ".change")
    assert "16" in words(confirm, ".change del") and "15" in words(confirm, ".change ins")
    assert eve.send("/history/1", {"live": "2", "reason": " "}).status_code == 422
    assert eve.sends("/history/1", {"live": "2", "reason": "Erreur"}) == "/desk/guides/plan"
    assert "L’édition 1 est de nouveau en ligne." in words(eve.waits())
    assert "15 € | 150 €" in office.published(GUIDE)
    assert FEE in corpus_text(office), "publishing the folder would not bring the fee back"


def test_publishing_needs_a_reason_and_that_everything_was_looked_at(
    office: Office, eve: Editor
) -> None:
    eve.sends("/pacs/remove")
    page = eve.plans()
    plan = str(page.select_one("#publish-form [name=plan]")["value"])  # type: ignore[index]
    assert "J’ai vu ce qui est retiré : 1." in words(page, "#publish-form")
    unseen = eve.send("/publish", {"plan": plan, "reason": "Ménage"})
    assert unseen.status_code == 422 and "Cochez ce que vous avez vu" in unseen.text
    assert eve.send("/publish", {"plan": plan, "seen": "withdrawn"}).status_code == 422
    assert "pacs" in office.product.index.live().versions
    eve.publishes("Ménage")
    assert "pacs" not in office.product.index.live().versions
    assert not (office.corpus / "pacs").exists()


def test_a_plan_is_published_as_it_was_looked_at_or_not_at_all(office: Office, eve: Editor) -> None:
    changes_fee(office, eve)
    page = eve.plans()
    plan = str(page.select_one("#publish-form [name=plan]")["value"])  # type: ignore[index]
    changes_fee(office, eve, NEW_FEE.replace("16", "17"))
    answer = eve.send("/publish", {"plan": plan, "reason": "Vite"})
    assert answer.status_code == 409
    assert "a changé depuis" in answer.text
    assert "15 € | 150 €" in office.published(GUIDE)


def test_a_draft_that_says_the_same_is_closed_without_an_edition(
    office: Office, eve: Editor
) -> None:
    eve.writes(GUIDE, "fr", corpus_text(office) + "\n\n")
    page = eve.plans()
    assert "Rien ne change pour les usagers." in words(page, ".review")
    assert "Le brouillon est fermé" in words(eve.publishes("Espaces"))
    assert [s.edition for s in switches_of(office)] == [1]


def test_what_changed_in_the_folder_itself_is_said_and_published_with_the_draft(
    office: Office, eve: Editor
) -> None:
    other = office.corpus / "composteur" / "fr.md"
    other.write_text(other.read_text("utf-8") + "\nNouveau : en bois.\n", encoding="utf-8")
    assert "composteur/fr.md" in words(eve.page("/plan"), ".drafted")
    eve.plans()
    eve.publishes("Dossier")
    assert "en bois" in office.published("composteur")


def test_where_the_documents_were_not_kept_the_folder_stays_and_the_page_says_so(
    office: Office, eve: Editor
) -> None:
    changes_fee(office, eve)
    kept = office.product.settings.index_folder / "documents"
    if kept.exists():
        shutil.rmtree(kept)
    eve.plans()
    eve.publishes("Sans documents gardés")
    assert eve.sends("/history/1", {"live": "2", "reason": "Erreur"}) == "/desk/guides/plan"
    assert "n’étaient pas gardés" in words(eve.waits())
    assert "15 € | 150 €" in office.published(GUIDE)
