from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from civic_assistant.errors import AlreadyClaimed, CivicError, NotPresent, SeatsTaken
from civic_assistant.handoff import Handoff
from civic_assistant.handoff.conversations import Conversation
from tests.handoff.scene import Scene

AGENTS = tuple(f"agent{number}" for number in range(6))


Came = Conversation | CivicError | None


def at_once(
    acts: list[Callable[[], Conversation | None]],
) -> list[Came]:
    """Do all acts in threads that begin together, and return what came of each."""
    barrier = Barrier(len(acts))

    def act(one: Callable[[], Conversation | None]) -> Came:
        barrier.wait()
        try:
            return one()
        except CivicError as error:
            return error

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(act, acts))


def test_of_agents_who_claim_at_once_one_wins_and_the_others_learn_who(
    scene: Scene, another_process: Callable[[], Handoff]
) -> None:
    scene.arrive(*AGENTS)
    scene.wait()
    processes = [another_process(), another_process()]

    results = at_once(
        [
            lambda staff_id=staff_id, side=processes[number % 2]: side.handoffs.claim(  # type: ignore[misc]
                scene.conversation_id, staff_id=staff_id, now=scene.now
            )
            for number, staff_id in enumerate(AGENTS)
        ]
    )

    won = [result for result in results if isinstance(result, Conversation)]
    lost = [result for result in results if isinstance(result, AlreadyClaimed)]
    assert (len(won), len(lost)) == (1, len(AGENTS) - 1)
    assert {error.by for error in lost} == {won[0].owner_name}
    assert scene.conversation.owner == won[0].owner
    assert scene.texts().count(("event", "claim")) == 1


def test_agents_who_take_the_next_at_once_get_different_conversations(scene: Scene) -> None:
    scene.arrive(*AGENTS)
    waiting = [scene.another() for _ in range(4)]
    for conversation_id in waiting:
        scene.later(seconds=1)
        scene.wait(conversation_id)

    results = at_once(
        [
            lambda staff_id=staff_id: scene.handoff.handoffs.claim_next(  # type: ignore[misc]
                staff_id=staff_id, now=scene.now
            )
            for staff_id in AGENTS
        ]
    )

    taken = [result.id for result in results if isinstance(result, Conversation)]
    assert sorted(taken) == sorted(waiting)
    assert results.count(None) == 2


def test_the_next_is_who_waited_longest_at_ones_own_desks(scene: Scene) -> None:
    scene.arrive("marie", desks=("accueil",), seats=3)
    scene.arrive("luc", desks=("etat-civil",), seats=3)
    first, second, other = scene.another(), scene.another(), scene.another()
    for conversation_id, desk in ((other, "etat-civil"), (first, "accueil"), (second, "accueil")):
        scene.later(seconds=1)
        scene.wait(conversation_id, desk)

    def next_of(staff_id: str) -> str | None:
        taken = scene.handoff.handoffs.claim_next(staff_id=staff_id, now=scene.now)
        return taken.id if taken else None

    assert [next_of("marie") for _ in range(3)] == [first, second, None]
    assert next_of("luc") == other


def test_one_person_claims_no_more_than_their_seats_even_at_once(scene: Scene) -> None:
    scene.arrive("marie", seats=2)
    waiting = [scene.another() for _ in range(5)]
    for conversation_id in waiting:
        scene.wait(conversation_id)

    results = at_once(
        [
            lambda conversation_id=conversation_id: scene.claim("marie", conversation_id)  # type: ignore[misc]
            for conversation_id in waiting
        ]
    )

    assert sum(isinstance(result, Conversation) for result in results) == 2
    assert {error.seats for error in results if isinstance(error, SeatsTaken)} == {2}
    assert len(scene.handoff.handoffs.held_by("marie")) == 2
    assert len(scene.handoff.handoffs.waiting()) == 3


def test_a_claim_that_is_repeated_does_no_harm(scene: Scene) -> None:
    scene.talk()
    assert scene.claim() == scene.conversation
    assert scene.texts().count(("event", "claim")) == 1


def test_who_is_not_there_claims_nothing(scene: Scene) -> None:
    scene.arrive("marie")
    scene.wait()
    with pytest.raises(NotPresent):
        scene.claim("luc")
    scene.later(seconds=46)
    with pytest.raises(NotPresent):
        scene.claim("marie")


def test_a_conversation_that_is_given_back_keeps_its_place(scene: Scene) -> None:
    scene.talk()
    scene.later(minutes=1)
    scene.arrive("marie")
    late = scene.another()
    scene.wait(late)

    scene.handoff.handoffs.release(scene.conversation_id, staff_id="marie", now=scene.now)

    waiting = [handoff.conversation_id for handoff in scene.handoff.handoffs.waiting("accueil")]
    assert waiting == [scene.conversation_id, late]


def test_a_conversation_is_forwarded_to_another_desk(scene: Scene) -> None:
    scene.talk()
    scene.handoff.handoffs.forward(
        scene.conversation_id, staff_id="marie", desk="etat-civil", now=scene.now
    )

    assert scene.handoff.handoffs.waiting("accueil") == ()
    (forwarded,) = scene.handoff.handoffs.waiting("etat-civil")
    assert forwarded.conversation_id == scene.conversation_id
    last = scene.handoff.transcript.messages(scene.conversation_id)[-1]
    assert (last.text, last.author, last.payload) == (
        "forward", "Marie", {"desk": "etat-civil", "name": "État civil"},
    )  # fmt: skip


def test_what_another_holds_is_not_forwarded(scene: Scene) -> None:
    scene.talk()
    scene.arrive("luc")
    with pytest.raises(CivicError, match="Marie"):
        scene.handoff.handoffs.forward(
            scene.conversation_id, staff_id="luc", desk="etat-civil", now=scene.now
        )


def test_reception_routes_a_waiting_conversation_without_taking_it(scene: Scene) -> None:
    scene.arrive("marie")
    scene.wait()
    moved = scene.handoff.handoffs.forward(
        scene.conversation_id, staff_id="marie", desk="etat-civil", now=scene.now
    )
    assert (moved.state, moved.owner) == ("waiting", None)
