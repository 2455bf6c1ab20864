"""The summary in the briefing: made when asked for, kept for a while, never from notes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag

from civic_assistant.desk.conversation_lines import lines_of
from civic_assistant.desk.kept_summaries import KEPT, MOST, KeptSummaries, KeptSummary
from civic_assistant.desk.model_pages import LONG
from civic_assistant.language_model.named import NamedEndpoint
from civic_assistant.language_model.opening import open_asking
from civic_assistant.language_model.summary import Summariser
from evals.endpoints.scripted import Behaviour, ScriptedServer, says, serving, status
from tests.desk.conftest import Agent, Clock, Town

QUESTION = "Combien coûte la carte de résident ?"
TEXT = "L’usager demande le prix de la carte de résident."


def sums_up(asked: str = TEXT, told: Sequence[tuple[str, str]] = ()) -> Behaviour:
    """Sum up, each item resting on the first message that has a word of it."""

    def made(data: Mapping[str, Any]) -> str:
        def item(text: str, word: str) -> dict[str, object]:
            holders = [m["number"] for m in data["messages"] if word in m["text"]]
            return {"text": text, "messages": holders[:1]}

        parts = {"asked": item(asked, "résident"), "told": [item(*each) for each in told]}
        return json.dumps({**parts, "open": []}, ensure_ascii=False)

    return says(made)


Helping = Callable[..., Any]


@pytest.fixture
def helping(open_town: Callable[..., Town]) -> Helping:
    """Return a way to open the desk with a model that sums up."""

    @contextmanager
    def opened(*behaviours: Behaviour) -> Iterator[tuple[Town, ScriptedServer]]:
        with serving(*behaviours) as server:
            named = NamedEndpoint(name="near", address=server.address, model="m")
            town = open_town(language_models=(named,))
            product = town.product
            endpoints = open_asking(
                product.settings, product.records, product.handoff.desks.zone, town.clock
            )
            assert endpoints is not None
            product.summariser = Summariser(endpoints, None, product.settings.town)
            yield town, server

    return opened


def taken(town: Town, agent: Agent, *more: str) -> str:
    cid = town.citizen_waits(QUESTION)
    agent.post(f"/conversations/{cid}/claim")
    for text in more:
        town.citizen_writes(cid, text)
    return cid


def summary(agent: Agent, cid: str, **fields: object) -> BeautifulSoup:
    answer = agent.post(f"/conversations/{cid}/summary", **fields)
    assert answer.status_code == 200, answer.text
    return BeautifulSoup(answer.text, "html.parser")


def button(agent: Agent, cid: str) -> Tag:
    form = agent.page(f"/conversations/{cid}").select_one("form.sum-up")
    assert form is not None
    return form


def test_each_item_leads_to_the_messages_it_rests_on(helping: Helping) -> None:
    told = ("La carte coûte 30 € par an.", "30 €")
    with helping(sums_up(told=[told])) as (town, _):
        agent = town.agent()
        cid = taken(town, agent)
        agent.post(f"/conversations/{cid}/reply", client_id="r", text="Elle coûte 30 € par an.")
        part = summary(agent, cid)
        page = agent.page(f"/conversations/{cid}")
    assert "Résumé par un modèle de langage" in part.get_text()
    assert [dt.get_text() for dt in part.select("dt")] == [
        "Ce que veut l’usager",
        "Ce qui lui a été dit",
    ]
    links = [str(link["href"]) for link in part.select("a")]
    texts = [one.get_text() for link in links for one in page.select(f"{link} .text")]
    assert texts == [QUESTION, "Elle coûte 30 € par an."]


@pytest.mark.parametrize("behaviour", [status(500), sums_up("L’usager demande 99 € d’aide.")])
def test_what_cannot_be_relied_on_is_not_shown(helping: Helping, behaviour: Behaviour) -> None:
    with helping(behaviour) as (town, _):
        agent = town.agent()
        part = summary(agent, taken(town, agent))
    assert "Aucun résumé fiable" in part.get_text()
    assert "99" not in part.get_text()


def test_what_failed_can_be_asked_for_again(helping: Helping) -> None:
    with helping(status(500), sums_up()) as (town, _):
        agent = town.agent()
        cid = taken(town, agent)
        assert "Aucun résumé fiable" in summary(agent, cid, auto=True).get_text()
        assert TEXT in summary(agent, cid).get_text()


def test_what_a_model_writes_is_escaped(helping: Helping) -> None:
    with helping(sums_up(f'{TEXT} "Vite" & bien.')) as (town, _):
        agent = town.agent()
        answer = agent.post(f"/conversations/{taken(town, agent)}/summary").text
    assert "&#34;Vite&#34; &amp; bien." in answer


def test_by_itself_a_kept_summary_is_shown_again_and_on_demand_made_anew(
    helping: Helping,
) -> None:
    with helping(sums_up()) as (town, server):
        agent = town.agent()
        cid = taken(town, agent)
        for auto in (True, True, False):
            summary(agent, cid, auto=auto)
        assert len(server.asked) == 1  # nothing was said since: the one that there is
        town.citizen_writes(cid, "Et pour deux voitures ?")
        old = summary(agent, cid, auto=True)
        assert len(server.asked) == 1
        assert "des messages sont arrivés depuis" in old.get_text()
        assert "depuis" not in summary(agent, cid).get_text()
        assert len(server.asked) == 2
        for number in range(LONG + 1):
            town.citizen_writes(cid, f"Encore {number}.")
        summary(agent, cid, auto=True)
        assert len(server.asked) == 3


def test_only_a_long_conversation_is_summed_up_by_itself(helping: Helping) -> None:
    with helping(sums_up()) as (town, server):
        agent = town.agent()
        cid = taken(town, agent)
        assert "data-sums-up" not in button(agent, cid).attrs
        for number in range(LONG):
            town.citizen_writes(cid, f"Encore {number}.")
        assert button(agent, cid)["data-sums-up"] == ""
        assert server.asked == []  # showing the page asks nothing


def test_who_gets_a_long_conversation_from_another_desk_has_it_summed_up(
    helping: Helping,
) -> None:
    with helping(sums_up()) as (town, _):
        other = town.product.handoff.desks.all[1]
        agent, there = town.agent(), town.agent("bo", "Bo M.", desks=(other.id,))
        cid = taken(town, agent, *(f"Encore {number}." for number in range(LONG)))
        agent.post(f"/conversations/{cid}/forward", desk=other.id)
        assert button(there, cid)["data-sums-up"] == "forwarded"


def test_without_a_model_there_is_no_button_and_no_shortcut(town_desk: Town) -> None:
    agent = town_desk.agent()
    page = agent.page(f"/conversations/{taken(town_desk, agent)}")
    assert page.select_one(".sum-up, #summary, [data-key=d], [data-key=m]") is None
    assert not {"d", "m"} & {kbd.get_text() for kbd in page.select("#keys kbd")}


def test_a_model_reads_neither_notes_nor_names_nor_contacts(town_desk: Town) -> None:
    agent = town_desk.agent(name="Awa Diop")
    handoff = town_desk.product.handoff
    opened = handoff.conversations.open(language="fr", now=town_desk.clock())
    cid = opened.conversation.id
    handoff.transcript.hear(cid, client_id="q", text=QUESTION, now=town_desk.clock())
    floor = handoff.conversations.conversation(cid).floor
    said = "**30 €** par an [1](#source-1)"
    handoff.transcript.say(floor, client_id="a", text=said, now=town_desk.clock())
    handoff.handoffs.leave_message(
        cid,
        reason="asked",
        desk=handoff.desks.default.id,
        question=QUESTION,
        contact="ada@exemple.fr",
        name="Ada Lune",
        now=town_desk.clock(),
    )
    agent.post(f"/conversations/{cid}/claim")
    agent.post(f"/conversations/{cid}/note", client_id="n", text="Connue du service.")
    town_desk.citizen_writes(cid, "Ada Lune ici, LUNE, 06 39 98 12 34. La lune, Awa ?")
    record = handoff.handoffs.latest(cid)
    assert record is not None
    conversation = handoff.conversations.conversation(cid)
    lines = lines_of(handoff.transcript.messages(cid, for_staff=True), conversation, record)
    assert [(line.speaker, line.text) for line in lines] == [
        ("citizen", QUESTION),
        ("assistant", "30 € par an 1"),
        ("citizen", "[name] ici, [name], [phone]. La lune, [name] ?"),
    ]


def test_few_summaries_are_kept_and_not_for_long(clock: Clock) -> None:
    kept = KeptSummaries()
    for number in range(MOST + 1):
        kept.keep(f"c{number}", "fr", KeptSummary(None, 3, clock()))
    assert kept.find("c0", "fr", after=2, now=clock()) is None
    assert kept.find("c1", "fr", after=2, now=clock()) is not None
    assert kept.find("c1", "en", after=2, now=clock()) is None
    assert kept.find("c1", "fr", after=3, now=clock()) is None
    clock.now += KEPT * 1.1
    assert kept.find("c1", "fr", after=2, now=clock()) is None
