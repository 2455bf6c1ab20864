"""A journal and a desk over a real database, filled by hand or by the real assistant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine

from civic_assistant.assembly import assemble
from civic_assistant.embedding import Embedding
from civic_assistant.evidence import Verdict
from civic_assistant.gaps.collecting import Collected, collect
from civic_assistant.handoff import Handoff, open_handoff
from civic_assistant.handoff.states import Reason
from civic_assistant.journal import Journal
from civic_assistant.outcomes import Outcome, Unsure
from civic_assistant.records import reading
from civic_assistant.settings import Settings
from tests.gaps.asking import ANSWERED, HORNETS, NO_GAPS, NOW, ONCE, POOL, Asked
from tests.store.conftest import engine, postgresql_url, sqlite_engine, sqlite_url, url
from tests.store.turns import RELATED, a_turn

__all__ = ["engine", "postgresql_url", "sqlite_engine", "sqlite_url", "url"]

MONDAY = datetime.fromisoformat("2026-11-16T09:00:00+00:00")
UNSURE = Unsure(RELATED)


@dataclass
class Days:
    """Days at the town hall: citizens ask, staff answer. Each act takes a minute."""

    engine: Engine
    now: datetime = MONDAY
    turns: int = 0
    settings: Settings = field(default_factory=Settings)

    def __post_init__(self) -> None:
        self.handoff: Handoff = open_handoff(self.engine, self.settings, lambda: self.now)
        self.desk = self.handoff.desks.default.id

    def open(self, language: str = "fr") -> str:
        return self.handoff.conversations.open(language=language, now=self.now).conversation.id

    def ask(
        self,
        text: str,
        conversation: str | None,
        outcome: Outcome = UNSURE,
        *,
        language: str = "fr",
        is_looked_up: bool = True,
        plain_of: str | None = None,
    ) -> str:
        """Let a question come to an outcome; return its turn's id."""
        self.now += timedelta(minutes=1)
        self.turns += 1
        changes: dict[str, object] = {} if is_looked_up else {"evidence": None, "edition": None}
        turn = a_turn(
            id=f"t{self.turns}",
            at=self.now,
            conversation=conversation,
            question=text,
            searched=text,
            language=language,
            outcome=outcome,
            verdict=Verdict("unsure", 0.3, 0.6, "weak", {}),
            plain_of=plain_of,
            **changes,
        )
        Journal(self.engine).record(turn)
        return turn.id

    def offer(self, conversation: str, reason: Reason, turn: str | None) -> None:
        floor = self.handoff.conversations.conversation(conversation).floor
        self.handoff.handoffs.offer(
            floor, reason=reason, desk=self.desk, now=self.now, turn_id=turn
        )

    def leave(self, conversation: str, text: str, turn: str | None, reason: Reason) -> str:
        return self.handoff.handoffs.leave_message(
            conversation,
            reason=reason,
            desk=self.desk,
            question=text,
            contact="zoe.brindejonc@exemple.fr",
            name="Zoé Brindejonc",
            now=self.now,
            turn_id=turn,
        )

    def reply(self, conversation: str, *texts: str, staff: str = "Awa D.") -> None:
        """Let a member of staff take the conversation, write and close it as solved."""
        self.now += timedelta(minutes=1)
        self.handoff.presence.arrive("awa", name=staff, desks=(self.desk,), now=self.now)
        self.handoff.handoffs.claim(conversation, staff_id="awa", now=self.now)
        for number, text in enumerate(texts):
            self.handoff.transcript.reply(
                conversation, staff_id="awa", client_id=f"r{number}", text=text, now=self.now
            )
        self.handoff.handoffs.close(conversation, staff_id="awa", reason="solved", now=self.now)

    def collected(self) -> Collected:
        with reading(self.engine) as connection:
            return collect(connection, MONDAY, MONDAY + timedelta(days=7))

    def unanswered(self) -> dict[str, set[str]]:
        """Return what came of each question without an answer, by its text."""
        return {one.text: set(one.came_to) for one in self.collected().unanswered}


@pytest.fixture
def days(engine: Engine) -> Days:
    return Days(engine)


@pytest.fixture(scope="session")
def asked(
    town: Settings, embedder: Embedding, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Asked]:
    folder = tmp_path_factory.mktemp("gaps")
    (folder / "models").symlink_to(town.models_folder)
    own = {"database_url": SecretStr(f"sqlite:///{folder / 'civic.sqlite'}"), "data_folder": folder}
    settings = town.model_copy(update=own)
    now = [NOW]
    asked = Asked(assemble(settings, embedder, clock=lambda: now[0]), now, {})
    everything = [*POOL, *HORNETS, ONCE, ANSWERED, *NO_GAPS]
    for number, (language, text) in enumerate(everything):
        asked.ask(language, text, days_ago=27 - 3 * number)
    yield asked
    asked.product.records.dispose()
