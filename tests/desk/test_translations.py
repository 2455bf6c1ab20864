from __future__ import annotations

from collections.abc import Iterator

import pytest

from evals.endpoints.scripted import Behaviour, ScriptedServer
from tests.desk.conftest import Agent, Town
from tests.language_model.interpreting import interpreting, translates

ASKED = "Ich habe <b>25 €</b> bezahlt. Stimmt das?"
READ = {"Ich habe <b>25 €</b> bezahlt.": "J'ai payé <b>25 €</b>.", "Stimmt das?": "C'est juste ?"}
SAID = "Votre carte n'est pas encore arrivée."
HEARD = {SAID: "Ihre Karte ist noch nicht da."}


@pytest.fixture
def server(town_desk: Town, request: pytest.FixtureRequest) -> Iterator[ScriptedServer]:
    behaviour: Behaviour = getattr(request, "param", translates(READ | HEARD))
    product = town_desk.product
    with interpreting(product.handoff, town_desk.clock, behaviour) as (interpreter, scripted):
        product.interpreter = interpreter
        yield scripted


def talk(town: Town, agent: Agent) -> str:
    """Let a citizen write German and an agent French; return the conversation's id."""
    cid = town.citizen_waits("", language="de")
    transcript, now = town.product.handoff.transcript, town.clock()
    transcript.hear(cid, client_id="c", text=ASKED, now=now, language="de")
    agent.post(f"/conversations/{cid}/claim")
    agent.post(f"/conversations/{cid}/reply", client_id="r", text=SAID)
    return cid


def addresses(agent: Agent, cid: str) -> list[str]:
    parts = agent.page(f"/conversations/{cid}").select("[data-translation]")
    return [str(part["data-translation"]).removeprefix("/desk") for part in parts]


def test_an_agent_reads_what_the_citizen_wrote_and_what_the_citizen_reads(
    town_desk: Town, server: ScriptedServer
) -> None:
    agent = town_desk.agent()
    cid = talk(town_desk, agent)
    asked, said = addresses(agent, cid)
    assert server.asked == []
    own = agent.page(asked)
    assert own.get_text(" ", strip=True) == (
        "Traduction automatique J'ai payé <b>25 €</b>. C'est juste ?"
    )
    text = own.select_one(".text")
    assert text is not None and text["lang"] == "fr"
    theirs = agent.page(said)
    assert theirs.get_text(" ", strip=True) == (
        "Ce que lit l’usager : traduction automatique (allemand) Ihre Karte ist noch nicht da."
    )
    agent.page(said)
    assert len(server.asked) == 2
    shown = [part.text for part in agent.page(f"/conversations/{cid}").select("article > .text")]
    assert shown == [ASKED, SAID]


@pytest.mark.parametrize("server", [translates(READ | {SAID: "Ihre Karte ist da."})], indirect=True)
def test_a_translation_that_drops_a_negation_is_told_and_not_shown(
    town_desk: Town, server: ScriptedServer
) -> None:
    agent = town_desk.agent()
    said = addresses(agent, talk(town_desk, agent))[1]
    assert agent.page(said).get_text(" ", strip=True) == (
        "Aucune traduction sûre n’a pu être faite : l’usager ne voit que l’original."
    )


def test_messages_in_the_desks_language_notes_and_other_desks_talks_are_not_translated(
    town_desk: Town, server: ScriptedServer
) -> None:
    agent = town_desk.agent()
    other = town_desk.agent("bo", "Bo M.", desks=("etat-civil",))
    cid = talk(town_desk, agent)
    agent.post(f"/conversations/{cid}/note", client_id="n", text="Ich bin eine Notiz.")
    transcript = town_desk.product.handoff.transcript
    transcript.hear(cid, client_id="f", text="Merci !", now=town_desk.clock(), language="fr")
    assert len(addresses(agent, cid)) == 2
    address = f"/desk/conversations/{cid}/messages"
    for position in (m.position for m in transcript.messages(cid, for_staff=True)):
        if f"/conversations/{cid}/messages/{position}/translation" not in addresses(agent, cid):
            assert agent.client.get(f"{address}/{position}/translation").status_code == 404
    assert other.client.get(f"/desk{addresses(agent, cid)[0]}").status_code == 404
    assert server.asked == []


def test_without_an_interpreter_nothing_is_offered(town_desk: Town) -> None:
    agent = town_desk.agent()
    cid = talk(town_desk, agent)
    assert addresses(agent, cid) == []
    answer = agent.client.get(f"/desk/conversations/{cid}/messages/1/translation")
    assert answer.status_code == 404
