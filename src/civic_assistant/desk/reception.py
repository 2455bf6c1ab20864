"""Everything the desk's pages work with, put together once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from sqlalchemy import Engine

from civic_assistant.attempts import Attempts
from civic_assistant.chat.product import Answers
from civic_assistant.corrections.showing import RunningCorrections
from civic_assistant.desk.accounts import Accounts
from civic_assistant.desk.canned import CannedReplies
from civic_assistant.desk.kept_summaries import KeptSummaries
from civic_assistant.desk.recent_lists import RecentLists
from civic_assistant.desk.sessions import Member, Sessions
from civic_assistant.embedding import Embedding
from civic_assistant.errors import RecordMissing
from civic_assistant.gaps.report import GapReports
from civic_assistant.handoff import Handoff
from civic_assistant.handoff.conversations import Conversation
from civic_assistant.handoff.desks import Desk
from civic_assistant.handoff.entries import Message
from civic_assistant.handoff.record import HandoffRecord
from civic_assistant.index import Index
from civic_assistant.interpreter import Interpreter
from civic_assistant.journal import Journal
from civic_assistant.language_model.drafting import Drafter
from civic_assistant.language_model.summary import Summariser
from civic_assistant.retrieval import Retriever
from civic_assistant.settings import Settings

ATTEMPTS_BY_ADDRESS = 20
ATTEMPTS_BY_LOGIN = 6
"""Sign-ins tried in a minute: a whole town hall may share one address."""
MESSAGES = 200
"""How many messages of a conversation are shown at once, the newest."""
_AT_THE_DESK = ("waiting", "with_agent", "left_message", "closed")


class DeskProduct(Protocol):
    """The product as the desk sees it."""

    @property
    def settings(self) -> Settings:
        """The settings the product was assembled from."""

    @property
    def assistant(self) -> Answers:
        """The engine that citizens ask too."""

    @property
    def embedding(self) -> Embedding:
        """The model that guides are published with."""

    @property
    def retriever(self) -> Retriever:
        """What looks questions up on an edition that is not live yet."""

    @property
    def index(self) -> Index:
        """The live edition, for passages and guides."""

    @property
    def journal(self) -> Journal:
        """The turns that led to a handoff."""

    @property
    def records(self) -> Engine:
        """The database of accounts and sessions."""

    @property
    def handoff(self) -> Handoff:
        """Conversations, queue, presence."""

    @property
    def corrections(self) -> RunningCorrections:
        """What the town hall corrects of its guides."""

    @property
    def gaps(self) -> GapReports:
        """What citizens asked and did not get."""

    @property
    def drafter(self) -> Drafter | None:
        """The language model as it drafts replies, where one may help staff."""

    @property
    def interpreter(self) -> Interpreter | None:
        """Who translates what citizens and staff write to each other, where the town wants it."""

    @property
    def summariser(self) -> Summariser | None:
        """The same as it sums conversations up."""


@dataclass(frozen=True)
class Reception:
    """The desk's collaborators, and the rule of who may see which conversation."""

    product: DeskProduct
    accounts: Accounts
    sessions: Sessions
    canned: CannedReplies
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    lists: RecentLists = field(default_factory=RecentLists)
    summaries: KeptSummaries = field(default_factory=KeptSummaries)

    @property
    def settings(self) -> Settings:
        """The product's settings."""
        return self.product.settings

    @property
    def handoff(self) -> Handoff:
        """The core that this page shows."""
        return self.product.handoff

    def may_try(self, address: str, login: str | None = None) -> bool:
        """Whether one more sign-in may be tried, in any process; if so, this counts as one."""
        records, now = self.product.records, self.clock()
        if not Attempts(records, "address", ATTEMPTS_BY_ADDRESS).admits(address, now):
            return False
        return login is None or Attempts(records, "login", ATTEMPTS_BY_LOGIN).admits(login, now)

    def desks_of(self, member: Member) -> tuple[str, ...]:
        """Return the ids of the desks whose queue somebody sees."""
        desks = self.handoff.desks
        if member.is_lead:
            return tuple(desk.id for desk in desks.all)
        known = {desk.id for desk in desks.all}
        return tuple(desk_id for desk_id in member.desks if desk_id in known) or (desks.default.id,)

    def arrive(self, member: Member) -> None:
        """Let an agent take their place at the desk; called at sign-in."""
        if not member.is_at_desk:
            return
        known = {desk.id for desk in self.handoff.desks.all}
        own = tuple(desk_id for desk_id in member.desks if desk_id in known)
        self.handoff.presence.arrive(
            member.id,
            name=member.name,
            desks=own or (self.handoff.desks.default.id,),
            now=self.clock(),
        )

    def be_present(self, member: Member) -> bool:
        """Say that an agent's page is open; return whether they are away."""
        if not member.is_at_desk:
            return False
        presence, now = self.handoff.presence, self.clock()
        if not presence.beat(member.id, now):
            self.arrive(member)
        return any(staff.is_away for staff in presence.present(now) if staff.id == member.id)

    def desk_of(self, conversation_id: str) -> Desk | None:
        """Return the desk at which a conversation is; None while it is between citizen and bot.

        Raises `RecordMissing`.
        """
        state = self.handoff.conversations.conversation(conversation_id).state
        record = self.handoff.handoffs.latest(conversation_id)
        if record is None or state not in _AT_THE_DESK:
            return None
        return self.handoff.desks.known(record.desk)

    def shown(self, conversation_id: str, member: Member) -> tuple[Conversation, HandoffRecord]:
        """Return a conversation with its handoff, for somebody who may read it.

        A citizen talks to staff from the wish for a person until the bot has the word again: before
        and after, nobody reads along. Raises `RecordMissing`, also for another desk's conversation.
        """
        conversation = self.handoff.conversations.conversation(conversation_id)
        record = self.handoff.handoffs.latest(conversation_id)
        is_theirs = record is not None and (
            conversation.owner == member.id or record.desk in self.desks_of(member)
        )
        if record is None or not is_theirs or conversation.state not in _AT_THE_DESK:
            raise RecordMissing(f"conversation {conversation_id[:64]!r}: not at this desk.")
        return conversation, record

    def latest_messages(self, conversation: Conversation) -> tuple[Message, ...]:
        """Return the newest messages of a conversation, notes among them, in order.

        Raises `RecordMissing`.
        """
        return self.handoff.transcript.messages(
            conversation.id,
            after=max(0, conversation.last_position - MESSAGES),
            limit=MESSAGES,
            for_staff=True,
        )
