"""The server process: finds a port, says its address, and serves until it is stopped."""

from __future__ import annotations

import socket

import typer
import uvicorn

from civic_assistant.assembly import Product
from civic_assistant.desk.application import create_desk
from civic_assistant.errors import SettingsError
from civic_assistant.server import create_app

TRIED = 20


def serve(product: Product) -> None:
    """Serve the page and print its address once it can answer.

    Raises:
        SettingsError: neither the port of the settings nor the twenty after it are free.
    """
    settings = product.settings
    listener = _listener(settings.host, settings.port)
    port = listener.getsockname()[1]
    app = create_app(product, create_desk(product))
    typer.echo(f"civic-assistant: http://{settings.host}:{port} (Ctrl-C stops it)")
    # uvicorn would believe X-Forwarded-For from this machine; the guard counts the proxies itself.
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, proxy_headers=False
    )
    uvicorn.Server(config).run(sockets=[listener])


def _listener(host: str, first: int) -> socket.socket:
    for port in range(first, first + TRIED + 1):
        listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError:
            listener.close()
            continue
        return listener
    message = f"setting 'port': {first} to {first + TRIED} are taken on {host!r}; set CIVIC_PORT"
    raise SettingsError(message)
