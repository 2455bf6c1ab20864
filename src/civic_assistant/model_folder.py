"""Build the folder of the embedding model that sentence-transformers opens; torch is not needed."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from civic_assistant.adaptation import is_current, write_base
from civic_assistant.errors import SettingsError
from civic_assistant.model_tokenizer import (
    BEGIN,
    END,
    MASK,
    MAX_TOKENS,
    PAD,
    UNKNOWN,
    build_tokenizer,
)
from civic_assistant.packed_model import Floats, PackedModel, Shape, packed_model_path
from civic_assistant.settings import Settings

DEFAULT_MODEL = "multilingual-e5-small"
LIGHT_SUFFIX = "-light"
WEIGHTS = "model.safetensors"
PROMPTS = {"query": "query: ", "passage": "passage: ", "document": "passage: "}


def model_folder(settings: Settings) -> Path:
    """Return the folder that ``settings`` mean: a path as it is, a name under the models folder."""
    named = Path(settings.embedding_model)
    folder = named if named.is_dir() else settings.models_folder / named
    if settings.embedding == "light":
        return folder.with_name(folder.name + LIGHT_SUFFIX)
    return folder


def light_folder(settings: Settings) -> Path:
    """Return the folder of the packed model's graphs, one of which reads pairs in both modes."""
    return settings.models_folder / (DEFAULT_MODEL + LIGHT_SUFFIX)


def ensure_models(settings: Settings) -> Path:
    """Return the folder of the model that ``settings`` ask for; build it when missing or outdated.

    So is the folder of the graph that reads pairs.

    Raises:
        SettingsError: the folder is missing and is not the one this program can build.
    """
    from civic_assistant.light_model import build_light_model

    folder = model_folder(settings)
    light = light_folder(settings)
    is_own = settings.embedding_model == DEFAULT_MODEL
    for built in {light, folder} if is_own else {light}:
        if built.is_dir() and not is_current(built):  # an earlier version of the program built it
            shutil.rmtree(built)
    build_light_model(light)
    if is_own and settings.embedding == "full":
        build_full_model(folder)
    elif not folder.is_dir():
        raise SettingsError(
            f"setting 'embedding_model': no folder {str(folder)!r}; put a sentence-transformers "
            f"folder there, or set {DEFAULT_MODEL!r}, which `civic-assistant model` builds"
        )
    return folder


def build_full_model(target: Path) -> None:
    """Write a sentence-transformers folder (471 MB) to ``target``; nothing to do if it is there."""
    if target.exists():
        return
    model = PackedModel(packed_model_path())
    with new_folder(target) as folder:
        save_file(_tensors(model), folder / WEIGHTS, metadata={"format": "pt"})
        build_tokenizer(model.pieces).save(str(folder / "tokenizer.json"))
        _write_configuration(folder, model.shape)
        write_prompts(folder)
        write_base(folder)


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """Yield an empty folder that becomes ``target`` on leaving; an error leaves nothing."""
    target.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}-"))
    try:
        yield folder
        _readable_by_all(folder)
        try:
            folder.rename(target)
        except OSError:
            if not target.is_dir():  # another process may have built the same folder meanwhile
                raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write_json(path: Path, content: object) -> None:
    """Write ``content`` to ``path``, making the folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False), encoding="utf-8")


def write_prompts(folder: Path) -> None:
    """Write what both modes read: the prefixes of the two roles and the longest text in tokens."""
    write_json(
        folder / "config_sentence_transformers.json",
        {"prompts": PROMPTS, "default_prompt_name": None, "similarity_fn_name": "cosine"},
    )
    write_json(
        folder / "sentence_bert_config.json",
        {"max_seq_length": MAX_TOKENS, "do_lower_case": False},
    )


def _tensors(model: PackedModel) -> dict[str, Floats]:
    shape = model.shape
    hidden, feed_forward = shape.hidden, shape.feed_forward
    token_types = np.zeros((shape.token_types, hidden), np.float32)
    kept = model.vector("emb.type").reshape(-1, hidden)
    token_types[: len(kept)] = kept
    tensors = {
        "embeddings.word_embeddings.weight": model.matrix("emb.word", shape.vocabulary),
        "embeddings.position_embeddings.weight": model.matrix("emb.pos", shape.positions),
        "embeddings.token_type_embeddings.weight": token_types,
        "embeddings.LayerNorm.weight": model.vector("emb.ln.w"),
        "embeddings.LayerNorm.bias": model.vector("emb.ln.b"),
        # Mean pooling leaves the pooler unused; without it the loader warns of missing weights.
        "pooler.dense.weight": np.zeros((hidden, hidden), np.float32),
        "pooler.dense.bias": np.zeros(hidden, np.float32),
    }
    dense = (
        ("attention.self.query", "q", hidden),
        ("attention.self.key", "k", hidden),
        ("attention.self.value", "v", hidden),
        ("attention.output.dense", "ao", hidden),
        ("intermediate.dense", "fi", feed_forward),
        ("output.dense", "fo", hidden),
    )
    norms = (("attention.output.LayerNorm", "aln"), ("output.LayerNorm", "oln"))
    for layer in range(shape.layers):
        prefix = f"encoder.layer.{layer}."
        for name, short, rows in dense:
            tensors[f"{prefix}{name}.weight"] = model.matrix(f"l{layer}.{short}.w", rows)
            tensors[f"{prefix}{name}.bias"] = model.vector(f"l{layer}.{short}.b")
        for name, short in norms:
            tensors[f"{prefix}{name}.weight"] = model.vector(f"l{layer}.{short}.w")
            tensors[f"{prefix}{name}.bias"] = model.vector(f"l{layer}.{short}.b")
    return {name: np.ascontiguousarray(tensor) for name, tensor in tensors.items()}


def _write_configuration(folder: Path, shape: Shape) -> None:
    write_json(
        folder / "config.json",
        {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_size": shape.hidden,
            "num_hidden_layers": shape.layers,
            "num_attention_heads": shape.heads,
            "intermediate_size": shape.feed_forward,
            "vocab_size": shape.vocabulary,
            "max_position_embeddings": shape.positions,
            "type_vocab_size": shape.token_types,
            "layer_norm_eps": shape.epsilon,
            "hidden_act": "gelu",
            "hidden_dropout_prob": 0.1,
            "attention_probs_dropout_prob": 0.1,
            "initializer_range": 0.02,
            "pad_token_id": 0,  # BERT's, as published with e5; the tokenizer's own padding is 1
            "position_embedding_type": "absolute",
            "torch_dtype": "float32",
            "tokenizer_class": "XLMRobertaTokenizer",
        },
    )
    module = "sentence_transformers.models"
    write_json(
        folder / "modules.json",
        [
            {"idx": 0, "name": "0", "path": "", "type": f"{module}.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": f"{module}.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": f"{module}.Normalize"},
        ],
    )
    (folder / "2_Normalize").mkdir()
    write_json(
        folder / "1_Pooling" / "config.json",
        {"word_embedding_dimension": shape.hidden, "pooling_mode_mean_tokens": True},
    )
    special = {
        "bos_token": BEGIN,
        "cls_token": BEGIN,
        "eos_token": END,
        "sep_token": END,
        "pad_token": PAD,
        "unk_token": UNKNOWN,
        "mask_token": MASK,
    }
    write_json(folder / "special_tokens_map.json", special)
    write_json(
        folder / "tokenizer_config.json",
        {
            "tokenizer_class": "PreTrainedTokenizerFast",
            **special,
            "model_max_length": MAX_TOKENS,
            "padding_side": "right",
            "clean_up_tokenization_spaces": False,
            "model_input_names": ["input_ids", "attention_mask"],
        },
    )


def _readable_by_all(folder: Path) -> None:
    """The program often serves under another account than the one that built its models."""
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
