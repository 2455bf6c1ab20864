"""A stored message as the page shows it: who speaks, in which words, with which elements."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, cast

from pydantic import JsonValue

from civic_assistant.chat.element import Element, Props
from civic_assistant.chat.markdown import link, plain, plain_part
from civic_assistant.chat.translation import translation_below
from civic_assistant.handoff.entries import PAYLOAD_LIMIT, Message
from civic_assistant.handoff.record import HandoffRecord
from civic_assistant.messages import Messages
from civic_assistant.settings import Settings

ShownAs = Literal["user_message", "assistant_message"]

_ADDRESS = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]]")
TOLD = frozenset(
    {
        "wait", "leave_message", "withdraw", "keep", "claim", "release", "set_aside", "forward",
        "close", "finish",
    }
)  # fmt: skip
"""Moves that the citizen is told; the others only change the panel."""
TOLD_CLOSES = frozenset({"not_reached", "passed_on"})
"""Ways in which staff end a talk that have words of their own."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A message for the page, in Markdown; the same ``id`` again replaces it.

    ``avatar`` names the picture beside it; ``at`` is ISO 8601. ``language`` is that of the words,
    without the name of who wrote them.
    """

    id: str
    kind: ShownAs
    text: str
    at: str
    avatar: str = "assistant"
    elements: tuple[Element, ...] = ()
    language: str | None = None


def shown(
    message: Message,
    messages: Messages,
    settings: Settings,
    left: HandoffRecord | None = None,
    *,
    is_interpreted: bool = False,
) -> Shown | None:
    """Return what the citizen sees of a stored message, or None when it is not theirs to see.

    What people wrote is escaped. The town speaks for an agent whose name is not known. ``left`` is
    the handoff whose left message is told with its number and contact. ``is_interpreted`` says that
    what an agent wrote in another language than the page's has its translation below it.
    """
    at = message.at.isoformat()
    match message.role:
        case "citizen":
            return Shown(message.client_id, "user_message", message.text, at)
        case "bot":
            return Shown(
                message.client_id,
                "assistant_message",
                message.text,
                at,
                elements=tuple(_elements(message)),
                language=message.language,
            )
        case "agent":
            text = f"**{plain(message.author or settings.town)}**\n\n{written(message.text)}"
            below = tuple(translation_below(message, messages)) if is_interpreted else ()
            return Shown(
                message.client_id, "assistant_message", text, at, "person", below, message.language
            )
        case "event" if message.text in TOLD:
            text = _event(message, messages, settings, left)
            spoken = messages.language
            return Shown(message.client_id, "assistant_message", text, at, "event", (), spoken)
        case _:
            return None


def written(text: str) -> str:
    """Return what a person wrote as Markdown that shows exactly that, with links to addresses.

    The page keeps line breaks within a paragraph.
    """
    paragraphs = (part for part in re.split(r"\n\s*\n", text) if part.strip())
    return "\n\n".join(
        "\n".join(_line(line) for line in part.splitlines() if line.strip()) for part in paragraphs
    )


def payload_of(
    elements: Sequence[tuple[str, Props]], language: str, asked: Props | None = None
) -> JsonValue:
    """Return the elements of an answer, and its language, as they are stored with it.

    ``asked`` is the question that it answers, for those that come after (`Transcript.questions`).
    A passage's context is left out, from the last source on, when all would be too much to store.
    """
    kept = [{"name": name, "props": dict(props)} for name, props in elements]
    payload = {"language": language, "elements": kept} | ({"asked": asked} if asked else {})
    for element in reversed(kept):
        if len(json.dumps(payload)) <= PAYLOAD_LIMIT:
            break
        props = cast("dict[str, object]", element["props"])
        if "groups" in props:
            props["groups"] = ()
    stored: JsonValue = json.loads(json.dumps(payload))
    return stored


def element_props(message: Message, name: str) -> Props | None:
    """Return what a stored message's element of this name is given, or None without one."""
    return next((each.props for each in _elements(message) if each.name == name), None)


def _elements(message: Message) -> Iterator[Element]:
    payload = message.payload if isinstance(message.payload, dict) else {}
    listed = payload.get("elements")
    for place, entry in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(entry, dict) and isinstance(entry.get("props"), dict):
            props = cast("Props", entry["props"])
            yield Element(f"{message.client_id}-{place}", str(entry.get("name")), props)


def _event(
    message: Message, messages: Messages, settings: Settings, left: HandoffRecord | None
) -> str:
    told = message.payload if isinstance(message.payload, dict) else {}
    if message.text == "leave_message" and left is not None and left.contact:
        number, phone = left.request_number, settings.contact_phone
        contact = plain(left.contact)
        return messages.text("person.saved", number=number, contact=contact, phone=phone)
    key = message.text
    if key == "close":
        reason = str(told.get("reason"))
        key = reason if reason in TOLD_CLOSES else "close"
    name = plain(message.author or settings.town)
    text = messages.text(f"handoff.event.{key}", name=name, desk=plain(str(told.get("name", ""))))
    if message.text in ("close", "finish"):
        text = f"{text} {messages.text('handoff.over')}"
    return text


def _line(text: str) -> str:
    parts: list[str] = []
    end = 0
    for found in _ADDRESS.finditer(text):
        parts += [plain_part(text[end : found.start()]), link(found.group(), found.group())]
        end = found.end()
    parts.append(plain_part(text[end:]))
    return "".join(parts)
