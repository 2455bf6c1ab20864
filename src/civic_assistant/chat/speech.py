"""Messages, cards and buttons as Chainlit sends them; its methods are untyped, and stay in here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import chainlit as cl


class Spoken:
    """One message to the visitor, which can be sent, replaced by another text, or taken back."""

    def __init__(self) -> None:
        """Prepare a message of the session being served."""
        self._message = cl.Message(content="")
        self._is_sent = False

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


async def repeat(text: str) -> None:
    """Show what the citizen said with a button as a message of theirs."""
    await cl.Message(content=text, type="user_message").send()  # type: ignore[no-untyped-call]


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
