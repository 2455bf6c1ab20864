"""What publishing an edition would do, put together for whoever decides about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from civic_assistant.catalogue import open_catalogue
from ingest.progress import Progress
from ingest.reviewing.compared_guides import ComparedGuides
from ingest.reviewing.contradictions import Contradiction
from ingest.reviewing.differences import EditionDifference
from ingest.reviewing.falling_answers import FallingAnswer, falling_answers
from ingest.reviewing.freshness import StaleGuide, stale_guides
from ingest.reviewing.given_answers import GivenAnswers, given_answers
from ingest.reviewing.impact import Asking, Impacts, impacts_of
from ingest.reviewing.parsing_doubts import Doubt
from ingest.reviewing.past_questions import past_questions
from ingest.reviewing.town_questions import load_questions
from ingest.reviewing.translations import Lag

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from civic_assistant.corrections.showing import RunningCorrections
    from civic_assistant.settings import Settings


class Reviewing(Asking, Protocol):
    """What a review needs, as an assembled product has it."""

    @property
    def settings(self) -> Settings:
        """The settings that the product was assembled from."""

    @property
    def records(self) -> Engine:
        """The database of journal and verified answers."""

    @property
    def corrections(self) -> RunningCorrections:
        """What the town hall corrects of its guides."""


@dataclass(frozen=True, slots=True)
class Review:
    """What an edition would change over the live one.

    ``doubts``, ``contradictions`` and ``stale`` are about guides that come or change, ``lags``
    about every translation whose original is newer. ``falling`` are the verified answers that
    would be suspended, ``given`` the answers that cite what changes.
    """

    before: int
    after: int
    difference: EditionDifference
    doubts: tuple[Doubt, ...]
    contradictions: tuple[Contradiction, ...]
    lags: tuple[Lag, ...]
    stale: tuple[StaleGuide, ...]
    falling: tuple[FallingAnswer, ...]
    given: GivenAnswers
    impacts: Impacts


def review(
    before: int, after: int, product: Reviewing, now: datetime, progress: Progress
) -> Review:
    """Return what making ``after`` live would change, when ``before`` is.

    Nothing is recorded, suspended or published.

    Raises:
        EditionMissing: one of the editions is not kept.
        SourceError: the town's test questions cannot be read.
        RecordsUnusable: journal and verified answers cannot be read.
    """
    settings, today = product.settings, now.date()
    tests = load_questions(settings.corpus_folder)
    old, new = product.index.edition(before), product.index.edition(after)
    with progress.stage("comparing", None):
        catalogue = open_catalogue(settings.index_folder)
        guides = ComparedGuides(catalogue, before, after, settings.town_language)
        doubts = tuple(guides.doubts())
        contradictions = tuple(guides.contradictions(product.index, new, today))
        falling = falling_answers(product.records, product.corrections, old, new, now)
        given = given_answers(product.records, old, new, now, settings.journal_days)
    past = past_questions(
        tests, product.records, now, settings.impact_days, settings.impact_questions
    )
    with progress.stage("questions", len(past.questions)) as advance:
        impacts = impacts_of(
            past.questions,
            before,
            after,
            product,
            today,
            guides.difference,
            fallen=frozenset(answer.guide_id for answer in falling),
            left_out=past.left_out,
            advance=advance,
        )
    return Review(
        before=before,
        after=after,
        difference=guides.difference,
        doubts=doubts,
        contradictions=contradictions,
        lags=guides.lags(),
        stale=stale_guides(guides.changed, today),
        falling=falling,
        given=given,
        impacts=impacts,
    )
