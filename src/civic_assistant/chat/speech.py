"""Messages, cards and buttons as Chainlit sends them; its methods are untyped, and stay in here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import chainlit as cl
from chainlit.context import init_ws_context
from chainlit.server import sio
from chainlit.session import WebsocketSession

from civic_assistant.chat.shown import Shown

Session = WebsocketSession
"""A page's session: it outlives its sockets for a while."""


class Spoken:
    """One message to the visitor, which can be sent, replaced by another text, or taken back."""

    def __init__(self, message_id: str | None = None) -> None:
        """Prepare a message of the session being served; without an id it gets one of its own."""
        avatar = {"avatarName": "assistant"}
        self._message = cl.Message(content="", id=message_id, metadata=avatar)
        self._is_sent = False

    @property
    def id(self) -> str:
        """The message's id: a stored message of this id takes its place on the page."""
        return str(self._message.id)

    async def show(
        self,
        text: str,
        elements: Sequence[cl.CustomElement] = (),
        actions: Sequence[cl.Action] = (),
    ) -> None:
        """Show a text in Markdown with its elements and buttons, in place of what stood there."""
        self._message.content = text
        self._message.elements = list(elements)  # type: ignore[arg-type]
        self._message.actions = list(actions)
        if self._is_sent:
            await self._message.update()  # type: ignore[no-untyped-call]
        else:
            self._is_sent = True
            await self._message.send()  # type: ignore[no-untyped-call]

    async def take_back(self) -> None:
        """Remove the message from the page."""
        await self._message.remove()  # type: ignore[no-untyped-call]


async def show_stored(said: Shown) -> None:
    """Show a stored message; where the page knows its id, in place of what stood there."""
    metadata = {"avatarName": said.avatar}
    message = cl.Message(
        said.text, id=said.id, type=said.kind, metadata=metadata, created_at=said.at
    )
    await cl.context.emitter.send_step(message.to_dict())
    for each in said.elements:
        drawn = element(each.name, each.props)
        drawn.id = each.id
        await drawn.send(for_id=said.id)


async def tell_spoken(said: Shown) -> None:
    """Tell the page in which language a message is, for who hears the page read out."""
    await tell_page({"civic": "spoken", "id": said.id, "language": said.language})


async def tell_page(told: Mapping[str, object]) -> None:
    """Send something to the page's own script; it must be writable as JSON."""
    await cl.context.emitter.send_window_message(told)


async def tell_heard(
    client_ids: Sequence[str], *, is_new_line: bool = False, code: str = ""
) -> None:
    """Tell the page which of its messages are settled: stored, or refused in front of the citizen.

    On a new line the page sends again whatever it was not told of. Chainlit's own client sends and
    forgets, so that what a dying socket swallows would stand on the page and nowhere else. The line
    is to the conversation of ``code``: a page that is in another one by now says so first.
    """
    told = {"civic": "heard", "ids": list(client_ids), "again": is_new_line, "code": code}
    await tell_page(told)


async def tell_unheard(client_id: str) -> None:
    """Tell the page that this message could not be stored: it says so and can send it again."""
    await tell_page({"civic": "unheard", "id": client_id})


async def tell_new() -> None:
    """Tell the page that no conversation of it is known, and that it has a new line all the same.

    A page that slept while its session ended and its cookie was dropped still has the code, and
    sends that first.
    """
    await tell_page({"civic": "new"})
    await tell_heard([], is_new_line=True)


async def ask_reach(position: int) -> None:
    """Ask the page to say when it has what stands up to a position, and when it is in sight."""
    await tell_page({"civic": "reach", "position": position})


def current_session() -> Session:
    """Return the session that is being served."""
    session = cl.context.session
    if not isinstance(session, WebsocketSession):
        raise RuntimeError("the page is served over sockets only")
    return session


def is_connected(session: Session) -> bool:
    """Whether the session has a socket now."""
    return bool(sio.manager.is_connected(session.socket_id, "/"))


def serve_session(session: Session) -> None:
    """Let everything said in this context from now on go to this session."""
    init_ws_context(session)


async def say(text: str) -> None:
    """Show a new message in Markdown."""
    await Spoken().show(text)


def element(name: str, props: Mapping[str, object]) -> cl.CustomElement:
    """Return one of our elements; ``props`` must be writable as JSON.

    It is given an address, since without one Chainlit writes the props into a file of its own.
    """
    return cl.CustomElement(name=name, props=dict(props), url=f"/public/elements/{name}.jsx")


def button(action: str, label: str) -> cl.Action:
    """Return a button that calls an action back."""
    return cl.Action(name=action, payload={}, label=label)
