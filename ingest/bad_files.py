"""A folder of documents that must be refused, beside two that must not."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
from pypdf import PdfWriter
from pypdf.annotations import FreeText

GOOD = ("bon-guide/fr.md", "bon-guide/en.md")
ARCHIVES = "_archives"
"""The subfolder of archives, which only the reader of the national guides opens."""
_MEGABYTE = 1024 * 1024
_GUIDE = """# Demander un composteur

La Ville prête un composteur à chaque foyer.

## Tarifs

Le prêt d'un composteur coûte 20 €.
"""


def write_bad_files(folder: Path) -> None:
    """Write the corpus into an empty or new folder; one of its files claims 200 MB of disk.

    Every document except those named in `GOOD` must be refused, by its own name. The archives
    stand in `ARCHIVES`: ``archive-bomb.zip``, ``archive-traversal.zip``, ``archive-broken.zip``.
    """
    _guide(folder, "bon-guide", "fr.md", _GUIDE.encode())
    _guide(folder, "bon-guide", "en.md", b"# A compost bin\n\nA compost bin costs 20 euros.\n")
    _guide(folder, "vide", "fr.md", b"")
    _guide(folder, "pdf-tronque", "fr.pdf", _pdf()[:400])
    _guide(folder, "pdf-chiffre", "fr.pdf", _pdf(password="secret"))
    _guide(folder, "binaire", "fr.md", bytes(range(256)) * 40)
    _guide(folder, "mauvais-encodage", "fr.md", _GUIDE.encode("cp1252"))
    _guide(folder, "bombe", "fr.docx", _docx_bomb())
    _guide(folder, "enorme", "fr.md", b"# Guide\n\n")
    with (folder / "enorme" / "fr.md").open("r+b") as file:
        file.truncate(200 * _MEGABYTE)
    _guide(folder, "doublon", "fr.md", _GUIDE.encode(), id="bon-guide")
    _guide(folder, "deux-fois-francais", "fr.md", _GUIDE.encode())
    _guide(folder, "deux-fois-francais", "fr.html", b"<main><h1>Guide</h1><p>Texte.</p></main>")
    _guide(folder, "date-impossible", "fr.md", _GUIDE.encode(), dates="valid_from = 2026-02-30")
    order = "valid_from = 2026-09-01\nvalid_until = 2026-01-01"
    _guide(folder, "dates-inversees", "fr.md", _GUIDE.encode(), dates=order)
    _guide(folder, "date-en-lettres", "fr.md", _GUIDE.encode(), dates='review_by = "30/06/2027"')
    _guide(folder, "xml-casse", "fr.docx", _docx(b"<w:document><w:body>"))
    (folder / "sans-description").mkdir()
    (folder / "sans-description" / "fr.md").write_text(_GUIDE, encoding="utf-8")
    _write_archives(folder / ARCHIVES)


def _guide(
    folder: Path, name: str, file: str, content: bytes, id: str = "", dates: str = ""
) -> None:
    home = folder / name
    home.mkdir(parents=True, exist_ok=True)
    description = f'id = "{id or name}"\ndepartment = "Accueil"\n{dates}\n'
    (home / "guide.toml").write_text(description, encoding="utf-8")
    (home / file).write_bytes(content)


def _pdf(password: str | None = None) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    writer.add_annotation(0, FreeText(text="Tarifs", rect=(50, 550, 200, 650)))
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def _docx(body: bytes) -> bytes:
    """Return a Word file whose main part is replaced by these bytes."""
    template = io.BytesIO()
    docx.Document().save(template)
    written = io.BytesIO()
    with (
        zipfile.ZipFile(template) as source,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for entry in source.infolist():
            is_body = entry.filename == "word/document.xml"
            target.writestr(entry.filename, body if is_body else source.read(entry))
    return written.getvalue()


def _docx_bomb() -> bytes:
    return _docx(b"<w:document>" + b" " * (100 * _MEGABYTE) + b"</w:document>")


def _write_archives(folder: Path) -> None:
    """Write archives of one good sheet and one bad member each."""
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(folder / "archive-bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("F90001.xml", _sheet("F90001"))
        with archive.open("F90002.xml", "w", force_zip64=True) as member:
            for _ in range(300):
                member.write(b" " * _MEGABYTE)
    with zipfile.ZipFile(folder / "archive-traversal.zip", "w") as archive:
        archive.writestr("F90001.xml", _sheet("F90001"))
        archive.writestr("../../F90003.xml", _sheet("F90003"))
    with zipfile.ZipFile(folder / "archive-broken.zip", "w") as archive:
        archive.writestr("F90001.xml", _sheet("F90001"))
        archive.writestr("F90004.xml", _sheet("F90004").replace("</Texte>", ""))


def _sheet(number: str) -> str:
    """Return a whole sheet of the national feed, in its structure and our words."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<Publication xmlns:dc="http://purl.org/dc/elements/1.1/" '
        f'ID="{number}" type="Fiche d\'information">'
        "<dc:title>Composteur de jardin</dc:title><dc:date>modified 2026-03-01</dc:date>"
        "<Audience>Particuliers</Audience>"
        "<Texte><Chapitre><Titre><Paragraphe>Prix</Paragraphe></Titre>"
        "<Paragraphe>Le composteur de 300 litres coûte 15 €.</Paragraphe>"
        "</Chapitre></Texte></Publication>"
    )
