from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from pydantic import JsonValue

from civic_assistant.errors import MessageRefused
from civic_assistant.handoff import Handoff
from tests.handoff.scene import Scene


def test_messages_are_numbered_without_gaps_in_the_order_they_came(scene: Scene) -> None:
    scene.talk()
    scene.reply("Bonjour")
    scene.hear("Bonjour")

    messages = scene.handoff.transcript.messages(scene.conversation_id)
    assert [message.position for message in messages] == list(range(1, len(messages) + 1))
    assert scene.texts() == [
        ("citizen", "Où voter ?"),
        ("event", "wait"),
        ("event", "claim"),
        ("agent", "Bonjour"),
        ("citizen", "Bonjour"),
    ]
    assert scene.conversation.last_position == len(messages)


def test_messages_are_read_from_a_position_on_in_batches(scene: Scene) -> None:
    for number in range(5):
        scene.hear(str(number))
    read = scene.handoff.transcript.messages(scene.conversation_id, after=2, limit=2)
    assert [message.text for message in read] == ["2", "3"]


def test_a_message_sent_again_is_stored_once(scene: Scene) -> None:
    def send(text: str) -> tuple[int, str, bool]:
        heard = scene.handoff.transcript.hear(
            scene.conversation_id, client_id="same", text=text, now=scene.now
        )
        return heard.message.position, heard.message.text, heard.is_repeated

    assert send("Où voter ?") == (1, "Où voter ?", False)
    assert send("Où voter ?") == (1, "Où voter ?", True)
    assert len(scene.texts()) == 1


def test_writers_at_once_lose_double_and_reorder_nothing(
    scene: Scene, another_process: Callable[[], Handoff]
) -> None:
    scene.talk()
    sides = [another_process(), another_process()]

    def write(writer: int) -> None:
        side = sides[writer % 2].transcript
        for number in range(15):
            client_id, text = f"w{writer}-{number}", f"{writer} {number}"
            for _ in range(2):  # as if the first reply had been lost
                if writer < 2:
                    side.hear(scene.conversation_id, client_id=client_id, text=text, now=scene.now)
                else:
                    side.reply(
                        scene.conversation_id,
                        staff_id="marie",
                        client_id=client_id,
                        text=text,
                        now=scene.now,
                    )

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))

    messages = scene.handoff.transcript.messages(scene.conversation_id, after=3)
    assert [message.position for message in messages] == list(range(4, 64))
    for writer in range(4):
        own = [m.text for m in messages if m.text.startswith(f"{writer} ")]
        assert own == [f"{writer} {number}" for number in range(15)]


def test_a_note_is_for_staff_only(scene: Scene) -> None:
    scene.talk()
    note = scene.handoff.transcript.note(
        scene.conversation_id,
        staff_id="luc",
        author="Luc",
        client_id="n1",
        text="Dossier 12",
        now=scene.now,
    )
    scene.reply("Je regarde.")

    assert ("note", "Dossier 12") not in scene.texts()
    assert ("note", "Dossier 12") in scene.texts(for_staff=True)
    assert note.author == "Luc"


def test_what_is_written_to_the_bot_is_kept_without_personal_data(scene: Scene) -> None:
    scene.hear("Mon adresse est ana@exemple.fr")
    scene.talk()
    scene.hear("Mon adresse est ana@exemple.fr")

    texts = [text for role, text in scene.texts() if role == "citizen"]
    assert texts[0] == "Mon adresse est [e-mail]"
    assert texts[-1] == "Mon adresse est ana@exemple.fr"
    history = scene.handoff.transcript.history(scene.conversation_id)
    assert not [text for text in history if "@" in text]


def test_control_characters_do_not_reach_the_store(scene: Scene) -> None:
    assert scene.hear("  a\x00b\x1b[31m\n").message.text == "ab[31m"


@pytest.mark.parametrize("text", ["", " \n ", "\x00", "a" * 10_001])
def test_an_empty_or_endless_message_is_refused_and_not_quoted(scene: Scene, text: str) -> None:
    with pytest.raises(MessageRefused) as refused:
        scene.hear(text)
    assert "aaa" not in str(refused.value)
    assert scene.texts() == []


@pytest.mark.parametrize("client_id", ["", "a b", "é", "x" * 65, "a;b"])
def test_an_unusable_message_id_is_refused(scene: Scene, client_id: str) -> None:
    with pytest.raises(MessageRefused):
        scene.handoff.transcript.hear(
            scene.conversation_id, client_id=client_id, text="Bonjour", now=scene.now
        )


def test_the_id_of_anothers_message_is_refused(scene: Scene) -> None:
    scene.talk()
    reply = scene.reply("Bonjour")
    with pytest.raises(MessageRefused):
        scene.handoff.transcript.hear(
            scene.conversation_id, client_id=reply.client_id, text="Bonjour", now=scene.now
        )


def test_a_payload_comes_back_as_it_was_and_is_bounded(scene: Scene) -> None:
    heard = scene.hear()
    payload: JsonValue = {"sources": [{"title": "Élections", "page": 3}], "none": None}
    said = scene.handoff.transcript.say(
        heard.floor, client_id="b", text="Voici", now=scene.now, turn_id="t-1", payload=payload
    )
    kept = scene.handoff.transcript.messages(scene.conversation_id)[-1]
    assert kept == said
    assert (kept.payload, kept.turn_id) == (payload, "t-1")
    with pytest.raises(MessageRefused):
        scene.handoff.transcript.say(
            heard.floor, client_id="c", text="x", now=scene.now, payload="x" * 70_000
        )


def answered(scene: Scene, number: int, asked: JsonValue) -> None:
    payload: dict[str, JsonValue] = {"language": "fr", "elements": []}
    if asked:
        payload["asked"] = asked
    scene.handoff.transcript.say(
        scene.conversation.floor,
        client_id=f"answer-{number}",
        text="…",
        now=scene.now,
        payload=payload,
    )


def test_questions_are_those_that_were_looked_up_without_what_was_screened_or_said_to_people(
    scene: Scene,
) -> None:
    scene.hear("Combien coûte la carte ?")
    answered(scene, 1, {"question": "Combien coûte la carte ?", "is_reply": False})
    scene.hear("Je veux mourir")
    answered(scene, 2, None)
    scene.hear("Un passeport ?")
    answered(scene, 3, {"question": "Un passeport ?", "is_reply": False})
    scene.hear("un mineur")
    answered(scene, 4, {"question": "Un passeport ? (un mineur)", "is_reply": True})
    asked = ("Combien coûte la carte ?", "Un passeport ? (un mineur)")
    assert scene.handoff.transcript.questions(scene.conversation_id) == asked
    assert scene.handoff.transcript.questions(scene.conversation_id, 1) == asked[1:]
    scene.talk()
    scene.hear("Ma fille est malade")
    assert scene.handoff.transcript.questions(scene.conversation_id) == asked
