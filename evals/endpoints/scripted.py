"""An OpenAI-compatible server that does what it is told to: right, wrong, slowly, or not at all.

It speaks HTTP over real sockets; each request takes the next of the behaviours it was given.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

Send = Callable[[bytes], None]
Behaviour = Callable[[Send, Mapping[str, Any]], None]
"""Writes a whole HTTP answer to a request's body."""

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n"


@dataclass
class ScriptedServer:
    """Listens at ``address``; ``asked`` holds what came, ``keys`` the keys it came with."""

    behaviours: Sequence[Behaviour]
    asked: list[Mapping[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    address: str = ""

    def given(self) -> Mapping[str, Any]:
        """Return the data of the last prompt."""
        data: Mapping[str, Any] = json.loads(self.asked[-1]["messages"][-1]["content"])
        return data


@contextmanager
def serving(*behaviours: Behaviour) -> Iterator[ScriptedServer]:
    """Serve; the last behaviour is repeated."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = ScriptedServer(behaviours, address=f"http://127.0.0.1:{listener.getsockname()[1]}/v1")
    threads: list[threading.Thread] = []

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=_answer, args=(server, connection), daemon=True)
            threads.append(thread)
            thread.start()

    accepting = threading.Thread(target=accept, daemon=True)
    accepting.start()
    try:
        yield server
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        accepting.join(5)
        for thread in threads:
            thread.join(5)


def _answer(server: ScriptedServer, connection: socket.socket) -> None:
    with connection:
        raw = b""
        while b"\r\n\r\n" not in raw:
            raw += connection.recv(65536)
        head, _, body = raw.partition(b"\r\n\r\n")
        lines = head.decode().split("\r\n")
        headers = {k.lower(): v for k, _, v in (line.partition(": ") for line in lines[1:])}
        while len(body) < int(headers.get("content-length", 0)):
            body += connection.recv(65536)
        asked = json.loads(body or b"{}")
        behaviour = server.behaviours[min(len(server.asked), len(server.behaviours) - 1)]
        server.asked.append(asked)
        server.keys.append(headers.get("authorization", ""))
        try:
            behaviour(connection.sendall, asked)
        except OSError:
            return  # the client has cut the connection, as it should


def event(delta: Mapping[str, Any] | None = None, **rest: Any) -> bytes:
    """Return one event of a stream."""
    choices = [] if delta is None else [{"index": 0, "delta": delta, "finish_reason": None}]
    chunk = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "scripted"}
    if "finish" in rest:
        choices = [{"index": 0, "delta": {}, "finish_reason": rest.pop("finish")}]
    return b"data: " + json.dumps({**chunk, "choices": choices, **rest}).encode() + b"\n\n"


def says(text: str | Callable[[Mapping[str, Any]], str], finish: str = "stop") -> Behaviour:
    """Say a text in small pieces; a function makes it of the prompt's data."""

    def behave(send: Send, asked: Mapping[str, Any]) -> None:
        data = json.loads(asked["messages"][-1]["content"])
        said = text if isinstance(text, str) else text(data)
        send(HEAD + b"\r\n")
        send(event({"role": "assistant", "content": ""}))
        for start in range(0, len(said), 40):
            send(event({"content": said[start : start + 40]}))
        send(event(finish=finish))
        send(event(usage={"prompt_tokens": 70, "completion_tokens": 30, "total_tokens": 100}))
        send(b"data: [DONE]\n\n")

    return behave


def answers(*sentences: tuple[str, str], coverage: str = "complete") -> Behaviour:
    """Answer with sentences, each a text and the quote it rests on, from wherever it stands."""

    def made(data: Mapping[str, Any]) -> str:
        return json.dumps(
            {
                "coverage": coverage,
                "sentences": [
                    {"text": text, "sources": [{"id": _holder(quote, data), "quote": quote}]}
                    for text, quote in sentences
                ],
            },
            ensure_ascii=False,
        )

    return says(made)


def _holder(quote: str, data: Mapping[str, Any]) -> str:
    holders = (p["id"] for p in data["passages"] if quote in p["text"])
    return str(next(holders, "nowhere"))


def drips(seconds: float, piece: bytes = b": still here\n\n") -> Behaviour:
    """Send a piece every so often and never end: comments keep any reading time-out away."""

    def behave(send: Send, asked: Mapping[str, Any]) -> None:
        send(HEAD + b"\r\n")
        for _ in range(200):
            send(piece)
            time.sleep(seconds)

    return behave


def raw(*pieces: bytes, pause: float = 0.0) -> Behaviour:
    """Send bytes as they are, with a pause between the pieces, and close."""

    def behave(send: Send, asked: Mapping[str, Any]) -> None:
        for piece in pieces:
            send(piece)
            time.sleep(pause)

    return behave


def silent(seconds: float) -> Behaviour:
    """Take the request and say nothing for a while."""

    def behave(send: Send, asked: Mapping[str, Any]) -> None:
        time.sleep(seconds)

    return behave


def status(code: int, **headers: str) -> Behaviour:
    """Answer with a status and no more than a line."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    body = b'{"error": {"message": "no"}}'
    return raw(
        f"HTTP/1.1 {code} X\r\n{lines}Content-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode()
        + body
    )
