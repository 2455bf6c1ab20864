import gzip
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from civic_assistant.centring import generic_questions
from civic_assistant.choosing import load_chooser
from civic_assistant.embedding import Embedding
from civic_assistant.errors import SourceError
from civic_assistant.reading import open_reader
from civic_assistant.settings import Settings
from evals.figures import figures
from evals.omos import ask_pages, omos_measures, read_omos, score_omos
from evals.page_reader import PageEmbedding, PageReader

PAGE = """Schwimmbad
Das Bad ist montags geschlossen.
Eine Karte kostet 4 Euro.
Hunde bleiben draussen."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = [
        {"id": 1, "question": "Was kostet eine Karte?", "answers": [2]},
        {"id": 2, "question": "Wann ist das Bad zu?", "answers": [1, 2]},
        {"id": 3, "question": "Gibt es eine Sauna?", "answers": []},
        {"id": 4, "question": "Wie tief ist das Becken?", "answers": []},
    ]
    lines = [json.dumps({**row, "context": PAGE, "language": "de", "city": "x"}) for row in rows]
    with gzip.open(tmp_path / "dev_de.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write("\n".join(lines))
    return tmp_path


def always_price(question: str, language: str, sentences: Sequence[str]) -> list[int]:
    assert sentences[2] == "Eine Karte kostet 4 Euro."
    return [] if "Sauna" in question else [2]


def test_figures_are_the_papers(folder: Path) -> None:
    scored = score_omos(ask_pages(read_omos(folder), always_price))
    got = {
        f.measure.key: f.interval.value for f in figures(scored, list(omos_measures(scored)), 50)
    }
    # Precision 1, 1, 1 (nothing chosen), 0; recall 1, 1/2, 1 and 1 (no answer to find).
    precision, recall = 3 / 4, 3.5 / 4
    assert got == pytest.approx(
        {
            "de.sentence_precision": precision,
            "de.sentence_recall": recall,
            "de.sentence_f1": 2 * precision * recall / (precision + recall),
            "de.no_answer_precision": 1.0,
            "de.no_answer_recall": 0.5,
            "de.no_answer_f1": 2 / 3,
        }
    )


def test_a_folder_without_the_data_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"holds no dev_<language>"):
        read_omos(tmp_path)


def test_reader_chooses_the_sentence_that_answers(
    folder: Path, embedder: Embedding, light_settings: Settings
) -> None:
    pages = PageEmbedding(embedder, {"de": generic_questions()["de"]})
    reader = PageReader(pages, load_chooser(), open_reader(light_settings))
    price, _, sauna, _ = read_omos(folder)
    choice = reader.choice(price.question, "de", price.sentences)
    assert choice.lines.argmax() == 2
    assert 2 in reader(price.question, "de", price.sentences)
    assert reader(sauna.question, "de", sauna.sentences) == []
