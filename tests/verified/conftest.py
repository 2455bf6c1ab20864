"""A town of two guides that a test may edit and publish again, and verified answers over it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from civic_assistant.assembly import Product, assemble
from civic_assistant.embedding import Embedding
from civic_assistant.guides import Passage
from civic_assistant.outcomes import Outcome
from civic_assistant.settings import Settings
from civic_assistant.turns import Question, Turn
from civic_assistant.verified.answers import VerifiedAnswer
from civic_assistant.verified.preview import preview
from civic_assistant.verified.store import VerifiedAnswers
from ingest.folder import FolderSource
from ingest.progress import Progress
from ingest.publish import publish
from tests.store.conftest import engine, postgresql_url, sqlite_engine, sqlite_url, url

__all__ = ["engine", "postgresql_url", "sqlite_engine", "sqlite_url", "url"]

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
PRICE = "L'emplacement coûte 12 € par jour. Le paiement se fait à la régie, au 01 23 45 67 89."
QUESTION = "Combien coûte un emplacement au marché ?"
REPLY = "Un emplacement coûte 12 € par jour.\n\nVous payez à la régie."


def write_guide(folder: Path, name: str, text: str, extra: str = "") -> None:
    (folder / name).mkdir(parents=True, exist_ok=True)
    toml = f'id = "{name}"\ndepartment = "Commerce"\n{extra}'
    (folder / name / "guide.toml").write_text(toml, encoding="utf-8")
    (folder / name / "fr.md").write_text(f"# {name.title()}\n\n{text}", encoding="utf-8")


@dataclass
class Market:
    """A town with guides on the market and on dogs."""

    folder: Path
    settings: Settings
    embedder: Embedding
    now: datetime = NOW

    def publish(self) -> None:
        source = FolderSource(self.folder, "town")
        publish(source, self.settings, self.embedder, Progress(visible=False))

    def rewrite(self, price: str, extra: str = "") -> None:
        """Write the market's guide anew and publish it."""
        write_guide(
            self.folder, "marche", f"## Tarifs\n\n{price}\n\n## Délais\n\nUn mois.\n", extra
        )
        self.publish()

    def open(self) -> Product:
        return assemble(self.settings, self.embedder, clock=lambda: self.now)


@dataclass
class Shop:
    """The product over the market, and its verified answers."""

    market: Market
    product: Product

    @property
    def kept(self) -> VerifiedAnswers:
        return VerifiedAnswers(self.product.records)

    def passage(self, words: str = "12 €") -> Passage:
        index = self.product.index
        live = index.live()
        entries = live.guides.values()
        return next(p for e in entries for p in index.passages_of(e) if words in p.text)

    def verify(
        self,
        *wordings: tuple[str, str],
        text: str = REPLY,
        language: str = "fr",
        words: str = "12 €",
        ends_on: date | None = None,
    ) -> VerifiedAnswer:
        """Make a reply a verified answer, resting on the passage with these words."""
        seen = preview(
            text,
            language,
            wordings or ((QUESTION, "fr"),),
            [self.passage(words).id],
            ends_on,
            self.product.index,
            self.market.now.date(),
        )
        return self.kept.make(
            seen.proposal,
            desk="Accueil",
            author="Awa D.",
            has_doubts=bool(seen.doubtful),
            now=self.market.now,
        )

    def ask(self, text: str = QUESTION, **given: object) -> Turn:
        return self.product.assistant.answer(Question(text, **given))  # type: ignore[arg-type]

    def outcome(self, text: str = QUESTION, **given: object) -> Outcome:
        return self.ask(text, **given).outcome


@pytest.fixture
def open_shop(tmp_path: Path, embedder: Embedding) -> Iterator[Callable[[str], Shop]]:
    """Return a way to open the market's product with a database."""
    shops: list[Shop] = []

    def opened(database: str) -> Shop:
        folder = tmp_path / "guides"
        settings = Settings(
            embedding="light",
            corpus_folder=folder,
            index_folder=tmp_path / "index",
            database_url=SecretStr(database),
            questions_per_minute=600,
        )
        market = Market(folder, settings, embedder)
        dogs = "## Règles\n\nLes chiens sont tenus en laisse au marché.\n"
        write_guide(folder, "chiens", dogs)
        market.rewrite(PRICE)
        shops.append(Shop(market, market.open()))
        return shops[-1]

    yield opened
    for shop in shops:
        shop.product.records.dispose()


@pytest.fixture
def shop(open_shop: Callable[[str], Shop], sqlite_url: str) -> Shop:
    return open_shop(sqlite_url)
