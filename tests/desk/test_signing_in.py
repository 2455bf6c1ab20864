from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi.routing import APIRoute

from civic_assistant.desk import (
    asking,
    conversation_page,
    figures_page,
    presence,
    signing_in,
    stream,
)
from tests.desk.conftest import PASSWORD, Town


def test_nobody_sees_the_desk_without_signing_in(town_desk: Town) -> None:
    client = town_desk.browser().client
    for path in ("/", "/ask", "/figures", "/conversations/x"):
        turned = client.get(f"/desk{path}", headers={"accept": "text/html"}, follow_redirects=False)
        assert (turned.status_code, turned.headers["location"]) == (303, "/desk/sign-in")
    assert client.get("/desk/events").status_code == 401
    assert client.post("/desk/claim-next", data={"csrf": "x"}).status_code in (401, 403)


def test_signing_in_leads_to_the_desk_and_makes_present(town_desk: Town) -> None:
    agent = town_desk.agent()
    assert "Awa D." in agent.page("/").get_text()
    present = town_desk.product.handoff.presence.present(town_desk.clock())
    assert [one.name for one in present] == ["Awa D."]


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(town_desk: Town) -> None:
    town_desk.agent()
    answer = town_desk.browser().sign_in("awa")
    (cookie,) = [c for c in answer.headers.get_list("set-cookie") if c.startswith("civic_desk=")]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Path=/desk" in cookie
    assert "Secure" not in cookie


def test_over_tls_the_cookie_is_secure(open_town: Callable[..., Town]) -> None:
    town = open_town(trusted_proxies=1)
    town.agent()
    browser = town.browser()
    browser.client.headers["x-forwarded-proto"] = "https"
    page = browser.client.get("/desk/sign-in")
    assert "Secure" in page.headers["set-cookie"]


def test_a_wrong_password_says_nothing_about_the_login(town_desk: Town) -> None:
    town_desk.agent()
    wrong = town_desk.browser().sign_in("awa", "x" * 12)
    unknown = town_desk.browser().sign_in("nobody", "x" * 12)
    assert (wrong.status_code, unknown.status_code) == (403, 403)
    assert "Identifiant ou mot de passe incorrect." in wrong.text
    assert "Identifiant ou mot de passe incorrect." in unknown.text


def test_guessing_is_stopped_by_login_even_for_the_right_password(town_desk: Town) -> None:
    town_desk.agent()
    tried = [town_desk.browser().sign_in("awa", "guess" * 3).status_code for _ in range(6)]
    assert tried[-1] == 429
    assert town_desk.browser().sign_in("awa", PASSWORD).status_code == 429


def test_a_sign_in_form_of_another_site_is_refused(town_desk: Town) -> None:
    town_desk.agent()
    browser = town_desk.browser()
    body = {"login": "awa", "password": PASSWORD}
    assert browser.client.post("/desk/sign-in", data=body).status_code == 403
    browser.page("/sign-in")
    assert browser.client.post("/desk/sign-in", data={**body, "csrf": "0" * 64}).status_code == 403


@pytest.mark.parametrize("path", ["/claim-next", "/away", "/ask", "/sign-out", "/language"])
def test_every_change_needs_the_sessions_own_form(town_desk: Town, path: str) -> None:
    agent = town_desk.agent()
    for csrf in ("", "0" * 64):
        answer = agent.client.post(f"/desk{path}", data={"csrf": csrf})
        assert answer.status_code == 403, path


def test_every_route_that_changes_something_asks_for_the_form(town_desk: Town) -> None:
    agent = town_desk.agent()
    changing = [
        route.path
        for part in (asking, conversation_page, figures_page, presence, signing_in, stream)
        for route in part.routes.routes
        if isinstance(route, APIRoute) and "POST" in (route.methods or ())
    ]
    assert len(changing) > 10
    for path in changing:
        filled = path.replace("{conversation_id}", "x")
        assert agent.client.post(f"/desk{filled}", data={"csrf": "no"}).status_code == 403, path


def test_signing_out_ends_the_session_and_gives_back_what_was_held(town_desk: Town) -> None:
    agent = town_desk.agent()
    cid = town_desk.citizen_waits()
    assert agent.post(f"/conversations/{cid}/claim").status_code == 200
    cookie = agent.client.cookies["civic_desk"]
    assert agent.post("/sign-out").status_code == 200
    handoff = town_desk.product.handoff
    assert handoff.conversations.conversation(cid).state == "waiting"
    assert handoff.presence.present(town_desk.clock()) == ()
    stolen = town_desk.browser()
    stolen.client.cookies.set("civic_desk", cookie)
    assert stolen.client.get("/desk/", follow_redirects=False).status_code == 401


def test_a_session_ends_by_itself(town_desk: Town) -> None:
    agent = town_desk.agent()
    town_desk.clock.pass_minutes(12 * 60)
    turned = agent.client.get("/desk/", headers={"accept": "text/html"}, follow_redirects=False)
    assert turned.headers["location"] == "/desk/sign-in?said=ended"


def test_the_desk_is_never_framed_cached_or_given_foreign_scripts(town_desk: Town) -> None:
    agent = town_desk.agent()
    headers = agent.client.get("/desk/").headers
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy and "unsafe" not in policy
    assert headers["cache-control"] == "no-store"
    html = agent.page("/")
    assert all(script.get("src") for script in html.find_all("script"))
    assert html.find_all(style=True) == [] and html.find_all("style") == []


def test_the_desk_speaks_english_to_who_chooses_it(town_desk: Town) -> None:
    agent = town_desk.agent()
    agent.post("/language", language="en")
    page = agent.page("/")
    assert page.html is not None and page.html["lang"] == "en"
    assert "Nobody is waiting." in page.get_text()
