"""Word guides: styles as headings and lists, tables in their place, bombs and old files refused."""

import io
import zipfile

import docx
import pytest
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from civic_assistant.errors import DocumentRefused
from ingest.documents import ParsedDocument
from ingest.readers.docx import read_docx


def saved(word: Document) -> bytes:
    written = io.BytesIO()
    word.save(written)
    return written.getvalue()


def read(word: Document) -> ParsedDocument:
    return read_docx(saved(word), "repas/fr.docx", "fr")


def blocks(parsed: ParsedDocument, section: int) -> list[tuple[str, int, str]]:
    found = parsed.sections[section]
    return [(b.kind, b.level, found.text[b.start : b.end]) for b in found.blocks]


def guide() -> Document:
    word = docx.Document()
    word.add_heading("Portage de repas", 0)
    word.add_paragraph("Le CCAS livre des repas.")
    word.add_heading("Tarifs", 1)
    return word


def test_title_introduction_headings_and_situations() -> None:
    word = guide()
    word.add_paragraph("C'est payant.")
    word.add_heading("Situation : sortie d'hôpital", 2)
    word.add_paragraph("C'est gratuit.")
    parsed = read(word)
    assert (parsed.title, parsed.description) == ("Portage de repas", "Le CCAS livre des repas.")
    assert [(s.path, s.situation, s.topic) for s in parsed.sections[1:]] == [
        (("Tarifs",), (), "cost"),
        (("Tarifs",), ("sortie d'hôpital",), "cost"),
    ]


def test_without_a_title_style_the_first_heading_is_the_title() -> None:
    word = docx.Document()
    word.add_heading("Portage de repas", 1)
    word.add_heading("Tarifs", 2)
    word.add_paragraph("Gratuit.")
    assert [section.path for section in read(word).sections] == [("Tarifs",)]


def test_lists_keep_their_depth_and_lose_typed_bullets() -> None:
    word = guide()
    word.add_paragraph("Il faut :")
    word.add_paragraph("une photo", style="List Bullet")
    word.add_paragraph("récente", style="List Bullet 2")
    word.add_paragraph("signez", style="List Number")
    word.add_paragraph("• une copie")
    assert blocks(read(word), 1) == [
        ("paragraph", 0, "Il faut :"),
        ("item", 0, "une photo"),
        ("item", 1, "récente"),
        ("item", 0, "signez"),
        ("item", 0, "une copie"),
    ]


def test_tables_stay_in_place_with_merged_cells_filled() -> None:
    word = guide()
    word.add_paragraph("Avant.")
    table = word.add_table(3, 3)
    for column, text in enumerate(["Repas", "Habitant", "Extérieur"]):
        table.cell(0, column).text = text
    table.cell(1, 0).merge(table.cell(2, 0)).text = "Midi"
    table.cell(1, 1).merge(table.cell(1, 2)).text = "4 €"
    table.cell(2, 1).text, table.cell(2, 2).text = "5 €", "6 €"
    word.add_paragraph("Après.")
    assert blocks(read(word), 1) == [
        ("paragraph", 0, "Avant."),
        ("header", 0, "Repas | Habitant | Extérieur"),
        ("row", 0, "Midi | 4 €"),
        ("row", 0, "Midi | 5 € | 6 €"),
        ("paragraph", 0, "Après."),
    ]


def test_a_frame_of_one_cell_is_text() -> None:
    word = guide()
    word.add_table(1, 1).cell(0, 0).text = "À savoir : le repas est froid."
    assert blocks(read(word), 1) == [("paragraph", 0, "À savoir : le repas est froid.")]


def test_tracked_changes_are_read_as_accepted_and_told() -> None:
    word = guide()
    paragraph = word.add_paragraph("Le repas coûte ")
    name = nsdecls("w")
    paragraph._p.append(parse_xml(f"<w:del {name}><w:r><w:delText>5 €</w:delText></w:r></w:del>"))
    paragraph._p.append(parse_xml(f"<w:ins {name}><w:r><w:t>6 €</w:t></w:r></w:ins>"))
    parsed = read(word)
    assert parsed.sections[1].text == "Le repas coûte 6 €"
    assert "tracked changes" in parsed.warnings[0]


def test_hidden_text_is_no_part_of_the_guide() -> None:
    word = guide()
    paragraph = word.add_paragraph("Le repas coûte 5 €")
    paragraph.add_run(" et il est gratuit").font.hidden = True
    paragraph.add_run(" par jour.").font.hidden = False
    parsed = read(word)
    assert parsed.sections[1].text == "Le repas coûte 5 € par jour."
    (told,) = parsed.warnings
    assert "hides text, which is left out: “et il est gratuit”" in told


def test_the_table_of_contents_is_left_out_and_other_controls_are_read() -> None:
    word = guide()
    for gallery, text in [("Table of Contents", "Tarifs 3"), ("Autre", "Repas à midi.")]:
        control = parse_xml(
            f"<w:sdt {nsdecls('w')}><w:sdtPr><w:docPartObj><w:docPartGallery w:val='{gallery}'/>"
            f"</w:docPartObj></w:sdtPr><w:sdtContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p>"
            "</w:sdtContent></w:sdt>"
        )
        word.element.body.insert(len(word.element.body) - 1, control)
    assert blocks(read(word), 1) == [("paragraph", 0, "Repas à midi.")]


def with_part(name: str, content: bytes) -> bytes:
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(saved(guide()))) as source,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for entry in source.infolist():
            if entry.filename != name:
                target.writestr(entry, source.read(entry))
        target.writestr(name, content)
    return written.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (saved(guide())[:2000], "no readable Word document"),
        (b"PK nonsense", "no readable Word document"),
        (b"\xd0\xcf\x11\xe0 old", "password, or an old .doc"),
        (with_part("word/document.xml", b"<w:document><w:body>"), "damaged"),
        (with_part("word/media/a.png", b" " * 9_000_000), "grows more than"),
        (with_part("../../a", b"x"), "leads out"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(content: bytes, reason: str) -> None:
    with pytest.raises(DocumentRefused, match=reason):
        read_docx(content, "repas/fr.docx", "fr")
