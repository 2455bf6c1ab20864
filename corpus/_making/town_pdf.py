"""The town's printed documents: styles, running header and footer, bookmarks, fixed dates."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from reportlab.lib import colors
from reportlab.lib.enums import TA_JUSTIFY, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, PageTemplate, Paragraph, Table, TableStyle

CORPUS = Path(__file__).parent.parent
INK = colors.HexColor("#1b3a4b")
RULE = colors.HexColor("#9fb3bd")
SHADE = colors.HexColor("#e6edf0")
WIDTH, HEIGHT = A4
MARGIN = 20 * mm


@dataclass(frozen=True, slots=True)
class Face:
    """A family of the standard fonts: a regular and a bold cut."""

    regular: str
    bold: str


SERIF = Face("Times-Roman", "Times-Bold")
SANS = Face("Helvetica", "Helvetica-Bold")


@dataclass(frozen=True, slots=True)
class Styles:
    """The paragraph styles of one document; body text is justified."""

    title: ParagraphStyle
    lead: ParagraphStyle
    section: ParagraphStyle
    subsection: ParagraphStyle
    body: ParagraphStyle
    bullet: ParagraphStyle
    cell: ParagraphStyle
    price: ParagraphStyle
    head: ParagraphStyle
    price_head: ParagraphStyle

    @classmethod
    def of(cls, face: Face, size: float) -> "Styles":
        """Return the styles in this face; ``size`` is the body's, in points."""
        body = ParagraphStyle(
            "body", fontName=face.regular, fontSize=size, leading=size * 1.32,
            alignment=TA_JUSTIFY, spaceAfter=size * 0.5,
        )  # fmt: skip
        section = ParagraphStyle(
            "section", fontName=face.bold, fontSize=size * 1.38, leading=size * 1.7, textColor=INK,
            spaceBefore=size * 1.1, spaceAfter=size * 0.4, keepWithNext=1,
        )  # fmt: skip
        cell = ParagraphStyle(
            "cell", fontName=face.regular, fontSize=size * 0.94, leading=size * 1.18
        )
        return cls(
            title=ParagraphStyle(
                "title", fontName=face.bold, fontSize=size * 2.1, leading=size * 2.5,
                textColor=INK, spaceAfter=size * 0.8,
            ),
            lead=ParagraphStyle(
                "lead", parent=body, fontSize=size * 1.1, leading=size * 1.48, spaceAfter=size * 0.9
            ),
            section=section,
            subsection=ParagraphStyle(
                "subsection", parent=section, fontSize=size * 1.12, leading=size * 1.45,
                textColor=colors.black, spaceBefore=size * 0.7,
            ),
            body=body,
            bullet=ParagraphStyle(
                "bullet", parent=body, leftIndent=size * 1.3, bulletIndent=size * 0.3,
                spaceAfter=size * 0.25, bulletFontName=face.regular, bulletFontSize=size,
            ),
            cell=cell,
            price=ParagraphStyle("price", parent=cell, alignment=TA_RIGHT),
            head=ParagraphStyle("head", parent=cell, fontName=face.bold),
            price_head=ParagraphStyle(
                "price head", parent=cell, fontName=face.bold, alignment=TA_RIGHT
            ),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a printed document says of itself; ``printed`` is written into its metadata."""

    guide: str
    title: str
    subject: str
    department: str
    reference: str
    printed: date

    @property
    def path(self) -> Path:
        """Where the document lies in the corpus."""
        return CORPUS / self.guide / "fr.pdf"

    def frame_page(self, canvas: Canvas, document: BaseDocTemplate) -> None:
        """Draw the running header and footer of one page."""
        canvas.saveState()
        canvas.setStrokeColor(RULE)
        canvas.setFillColor(INK)
        canvas.setFont("Helvetica", 8)
        canvas.drawString(MARGIN, HEIGHT - 13 * mm, "Ville de Vaubreuil-sur-Sarle")
        canvas.drawRightString(WIDTH - MARGIN, HEIGHT - 13 * mm, self.department)
        canvas.line(MARGIN, HEIGHT - 15 * mm, WIDTH - MARGIN, HEIGHT - 15 * mm)
        canvas.line(MARGIN, 15 * mm, WIDTH - MARGIN, 15 * mm)
        canvas.drawString(MARGIN, 11 * mm, self.reference)
        canvas.drawRightString(WIDTH - MARGIN, 11 * mm, f"Page {document.page}")
        canvas.restoreState()


class TownDocument(BaseDocTemplate):
    """A PDF whose section titles become its bookmarks."""

    def afterFlowable(self, flowable: Flowable) -> None:
        """Bookmark the section titles; called by reportlab after each flowable."""
        levels = {"title": 0, "section": 1, "subsection": 2}
        if isinstance(flowable, Paragraph) and flowable.style.name in levels:
            text = flowable.getPlainText()
            key = f"p{self.page}-{len(text)}-{abs(int(self.frame._y))}"
            self.canv.bookmarkPage(key)
            self.canv.addOutlineEntry(text, key, levels[flowable.style.name], closed=False)


def write_sheet(sheet: Sheet, pages: Sequence[PageTemplate], story: list[Flowable]) -> None:
    """Write the document; the same story gives the same bytes on any day."""
    printed = datetime(sheet.printed.year, sheet.printed.month, sheet.printed.day, 9, tzinfo=UTC)
    os.environ["SOURCE_DATE_EPOCH"] = str(int(printed.timestamp()))
    sheet.path.parent.mkdir(parents=True, exist_ok=True)
    document = TownDocument(
        str(sheet.path), pagesize=A4, title=sheet.title, subject=sheet.subject, lang="fr-FR",
        author="Ville de Vaubreuil-sur-Sarle", creator="Ville de Vaubreuil-sur-Sarle",
        invariant=1, displayDocTitle=True,
    )  # fmt: skip
    document.addPageTemplates(list(pages))
    document.build(story)


def typeset(text: str) -> str:
    """Return the text with the non-breaking spaces of French typography."""
    return re.sub(
        r" (?=[€%?:;»])|(?<=«) |(?<=\bh) (?=\d\d\b)|(?<=\d) (?=(?:\d{3}|h|m²|m³|mois|ans)\b)",
        "\u00a0",
        text,
    )


def paragraphs(style: ParagraphStyle, *texts: str) -> list[Flowable]:
    """Return one paragraph a text."""
    return [Paragraph(typeset(text), style) for text in texts]


def bullets(style: ParagraphStyle, *texts: str, numbered: bool = False) -> list[Flowable]:
    """Return a list, bulleted or numbered."""
    marks = [f"{n}." for n in range(1, len(texts) + 1)] if numbered else ["•"] * len(texts)
    return [
        Paragraph(typeset(text), style, bulletText=mark)
        for text, mark in zip(texts, marks, strict=True)
    ]


def fee_table(
    styles: Styles, rows: Sequence[Sequence[str]], widths: Sequence[float], prices: int = 1
) -> Table:
    """Return a ruled table; the first row is its header, the last ``prices`` columns are amounts.

    A row of one cell is the title of a group of rows and spans the table.
    """
    count = len(widths)
    looks = [("VALIGN", (0, 0), (-1, -1), "MIDDLE"), ("GRID", (0, 0), (-1, -1), 0.5, RULE),
             ("BACKGROUND", (0, 0), (-1, 0), SHADE), ("TOPPADDING", (0, 0), (-1, -1), 2.5),
             ("BOTTOMPADDING", (0, 0), (-1, -1), 3.5)]  # fmt: skip
    cells: list[list[Paragraph | str]] = []
    for index, row in enumerate(rows):
        if len(row) == 1:
            cells.append([Paragraph(typeset(row[0]), styles.head), *[""] * (count - 1)])
            looks.append(("SPAN", (0, index), (-1, index)))
            looks.append(("BACKGROUND", (0, index), (-1, index), colors.HexColor("#f3f6f7")))
            looks.append(("NOSPLIT", (0, index), (-1, index + 1)))
            continue
        text_style = styles.cell if index else styles.head
        price_style = styles.price if index else styles.price_head
        cells.append([
            Paragraph(typeset(text), price_style if at >= count - prices else text_style)
            for at, text in enumerate(row)
        ])  # fmt: skip
    return Table(
        cells, colWidths=list(widths), repeatRows=1, style=TableStyle(looks),
        spaceBefore=4, spaceAfter=8,
    )  # fmt: skip
