from __future__ import annotations

from civic_assistant.handoff.upkeep import Kept
from tests.handoff.scene import Scene


def look(scene: Scene) -> Kept:
    return scene.handoff.upkeep.run(scene.now)


def stay(scene: Scene) -> None:
    """Let the citizen's page be heard of."""
    scene.handoff.conversations.seen(scene.conversation_id, scene.now)


def test_nothing_is_done_before_its_time(scene: Scene) -> None:
    scene.talk()
    assert look(scene) == Kept(0, 0, 0)


def test_an_offer_nobody_took_lapses(scene: Scene) -> None:
    scene.offer()
    scene.later(minutes=61)
    assert look(scene) == Kept(1, 0, 0)
    assert scene.conversation.state == "bot"
    latest = scene.handoff.handoffs.latest(scene.conversation_id)
    assert latest is not None
    assert latest.close_reason == "lapsed"


def test_what_a_vanished_agent_held_goes_back_to_the_front_of_the_queue(scene: Scene) -> None:
    scene.talk()
    scene.later(minutes=4)
    stay(scene)
    assert look(scene) == Kept(0, 1, 0)
    assert scene.conversation.state == "waiting"
    assert look(scene) == Kept(0, 0, 0)


def test_with_both_gone_the_question_is_set_aside(scene: Scene) -> None:
    scene.talk()
    scene.later(minutes=4)
    assert look(scene).given_back == 1
    assert scene.conversation.state == "left_message"


def test_an_agent_who_is_heard_of_keeps_what_they_hold(scene: Scene) -> None:
    scene.talk()
    scene.later(minutes=4)
    scene.handoff.presence.beat("marie", scene.now)
    assert look(scene) == Kept(0, 0, 0)


def test_who_waits_when_the_desk_closes_for_the_day_is_kept(scene: Scene) -> None:
    scene.arrive("marie")
    scene.wait()
    scene.later(hours=7, minutes=31)  # 17:31
    stay(scene)
    assert look(scene) == Kept(0, 0, 1)
    (left,) = scene.handoff.handoffs.left("accueil")
    assert left.question == "Où voter ?"
    last = scene.handoff.transcript.messages(scene.conversation_id)[-1]
    assert (last.text, last.payload) == ("keep", {"why": "closed"})


def test_who_waits_over_lunch_goes_on_waiting(scene: Scene) -> None:
    scene.arrive("marie")
    scene.wait()
    scene.later(hours=2, minutes=30)  # 12:30
    stay(scene)
    assert look(scene).kept == 0


def test_who_went_away_from_the_page_leaves_the_queue_and_keeps_their_question(
    scene: Scene,
) -> None:
    scene.arrive("marie")
    scene.wait()
    scene.later(minutes=14)
    assert look(scene).kept == 0
    scene.later(minutes=2)
    assert look(scene).kept == 1
    assert scene.handoff.handoffs.waiting() == ()
    assert len(scene.handoff.handoffs.left()) == 1


def test_who_comes_back_takes_their_place_again(scene: Scene) -> None:
    scene.arrive("marie")
    scene.wait()
    scene.later(minutes=16)
    look(scene)
    scene.arrive("marie")
    late = scene.another()
    scene.wait(late)
    scene.wait()
    waiting = [handoff.conversation_id for handoff in scene.handoff.handoffs.waiting()]
    assert waiting == [scene.conversation_id, late]
