from __future__ import annotations

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from civic_assistant.errors import FloorLost, MoveRefused, RecordMissing, RecordsUnusable
from civic_assistant.handoff import Handoff
from civic_assistant.handoff.tables import CONVERSATIONS
from tests.handoff.scene import Scene


def test_agent_claim_silences_bot_mid_answer(scene: Scene) -> None:
    scene.arrive("marie")
    asked = scene.hear("Combien coûte la carte ?")  # the bot begins to look
    scene.wait()
    scene.claim()

    assert not scene.handoff.conversations.holds(asked.floor)
    with pytest.raises(FloorLost) as lost:
        scene.say(asked)
    assert (lost.value.state, lost.value.owner_name) == ("with_agent", "Marie")
    assert "bot" not in [role for role, _ in scene.texts()]


def test_an_answer_is_said_while_nobody_else_had_the_floor(scene: Scene) -> None:
    asked = scene.hear()
    scene.hear("Vite !")
    assert scene.say(asked).position == 3


def test_an_answer_from_before_a_handoff_is_not_said_after_it(scene: Scene) -> None:
    asked = scene.hear()
    scene.talk()
    scene.close()
    scene.hear("Autre chose")  # the bot has the floor again, another one

    with pytest.raises(FloorLost):
        scene.say(asked)


def test_a_waiting_citizen_is_answered_by_no_bot(scene: Scene) -> None:
    scene.arrive("marie")
    scene.wait()
    heard = scene.hear("Vous êtes là ?")

    assert heard.floor.speaker == "nobody"
    with pytest.raises(FloorLost):
        scene.say(heard)


def test_an_agent_speaks_only_where_they_own(scene: Scene) -> None:
    scene.talk()
    assert scene.reply("Bonjour.").author == "Marie"
    with pytest.raises(FloorLost) as lost:
        scene.reply(staff_id="luc")
    assert lost.value.owner_name == "Marie"

    scene.close()
    with pytest.raises(FloorLost):
        scene.reply("Encore un mot")


def test_a_closed_handoff_ends_the_episode_and_its_context(scene: Scene) -> None:
    scene.hear("Je voudrais une carte de stationnement")
    scene.talk()
    scene.hear("Merci !")
    closed = scene.close()

    heard = scene.hear("Où est la piscine ?")
    assert (closed.state, heard.floor.state) == ("closed", "bot")
    assert heard.message.episode == closed.episode + 1
    assert scene.handoff.transcript.history(scene.conversation_id) == ("Où est la piscine ?",)
    assert scene.say(heard).role == "bot"
    assert scene.handoff.handoffs.current(scene.conversation_id) is None


def test_a_person_can_be_asked_for_right_after_a_closed_handoff(scene: Scene) -> None:
    scene.talk()
    scene.close()
    again = scene.wait()
    assert (again.state, again.episode) == ("waiting", 2)


def test_an_offer_leaves_the_bot_its_floor_and_is_declined_by_writing_on(scene: Scene) -> None:
    assert scene.offer()
    floor = scene.conversation.floor
    assert (floor.state, floor.speaker) == ("offered", "bot")

    scene.hear("Et pour ma fille ?")
    assert scene.conversation.floor == floor.__class__(
        scene.conversation_id, "bot", "bot", None, 1, floor.token
    )
    declined = scene.handoff.handoffs.latest(scene.conversation_id)
    assert declined is not None
    assert declined.close_reason == "declined"


def test_a_person_is_offered_once_only(scene: Scene) -> None:
    assert scene.offer()
    again = scene.handoff.handoffs.offer(
        scene.conversation.floor, reason="unsure", desk="accueil", now=scene.now
    )
    assert not again


def test_nobody_is_offered_a_person_on_a_floor_that_is_lost(scene: Scene) -> None:
    floor = scene.hear().floor
    scene.talk()
    with pytest.raises(FloorLost):
        scene.handoff.handoffs.offer(floor, reason="unsure", desk="accueil", now=scene.now)


def test_the_desk_of_an_offer_must_exist(scene: Scene) -> None:
    floor = scene.hear().floor
    with pytest.raises(RecordMissing, match="accueil"):
        scene.handoff.handoffs.offer(floor, reason="unsure", desk="mairie", now=scene.now)
    assert scene.conversation.state == "bot"


def test_a_citizen_goes_on_alone_from_the_queue(scene: Scene) -> None:
    scene.arrive("marie")
    scene.wait()
    assert scene.handoff.handoffs.withdraw(scene.conversation_id, scene.now).state == "bot"
    assert scene.handoff.handoffs.waiting() == ()
    assert scene.say(scene.hear()).role == "bot"


def test_a_citizen_ends_the_talk(scene: Scene) -> None:
    scene.talk()
    assert scene.handoff.handoffs.finish(scene.conversation_id, scene.now).state == "closed"
    last = scene.handoff.transcript.messages(scene.conversation_id)[-1]
    assert (last.text, last.payload) == ("finish", {"reason": "ended_by_citizen"})


def test_only_who_holds_a_conversation_closes_it(scene: Scene) -> None:
    scene.talk()
    with pytest.raises(MoveRefused, match="Marie"):
        scene.close("luc")
    scene.close("marie")


def test_the_database_itself_knows_no_owner_without_the_state(scene: Scene) -> None:
    with pytest.raises(RecordsUnusable) as caught, scene.handoff.store.changing() as change:
        change.connection.execute(update(CONVERSATIONS).values(owner="luc"))
    assert isinstance(caught.value.__cause__, IntegrityError)


def test_an_unknown_conversation_is_named_as_such(handoff: Handoff, scene: Scene) -> None:
    scene.conversation_id = "none"
    for act in (scene.hear, scene.wait, scene.claim, scene.close, scene.reply):
        with pytest.raises(RecordMissing):
            act()
