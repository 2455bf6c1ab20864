"""What the editors' pages work with, and what all of them show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, partial
from typing import Annotated

from fastapi import Depends, Request
from starlette.responses import HTMLResponse

from civic_assistant.catalogue import Catalogue, open_catalogue
from civic_assistant.desk.editors.drafts import Drafts
from civic_assistant.desk.editors.runs import Runs
from civic_assistant.desk.editors.shelf import SOURCE, GuideRow, Shelf
from civic_assistant.desk.pages import TOWN_ZONE, page
from civic_assistant.desk.reception import Reception
from civic_assistant.desk.sessions import Member
from civic_assistant.desk.words import words_of
from civic_assistant.errors import IndexMissing
from civic_assistant.index import Index
from civic_assistant.messages import format_date
from civic_assistant.settings import Settings
from civic_assistant.verified.standing import suspend_fallen
from civic_assistant.verified.store import VerifiedAnswers
from ingest.drafts.working_copy import WorkingCopy
from ingest.reviewing.translations import Lag, lagging, text_dates


@dataclass(frozen=True)
class Workshop:
    """The editors' collaborators; one for the application."""

    reception: Reception
    drafts: Drafts
    runs: Runs

    @property
    def settings(self) -> Settings:
        """The product's settings."""
        return self.reception.settings

    @property
    def index(self) -> Index:
        """The editions."""
        return self.reception.product.index

    @cached_property
    def catalogue(self) -> Catalogue:
        """The log of editions. Raises `IndexMissing`."""
        return open_catalogue(self.settings.index_folder)

    def now(self) -> datetime:
        """Return the moment, with its offset."""
        return self.reception.clock()

    def today(self) -> date:
        """Return the town's day."""
        return self.now().astimezone(TOWN_ZONE).date()

    def draft(self, member: Member) -> WorkingCopy:
        """Return somebody's draft."""
        return self.drafts.of(member.id)

    def shelf(self, member: Member) -> Shelf:
        """Return the town's guides as somebody's draft has them."""
        return Shelf(
            self.index,
            self.draft(member),
            self.settings.corpus_folder,
            self.settings.town_language,
            others=self.drafts.others(member),
            lagging=self.lags().keys(),
        )

    def lags(self) -> Mapping[tuple[str, str], Lag]:
        """Return the live translations whose original is newer, by guide id and language."""
        try:
            versions = self.index.live().versions.values()
        except IndexMissing:
            return {}
        several = (own.values() for own in versions if len(own) > 1)
        town = (entry for own in several for entry in own if entry.source == SOURCE)
        guides = [self.index.guide(entry.digest) for entry in town]
        dates = text_dates(self.catalogue)
        found = lagging(guides, dates, self.settings.town_language, guides)
        return {(lag.guide_id, lag.language): lag for lag in found}

    def suspend_fallen(self) -> int:
        """Suspend the verified answers that the live guides no longer bear; return how many."""
        product, now = self.reception.product, self.now()
        kept, live = VerifiedAnswers(product.records), product.index.live()
        return suspend_fallen(kept, live, now.date(), now, product.corrections.said_since(now))

    def departments(self, rows: Iterable[GuideRow]) -> list[str]:
        """Return the departments that guides name, by name."""
        return sorted({row.department for row in rows if row.department})


def open_workshop(reception: Reception) -> Workshop:
    """Put the editors' collaborators together."""
    records = reception.product.records
    return Workshop(
        reception=reception,
        drafts=Drafts(records, reception.settings),
        runs=Runs(records, reception.clock),
    )


def workshop_of(request: Request) -> Workshop:
    """Return what the editors' pages work with."""
    workshop: Workshop = request.app.state.workshop
    return workshop


def editors_page(
    request: Request,
    template: str,
    member: Member,
    tab: str,
    status: int = 200,
    /,
    **values: object,
) -> HTMLResponse:
    """Return an editors' page: ``tab`` is the one it stands under.

    A page that tells itself what is running says so with ``tells_run``.
    """
    workshop = workshop_of(request)
    language = words_of(request).language
    return page(
        request,
        f"editors/{template}",
        member,
        status,
        is_away=workshop.reception.be_present(member),
        tab=tab,
        changes=len(workshop.draft(member).changed()),
        busy=workshop.runs.running(),
        day=partial(format_date, language=language),
        **{"tells_run": False, **values},
    )


Work = Annotated[Workshop, Depends(workshop_of)]
