"""A citizen, two agents and a clock, for short tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

from civic_assistant.handoff import Handoff
from civic_assistant.handoff.conversations import Conversation
from civic_assistant.handoff.entries import Message
from civic_assistant.handoff.transcript import Heard

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
"""A Monday, ten o'clock in Paris: the desks are open."""


@dataclass
class Scene:
    """One conversation by default; ``now`` moves when a test says so."""

    handoff: Handoff
    now: datetime = AT
    conversation_id: str = ""
    code: str = ""
    ids: count[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        opened = self.handoff.conversations.open(language="fr", now=self.now)
        self.conversation_id, self.code = opened.conversation.id, opened.code

    def later(self, **time: float) -> datetime:
        self.now += timedelta(**time)
        return self.now

    def another(self) -> str:
        return self.handoff.conversations.open(language="fr", now=self.now).conversation.id

    @property
    def conversation(self) -> Conversation:
        return self.handoff.conversations.conversation(self.conversation_id)

    def hear(self, text: str = "Où voter ?", conversation_id: str = "") -> Heard:
        return self.handoff.transcript.hear(
            conversation_id or self.conversation_id,
            client_id=f"c{next(self.ids)}",
            text=text,
            now=self.now,
        )

    def say(self, heard: Heard, text: str = "Au bureau de vote.") -> Message:
        client_id = f"b{next(self.ids)}"
        return self.handoff.transcript.say(
            heard.floor, client_id=client_id, text=text, now=self.now
        )

    def reply(self, text: str = "Bonjour.", staff_id: str = "marie") -> Message:
        return self.handoff.transcript.reply(
            self.conversation_id,
            staff_id=staff_id,
            client_id=f"a{next(self.ids)}",
            text=text,
            now=self.now,
        )

    def offer(self) -> bool:
        heard = self.hear()
        return self.handoff.handoffs.offer(
            heard.floor, reason="unsure", desk="accueil", now=self.now
        )

    def arrive(
        self, *staff_ids: str, desks: tuple[str, ...] = ("accueil",), seats: int = 2
    ) -> None:
        for staff_id in staff_ids:
            self.handoff.presence.arrive(
                staff_id, name=staff_id.title(), desks=desks, seats=seats, now=self.now
            )

    def wait(self, conversation_id: str = "", desk: str = "accueil") -> Conversation:
        return self.handoff.handoffs.wait(
            conversation_id or self.conversation_id,
            reason="asked",
            desk=desk,
            question="Où voter ?",
            now=self.now,
        )

    def leave(self, contact: str = "ana@exemple.fr", question: str = "Où voter ?") -> str:
        return self.handoff.handoffs.leave_message(
            self.conversation_id,
            reason="asked",
            desk="accueil",
            question=question,
            contact=contact,
            now=self.now,
            name="Ana",
        )

    def claim(self, staff_id: str = "marie", conversation_id: str = "") -> Conversation:
        return self.handoff.handoffs.claim(
            conversation_id or self.conversation_id, staff_id=staff_id, now=self.now
        )

    def close(self, staff_id: str = "marie") -> Conversation:
        return self.handoff.handoffs.close(
            self.conversation_id, staff_id=staff_id, reason="solved", now=self.now
        )

    def talk(self) -> None:
        """Bring the conversation into Marie's hands."""
        self.arrive("marie")
        self.hear()
        self.wait()
        self.claim()

    def texts(self, *, for_staff: bool = False) -> list[tuple[str, str]]:
        """Return role and text of every message."""
        messages = self.handoff.transcript.messages(self.conversation_id, for_staff=for_staff)
        return [(message.role, message.text) for message in messages]
