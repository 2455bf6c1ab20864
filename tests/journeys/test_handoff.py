"""The way to a person in real browsers: waited for, talked with, found again, gone on without."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from civic_assistant.handoff.states import StaffCloseReason
from tests.chat.fakes import MONDAY, town_clock
from tests.chat.live import Live, live_page
from tests.journeys.conftest import WAIT, visitor
from tests.journeys.talking import in_order, panel, press, writes

pytestmark = pytest.mark.browser
MARIE = "marie"


class Marie:
    """A member of staff, at the core's own functions: the desk's page is another journey."""

    def __init__(self, live: Live) -> None:
        """Be at reception."""
        self.live = live
        self.handoff = live.product.handoff
        self.handoff.presence.arrive(
            MARIE, name="Marie", desks=("accueil",), now=town_clock()(), seats=9
        )

    def empties_the_queue(self) -> None:
        """Let nobody wait: other tests of this process ask at the same page."""
        for record in self.handoff.handoffs.waiting():
            self.handoff.handoffs.withdraw(record.conversation_id, MONDAY)

    def takes_next(self) -> str:
        """Claim whoever has waited longest and return the conversation's id."""
        taken = self.handoff.handoffs.claim_next(staff_id=MARIE, now=town_clock()())
        assert taken is not None
        return taken.id

    def writes(self, conversation: str, text: str, client_id: str) -> None:
        """Answer the citizen."""
        self.handoff.transcript.reply(
            conversation, staff_id=MARIE, client_id=client_id, text=text, now=town_clock()()
        )

    def types(self, conversation: str) -> None:
        """Be seen writing."""
        self.handoff.conversations.typing(conversation, who="agent", name="Marie")

    def closes(self, conversation: str, reason: StaffCloseReason) -> None:
        """End the talk."""
        self.handoff.handoffs.close(conversation, staff_id=MARIE, reason=reason, now=town_clock()())

    def reads(self, conversation: str) -> list[str]:
        """Return what the citizen wrote."""
        messages = self.handoff.transcript.messages(conversation)
        return [message.text for message in messages if message.role == "citizen"]


@pytest.fixture
def marie() -> Iterator[Marie]:
    town_clock().at = MONDAY
    live = live_page()
    live.product.limit.is_open = True
    somebody = Marie(live)
    somebody.empties_the_queue()
    yield somebody
    town_clock().at = MONDAY
    somebody.empties_the_queue()
    somebody.handoff.presence.leave(MARIE, MONDAY)


def test_from_an_unsure_answer_to_a_person_and_back_to_the_bot(
    browser: Browser, marie: Marie
) -> None:
    with visitor(browser, marie.live.url, 1280, "fr-FR") as somebody:
        page = somebody.open().page
        somebody.ask("un doute")
        expect(panel(page)).to_contain_text("quelqu’un est là, jusqu’à 12:00")
        page.locator("#civic-handoff summary").click()
        expect(panel(page)).to_contain_text("Votre question : « un doute »")
        assert somebody.violations() == []
        press(page, "wait")
        expect(panel(page)).to_contain_text("Vous attendez une personne")
        expect(panel(page)).to_contain_text("Personne n’attend avant vous.")
        assert somebody.violations() == []
        writes(somebody, "c’est pour mon fils")

        conversation = marie.takes_next()
        expect(panel(page)).to_contain_text("Marie parle avec vous.")
        marie.types(conversation)
        expect(page.locator(".civic-typing")).to_have_text("Marie écrit…")
        marie.writes(conversation, "Bonjour, quel âge a-t-il ?", "m1")
        expect(page.get_by_text("quel âge")).to_be_visible()
        assert somebody.violations() == []

        page.reload()
        expect(page.get_by_text("quel âge")).to_be_visible(timeout=WAIT)
        marie.writes(conversation, "Je regarde pour vous.", "m2")
        expect(page.get_by_text("Je regarde")).to_be_visible()
        asked = len(marie.live.product.assistant.asked)
        writes(somebody, "il a seize ans, stationnement")
        expect(page.get_by_text("seize ans")).to_be_visible()
        while "il a seize ans, stationnement" not in marie.reads(conversation):
            page.wait_for_timeout(50)
        assert in_order(
            page, "un doute", "assez sûre", "file d’attente", "mon fils", "a rejoint",
            "quel âge", "Je regarde", "seize ans",
        )  # fmt: skip
        assert len(marie.live.product.assistant.asked) == asked

        marie.closes(conversation, "solved")
        expect(page.get_by_text("Marie a terminé l’échange")).to_be_visible()
        expect(panel(page)).to_be_hidden()
        expect(somebody.ask("stationnement")).to_contain_text("Elle coûte 30 € par an.")
        assert marie.live.product.assistant.asked[-1].history == ()
        assert somebody.fits()


def test_outside_hours_the_message_is_taken(browser: Browser, marie: Marie) -> None:
    town_clock().at = MONDAY - timedelta(days=1)
    with visitor(browser, marie.live.url, 390, "fr-FR") as somebody:
        page = somebody.open().page
        somebody.ask("un doute")
        expect(panel(page)).to_contain_text("Prochaine ouverture : lundi 23 novembre 2026, 08:30.")
        expect(page.locator('[data-wish="wait"]')).to_have_count(0)
        press(page, "message")
        form = page.locator(".civic-form form")
        expect(form.locator("textarea")).to_have_value("un doute")
        form.locator("[name=contact]").fill("ada@mail.example")
        form.locator("[name=consent]").check()
        assert somebody.violations() == []
        form.locator("[type=submit]").click()
        expect(panel(page)).to_contain_text("Votre message est enregistré sous le numéro")
        expect(panel(page)).to_contain_text("ada@mail.example")
        assert somebody.violations() == []
        assert somebody.fits()
        page.reload()
        expect(panel(page)).to_contain_text("ada@mail.example", timeout=WAIT)
        press(page, "withdraw")
        expect(panel(page)).to_be_hidden()


def test_going_on_alone_and_asking_for_a_person_by_keyboard(browser: Browser, marie: Marie) -> None:
    with visitor(browser, marie.live.url, 1280, "fr-FR") as somebody:
        page = somebody.open().page
        page.locator("#civic-person").focus()
        page.keyboard.press("Enter")
        expect(page.locator('[data-wish="wait"]')).to_be_focused()
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        expect(page.locator('[data-wish="alone"]')).to_be_focused()
        page.keyboard.press("Enter")
        expect(panel(page)).to_be_hidden()
        expect(page.locator("#chat-input")).to_be_focused()


def test_an_answer_that_did_not_help_offers_a_person(browser: Browser, marie: Marie) -> None:
    with visitor(browser, marie.live.url, 1280, "fr-FR") as somebody:
        page = somebody.open().page
        answer = somebody.ask("stationnement")
        answer.get_by_role("button", name="Cela ne m’aide pas").click()
        expect(panel(page)).to_contain_text("Une personne de la mairie peut vous répondre.")
        expect(page.locator('[data-wish="wait"]')).to_be_focused()
        assert somebody.violations() == []


def test_two_citizens_wait_and_each_talks_with_their_own(browser: Browser, marie: Marie) -> None:
    with (
        visitor(browser, marie.live.url, 1280, "fr-FR") as ada,
        visitor(browser, marie.live.url, 390, "ar") as nour,
    ):
        ada.open().ask("un doute")
        press(ada.page, "wait")
        expect(panel(ada.page)).to_contain_text("Vous attendez")
        town_clock().at += timedelta(seconds=10)
        nour.open("/?lang=ar").ask("شك")
        press(nour.page, "wait")
        expect(panel(nour.page)).to_contain_text("عدد المنتظرين قبلكم: \u20681\u2069.")
        first = marie.takes_next()
        expect(panel(nour.page)).to_contain_text("لا أحد ينتظر قبلكم.", timeout=WAIT)
        second = marie.takes_next()
        marie.writes(first, "pour Ada", "a")
        marie.writes(second, "Bonjour, je vous réponds en français.", "b")
        expect(ada.page.get_by_text("pour Ada")).to_be_visible()
        expect(nour.page.get_by_text("en français")).to_be_visible()
        expect(nour.page.get_by_text("pour Ada")).to_have_count(0)
        expect(panel(nour.page)).to_have_attribute("dir", "rtl")
        assert nour.violations() == []
        assert nour.fits()
        writes(nour, "شكرا")
        while "شكرا" not in marie.reads(second):
            nour.page.wait_for_timeout(50)
        assert "شكرا" not in marie.reads(first)


def test_a_code_leads_back_from_another_browser_and_erases(browser: Browser, marie: Marie) -> None:
    with visitor(browser, marie.live.url, 1280, "fr-FR") as ada:
        ada.open().ask("un doute")
        expect(panel(ada.page)).to_be_visible()
        ada.page.locator("#civic-footer .civic-code-open").click()
        code = ada.page.locator("#civic-dialog .civic-code").inner_text()
        assert ada.violations() == []
    with visitor(browser, marie.live.url, 320, "fr-FR") as later:
        page = later.open().page
        page.locator("#civic-notes .civic-code-open").click()
        page.locator("#civic-code-field").fill("CCCC CCCC")
        page.keyboard.press("Enter")
        expect(page.locator("#civic-dialog .civic-problem")).to_contain_text("Aucune conversation")
        assert later.violations() == []
        page.locator("#civic-code-field").fill(code.lower())
        page.keyboard.press("Enter")
        expect(page.get_by_text("un doute", exact=True)).to_be_visible(timeout=WAIT)
        assert later.fits()
        assert code not in str(page.evaluate("document.cookie + JSON.stringify(localStorage)"))
        page.locator("#civic-footer .civic-code-open").click()
        page.get_by_role("button", name="Effacer cette conversation").click()
        page.get_by_role("button", name="Oui, tout effacer").click()
        expect(page.locator("#civic-dialog")).to_contain_text("La conversation est effacée.")
        page.get_by_role("button", name="Fermer").click()
        expect(page.locator("#civic-notes")).to_be_visible(timeout=WAIT)
        expect(page.get_by_text("un doute", exact=True)).to_have_count(0)


def test_a_new_conversation_asks_first_while_a_person_is_awaited(
    browser: Browser, marie: Marie
) -> None:
    with visitor(browser, marie.live.url, 390, "fr-FR") as somebody:
        page = somebody.open().page
        somebody.ask("un doute")
        press(page, "wait")
        expect(panel(page)).to_contain_text("Vous attendez")
        page.locator("#civic-new").click()
        expect(page.locator("#civic-dialog")).to_contain_text("Vous la retrouverez avec le code")
        page.get_by_role("button", name="Rester dans cette conversation").click()
        expect(panel(page)).to_contain_text("Vous attendez")
        page.locator("#civic-new").click()
        page.locator("#civic-dialog button").first.click()
        expect(page.locator("#civic-notes")).to_be_visible(timeout=WAIT)
        expect(panel(page)).to_be_hidden()
        somebody.ask("stationnement")
        expect(page.get_by_text("un doute", exact=True)).to_have_count(0)
