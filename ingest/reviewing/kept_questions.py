"""That no test question of the town gets worse by a publish, where that is asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from civic_assistant.catalogue import open_catalogue
from civic_assistant.errors import QuestionsWorse
from ingest.progress import Progress
from ingest.reviewing.asking_product import asking_product
from ingest.reviewing.differences import edition_difference
from ingest.reviewing.impact import Impact, impacts_of
from ingest.reviewing.past_questions import PastQuestion
from ingest.reviewing.town_questions import load_questions

if TYPE_CHECKING:
    from civic_assistant.embedding import Embedding
    from civic_assistant.settings import Settings


def keep_questions(
    base: int | None,
    edition: int,
    settings: Settings,
    embedding: Embedding,
    progress: Progress,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> None:
    """See that every test question answered rightly on ``base`` is so on ``edition``.

    Nothing is asked where there is no edition before, or the town has no test questions.

    Raises:
        QuestionsWorse: names those that would get worse.
        SourceError: the test questions cannot be read.
    """
    tests = load_questions(settings.corpus_folder)
    if base is None or not tests:
        return
    catalogue = open_catalogue(settings.index_folder)
    difference = edition_difference(
        catalogue.entries(base), catalogue.entries(edition), catalogue.guide
    )
    questions = [PastQuestion("test", test.question, test.language, test) for test in tests]
    with (
        asking_product(settings, embedding, clock) as product,
        progress.stage("test questions", len(questions)) as advance,
    ):
        today = clock().date()
        impacts = impacts_of(questions, base, edition, product, today, difference, advance=advance)
    refuse_worse(edition, impacts.worse)


def refuse_worse(edition: int, worse: Sequence[Impact]) -> None:
    """Raise `QuestionsWorse` when there are test questions that get worse."""
    if worse:
        raise QuestionsWorse(edition, [(one.question, one.after.told()) for one in worse])
