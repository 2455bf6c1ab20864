"""A citizen and staff at the desk, each in a browser of their own, over one running product."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import WAIT, AtDesk, Visit, Visitor
from tests.journeys.staff import Agent
from tests.journeys.talking import in_order, panel, press, return_code, said, waits, writes

pytestmark = pytest.mark.browser

DOUBT = "Faut-il un permis pour une piscine gonflable ?"
SCHOOL_DOUBT = "Peut-on payer la cantine en bitcoin ?"
ARABIC_DOUBT = "هل يمكنني إحضار حصاني إلى المسبح البلدي؟"


def direction(page: Page, selector: str) -> str:
    """Return the direction in which the last such element's text runs."""
    shown = page.locator(selector).last
    return str(shown.evaluate("element => getComputedStyle(element).direction"))


def is_dot_behind(page: Page, selector: str, name: str) -> bool:
    """Whether the dot at a name's end is shown to the right of the name's first letter."""
    shown = page.locator(selector, has_text=name).last
    script = """(element, name) => {
        const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
        let node = walker.nextNode();
        while (!node.data.includes(name)) node = walker.nextNode();
        const at = node.data.indexOf(name);
        const left = (place) => {
            const range = document.createRange();
            range.setStart(node, place);
            range.setEnd(node, place + 1);
            return range.getBoundingClientRect().left;
        };
        return left(at + name.length - 1) > left(at);
    }"""
    return bool(shown.evaluate(script, name))


def together(visit: Visit, agent: Agent, words: str, width: int = 1280) -> Visitor:
    """Return a citizen whose conversation the agent has taken."""
    ada = waits(visit(width), words)
    expect(agent.row("Demande une personne")).to_have_count(1)
    agent.takes("Demande une personne").sees(words)
    expect(panel(ada.page)).to_contain_text(f"{agent.name} parle avec vous.")
    return ada


def test_from_an_unsure_answer_to_a_person_and_back_to_the_bot(
    visit: Visit, at_desk: AtDesk
) -> None:
    awa, ada = at_desk(), visit().open()
    page = ada.page
    ada.ask(DOUBT)
    expect(panel(page)).to_contain_text("Accueil : quelqu’un est là")
    assert ada.violations() == []
    press(page, "wait")
    expect(panel(page)).to_contain_text("Vous attendez une personne")
    assert ada.violations() == []

    expect(awa.row(DOUBT)).to_contain_text(re.compile("Réponse incertaine|Hors des guides"))
    expect(awa.page).to_have_title(re.compile("^1 en attente"))
    awa.takes(DOUBT)
    expect(awa.page.locator("#briefing")).to_contain_text("Confiance")
    expect(awa.page.locator("#briefing .passage").first).to_be_visible()
    expect(panel(page)).to_contain_text("Awa D. parle avec vous.")
    awa.page.locator("#reply").press_sequentially("Bonjour")
    expect(page.locator(".civic-typing")).to_have_text("Awa D. écrit…")
    awa.writes("Bonjour, quelle est sa profondeur ?")
    expect(page.get_by_text("sa profondeur")).to_be_visible()
    page.locator("#chat-input").press_sequentially("Un mètre")
    expect(awa.page.locator("#typing")).to_have_text("L’usager écrit…")
    page.keyboard.press("Enter")
    awa.sees("Un mètre")
    assert ada.violations() == []

    page.reload()
    awa.writes("Alors il ne faut rien.")
    expect(page.get_by_text("il ne faut rien")).to_be_visible(timeout=WAIT)
    writes(ada, "Même sur une terrasse ?")
    awa.sees("Même sur une terrasse ?")
    assert in_order(
        page, DOUBT, "file d’attente", "Awa D. a rejoint", "sa profondeur", "Un mètre",
        "il ne faut rien", "Même sur une terrasse",
    )  # fmt: skip
    written = ["sa profondeur ?", "Un mètre", "Alors il ne faut rien.", "Même sur une terrasse ?"]
    assert [text.endswith(end) for text, end in zip(awa.said()[-4:], written, strict=True)] == (
        [True] * 4
    )

    awa.closes()
    expect(page.get_by_text("Awa D. a terminé l’échange")).to_be_visible()
    expect(panel(page)).to_be_hidden()
    assert ada.violations() == []
    answer = ada.ask("Combien coûte le stationnement résident ?")
    expect(answer.locator("blockquote").first).to_contain_text("€")
    expect(awa.page.locator("#list .row")).to_have_count(0)


def test_outside_hours_it_is_said_first_and_the_message_stands_at_the_desk(
    visit: Visit, at_desk: AtDesk
) -> None:
    awa, ada = at_desk(), visit(390).open()
    page = ada.page
    ada.ask(SCHOOL_DOUBT)
    expect(panel(page)).to_contain_text("Enfance et écoles : c’est fermé en ce moment.")
    opening = re.compile(r"Prochaine ouverture\s: \w+ \d+ \w+ \d{4}, 08:30\.")
    expect(panel(page)).to_contain_text(opening)
    expect(page.locator('[data-wish="wait"]')).to_have_count(0)
    press(page, "message")
    form = page.locator(".civic-form form")
    expect(form.locator("textarea")).to_have_value(SCHOOL_DOUBT)
    form.locator("[name=contact]").fill("ada@mail.example")
    form.locator("[name=consent]").check()
    form.locator("[type=submit]").click()
    expect(panel(page)).to_contain_text("Votre message est enregistré sous le numéro")
    assert ada.violations() == []
    assert ada.fits()
    number = re.search(r"[A-Z0-9]{3}-[A-Z0-9]{3}", panel(page).inner_text())
    assert number is not None

    expect(awa.page.locator("#list-left + .rows .row")).to_contain_text(number.group())
    awa.reads(SCHOOL_DOUBT)
    expect(awa.page.locator(".contact")).to_contain_text("ada@mail.example")
    awa.page.keyboard.press("t")
    awa.writes("Non, mais par carte.")
    expect(page.get_by_text("Non, mais par carte.")).to_be_visible()
    awa.closes("Personne jointe")


def test_of_two_agents_who_claim_at_once_one_wins_and_the_other_is_told(
    visit: Visit, at_desk: AtDesk
) -> None:
    awa, bo = at_desk("awa"), at_desk("bo")
    ada = waits(visit(), "Qui de vous deux ?")
    for agent in (awa, bo):
        agent.reads("Demande une personne")
        agent.page.route("**/state", lambda route: route.abort())  # neither hears of the other
    with (
        awa.page.expect_response("**/claim") as first,
        bo.page.expect_response("**/claim") as second,
    ):
        for agent in (awa, bo):
            agent.page.evaluate("document.querySelector('[data-key=t]').click()")
    statuses = (first.value.status, second.value.status)
    assert sorted(statuses) == [200, 409]
    winner, loser = (awa, bo) if statuses[0] == 200 else (bo, awa)
    expect(loser.page.get_by_role("alert")).to_have_text(
        f"{winner.name} a déjà pris cette conversation."
    )
    expect(loser.page.locator("#reply")).to_be_hidden()
    expect(panel(ada.page)).to_contain_text(f"{winner.name} parle avec vous.")
    winner.page.unroute("**/state")
    winner.page.reload()
    winner.writes("C’est moi.")
    expect(ada.page.get_by_text("C’est moi.")).to_be_visible()
    winner.closes()


def test_a_citizen_in_arabic_and_an_agent_in_french(visit: Visit, at_desk: AtDesk) -> None:
    awa, nour = at_desk(), visit(390, locale="ar").open("/?lang=ar")
    page, desk = nour.page, awa.page
    nour.ask(ARABIC_DOUBT)
    press(page, "wait")
    expect(panel(page)).to_have_attribute("data-state", "waiting")
    expect(panel(page)).to_have_attribute("dir", "rtl")
    expect(panel(page)).to_have_attribute("lang", "ar")
    assert nour.violations() == []

    expect(awa.row("حصاني")).to_contain_text("arabe")
    awa.takes("حصاني")
    assert direction(desk, "html") == "ltr"
    expect(desk.locator("html")).to_have_attribute("lang", "fr")
    expect(desk.locator(".message.citizen .text")).to_have_attribute("lang", "ar")
    for shown in ("#list .row-text", ".message.citizen .text", "#briefing .words"):
        assert direction(desk, shown) == "rtl", shown
    assert direction(desk, "#talk-title") == "ltr"

    desk.get_by_label("Réponses prêtes").select_option(label="Bonjour")
    desk.get_by_role("button", name="Insérer").click()
    expect(desk.locator("#reply")).to_have_value(re.compile("Awa D\\."))
    expect(desk.locator("#reply")).to_have_attribute("lang", "ar")
    assert direction(desk, "#reply") == "rtl"
    desk.keyboard.press("Control+Enter")
    greeting = awa.sees("Awa D.")
    expect(greeting).to_have_attribute("lang", "ar")
    assert direction(desk, ".message.agent .text") == "rtl"
    content = '[data-step-type="assistant_message"] .message-content'
    expect(page.locator(content).last).to_contain_text("Vaubreuil-sur-Sarle")
    assert direction(page, content) == "rtl"
    expect(page.locator('img[src*="/avatars/"]').last).to_have_attribute("alt", "")

    awa.writes("Désolée, je continue en français.")
    expect(page.get_by_text("je continue en français")).to_be_visible()
    assert direction(page, f"{content} .prose > *") == "ltr"
    for shown in ("#civic-handoff h2", f"{content} .prose > :first-child"):
        assert is_dot_behind(page, shown, "Awa D."), shown
    assert is_dot_behind(page, f"{content}:has-text('انضم')", "Awa D.")
    assert is_dot_behind(desk, ".message.agent .text", "Awa D.")
    assert is_dot_behind(desk, ".message.agent .who", "Awa D.")
    expect(page.locator(f"{content} .prose > *").last).to_have_attribute("lang", "fr")
    expect(page.locator(f"{content} .prose > :first-child").last).not_to_have_attribute(
        "lang", "fr"
    )
    expect(page.locator('[role="status"] [lang="fr"]')).to_contain_text("je continue en français")
    expect(awa.sees("je continue en français")).to_have_attribute("lang", "fr")
    writes(nour, "لا بأس")
    awa.sees("لا بأس")
    assert nour.violations() == []
    assert nour.fits()
    awa.closes()
    expect(panel(page)).to_be_hidden()


def test_what_is_written_while_the_network_is_cut_is_there_after_it(
    visit: Visit, at_desk: AtDesk
) -> None:
    awa = at_desk()
    ada = together(visit, awa, "Je suis dans le train.")
    citizen, staff = ada.page.context, awa.page.context
    citizen.set_offline(True)
    awa.writes("Première réponse.")
    awa.writes("Seconde réponse.")
    expect(ada.page.get_by_text("Première réponse.")).to_have_count(0)
    citizen.set_offline(False)
    expect(ada.page.get_by_text("Seconde réponse.")).to_be_visible(timeout=2 * WAIT)
    writes(ada, "Me revoilà.")
    awa.sees("Me revoilà.")

    staff.set_offline(True)
    awa.page.locator("#reply").fill("Écrit sans réseau.")
    awa.page.keyboard.press("Control+Enter")
    expect(awa.page.get_by_role("alert")).to_contain_text("Votre texte est gardé.")
    expect(awa.page.locator("#reply")).to_have_value("Écrit sans réseau.")
    writes(ada, "Vous êtes là ?")
    staff.set_offline(False)
    awa.sees("Vous êtes là ?")
    awa.page.locator("#reply").focus()
    awa.page.keyboard.press("Control+Enter")
    awa.sees("Écrit sans réseau.")
    expect(ada.page.get_by_text("Écrit sans réseau.")).to_be_visible()
    talk = (
        "Je suis dans le train.", "Première réponse.", "Seconde réponse.", "Me revoilà.",
        "Vous êtes là ?", "Écrit sans réseau.",
    )  # fmt: skip
    assert in_order(ada.page, *talk)
    assert awa.said()[-6:] == list(talk)
    awa.closes()


def test_the_code_leads_back_to_the_talk_from_a_fresh_browser(
    visit: Visit, at_desk: AtDesk
) -> None:
    awa = at_desk()
    ada = waits(visit(), "Je reviens demain.")
    code = return_code(ada.page)
    awa.takes("Demande une personne").sees("Je reviens demain.")
    expect(panel(ada.page)).to_contain_text("Awa D. parle avec vous.")
    ada.page.context.close()
    awa.writes("Je vous attends ici.")
    expect(awa.page.locator("#here")).to_contain_text("a quitté la page", timeout=2 * WAIT)

    later = visit(390).open()
    later.page.locator("#civic-notes .civic-code-open").click()
    later.page.locator("#civic-code-field").fill(code)
    later.page.keyboard.press("Enter")
    expect(later.page.get_by_text("Je vous attends ici.")).to_be_visible(timeout=WAIT)
    expect(panel(later.page)).to_contain_text("Awa D. parle avec vous.")
    expect(awa.page.locator("#here")).to_contain_text("est sur la page")
    writes(later, "Bonjour de nouveau.")
    awa.sees("Bonjour de nouveau.")
    assert in_order(
        later.page, "Je reviens demain.", "a rejoint", "Je vous attends ici.", "de nouveau"
    )
    awa.closes()
    expect(panel(later.page)).to_be_hidden()
    assert said(later.page)[-1].startswith("Awa D. a terminé l’échange.")
