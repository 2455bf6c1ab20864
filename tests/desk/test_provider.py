"""Signing in at a real provider: the npm package ``oidc-provider``, where it is installed."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from urllib.parse import urljoin, urlsplit

import httpx2
import pytest
from bs4 import BeautifulSoup
from sqlalchemy import Engine

from civic_assistant.desk.provider import granted
from civic_assistant.errors import SettingsError
from civic_assistant.settings import load_settings
from tests.desk.conftest import Agent, Town

HERE = Path(__file__).parent
MODULES = os.environ.get("OIDC_PROVIDER_MODULES", "")
"""A folder with ``node_modules/oidc-provider``."""
BACK = "http://desk.example/desk/oidc/back"
SECRET = "a secret of the town hall"
ROLES = {"accueil-agent": "agent", "accueil-chef": "lead"}


@pytest.fixture
def engine(sqlite_engine: Engine) -> Engine:
    """Which database there is makes no difference to a provider."""
    return sqlite_engine


@contextmanager
def provider(folder: Path, roles: str) -> Iterator[str]:
    """Run the provider with one person who has these roles."""
    if shutil.which("node") is None or not MODULES:
        pytest.skip("no node, or no OIDC_PROVIDER_MODULES with the npm package oidc-provider")
    script = folder / "provider.mjs"
    shutil.copyfile(HERE / "provider.mjs", script)
    (folder / "node_modules").symlink_to(Path(MODULES) / "node_modules")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    with subprocess.Popen(
        ["node", str(script), port, BACK, roles], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()
            process.wait(20)


def town_with(open_town: Callable[..., Town], issuer: str) -> Town:
    return open_town(
        oidc_issuer=issuer,
        oidc_client_id="civic",
        oidc_client_secret=SECRET,
        oidc_roles=ROLES,
        oidc_desks={"accueil-agent": "etat-civil"},
    )


def back_from_provider(agent: Agent) -> str:
    """Go to the provider, sign in and consent there; return the address it sends back to."""
    start = agent.client.get("/desk/oidc/start", follow_redirects=False)
    assert start.status_code == 302, start.text
    with httpx2.Client(follow_redirects=False) as browser:
        answer = browser.get(start.headers["location"])
        for _ in range(12):
            if answer.is_redirect:
                target = urljoin(str(answer.url), answer.headers["location"])
                if target.startswith(BACK):
                    return target
                answer = browser.get(target)
                continue
            form = BeautifulSoup(answer.text, "html.parser").select_one("form")
            assert form is not None, answer.text
            fields = {
                str(field["name"]): str(field.get("value") or "ines")
                for field in form.select("input[name]")
            }
            answer = browser.post(urljoin(str(answer.url), str(form["action"])), data=fields)
    raise AssertionError("the provider did not send back")


def test_a_person_with_a_role_gets_in(open_town: Callable[..., Town], tmp_path: Path) -> None:
    with provider(tmp_path, "accueil-agent") as issuer:
        town = town_with(open_town, issuer)
        agent = town.browser()
        assert "Se connecter avec le compte de la mairie" in agent.page("/sign-in").get_text()
        target = urlsplit(back_from_provider(agent))
        answer = agent.client.get(f"{target.path}?{target.query}", follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, "/desk/")
        assert "Inès R." in agent.page("/").get_text()
        # The same answer a second time opens nothing.
        again = agent.client.get(f"{target.path}?{target.query}", follow_redirects=False)
        assert again.status_code == 403


def test_a_person_without_a_role_stays_outside(
    open_town: Callable[..., Town], tmp_path: Path
) -> None:
    with provider(tmp_path, "jardinier") as issuer:
        agent = town_with(open_town, issuer).browser()
        target = urlsplit(back_from_provider(agent))
        answer = agent.client.get(f"{target.path}?{target.query}")
        assert answer.status_code == 403
        assert "ne donne pas accès" in answer.text
        assert "civic_desk" not in agent.client.cookies


def test_an_answer_for_another_browser_is_refused(
    open_town: Callable[..., Town], tmp_path: Path
) -> None:
    with provider(tmp_path, "accueil-agent") as issuer:
        town = town_with(open_town, issuer)
        target = urlsplit(back_from_provider(town.browser()))
        stranger = town.browser().client.get(f"{target.path}?{target.query}")
        assert stranger.status_code == 403


@contextmanager
def strange_provider(answers: bytes | None) -> Iterator[str]:
    """Listen as a provider that gives every request the same answer, or none at all."""
    over = Event()

    def serve(listener: socket.socket) -> None:
        while not over.is_set():
            with suppress(TimeoutError):
                connection, _ = listener.accept()
                with connection:
                    connection.recv(65_536)
                    if answers is None:
                        over.wait(20)
                    else:
                        connection.sendall(answers)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.1)
        thread = Thread(target=serve, args=[listener])
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        over.set()
        thread.join()


def http_answer(status: str, body: str) -> bytes:
    head = f"HTTP/1.1 {status}\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
    return (head + body).encode()


def is_said_and_local_accounts_work(town: Town, path: str, agent: Agent) -> None:
    """See that a page says that the provider is down, and that passwords open the desk."""
    answer = agent.client.get(path, headers={"accept": "text/html"})
    page = BeautifulSoup(answer.text, "html.parser")
    said = page.select_one("#said")
    assert answer.status_code == 502 and said is not None
    assert "ne répond pas" in said.text
    assert "Traceback" not in answer.text and "Error" not in answer.text
    awa = town.agent()
    assert "Awa D." in awa.page("/").get_text()


def test_a_provider_that_cannot_be_reached_is_said(open_town: Callable[..., Town]) -> None:
    town = town_with(open_town, "http://127.0.0.1:9")
    is_said_and_local_accounts_work(town, "/desk/oidc/start", town.browser())


@pytest.mark.parametrize(
    "answers",
    [
        None,
        b"",
        http_answer("500 Internal Server Error", "<h1>Error</h1>"),
        http_answer("200 OK", "{}"),
        http_answer("200 OK", "[]"),
        http_answer("200 OK", '{"authorization_endpoint": 3}'),
    ],
    ids=["nothing", "hung up", "status 500", "empty", "a list", "no address"],
)
def test_a_provider_that_answers_nothing_or_nonsense_is_said(
    open_town: Callable[..., Town], answers: bytes | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("civic_assistant.desk.provider.ANSWER_SECONDS", 0.3)
    with strange_provider(answers) as issuer:
        town = town_with(open_town, issuer)
        is_said_and_local_accounts_work(town, "/desk/oidc/start", town.browser())


def test_a_provider_that_dies_while_somebody_signs_in_is_said(
    open_town: Callable[..., Town], tmp_path: Path
) -> None:
    with provider(tmp_path, "accueil-agent") as issuer:
        town = town_with(open_town, issuer)
        agent = town.browser()
        target = urlsplit(back_from_provider(agent))
    is_said_and_local_accounts_work(town, f"{target.path}?{target.query}", agent)


@pytest.mark.parametrize(
    ("claims", "roles", "desks"),
    [
        ({"roles": ["accueil-chef", "x"]}, ("lead",), ()),
        ({"roles": "accueil-agent"}, ("agent",), ("etat-civil",)),
        ({"roles": ["x"]}, None, None),
        ({"roles": {"accueil-agent": True}}, None, None),
        ({}, None, None),
    ],
)
def test_roles_and_desks_come_from_the_claim(
    claims: dict[str, object], roles: object, desks: object
) -> None:
    settings = load_settings(oidc_roles=ROLES, oidc_desks={"accueil-agent": "etat-civil"})
    member = granted({"iss": "https://id.example", "sub": "42", "name": "Inès", **claims}, settings)
    assert (member and member.roles, member and member.desks) == (roles, desks)


def test_a_claim_may_lie_deeper() -> None:
    settings = load_settings(oidc_roles=ROLES, oidc_roles_claim="realm_access.roles")
    claims = {"iss": "i", "sub": "s", "realm_access": {"roles": ["accueil-agent"]}}
    member = granted(claims, settings)
    assert member is not None and member.id.startswith("oidc-")


@pytest.mark.parametrize("missing", ["oidc_client_id", "oidc_client_secret", "oidc_roles"])
def test_an_incomplete_provider_is_named(open_town: Callable[..., Town], missing: str) -> None:
    complete: dict[str, object] = {
        "oidc_issuer": "https://id.example",
        "oidc_client_id": "civic",
        "oidc_client_secret": SECRET,
        "oidc_roles": ROLES,
    }
    del complete[missing]
    with pytest.raises(SettingsError, match=missing):
        open_town(**complete)
