"""Make the town's Word documents from their texts: real styles, lists and tables."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from pathlib import Path

import docx
from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

MAKING = Path(__file__).parent
INK = RGBColor(0x1B, 0x3A, 0x4B)
MARKS = {"- ": "List Bullet", "| ": "Table"}


@dataclass(frozen=True, slots=True)
class Letter:
    """One document: its guide, who keeps it, when it was saved and how its title is styled.

    With ``titled`` the title has the style *Title* and the sections *Heading 1*; without, the
    title is the first *Heading 1* and the sections are *Heading 2*, as many people write.
    """

    guide: str
    department: str
    saved: date
    titled: bool

    def heading(self, depth: int) -> str:
        """Return the style of a heading; the title's depth is 1."""
        if self.titled:
            return "Title" if depth == 1 else f"Heading {depth - 1}"
        return f"Heading {depth}"


LETTERS = (
    Letter("subvention-sport", "Service vie associative", date(2026, 10, 12), titled=True),
    Letter("occupation-domaine-public", "Service voirie et stationnement", date(2026, 1, 6), False),
    Letter("portage-repas", "Centre communal d'action sociale", date(2025, 6, 23), titled=True),
)


def lines(text: str) -> Iterator[tuple[str, str]]:
    """Yield each line of the text with the name of what it is: a style, or ``Table``."""
    for line in filter(None, text.splitlines()):
        if match := re.match(r"(#+) (.*)", line):
            yield f"#{len(match[1])}", match[2]
        elif match := re.match(r"\d+\. (.*)", line):
            yield "List Number", match[1]
        elif kind := MARKS.get(line[:2]):
            yield kind, line[2:]
        elif not line.startswith("|-"):
            yield "Normal", line


def typeset(text: str) -> str:
    """Return the text with the non-breaking spaces of French typography."""
    return re.sub(r" (?=[€%?:;])|(?<=\d) (?=\d{3}\b)", "\u00a0", text)


def add_table(word: Document, rows: list[list[str]]) -> None:
    """Add a ruled table whose first row is marked as its header."""
    table = word.add_table(rows=len(rows), cols=len(rows[0]), style="Light Grid Accent 1")
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = typeset(text)
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(mark)
    word.add_paragraph()


def compose(letter: Letter) -> Document:
    """Return the document of one letter."""
    word = docx.Document()
    section = word.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.3)
    section.header.paragraphs[0].text = f"Ville de Vaubreuil-sur-Sarle\t\t{letter.department}"
    section.footer.paragraphs[0].text = f"Mis à jour le {letter.saved:%d/%m/%Y}"
    word.styles["Normal"].font.name = "Calibri"
    word.styles["Normal"].font.size = Pt(11)
    for name in ("Title", "Heading 1", "Heading 2", "Heading 3"):
        word.styles[name].font.color.rgb = INK
    text = (MAKING / f"{letter.guide}.md").read_text(encoding="utf-8")
    for kind, group in groupby(lines(text), key=lambda line: line[0]):
        texts = [line for _, line in group]
        if kind == "Table":
            add_table(word, [[cell.strip() for cell in row[:-1].split("|")] for row in texts])
            continue
        style = letter.heading(int(kind[1:])) if kind.startswith("#") else kind
        for paragraph in texts:
            word.add_paragraph(typeset(paragraph), style=style)
            if kind == "#1":
                word.core_properties.title = paragraph
    return word


def save(word: Document, letter: Letter) -> None:
    """Write the document into the corpus; the same text gives the same bytes on any day."""
    at = datetime(letter.saved.year, letter.saved.month, letter.saved.day, 9)  # noqa: DTZ001
    facts = word.core_properties
    facts.author = facts.last_modified_by = "Ville de Vaubreuil-sur-Sarle"
    facts.subject, facts.comments, facts.language = letter.department, "", "fr-FR"
    facts.created = facts.modified = at
    facts.revision = 1
    draft = io.BytesIO()
    word.save(draft)
    path = MAKING.parent / letter.guide / "fr.docx"
    path.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(draft) as parts, zipfile.ZipFile(path, "w") as archive:
        for name in parts.namelist():
            part = zipfile.ZipInfo(name, date_time=at.timetuple()[:6])
            archive.writestr(part, parts.read(name), zipfile.ZIP_DEFLATED)


def main() -> None:
    """Write every Word document of the corpus."""
    for letter in LETTERS:
        save(compose(letter), letter)


if __name__ == "__main__":
    main()
