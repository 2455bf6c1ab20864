"""Addresses are asked of a real server on this machine; nothing else is ever reached."""

from __future__ import annotations

import asyncio
import datetime
import socket
import ssl
import time
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ingest.addresses.asking import Answer, AskingBounds, ask_addresses
from ingest.addresses.public_network import is_public
from tests.ingest.web_server import WebServer, web_server

PATIENT = AskingBounds()
HASTY = AskingBounds(seconds=0.5, slow_seconds=0.2)


@pytest.fixture
def server() -> Iterator[WebServer]:
    with web_server() as running:
        yield running


def ask(*addresses: str, bounds: AskingBounds = PATIENT, is_local: bool = True) -> list[Answer]:
    asking = ask_addresses(addresses, lambda _: None, bounds, is_loopback_allowed=is_local)
    answers = asyncio.run(asking)
    return [answers[address] for address in addresses]


def told(answer: Answer) -> tuple[str, str | None, int | None]:
    return answer.state, answer.problem, answer.status


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/page", ("well", None, 200)),
        ("/sign-in", ("well", None, 200)),
        ("/upgraded", ("well", None, 200)),
        ("/no-head", ("well", None, 200)),
        ("/endless", ("well", None, 200)),
        ("/gone", ("dead", "status", 404)),
        ("/broken", ("dead", "status", 500)),
        ("/closed", ("closed", "status", 403)),
        ("/hangs-up", ("dead", "no_connection", None)),
        ("/circle", ("dead", "too_many_redirects", None)),
        ("/inward", ("not_asked", "not_public", None)),
        ("/metadata", ("not_asked", "not_public", None)),
        ("/file", ("dead", "malformed", None)),
        ("/with-password", ("not_asked", "credentials", None)),
    ],
)
def test_each_answer_has_its_state(
    server: WebServer, path: str, expected: tuple[str, str | None, int | None]
) -> None:
    (answer,) = ask(server.address + path)
    assert told(answer) == expected


@pytest.mark.parametrize(
    ("path", "place"), [("/moved", "/new"), ("/moved-twice", "/new"), ("/lost", "/")]
)
def test_a_moved_page_is_told_with_its_place(server: WebServer, path: str, place: str) -> None:
    (answer,) = ask(server.address + path)
    assert (answer.state, answer.leads_to) == ("moved", server.address + place)


def test_get_is_asked_only_where_head_brought_nothing_good(server: WebServer) -> None:
    ask(server.address + "/page", server.address + "/no-head")
    asked = {path: [m for m, p, _ in server.asked if p == path] for path in ("/page", "/no-head")}
    assert asked == {"/page": ["HEAD"], "/no-head": ["HEAD", "GET"]}


def test_an_address_that_is_named_twice_is_asked_once(server: WebServer) -> None:
    page = server.address + "/page"
    ask(page, page)
    assert len(server.asked) == 1


def test_so_many_are_asked_at_once_and_no_more(server: WebServer) -> None:
    pages = [f"{server.address}/busy?{number}" for number in range(8)]
    ask(*pages, bounds=AskingBounds(at_once=8, at_once_of_a_host=2))
    assert server.most_at_once == 2


def test_a_slow_answer_is_told_with_its_seconds(server: WebServer) -> None:
    (answer,) = ask(server.address + "/slow", bounds=AskingBounds(slow_seconds=0.2))
    assert told(answer) == ("slow", None, 200)
    assert answer.seconds > 0.2


def test_what_never_answers_is_given_up(server: WebServer) -> None:
    begun = time.monotonic()
    (answer,) = ask(server.address + "/never", bounds=HASTY)
    assert told(answer) == ("dead", "no_answer", None)
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "[::1]", "[::ffff:127.0.0.1]"],
)
def test_this_machine_is_not_asked_however_it_is_written(server: WebServer, host: str) -> None:
    (answer,) = ask(f"http://{host}:{server.server_port}/page", is_local=False)
    assert told(answer)[:2] == ("not_asked", "not_public")
    assert server.asked == []


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1", "172.16.3.4", "192.168.1.1", "127.0.0.53", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "ff02::1",
        "::ffff:10.0.0.1", "2002:a00:1::", "64:ff9b::a00:1", "::a00:1", "2001:db8::1",
    ],
)  # fmt: skip
def test_private_local_and_reserved_addresses_are_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34", "64:ff9b::5db8:d822"]
)
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(ip_address(address))


class Names:
    """Resolves names of tests as told, and counts how often; the rest as the machine does."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, **names: list[str]) -> None:
        self._names = {name.replace("_", "."): addresses for name, addresses in names.items()}
        self._resolve = socket.getaddrinfo
        self.asked: list[str] = []
        monkeypatch.setattr(socket, "getaddrinfo", self)

    def __call__(self, host: str, port: int | None, *more: Any, **options: Any) -> list[Any]:
        if host not in self._names:
            return list(self._resolve(host, port, *more, **options))
        self.asked.append(host)
        if not self._names[host]:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port or 0))
            for address in self._names[host]
        ]


def test_a_name_that_leads_to_a_private_network_too_is_not_asked(
    server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    Names(monkeypatch, town_example=["127.0.0.1", "10.0.0.1"])
    (answer,) = ask(f"http://town.example:{server.server_port}/page")
    assert told(answer)[:2] == ("not_asked", "not_public")
    assert server.asked == []


def test_a_name_is_resolved_once_and_the_server_hears_it(
    server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = Names(monkeypatch, town_example=["127.0.0.1"])
    (answer,) = ask(f"http://town.example:{server.server_port}/page")
    assert answer.state == "well"
    assert names.asked == ["town.example"]
    assert server.asked == [("HEAD", "/page", f"town.example:{server.server_port}")]


def test_an_unknown_name_and_a_closed_port_are_told_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Names(monkeypatch, nowhere_example=[])
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        unknown, closed = ask("http://nowhere.example/", f"http://127.0.0.1:{port}/")
    assert (unknown.problem, closed.problem) == ("no_host", "no_connection")


def test_the_next_address_of_a_name_is_asked_when_the_first_is_closed(
    server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    Names(monkeypatch, town_example=["127.0.0.2", "127.0.0.1"])
    (answer,) = ask(f"http://town.example:{server.server_port}/page")
    assert answer.state == "well"


def test_a_password_in_an_address_is_never_sent(server: WebServer) -> None:
    (answer,) = ask(f"http://town:secret@127.0.0.1:{server.server_port}/page")
    assert told(answer)[:2] == ("not_asked", "credentials")
    assert server.asked == []


@pytest.mark.parametrize("address", ["http://", "http://[", "https://a b/", "http://x:99999/"])
def test_what_is_no_address_is_dead_and_breaks_nothing(address: str) -> None:
    assert told(ask(address)[0])[:2] == ("dead", "malformed")


def test_a_certificate_that_nobody_vouches_for_is_told(tmp_path: Path) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(self_signed(tmp_path))
    with web_server(tls) as running:
        (answer,) = ask(f"https://127.0.0.1:{running.server_port}/page")
        assert told(answer) == ("dead", "certificate", None)
        assert running.asked == []


def self_signed(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "town.example")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + private)
    return path
