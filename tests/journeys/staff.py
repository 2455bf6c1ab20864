"""A member of staff at the desk's page, in a browser of their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, Page, expect
from pydantic import SecretStr

from civic_assistant.assembly import open_records
from civic_assistant.handoff import open_handoff
from civic_assistant.settings import load_settings

if TYPE_CHECKING:
    from tests.journeys.conftest import Visitor

PASSWORD = "une phrase de passe"
SESSION = "civic_desk"
TOWN = ZoneInfo("Europe/Paris")
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass
class Agent:
    """Somebody at the desk: a browser of their own and the name that citizens read."""

    visitor: Visitor
    name: str

    @property
    def page(self) -> Page:
        """The browser's tab."""
        return self.visitor.page

    @property
    def address(self) -> str:
        """The product's address."""
        return self.visitor.address

    def opens(self, path: str = "/") -> Agent:
        """Go to a page of the desk."""
        self.page.goto(f"{self.address}/desk{path}")
        return self

    def signs_in(self, login: str) -> Agent:
        """Sign in with the password, and stand before the waiting list."""
        self.opens("/sign-in")
        self.page.locator("#login").fill(login)
        self.page.locator("#password").fill(PASSWORD)
        self.page.keyboard.press("Enter")
        expect(self.page.locator("#list")).to_be_visible()
        return self

    def session(self) -> str:
        """Return the session's cookie."""
        kept = {cookie.get("name"): cookie.get("value") for cookie in self.page.context.cookies()}
        return str(kept[SESSION])

    def has_session(self, value: str) -> None:
        """Be signed in already."""
        self.page.context.add_cookies(
            [{"name": SESSION, "value": value, "url": f"{self.address}/desk"}]
        )

    def row(self, words: str) -> Locator:
        """Return the list's row of a question."""
        return self.page.locator("#list .row", has_text=words)

    def reads(self, words: str) -> Agent:
        """Open the conversation of a question that stands in the list."""
        self.row(words).first.click()
        expect(self.page.locator("#talk-title")).to_be_visible()
        return self

    def takes(self, words: str) -> Agent:
        """Open a conversation and take it."""
        self.reads(words)
        self.page.get_by_role("button", name="Prendre cette conversation").click()
        expect(self.page.locator("#reply")).to_be_visible()
        return self

    def writes(self, text: str) -> None:
        """Answer the citizen and see it in the conversation."""
        self.page.locator("#reply").fill(text)
        self.page.keyboard.press("Control+Enter")
        expect(self.page.locator(".message.agent").last).to_contain_text(text)

    def sees(self, text: str) -> Locator:
        """Wait for what somebody said and return it."""
        found = self.page.locator("#messages .text", has_text=text)
        expect(found).to_have_count(1)
        return found

    def said(self) -> list[str]:
        """Return what the conversation shows, oldest first, without its events."""
        return self.page.locator("#messages .message .text").all_inner_texts()

    def presses(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def tabs_to(self, target: Locator) -> None:
        """Walk on with Tab until something has the focus, and see that it shows."""
        expect(target).to_be_visible()
        for _ in range(80):
            if target.evaluate("element => element === document.activeElement"):
                break
            self.page.keyboard.press("Tab")
        expect(target).to_be_focused()
        assert target.evaluate("element => getComputedStyle(element).outlineStyle") == "solid"

    def finds_no_fault(self) -> None:
        """See that axe-core finds nothing serious here and the page fits into the window."""
        assert self.visitor.violations() == [], self.page.url
        assert self.visitor.fits(), self.page.url
        if self.page.locator("body.workplace").count() and self.page.evaluate("innerWidth") > 1000:
            tall = "document.documentElement.scrollHeight <= innerHeight"
            assert self.page.evaluate(tall), self.page.url

    def closes(self, reason: str = "Question résolue") -> None:
        """End the conversation and say how."""
        self.page.locator("summary[data-key=x]").click()
        self.page.get_by_role("button", name=reason).click()
        expect(self.page).to_have_url(f"{self.address}/desk/")


def empty_the_desk(database_url: str) -> None:
    """Take back what a test before left at the desk: nobody is there, waits or is held."""
    settings = load_settings(database_url=SecretStr(database_url))
    handoff, now = open_handoff(open_records(settings), settings), datetime.now(UTC)
    for somebody in handoff.presence.present(now - timedelta(hours=1)):
        handoff.presence.leave(somebody.id, now)
    for record in (*handoff.handoffs.waiting(), *handoff.handoffs.left()):
        handoff.handoffs.withdraw(record.conversation_id, now)


def desks_around_today(path: Path) -> Path:
    """Write a file of desks: two are open all day, the one for schools opens in two days."""
    today = datetime.now(TOWN).date()
    shut = {today.weekday(), (today + timedelta(days=1)).weekday()}
    week = "\n".join(f'{day} = ["08:30-12:00"]' for at, day in enumerate(WEEK) if at not in shut)
    always = f"""[[desk.exception]]
from = {today - timedelta(days=1)}
until = {today + timedelta(days=1)}
open = ["00:00-23:59"]
"""
    path.write_text(
        f"""
[[desk]]
id = "accueil"
name = "Accueil"
{always}
[[desk]]
id = "etat-civil"
name = "État civil"
departments = ["État civil"]
{always}
[[desk]]
id = "enfance"
name = "Enfance et écoles"
departments = ["Affaires scolaires"]
[desk.week]
{week}
""",
        encoding="utf-8",
    )
    return path
