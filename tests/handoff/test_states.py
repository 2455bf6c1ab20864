from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import update

from civic_assistant.errors import MoveRefused
from civic_assistant.handoff.conversations import Conversation, locked
from civic_assistant.handoff.ownership import move
from civic_assistant.handoff.states import MOVES, SPEAKERS, STATES, MoveName, State, diagram
from civic_assistant.handoff.tables import CONVERSATIONS
from tests.handoff.scene import AT, Scene

DOCUMENT = Path(__file__).parents[2] / "docs" / "handoff.md"


def test_every_state_says_who_speaks_and_can_be_left() -> None:
    assert set(SPEAKERS) == set(STATES)
    assert {source for allowed in MOVES.values() for source in allowed.to} == set(STATES)


def test_only_an_agents_claim_lets_a_person_speak() -> None:
    leading = {name for name, allowed in MOVES.items() if "with_agent" in allowed.to.values()}
    assert leading == {"claim"}


def test_the_document_draws_the_moves_and_names_every_state() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert diagram() in text
    named = (*STATES, *MOVES)
    assert [name for name in named if f"| `{name}` |" not in text] == []


def test_the_database_obeys_the_table_of_moves(scene: Scene) -> None:
    for state in STATES:
        for name in MOVES:
            check_move(scene, state, name)


def check_move(scene: Scene, state: State, name: MoveName) -> None:
    owner = "marie" if state == "with_agent" else None
    with scene.handoff.store.changing() as change:
        placed = update(CONVERSATIONS).values(state=state, owner=owner, owner_name=owner)
        change.connection.execute(placed)
    before = scene.conversation
    target = MOVES[name].to.get(state)
    if target is None:
        with pytest.raises(MoveRefused) as refused:
            make_move(scene, name)
        assert (refused.value.move, refused.value.state) == (name, state)
        assert scene.conversation == before
        return
    moved = make_move(scene, name)
    assert moved == scene.conversation
    assert moved.state == target
    assert moved.owner == ("luc" if target == "with_agent" else None)
    assert (moved.token > before.token) is (SPEAKERS[target] != SPEAKERS[state])
    assert scene.texts()[-1] == ("event", name)


def make_move(scene: Scene, name: MoveName) -> Conversation:
    with scene.handoff.store.changing() as change:
        return move(
            change,
            locked(change.connection, scene.conversation_id),
            name,
            AT,
            handoff=None,
            agent=("luc", "Luc"),
            close_reason="solved",
        )
