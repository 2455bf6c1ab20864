"""A language model as the settings name it, or none: then nothing of its client is loaded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from civic_assistant.language_model.asking import Endpoints, Guarded
from civic_assistant.language_model.breaker import Breaker
from civic_assistant.language_model.budget import Allowance, Budget
from civic_assistant.language_model.calls import Calls

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from sqlalchemy import Engine

    from civic_assistant.language_model.endpoint import Endpoint
    from civic_assistant.settings import Settings


def open_endpoints(settings: Settings) -> Sequence[Endpoint]:
    """Return the endpoints that the settings name, in order; nothing is connected yet."""
    if not settings.language_models:
        return ()
    # Only here: the client takes seconds to import and 50 MB, which no model must not cost.
    from civic_assistant.language_model.endpoint import Endpoint, Limits
    from civic_assistant.language_model.wire import Loop

    limits = Limits(
        settings.language_model_connect_seconds,
        settings.language_model_first_seconds,
        settings.language_model_call_seconds,
        settings.language_model_length,
    )
    loop = Loop()
    return [Endpoint(named, limits, loop) for named in settings.language_models]


def open_asking(
    settings: Settings, records: Engine, zone: ZoneInfo, clock: Callable[[], datetime]
) -> Endpoints | None:
    """Return the endpoints with breaker, budget and journal; None where the settings name none."""
    endpoints = open_endpoints(settings)
    if not endpoints:
        return None
    allowance = Allowance(
        settings.language_model_conversation_calls,
        settings.language_model_day_calls,
        settings.language_model_day_tokens,
    )
    failures, pause = settings.language_model_failures, settings.language_model_pause_seconds
    return Endpoints(
        [Guarded(endpoint, Breaker(failures, pause)) for endpoint in endpoints],
        Budget(records, allowance, zone),
        Calls(records),
        settings.language_model_seconds,
        clock,
    )
