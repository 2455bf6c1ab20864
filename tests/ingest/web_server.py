"""A web server on this machine whose pages are well, moved, dead, slow or hostile."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

REDIRECTIONS = {
    "/moved": (301, "/new"),
    "/moved-twice": (308, "/moved"),
    "/upgraded": (301, "/upgraded/"),
    "/sign-in": (302, "/new?session=1"),
    "/lost": (302, "/"),
    "/circle": (302, "/circle"),
    "/inward": (302, "http://10.0.0.1/admin"),
    "/file": (302, "file:///etc/passwd"),
    "/metadata": (301, "http://169.254.169.254/latest/meta-data/"),
    "/with-password": (302, "http://town:secret@127.0.0.1/"),
}
STATUSES = {"/gone": 404, "/closed": 403, "/broken": 500}


class WebServer(ThreadingHTTPServer):
    """Keeps what it was asked as (method, path, Host)."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Page)
        self.asked: list[tuple[str, str, str]] = []
        self.at_once = self.most_at_once = 0
        self.counting, self.over = threading.Lock(), threading.Event()
        self.address = f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that hang up."""


@contextmanager
def web_server(tls: ssl.SSLContext | None = None) -> Iterator[WebServer]:
    """Serve on a free port while the context is open."""
    server = WebServer()
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        thread.join()
        server.server_close()


class _Page(BaseHTTPRequestHandler):
    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        server = self.server
        assert isinstance(server, WebServer)
        path = self.path.split("?")[0]
        with server.counting:
            server.asked.append((self.command, self.path, self.headers["Host"]))
            server.at_once += 1
            server.most_at_once = max(server.most_at_once, server.at_once)
        try:
            self._page(server, path)
        finally:
            with server.counting:
                server.at_once -= 1

    def _page(self, server: WebServer, path: str) -> None:
        status, leads_to = REDIRECTIONS.get(path, (STATUSES.get(path, 200), None))
        if path == "/no-head" and self.command == "HEAD":
            status = 405
        if path in ("/slow", "/busy"):
            time.sleep(0.3)
        if path == "/never":
            server.over.wait(30)
        if path == "/hangs-up":
            self.close_connection = True
            return
        self.send_response(status)
        if leads_to is not None:
            self.send_header("Location", leads_to)
        if path == "/endless" and self.command == "GET":
            self.end_headers()
            for _ in range(500):
                self.wfile.write(b"x" * 65536)
            return
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
