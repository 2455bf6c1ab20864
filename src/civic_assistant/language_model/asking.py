"""Endpoints in order, within the time and the budget of one question; every call is kept."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from civic_assistant.errors import LanguageModelFailed
from civic_assistant.language_model.breaker import Breaker
from civic_assistant.language_model.calls import Call, CallOutcome
from civic_assistant.language_model.failure import Failing
from civic_assistant.language_model.said import Prompted, Said, tokens_of

if TYPE_CHECKING:
    from civic_assistant.language_model.budget import Budget
    from civic_assistant.language_model.calls import Calls
    from civic_assistant.language_model.endpoint import Endpoint

Unanswered = Literal["budget", "down"] | Failing
"""Why nobody said anything usable: the budget is spent, every endpoint is being left alone, or how
the last call ended."""

MOST_CALLS = 2
"""Calls that an ordinary question may make."""
LEAST_SECONDS = 0.5
"""With less time left no call is begun."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """What one endpoint said, read into a form; ``calls`` are how the calls ended, in order."""

    endpoint: str
    model: str
    said: Said
    calls: tuple[CallOutcome, ...]


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """That nobody said anything usable, and why."""

    instead: Unanswered
    calls: tuple[CallOutcome, ...]


@dataclass(slots=True)
class TurnCalls:
    """What one turn may still ask of language models, for whatever it asks them.

    ``calls_left`` and ``seconds_left`` (of calls under way, not of the work between them) count
    down together; ``failed`` are the endpoints that this turn leaves alone from now on. Made by
    `Endpoints.for_turn`, and for one thread.
    """

    turn_id: str
    conversation: str | None
    calls_left: int
    seconds_left: float
    failed: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Guarded:
    """An endpoint with the breaker that leaves it alone while it is down."""

    endpoint: Endpoint
    breaker: Breaker


class Endpoints:
    """Asks the first endpoint that works; safe to call from several threads.

    ``seconds`` bound all calls of a turn together.
    """

    def __init__(
        self,
        guarded: Sequence[Guarded],
        budget: Budget,
        calls: Calls,
        seconds: float,
        clock: Callable[[], datetime],
        elapsed: Callable[[], float] = time.monotonic,
    ) -> None:
        self._guarded = tuple(guarded)
        self._budget = budget
        self._calls = calls
        self._seconds = seconds
        self._clock = clock
        self._elapsed = elapsed

    def for_turn(self, turn_id: str, conversation: str | None) -> TurnCalls:
        """Return what a turn may ask: two calls, within the setting's seconds."""
        return TurnCalls(turn_id, conversation, MOST_CALLS, self._seconds)

    def ask(
        self,
        prompted: Prompted,
        calls: TurnCalls,
        is_usable: Callable[[str], bool],
        *,
        most: int = MOST_CALLS,
        within: float = math.inf,
    ) -> Answer | NoAnswer:
        """Return what the first endpoint that can be used says, or why nothing came.

        ``is_usable`` reads a text and says whether it has the form asked for: what has not counts
        as a failure of the endpoint. ``most`` calls, ``within`` so many seconds, leave the rest of
        the turn's for what comes after. Raises `RecordsUnusable` when calls cannot be counted: then
        none is made.
        """
        outcomes: list[CallOutcome] = []
        instead: Unanswered = "down"
        kept_back = max(0.0, calls.seconds_left - within)
        for guarded in self._guarded:
            left = calls.seconds_left - kept_back
            if left < LEAST_SECONDS:
                instead = "late"
                break
            if not calls.calls_left or len(outcomes) == most:
                break
            if guarded.endpoint.name in calls.failed or not guarded.breaker.admits():
                continue
            if not self._budget.admits(calls.conversation, self._clock()):
                return NoAnswer("budget", tuple(outcomes))
            outcome, said = self._call(guarded, prompted, calls, left, is_usable)
            outcomes.append(outcome)
            if said is not None:
                endpoint = guarded.endpoint
                return Answer(endpoint.name, endpoint.model, said, tuple(outcomes))
            assert outcome != "said"
            instead = outcome
        return NoAnswer(instead, tuple(outcomes))

    def _call(
        self,
        guarded: Guarded,
        prompted: Prompted,
        calls: TurnCalls,
        seconds: float,
        is_usable: Callable[[str], bool],
    ) -> tuple[CallOutcome, Said | None]:
        endpoint, at, begun = guarded.endpoint, self._clock(), self._elapsed()
        said: Said | None = None
        outcome: CallOutcome = "garbage"
        try:
            said = endpoint.ask(prompted, seconds)
            outcome = "said" if is_usable(said.text) else "garbage"
        except LanguageModelFailed as error:
            outcome = error.failing
            logger.warning("%s", error)
        finally:
            if outcome == "said":
                guarded.breaker.succeeded()
            else:
                guarded.breaker.failed()
            spent = self._elapsed() - begun
            calls.calls_left -= 1
            calls.seconds_left -= spent
        if outcome not in ("said", "garbage"):  # garbage for one form is none for another
            calls.failed.add(endpoint.name)
        # What was sent to an endpoint that answered nothing was paid for all the same.
        sent = 0 if outcome == "unreachable" else tokens_of(prompted.system + prompted.user)
        read, wrote = (said.tokens_read, said.tokens_written) if said else (sent, 0)
        self._calls.record(
            Call(
                at=at,
                turn_id=calls.turn_id,
                endpoint=endpoint.name,
                model=endpoint.model,
                prompt=prompted.version,
                outcome=outcome,
                tokens_read=read,
                tokens_written=wrote,
                first_milliseconds=said.first_milliseconds if said else None,
                milliseconds=1000 * spent,
            )
        )
        self._budget.spend(read + wrote, at)
        return outcome, said if outcome == "said" else None
