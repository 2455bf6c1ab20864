"""Archives that are fetched from an address."""

from __future__ import annotations

import ipaddress
import ssl
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

from civic_assistant.errors import SourceError
from ingest.zipped import ArchiveBounds, fetched_archive


class _Feed(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/sheets.zip":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"x" * 1000)
        elif self.path == "/moved.zip":
            self.send_response(302)
            self.send_header("Location", "http://127.0.0.1:9/sheets.zip")
            self.end_headers()
        else:
            self.send_error(404)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def certificate(folder: Path) -> Path:
    """Write a certificate for this machine with its key, and return the file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "feed")])
    now = datetime.now(UTC)
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(hours=1))
    builder = builder.not_valid_after(now + timedelta(hours=1)).add_extension(here, False)
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path = folder / "feed.pem"
    path.write_bytes(secret + builder.sign(key, SHA256()).public_bytes(Encoding.PEM))
    return path


@pytest.fixture
def feed(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    pem = certificate(tmp_path_factory.mktemp("feed"))
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Feed)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"https://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_address_is_fetched_into_the_downloads(feed: str, tmp_path: Path) -> None:
    path = fetched_archive(f"{feed}/sheets.zip", tmp_path, ArchiveBounds())
    assert path.read_bytes() == b"x" * 1000
    assert list(tmp_path.iterdir()) == [path]


def test_an_address_that_sends_too_much_is_stopped(feed: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="sends more than"):
        fetched_archive(f"{feed}/sheets.zip", tmp_path, replace(ArchiveBounds(), packed_bytes=999))
    assert list(tmp_path.iterdir()) == []


def test_an_address_that_is_not_found_is_said_so(feed: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"cannot be fetched .*404"):
        fetched_archive(f"{feed}/other.zip", tmp_path, ArchiveBounds())


def test_a_redirection_to_plain_http_is_not_followed(feed: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is not https"):
        fetched_archive(f"{feed}/moved.zip", tmp_path, ArchiveBounds())


def test_a_path_is_used_as_it_is(tmp_path: Path) -> None:
    assert fetched_archive("sheets.zip", tmp_path / "new", ArchiveBounds()) == Path("sheets.zip")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    "address", ["http://feed.example/a.zip", "file:///etc/passwd", "ftp://x/a"]
)
def test_only_https_addresses_are_fetched(address: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is not https"):
        fetched_archive(address, tmp_path, ArchiveBounds())


def test_an_address_that_does_not_answer_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"cannot be fetched .*give its path"):
        fetched_archive("https://127.0.0.1:9/sheets.zip", tmp_path, ArchiveBounds())
    assert list(tmp_path.iterdir()) == []
