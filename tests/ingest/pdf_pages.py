"""Small PDFs written for the tests, with all that town halls put into theirs."""

import io
from collections.abc import Sequence

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    ListFlowable,
    PageTemplate,
    Paragraph,
    Table,
    TableStyle,
)

STYLES = getSampleStyleSheet()
JUSTIFIED = ParagraphStyle("justified", STYLES["BodyText"], alignment=4)
WIDTH, HEIGHT = A4


def heading(text: str, level: int = 2) -> Paragraph:
    return Paragraph(text, STYLES[f"Heading{level}"])


def prose(text: str) -> Paragraph:
    return Paragraph(text, JUSTIFIED)


def bullets(*texts: str) -> ListFlowable:
    return ListFlowable([prose(text) for text in texts], bulletType="bullet", start="•")


def table(rows: Sequence[Sequence[str]], ruled: bool = True, widths: Sequence[int] = ()) -> Table:
    cells = [[Paragraph(cell, STYLES["BodyText"]) for cell in row] for row in rows]
    style = [("GRID", (0, 0), (-1, -1), 0.5, "black")] if ruled else []
    return Table(cells, colWidths=list(widths) or None, style=TableStyle(style))


def pdf_of(
    *story: Flowable, columns: int = 1, title: str | None = None, head: str | None = None
) -> bytes:
    """Return a PDF in so many columns; the title is metadata, ``head`` stands on every page."""

    def furnish(canvas: Canvas, document: BaseDocTemplate) -> None:
        if head is not None:
            canvas.drawString(60, HEIGHT - 30, head)
            canvas.drawCentredString(WIDTH / 2, 25, f"Page {canvas.getPageNumber()}")

    written = io.BytesIO()
    document = BaseDocTemplate(written, pagesize=A4, title=title)
    wide = (WIDTH - 100 - 20 * (columns - 1)) / columns
    frames = [Frame(50 + n * (wide + 20), 60, wide, HEIGHT - 120) for n in range(columns)]
    document.addPageTemplates(PageTemplate(frames=frames, onPage=furnish))
    document.build(list(story))
    return written.getvalue()


def blank_pdf(pages: int = 1, pictures: bool = False) -> bytes:
    """Return a PDF without text; with pictures it looks like a scan."""
    written = io.BytesIO()
    canvas = Canvas(written, pagesize=A4)
    for _ in range(pages):
        if pictures:
            canvas.rect(50, 50, 400, 700, fill=1)
        canvas.showPage()
    canvas.save()
    return written.getvalue()
