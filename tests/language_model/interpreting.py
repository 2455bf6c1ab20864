"""An interpreter whose endpoint says for each sentence what a test wrote beside it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from civic_assistant.handoff import Handoff
from civic_assistant.interpreter import Interpreter
from civic_assistant.language_model.named import NamedEndpoint
from civic_assistant.language_model.opening import open_asking
from civic_assistant.language_model.translating import Translator
from civic_assistant.settings import load_settings
from evals.endpoints.scripted import Behaviour, ScriptedServer, says, serving


def translates(texts: Mapping[str, str]) -> Behaviour:
    """Say for each sentence what stands here for it."""

    def made(data: Mapping[str, Any]) -> str:
        sentences = [{"number": s["number"], "text": texts[s["text"]]} for s in data["sentences"]]
        return json.dumps({"sentences": sentences}, ensure_ascii=False)

    return says(made)


@contextmanager
def interpreting(
    handoff: Handoff, clock: Callable[[], datetime], *behaviours: Behaviour, **settings: Any
) -> Iterator[tuple[Interpreter, ScriptedServer]]:
    """Open an interpreter over the database of a handoff, without the comparison of meanings."""
    with serving(*behaviours) as server:
        chosen = load_settings(
            language_models=(NamedEndpoint(name="near", address=server.address, model="m"),),
            language_model_first_seconds=60.0,
            language_model_call_seconds=60.0,
            language_model_seconds=60.0,
            **settings,
        )
        asking = open_asking(chosen, handoff.store.engine, ZoneInfo("Europe/Paris"), clock)
        assert asking is not None
        yield Interpreter(Translator(asking, None), handoff.translations, clock), server
