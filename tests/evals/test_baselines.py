import shutil
from pathlib import Path

import pytest

from civic_assistant.embedding import Embedding
from civic_assistant.index import open_index
from civic_assistant.settings import Settings
from evals.baselines import NAMES, Baselines
from ingest.folder import FolderSource
from ingest.progress import Progress
from ingest.publish import publish

CORPUS = Path(__file__).parent.parent.parent / "corpus"


@pytest.fixture(scope="module")
def baselines(embedder: Embedding, tmp_path_factory: pytest.TempPathFactory) -> Baselines:
    folder = tmp_path_factory.mktemp("three-guides")
    for guide in ("composteur", "objets-trouves", "bruit-voisinage"):
        (folder / "corpus" / guide).mkdir(parents=True)
        for document in ("guide.toml", "fr.md"):
            shutil.copy(CORPUS / guide / document, folder / "corpus" / guide)
    settings = Settings(embedding="light", index_folder=folder / "index")
    publish(FolderSource(folder / "corpus"), settings, embedder, Progress(visible=False))
    return Baselines(open_index(settings, embedder), embedder, "fr", folder / "cache")


def test_each_baseline_ranks_guides_and_finds_the_plain_one(baselines: Baselines) -> None:
    ranked = baselines.rank("j'ai perdu mes clés, où sont les objets trouvés ?", "fr")
    assert tuple(ranked) == NAMES
    assert {name: guides[0] for name, guides in ranked.items()} == dict.fromkeys(
        NAMES, "objets-trouves"
    )


def test_words_of_a_language_without_guides_are_sought_in_the_towns(baselines: Baselines) -> None:
    assert baselines.rank("composteur", "tr")["bm25"][0] == "composteur"
