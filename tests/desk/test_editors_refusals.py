"""What the readers say is said in the page's language."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from civic_assistant.desk.editors.refusals import told, told_refusal
from civic_assistant.errors import DocumentRefused

INGEST = Path(__file__).parents[2] / "ingest"
OTHERS = (
    *("national.py", "npm.py", "zipped.py", "service_public", "kept_documents.py"),
    "checkout.py",
)
"""What says nothing of a document that an editor sends."""
NAMES = {"reason", "remedy", "title_remedy", "_REMEDY"}


def sentences() -> Iterator[tuple[str, str]]:
    """Yield (place, a sentence as a reader would say it) of every refusal in the code."""
    for path in sorted(INGEST.rglob("*.py")):
        if not any(part in OTHERS for part in path.relative_to(INGEST).parts):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            constants = {
                str(target.id): node.value.value
                for node in tree.body
                if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
                for target in node.targets
                if isinstance(target, ast.Name)
            }
            for node in ast.walk(tree):
                for value in said(node):
                    for text in spelled(value, constants):
                        yield f"{path.relative_to(INGEST)}:{value.lineno}", text


def said(node: ast.AST) -> Iterator[ast.expr]:
    """Yield what a node says of a document."""
    match node:
        case ast.Call(func=ast.Name(id="DocumentRefused"), args=[_, reason, remedy]):
            yield from (reason, remedy)
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in NAMES:
            yield value
        case ast.keyword(arg="title_remedy", value=value):
            yield value


def spelled(value: ast.expr, constants: Mapping[str, object]) -> Iterator[str]:
    """Yield the words of a literal, with what it is filled with made up."""
    match value:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            words = []
            for part in parts:
                match part:
                    case ast.Constant(value=str(text)):
                        words.append(text)
                    case ast.FormattedValue(value=ast.Name(id=name)) if name in constants:
                        words.append(str(constants[name]))
                    case ast.FormattedValue(value=ast.Name(id="GUIDE_FILE")):
                        words.append("guide.toml")
                    case _:
                        words.append("7")
            yield "".join(words)


HALVES = {
    "its text has 7 characters in 7 paragraphs, items and rows; ",
    "it has 7 MB; at most 7 MB",
    "7 are read.",
    "7; it may be damaged.",
    "byte 7 is not UTF-87.",
}
"""Sentences that are put together from two; the tests below say them whole."""


def test_every_refusal_of_a_reader_is_there_in_french() -> None:
    found = {text: place for place, text in sentences() if text not in HALVES}
    assert len(found) > 60
    missing = {place: text for text, place in found.items() if told(text, "fr").language != "fr"}
    assert missing == {}


@pytest.mark.parametrize(
    ("english", "french"),
    [
        ("it has 61 MB; at most 50 MB are read.", "il fait 61 Mo ; 50 Mo au plus sont lus."),
        ("it has 40 kB; at most 32 kB are read.", "il fait 40 ko ; 32 ko au plus sont lus."),
        ("it has 501 pages; at most 500 are read.", "il a 501 pages ; 500 au plus sont lues."),
        (
            "its text has 900 characters in 7 paragraphs, items and rows; at most 8 in 9 are read.",
            "son texte a 900 caractères en 7 paragraphes, points et lignes ; 8 en 9 au plus "
            "sont lus.",
        ),
        (
            "byte 3 is not UTF-8; it looks like cp1252.",
            "l’octet 3 n’est pas de l’UTF-8 ; cela ressemble à cp1252.",
        ),
        (
            "its reader broke down (SIGSEGV); it may be damaged.",
            "sa lecture s’est interrompue (SIGSEGV) ; il est peut-être abîmé.",
        ),
        (
            "Page 3 is a picture without text; run text recognition (OCR) on it.",
            "La page 3 est une image sans texte ; passez-la à la reconnaissance de texte (OCR).",
        ),
    ],
)
def test_values_stand_in_the_translated_sentence(english: str, french: str) -> None:
    assert told(english, "fr").text == french
    assert told(english, "en").text == english


def test_what_nobody_translated_is_shown_in_english_and_marked_so() -> None:
    refusal = told_refusal(DocumentRefused("a/fr.md", "it is purple.", "Publish again."), "fr")
    assert (refusal.reason, refusal.remedy, refusal.language) == (
        "it is purple.",
        "Publish again.",
        "en",
    )


def test_braces_in_a_document_are_no_placeholders() -> None:
    said = told("{0.__class__} files are not read.", "fr")
    assert said.text == "les fichiers {0.__class__} ne sont pas lus."
