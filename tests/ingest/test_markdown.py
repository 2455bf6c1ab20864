"""Markdown guides: title, introduction, sections, lists, tables, situations, anchors."""

import pytest

from civic_assistant.errors import DocumentRefused
from ingest.documents import ParsedDocument
from ingest.readers.markdown import read_markdown

GUIDE = """# Carte de *bibliothèque*

La médiathèque prête
des livres.

Elle est ouverte à tous.

## Tarifs {#prix}

| Public | Prix |
|---|---|
| Habitant | **12 €** |
| Extérieur | 24 € |

### Situation : moins de 26 ans

C'est [gratuit](https://www.vaubreuil.example) <!-- jusqu'ici -->.

## Pièces à fournir

Il faut :

- une photo ;
- un justificatif
  de domicile :
    1. facture d'eau ;
    2. quittance.

  L'original suffit.
- <b>rien</b> d'autre.

> Une copie est gardée.

## Tarifs

Fin.
"""


def read(text: str) -> ParsedDocument:
    return read_markdown(text.encode(), "carte/fr.md", "fr")


def outline(parsed: ParsedDocument) -> list[tuple[object, ...]]:
    return [(s.path, s.situation, s.anchor) for s in parsed.sections]


def blocks(parsed: ParsedDocument, section: int) -> list[tuple[str, int, str]]:
    found = parsed.sections[section]
    return [(b.kind, b.level, found.text[b.start : b.end]) for b in found.blocks]


def test_title_and_introduction_stand_before_the_sections() -> None:
    parsed = read(GUIDE)
    assert parsed.title == "Carte de bibliothèque"
    assert parsed.description == "La médiathèque prête des livres."
    assert parsed.sections[0].text == "La médiathèque prête des livres.\nElle est ouverte à tous."


def test_headings_become_sections_with_situations_and_anchors() -> None:
    assert outline(read(GUIDE)) == [
        ((), (), None),
        (("Tarifs",), (), "prix"),
        (("Tarifs",), ("moins de 26 ans",), "situation-moins-de-26-ans"),
        (("Pièces à fournir",), (), "pièces-à-fournir"),
        (("Tarifs",), (), "tarifs"),
    ]


def test_tables_become_a_header_and_rows() -> None:
    assert blocks(read(GUIDE), 1) == [
        ("header", 0, "Public | Prix"),
        ("row", 0, "Habitant | 12 €"),
        ("row", 0, "Extérieur | 24 €"),
    ]


def test_links_keep_their_words_and_comments_go() -> None:
    assert read(GUIDE).sections[2].text == "C'est gratuit ."


def test_lists_keep_their_depth_and_order() -> None:
    assert blocks(read(GUIDE), 3) == [
        ("paragraph", 0, "Il faut :"),
        ("item", 0, "une photo ;"),
        ("item", 0, "un justificatif de domicile :"),
        ("item", 1, "facture d'eau ;"),
        ("item", 1, "quittance."),
        ("item", 0, "L'original suffit."),
        ("item", 0, "rien d'autre."),
        ("paragraph", 0, "Une copie est gardée."),
    ]


def test_scripts_in_html_blocks_are_never_text() -> None:
    parsed = read("# Guide\n\n<div><script>alert(1)</script>Ouvert le lundi.</div>\n")
    assert parsed.sections[0].text == "Ouvert le lundi."


@pytest.mark.parametrize(
    ("text", "reason"),
    [("Du texte sans titre.", "no title"), ("# Titre seul", "no text"), ("## Deux\n\nx", "title")],
)
def test_a_guide_without_title_or_text_is_refused(text: str, reason: str) -> None:
    with pytest.raises(DocumentRefused, match=reason):
        read(text)


UNSEEN = (
    'style="display : none"',
    "hidden",
    'aria-hidden="true"',
    'style="font-size:0px"',
    'style="opacity: 0"',
    'style="position:absolute; left:-9999px"',
)


@pytest.mark.parametrize("attributes", UNSEEN)
def test_what_html_hides_within_a_paragraph_is_no_part_of_the_guide(attributes: str) -> None:
    unseen = f"<span {attributes}>ne coûte *rien*,<br>il</span>"
    text = f"Le badge coûte <b>5 €</b>.<br>Il {unseen} dure un an."
    parsed = read(f"# Badge\n\n{text}\n\n<div {attributes}>Il est gratuit.</div>\n")
    assert parsed.sections[0].text == "Le badge coûte 5 €. Il dure un an."
    assert "“ne coûte rien, il”" in parsed.warnings[0]


def test_what_is_shown_small_or_pale_stays() -> None:
    text = '<span style="font-size:0.8em; opacity:0.6; left:-2px">Sauf le lundi.</span>'
    parsed = read(f"# Badge\n\nOuvert. {text}\n")
    assert parsed.sections[0].text == "Ouvert. Sauf le lundi."
    assert parsed.warnings == ()


@pytest.mark.parametrize("attributes", UNSEEN)
def test_paragraphs_hidden_together_are_refused_by_the_document_s_name(attributes: str) -> None:
    with pytest.raises(DocumentRefused, match=r"carte/fr\.md.*hides paragraphs"):
        read(f"# Badge\n\nOuvert.\n\n<div {attributes}>\n\nIl est gratuit.\n\n</div>\n")


def test_signs_that_html_would_read_stay_as_they_are_written() -> None:
    parsed = read("# Badge\n\nSi revenu < 1 000 € & enfant, *<b>2 €</b>* sinon `a<b`.\n")
    assert parsed.sections[0].text == "Si revenu < 1 000 € & enfant, 2 € sinon a<b."
