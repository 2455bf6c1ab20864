"""PDF guides: title, headings, columns, lists, tables, pages; and those that cannot be read."""

import io

import pytest
from pypdf import PdfReader, PdfWriter
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import PageBreak

from civic_assistant.errors import DocumentRefused
from civic_assistant.guides import Section
from ingest.documents import ParsedDocument
from ingest.readers.pdf import read_pdf
from tests.ingest.pdf_pages import blank_pdf, bullets, heading, pdf_of, prose, table

WATER = "L'eau consommée en plus est facturée au compteur par le service des espaces verts. "


def read(content: bytes) -> ParsedDocument:
    return read_pdf(content, "jardin/fr.pdf", "fr")


def blocks(section: Section) -> list[tuple[str, str]]:
    return [(block.kind, section.text[block.start : block.end]) for block in section.blocks]


def test_title_headings_and_prose() -> None:
    parsed = read(
        pdf_of(
            heading("Louer un jardin", 1),
            prose("La Ville loue des jardins."),
            heading("Qui est concerné ?"),
            prose(WATER * 4),
            heading("Situation : vous êtes retraité", 3),
            prose("Le loyer est réduit de 8 h 30 à 12 h."),
        )
    )
    assert (parsed.title, parsed.description) == ("Louer un jardin", "La Ville loue des jardins.")
    assert [(s.path, s.situation, s.page, s.topic) for s in parsed.sections[1:]] == [
        (("Qui est concerné ?",), (), 1, "who"),
        (("Qui est concerné ?",), ("vous êtes retraité",), 1, "who"),
    ]
    assert parsed.sections[1].text == (WATER * 4).strip()


def test_the_title_of_the_metadata_counts_only_when_the_page_shows_it() -> None:
    story = [heading("Grand titre", 1), heading("Petit titre", 2), prose(WATER)]
    assert read(pdf_of(*story, title="Microsoft Word - brouillon.doc")).title == "Grand titre"
    assert read(pdf_of(*story, title="Petit titre")).title == "Petit titre"
    assert read(pdf_of(prose("Texte."), title="Seul titre")).title == "Seul titre"


def test_two_columns_are_read_one_after_the_other() -> None:
    left = [f"Colonne un, phrase {n} : {WATER}" for n in range(9)]
    right = [f"Colonne deux, phrase {n} : {WATER}" for n in range(9)]
    story = [heading("Jardins", 1), *map(prose, left), heading("Règles"), *map(prose, right)]
    parsed = read(pdf_of(*story, columns=2))
    assert parsed.sections[0].text == "\n".join(text.strip() for text in left)
    text = " ".join(section.text for section in parsed.sections[1:])
    assert [text.index(f"deux, phrase {n}") for n in range(9)] == sorted(
        text.index(f"deux, phrase {n}") for n in range(9)
    )


def test_lists_are_items_under_their_introduction() -> None:
    parsed = read(
        pdf_of(
            heading("Jardins", 1),
            heading("Pièces à fournir"),
            prose("Apportez :"),
            bullets("une photo ;", f"un justificatif qui tient sur deux lignes : {WATER}", "rien."),
            prose("Une copie suffit."),
        )
    )
    assert blocks(parsed.sections[0]) == [
        ("paragraph", "Apportez :"),
        ("item", "une photo ;"),
        ("item", f"un justificatif qui tient sur deux lignes : {WATER}".strip()),
        ("item", "rien."),
        ("paragraph", "Une copie suffit."),
    ]


@pytest.mark.parametrize("ruled", [True, False])
def test_a_table_of_fees_is_rows_with_a_header(ruled: bool) -> None:
    rows = [
        ["<b>Parcelle</b>", "<b>Habitant</b>", "<b>Hors commune</b>"],
        ["Petite, jusqu'à 100 m²", "48 €", "96 €"],
        ["Grande, de 100 à 200 m², avec cabanon et arrivée d'eau", "1 234,50 €", "Gratuit"],
        ["Surélevée", "20 €", "40 €"],
    ]
    fees = table(rows, ruled=ruled, widths=[170, 110, 110])
    parsed = read(
        pdf_of(heading("Jardins", 1), heading("Tarifs"), prose("Prix :"), fees, prose(WATER * 2))
    )
    assert blocks(parsed.sections[0]) == [
        ("paragraph", "Prix :"),
        ("header", "Parcelle | Habitant | Hors commune"),
        ("row", "Petite, jusqu'à 100 m² | 48 € | 96 €"),
        (
            "row",
            "Grande, de 100 à 200 m², avec cabanon et arrivée d'eau | 1 234,50 € | Gratuit",
        ),
        ("row", "Surélevée | 20 € | 40 €"),
        ("paragraph", (WATER * 2).strip()),
    ]


def test_running_heads_and_page_numbers_are_left_out() -> None:
    parsed = read(
        pdf_of(
            heading("Jardins", 1),
            heading("Tarifs"),
            prose(WATER),
            PageBreak(),
            heading("Délais"),
            prose(WATER),
            head="Ville de Vaubreuil",
        )
    )
    assert [(s.heading, s.page, s.text) for s in parsed.sections] == [
        ("Tarifs", 1, WATER.strip()),
        ("Délais", 2, WATER.strip()),
    ]


def lines_pdf(*lines: str) -> bytes:
    written = io.BytesIO()
    canvas = Canvas(written, pagesize=A4)
    canvas.setFont("Helvetica-Bold", 20)
    canvas.drawString(60, 780, "Jardins")
    canvas.setFont("Helvetica", 11)
    for number, line in enumerate(lines):
        canvas.drawString(60, 740 - 14 * number, line)
    canvas.acroForm.textfield(name="Demandeur", value="Ada", x=60, y=300, width=200, height=20)
    canvas.save()
    return written.getvalue()


def test_words_cut_at_line_ends_are_put_together() -> None:
    parsed = read(
        lines_pdf(
            "La ville vend des compos-",
            "teurs en bois à prendre sur rendez-",
            "vous, aux ateliers muni-",
            "cipaux.",
        )
    )
    assert parsed.sections[0].text.split("\n")[0] == (
        "La ville vend des composteurs en bois à prendre sur rendez-vous, aux ateliers municipaux."
    )


def test_two_words_far_apart_on_the_last_line_are_no_table() -> None:
    parsed = read(lines_pdf("La parcelle se loue à l'année.", "Le maire" + " " * 60 + "Le préfet"))
    assert [block.kind for block in parsed.sections[0].blocks][:2] == ["paragraph", "paragraph"]


def test_filled_form_fields_are_read() -> None:
    assert "Demandeur: Ada" in read(lines_pdf("Texte.")).sections[-1].text


def test_the_outline_gives_headings_their_level() -> None:
    content = pdf_of(
        heading("Jardins", 1), heading("Tarifs"), prose("Un."), heading("Eau"), prose("Deux.")
    )
    writer = PdfWriter(clone_from=io.BytesIO(content))
    fees = writer.add_outline_item(title="Tarifs", page_number=0)
    writer.add_outline_item(title="Eau", page_number=0, parent=fees)
    written = io.BytesIO()
    writer.write(written)
    parsed = read(written.getvalue())
    assert [section.path for section in parsed.sections] == [("Tarifs",), ("Tarifs", "Eau")]


def test_a_scanned_page_is_reported_by_its_number() -> None:
    writer = PdfWriter()
    for content in [pdf_of(heading("Jardins", 1), prose("Texte.")), blank_pdf(pictures=True)]:
        writer.append(io.BytesIO(content))
    written = io.BytesIO()
    writer.write(written)
    (warning,) = read(written.getvalue()).warnings
    assert warning.startswith("Page 2 is a picture without text")


def encrypted(content: bytes, password: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    writer.encrypt(password, owner_password="owner", algorithm="RC4-128")
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


GOOD = pdf_of(heading("Jardins", 1), prose("Texte."))


def test_a_pdf_that_only_forbids_changes_is_read() -> None:
    assert read(encrypted(GOOD, "")).title == "Jardins"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (GOOD[: len(GOOD) // 2], "truncated"),
        (b"%PDF-1.4\n" + b"rien\n" * 50 + b"%%EOF", "damaged"),
        (b"<html></html>", "no PDF"),
        (encrypted(GOOD, "secret"), "encrypted"),
        (blank_pdf(3, pictures=True), "none of its 3 pages has text"),
        (blank_pdf(501), "501 pages; at most 500"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(content: bytes, reason: str) -> None:
    with pytest.raises(DocumentRefused, match=reason):
        read(content)
