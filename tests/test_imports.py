"""Who may import whom: the product never imports what publishes or measures it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LIBRARIES = {
    "chromadb": {"vectors.py"},
    "bm25s": {"keywords.py"},
    "argon2": {"desk"},
    "authlib": {"desk"},
    "chainlit": {"chat", "server.py"},
    "sentence_transformers": {"embedding_full.py"},
    "torch": {"embedding_full.py"},
    "onnxruntime": {"embedding_light.py", "light_model.py", "onnx_graph.py"},
    "llama_index": {"embedding.py", "vectors.py", "language_model"},
    "openai": {"language_model"},
    "psycopg": {"handoff"},
    "holidays": {"handoff"},
    "scipy": {"gaps"},
}


def imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return {name.split(".")[0] for name in names}


def modules(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def test_the_product_imports_neither_ingest_nor_evals_but_for_the_editors_pages() -> None:
    editors = ROOT / "src" / "civic_assistant" / "desk" / "editors"
    for path in modules("src/civic_assistant"):
        allowed = {"ingest"} if editors in path.parents else set()
        assert not imports(path) & {"ingest", "evals"} - allowed, path


def test_ingest_does_not_import_evals() -> None:
    for path in modules("ingest"):
        assert "evals" not in imports(path), path


@pytest.mark.parametrize(("library", "homes"), LIBRARIES.items())
def test_a_library_stays_in_the_module_that_talks_to_it(library: str, homes: set[str]) -> None:
    package = ROOT / "src" / "civic_assistant"
    users = {
        path.relative_to(package).parts[0]
        for path in modules("src/civic_assistant")
        if library in imports(path)
    }
    assert users <= homes
