"""One OpenAI-compatible endpoint, asked once at a time through llama-index's client.

Never logged: the key, the prompt, or what came back.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import httpx
import openai
from llama_index.core.base.llms.types import ChatMessage, ChatResponse
from llama_index.llms.openai_like import OpenAILike
from openai.resources.chat.completions import AsyncCompletions
from openai.types.chat import ChatCompletionChunk
from pydantic import JsonValue

from civic_assistant.errors import LanguageModelFailed
from civic_assistant.language_model.bounded_schema import bounded_schema
from civic_assistant.language_model.named import NamedEndpoint
from civic_assistant.language_model.said import Prompted, Said, tokens_of
from civic_assistant.language_model.wire import Disguised, Loop, TooMuch, open_client

if TYPE_CHECKING:
    from civic_assistant.language_model.failure import Failing

BYTES_A_CHARACTER = 400
"""On the wire a token of a few characters comes in an event of some hundred bytes."""
CHARACTERS_A_TOKEN = 2
"""At least so many in the languages of the page but Chinese: what an answer may have in tokens."""
_MOST_BYTES_BESIDES = 65_536
_REDIRECTS = range(300, 400)

# At its debug level the client logs whole prompts.
logging.getLogger("openai").setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds for the connection, until the first token, and for all; characters of an answer."""

    connect: float
    first: float
    whole: float
    characters: int


class Endpoint:
    """Asks one model; safe to call from several threads."""

    def __init__(self, named: NamedEndpoint, limits: Limits, loop: Loop) -> None:
        """Prepare; the client is loaded whole, so that no citizen's question waits for it."""
        _load_client()
        self.name = named.name
        self.model = named.model
        self._named = named
        self._limits = limits
        self._loop = loop

    def ask(self, prompted: Prompted, seconds: float) -> Said:
        """Return what the model says, whole, within ``seconds`` or its own limit if less.

        It is read as it comes, so that what drips or does not end is cut.

        Raises:
            LanguageModelFailed: nothing usable came; ``failing`` says why.
        """
        seconds = min(seconds, self._limits.whole)
        try:
            return self._loop.run(self._asked(prompted, seconds), seconds)
        except TimeoutError:
            raise self._failed("late") from None

    async def _asked(self, prompted: Prompted, seconds: float) -> Said:
        try:
            async with asyncio.timeout(seconds), open_client(self._most_bytes()) as client:
                return await self._read(prompted, client, seconds)
        except LanguageModelFailed:
            raise
        except TimeoutError:
            raise self._failed("late") from None
        except Exception as error:  # whatever an endpoint makes the client raise
            raise self._failed(_failing(error)) from None

    async def _read(self, prompted: Prompted, client: httpx.AsyncClient, seconds: float) -> Said:
        begun = time.monotonic()
        first = None
        text, ended, usage = "", None, (0, 0)
        try:
            async with asyncio.timeout(min(seconds, self._limits.first)) as opening:
                answers = await self._model(client, seconds).astream_chat(
                    [
                        ChatMessage(role="system", content=prompted.system),
                        ChatMessage(role="user", content=prompted.user),
                    ],
                    timeout=httpx.Timeout(seconds, connect=self._limits.connect),
                    **self._structure(prompted.schema),
                )
                async with contextlib.aclosing(answers):
                    async for answer in answers:
                        if first is None and (answer.delta or "thinking_delta" in _beside(answer)):
                            first = time.monotonic() - begun
                            opening.reschedule(None)
                        text += answer.delta or ""
                        ended = _ended(answer) or ended
                        usage = _usage(answer) or usage
                        if len(text) > self._limits.characters:
                            raise self._failed("too_long")
        except TimeoutError:
            raise self._failed("late_first" if first is None else "late") from None
        if ended != "stop":
            raise self._failed("too_long" if ended == "length" else "broken")
        spent = time.monotonic() - begun
        sent, written = usage
        return Said(
            text,
            sent or tokens_of(prompted.system + prompted.user),
            written or tokens_of(text),
            1000 * (spent if first is None else first),
            1000 * spent,
        )

    def _model(self, client: httpx.AsyncClient, seconds: float) -> OpenAILike:
        return OpenAILike(
            model=self.model,
            api_base=self._named.address,
            api_key=self._named.key.get_secret_value() or "none",
            is_chat_model=True,
            max_retries=0,
            timeout=seconds,
            temperature=0.0,
            max_tokens=self._limits.characters // CHARACTERS_A_TOKEN,
            async_http_client=client,
            additional_kwargs={"stream_options": {"include_usage": True}},
        )

    def _structure(self, schema: Mapping[str, JsonValue]) -> dict[str, object]:
        match self._named.structure:
            case "json_schema":
                return _by_schema(schema)
            case "bounded_json_schema":
                return _by_schema(bounded_schema(schema, self._limits.characters))
            case "json_object":
                return {"response_format": {"type": "json_object"}}
            case "none":
                return {}

    def _most_bytes(self) -> int:
        return BYTES_A_CHARACTER * self._limits.characters + _MOST_BYTES_BESIDES

    def _failed(self, failing: Failing) -> LanguageModelFailed:
        return LanguageModelFailed(self.name, failing)


@cache
def _load_client() -> None:
    """Load what the client puts off until it is first used: seconds on a busy machine."""
    OpenAILike(model="none", api_key="none", is_chat_model=True)
    chunk = {"id": "", "object": "chat.completion.chunk", "created": 0, "model": "", "choices": []}
    ChatCompletionChunk.model_validate(chunk)
    AsyncCompletions(openai.AsyncOpenAI(api_key="none"))


def _failing(error: Exception) -> Failing:
    """Return what an exception of the client means; a cause that tells more counts first."""
    causes: list[BaseException] = [error]
    while (cause := causes[-1].__cause__ or causes[-1].__context__) is not None:
        causes.append(cause)
    if any(isinstance(cause, TooMuch) for cause in causes):
        return "too_long"
    if any(isinstance(cause, Disguised) for cause in causes):
        return "garbage"
    if isinstance(error, openai.APIStatusError):
        return "redirected" if error.status_code in _REDIRECTS else "refused"
    if any(isinstance(c, httpx.ConnectError | httpx.ConnectTimeout) for c in causes):
        return "unreachable"
    if any(isinstance(c, httpx.TimeoutException | openai.APITimeoutError) for c in causes):
        return "late"
    if any(isinstance(c, json.JSONDecodeError | UnicodeDecodeError) for c in causes):
        return "garbage"
    if any(isinstance(c, httpx.TransportError | openai.APIConnectionError) for c in causes):
        return "broken"
    return "garbage"


def _by_schema(schema: Mapping[str, JsonValue]) -> dict[str, object]:
    form = {"name": "answer", "strict": True, "schema": schema}
    return {"response_format": {"type": "json_schema", "json_schema": form}}


def _beside(answer: ChatResponse) -> Mapping[str, object]:
    return answer.additional_kwargs or {}


def _ended(answer: ChatResponse) -> str | None:
    choices = getattr(answer.raw, "choices", None) or ()
    return next((str(c.finish_reason) for c in choices if c.finish_reason), None)


def _usage(answer: ChatResponse) -> tuple[int, int] | None:
    """Return the tokens read and written, as the endpoint tells them, or None."""
    usage = getattr(answer.raw, "usage", None)
    sent, written = (getattr(usage, name, None) for name in ("prompt_tokens", "completion_tokens"))
    return (sent, written) if isinstance(sent, int) and isinstance(written, int) else None
