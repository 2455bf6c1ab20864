"""What staff find with the code or the number that a citizen says at the counter."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from httpx2 import Response

from tests.desk.conftest import Agent, Town


@dataclass
class Citizen:
    """Somebody who waits at a desk, and has a return code."""

    conversation: str
    code: str


@pytest.fixture
def citizen(town_desk: Town) -> Citizen:
    handoff, now = town_desk.product.handoff, town_desk.clock()
    opened = handoff.conversations.open(language="fr", now=now)
    return Citizen(opened.conversation.id, opened.code)


def waits(town: Town, citizen: Citizen, desk: str = "accueil") -> None:
    town.product.handoff.handoffs.wait(
        citizen.conversation, reason="asked", desk=desk, question="Où ?", now=town.clock()
    )


def found(agent: Agent, code: str) -> Response:
    return agent.post("/find", code=code)


def test_a_code_leads_to_the_conversation_however_it_is_written(
    town_desk: Town, citizen: Citizen
) -> None:
    agent = town_desk.agent()
    waits(town_desk, citizen)
    for code in (citizen.code, f" {citizen.code.lower().replace('-', ' ')} "):
        assert found(agent, code).json() == {
            "location": f"/desk/conversations/{citizen.conversation}"
        }


def test_the_number_of_a_left_message_leads_to_it_too(town_desk: Town, citizen: Citizen) -> None:
    agent = town_desk.agent()
    number = town_desk.product.handoff.handoffs.leave_message(
        citizen.conversation,
        reason="asked",
        desk="accueil",
        question="Où ?",
        contact="ada@mail.example",
        now=town_desk.clock(),
    )
    told = found(agent, number.replace("-", " ").lower())
    assert told.json() == {"location": f"/desk/conversations/{citizen.conversation}"}


@pytest.mark.parametrize("code", ["CCCC-CCCC-CCCC-CCCC-CCCC", "C7K-3QM", "", "\x00é"])
def test_what_is_no_code_is_said(town_desk: Town, code: str) -> None:
    refused = found(town_desk.agent(), code)
    assert refused.status_code == 404
    assert refused.json()["said"].startswith("Aucune conversation n’a ce code")


def test_a_code_opens_no_conversation_that_the_citizen_passed_to_nobody(
    town_desk: Town, citizen: Citizen
) -> None:
    agent = town_desk.agent(roles=("agent", "lead"))
    refused = found(agent, citizen.code)
    assert (refused.status_code, refused.json()["said"][:22]) == (409, "Dans cette conversatio")
    assert agent.client.get(f"/desk/conversations/{citizen.conversation}").status_code == 404


def test_a_conversation_at_another_desk_is_named_and_not_opened(
    town_desk: Town, citizen: Citizen
) -> None:
    bo = town_desk.agent("bo", "Bo M.", desks=("etat-civil",))
    town_desk.agent()
    waits(town_desk, citizen)
    refused = found(bo, citizen.code)
    assert refused.status_code == 409
    assert refused.json()["said"] == "Cette conversation est à un autre guichet : Accueil."


def test_an_erased_conversation_is_found_no_more(town_desk: Town, citizen: Citizen) -> None:
    agent = town_desk.agent()
    waits(town_desk, citizen)
    town_desk.product.handoff.erasure.erase(citizen.code)
    assert found(agent, citizen.code).status_code == 404
