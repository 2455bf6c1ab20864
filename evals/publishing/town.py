"""A town hall for one run: its corpus folder, its index, its database and its verified answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import Engine

from civic_assistant.assembly import open_records
from civic_assistant.catalogue import Catalogue, open_catalogue
from civic_assistant.model_folder import ensure_models
from civic_assistant.settings import Settings, load_settings
from civic_assistant.verified.answers import Proposal, Support, Wording
from civic_assistant.verified.store import VerifiedAnswers
from evals.publishing.versions import LANGUAGE, STANDING

CHECKED_QUESTION = "Comment faire certifier ma signature avant vendredi ?"
"""The wording of the verified answer that rests on the standing guide."""
_FALLING_GUIDE = "cantine-scolaire"


@dataclass(frozen=True, slots=True)
class Town:
    """Where everything of a run lies; ``environment`` leads the program there."""

    scratch: Path
    settings: Settings

    @property
    def environment(self) -> Mapping[str, str]:
        """The variables under which the program reads and writes here."""
        return {
            "CIVIC_SETTINGS_FILE": str(self.scratch / "none.toml"),
            "CIVIC_DATA_FOLDER": str(self.scratch),
            "CIVIC_CORPUS_FOLDER": str(self.settings.corpus_folder),
            "CIVIC_INDEX_FOLDER": str(self.settings.index_folder),
            "CIVIC_DATABASE_URL": self.settings.database_url.get_secret_value(),
            "CIVIC_EMBEDDING": "light",
            "HF_HUB_OFFLINE": "1",
            "TOKENIZERS_PARALLELISM": "false",
        }

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue of its index, opened anew."""
        return open_catalogue(self.settings.index_folder)

    def records(self) -> Engine:
        """Open its database; to be disposed of."""
        return open_records(self.settings)


def make_town(scratch: Path) -> Town:
    """Make the folders of a run, with the light model that the settings lead to."""
    shipped = load_settings(embedding="light")
    ensure_models(shipped)
    (scratch / "models").symlink_to(shipped.models_folder.resolve())
    corpus = scratch / "corpus"
    corpus.mkdir()
    settings = shipped.model_copy(
        update={
            "data_folder": scratch,
            "corpus_folder": corpus,
            "index_folder": scratch / "index",
            "database_url": SecretStr(f"sqlite:///{scratch / 'records.sqlite'}"),
        }
    )
    return Town(scratch, settings)


def make_verified_answers(town: Town) -> tuple[str, str]:
    """Make two verified answers on the live edition, and return their ids.

    The first rests on the standing guide and stays; the second rests on one that every version
    changes, so that the next publish suspends it.
    """
    records = town.records()
    kept = VerifiedAnswers(records)
    made = [
        _make(kept, town.catalogue, guide, question)
        for guide, question in (
            (STANDING, CHECKED_QUESTION),
            (_FALLING_GUIDE, "Que coûte un repas à la cantine cette semaine ?"),
        )
    ]
    records.dispose()
    return made[0], made[1]


def _make(kept: VerifiedAnswers, catalogue: Catalogue, guide_id: str, question: str) -> str:
    edition = catalogue.live_edition()
    entry = next(e for e in catalogue.entries(edition) if e.guide_id == guide_id)
    passage = next(p for p in catalogue.passages([entry.digest]) if not p.is_card)
    support = Support(
        passage.id, guide_id, LANGUAGE, entry.title, passage.context, passage.text, edition
    )
    proposal = Proposal(passage.text, LANGUAGE, (Wording(question, LANGUAGE),), (support,))
    answer = kept.make(
        proposal, desk="Accueil", author="Awa D.", has_doubts=False, now=datetime.now(UTC)
    )
    return answer.id
