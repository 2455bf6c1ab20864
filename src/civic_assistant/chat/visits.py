"""What the page remembers of one visitor, for as long as their Chainlit session lives.

The conversation itself is in the store: another session finds it again by its return code.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import chainlit as cl
from starlette.datastructures import Headers
from starlette.types import Scope

from civic_assistant.chat.asked_language import asked_language
from civic_assistant.chat.line import Line
from civic_assistant.chat.matters import Matter
from civic_assistant.chat.product import PageProduct
from civic_assistant.chat.return_code import cookie_code
from civic_assistant.known import NOTHING_KNOWN, Known
from civic_assistant.messages import page_language
from civic_assistant.outcomes import AskedDetail
from civic_assistant.security import client_address
from civic_assistant.turns import Question, Turn

_KEY = "visit"
_REMEMBERED = 8
ASKED = Matter("asked")


@dataclass(slots=True)
class Visit:
    """One page: its languages, the questions so far, the case known, the form if open.

    ``page_language`` is the page's own; ``language`` that of the last answer. ``history`` holds
    the questions that were looked up, with personal data taken out; ``last_question`` the last
    message as it was written, to fill the contact form, and is never stored. ``details`` holds what
    was known when a detail was asked, by the turn's number: its buttons stay on the page.

    ``conversation`` is the id of the stored one, None before the first question; ``code`` its
    return code as this page got or brought it. ``sent`` holds the ids of the messages that this
    page shows of itself. ``matter`` is what a person would be told, ``asks_again`` that one is
    asked for after a talk was closed. ``typed_at`` is when writing was last told to the others
    (monotonic seconds), ``reached`` the last position that the page said it has, and
    whether it was in sight. ``line`` shows what is stored while the page is connected. Messages are
    stored one after the other, in the order in which they came (``hearing``).
    """

    address: str
    page_language: str
    language: str | None = None
    history: tuple[str, ...] = ()
    last_question: str = ""
    turn_id: str | None = None
    form: str | None = None
    known: Known = NOTHING_KNOWN
    details: dict[str, Known] = field(default_factory=dict)
    conversation: str | None = None
    code: str = ""
    episode: int = 0
    matter: Matter = ASKED
    typed_at: float = 0.0
    asks_again: bool = False
    sent: set[str] = field(default_factory=set)
    reached: tuple[int, bool] = (0, False)
    line: Line | None = None
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    hearing: asyncio.Lock = field(default_factory=asyncio.Lock)
    opening: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def spoken(self) -> str:
        """The page language in which to speak now."""
        return page_language(self.language) or self.page_language

    def question(self, text: str) -> Question:
        """Return what the assistant is asked."""
        return Question(
            text=text,
            page_language=self.page_language,
            conversation_language=self.language,
            history=self.history,
            conversation=self.conversation,
            known=self.known,
            is_worded=True,
        )

    def enter(self, episode: int, history: Sequence[str] = (), last_question: str = "") -> None:
        """Go on in an episode: what was known in another one is no context for this one."""
        if episode == self.episode:
            return
        self.episode = episode
        self.history = tuple(history)
        self.known = NOTHING_KNOWN
        self.details = {}
        self.last_question = last_question
        self.turn_id = None
        self.matter = ASKED
        self.asks_again = False

    def reopen(self, turn_id: str) -> AskedDetail | None:
        """Return a detail asked before, which waits for its answer again, or None."""
        then = self.details.get(turn_id)
        if then is None:
            return None
        self.known = replace(
            self.known, pending=then.pending, question=then.question, in_a_row=then.in_a_row
        )
        return then.pending

    def remember(self, text: str, turn: Turn) -> None:
        """Keep what the next turn needs of this one; of what was screened, no word."""
        self.language = turn.language
        self.turn_id = turn.id
        self.known = turn.known
        if turn.known.pending is not None:
            self.details = dict([*self.details.items(), (turn.id, turn.known)][-_REMEMBERED:])
        if not turn.is_reply:
            self.last_question = text
        if turn.context:  # a reply stands for the question before, and says its case
            before = self.history[:-1] if turn.is_reply else self.history
            self.history = (*before, turn.context)[-_REMEMBERED:]


def current_visit(product: PageProduct) -> Visit:
    """Return the visit of the Chainlit session that is being served."""
    visit = cl.user_session.get(_KEY)  # type: ignore[no-untyped-call]
    if isinstance(visit, Visit):
        return visit
    environ = cl.context.session.environ or {}
    scope: Scope = environ.get("asgi.scope") or {"type": "http", "headers": []}
    visit = Visit(
        address=client_address(scope, product.settings.trusted_proxies),
        page_language=asked_language(Headers(scope=scope), product.settings.town_language),
        code=cookie_code(Headers(scope=scope)),
    )
    cl.user_session.set(_KEY, visit)  # type: ignore[no-untyped-call]
    return visit
