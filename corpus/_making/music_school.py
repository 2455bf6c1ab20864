"""Make the music school's leaflet: a two-column PDF with a bordered table of fees."""

import re
from pathlib import Path

from reportlab.lib import colors
from reportlab.lib.enums import TA_JUSTIFY
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    FrameBreak,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Table,
    TableStyle,
)

LEAFLET = Path(__file__).parent.parent / "inscription-ecole-musique" / "fr.pdf"
TEXT = Path(__file__).with_suffix(".md")
BLUE = colors.HexColor("#1d3f72")
PALE = colors.HexColor("#e4ebf5")
MARGIN = 18 * mm
GUTTER = 8 * mm
FOOT = 20 * mm
WIDTH, HEIGHT = A4

BODY = ParagraphStyle(
    "body", fontName="Helvetica", fontSize=10.2, leading=13.4, alignment=TA_JUSTIFY, spaceAfter=4
)
LEAD = ParagraphStyle("lead", parent=BODY, fontSize=10.5, leading=14)
BULLET = ParagraphStyle("bullet", parent=BODY, leftIndent=10, bulletIndent=1, spaceAfter=2)
TITLE_STYLE = ParagraphStyle(
    "title", fontName="Helvetica-Bold", fontSize=21, leading=25, textColor=BLUE, spaceAfter=5
)
SECTION = ParagraphStyle(
    "section",
    fontName="Helvetica-Bold",
    fontSize=13,
    leading=16,
    textColor=BLUE,
    spaceBefore=9,
    spaceAfter=3,
    keepWithNext=1,
)
SITUATION = ParagraphStyle(
    "situation", parent=SECTION, fontSize=10.6, leading=13, textColor=colors.black, spaceBefore=6
)
HEADINGS = {"#": TITLE_STYLE, "##": SECTION, "###": SITUATION}
CELL = ParagraphStyle("cell", fontName="Helvetica", fontSize=9, leading=11)
HEAD = ParagraphStyle("head", parent=CELL, fontName="Helvetica-Bold")


class Leaflet(BaseDocTemplate):  # type: ignore[misc]  # reportlab has no types
    """A document whose section headings also stand in the PDF's outline."""

    def afterFlowable(self, flowable: Flowable) -> None:
        """Add a heading to the outline at the place where it was drawn."""
        if isinstance(flowable, Paragraph) and flowable.style in {TITLE_STYLE, SECTION, SITUATION}:
            level = {TITLE_STYLE.name: 0, SECTION.name: 1, SITUATION.name: 2}[flowable.style.name]
            text = flowable.getPlainText()
            self.canv.bookmarkPage(text)
            self.canv.addOutlineEntry(text, text, level, closed=False)


def draw_frame(canvas: Canvas, document: BaseDocTemplate) -> None:
    """Draw what every page carries: the town's name above, address and page number below."""
    canvas.saveState()
    canvas.setFillColor(BLUE)
    canvas.rect(0, HEIGHT - 14 * mm, WIDTH, 14 * mm, stroke=0, fill=1)
    canvas.setFillColor(colors.white)
    canvas.setFont("Helvetica-Bold", 10)
    canvas.drawString(MARGIN, HEIGHT - 9 * mm, "Ville de Vaubreuil-sur-Sarle")
    canvas.setFont("Helvetica", 9)
    canvas.drawRightString(WIDTH - MARGIN, HEIGHT - 9 * mm, "Guide pratique 2026-2027")
    canvas.setStrokeColor(BLUE)
    canvas.line(MARGIN, 15 * mm, WIDTH - MARGIN, 15 * mm)
    canvas.setFillColor(colors.HexColor("#444444"))
    canvas.setFont("Helvetica", 7.5)
    canvas.drawString(
        MARGIN, 10.5 * mm, "Hôtel de Ville, 1 place de la Fontaine, Vaubreuil-sur-Sarle"
    )
    canvas.drawRightString(WIDTH - MARGIN, 10.5 * mm, f"Page {document.page}")
    canvas.restoreState()


def columns_below(band: float) -> list[Frame]:
    """Return a full-width frame of that height (points) and two columns below it."""
    column = (WIDTH - 2 * MARGIN - GUTTER) / 2
    top = HEIGHT - 18 * mm - band
    flush = {"leftPadding": 0, "rightPadding": 0, "topPadding": 2, "bottomPadding": 0}
    return [
        Frame(MARGIN, top, WIDTH - 2 * MARGIN, band, id="band", **flush),
        Frame(MARGIN, FOOT, column, top - FOOT, id="left", **flush),
        Frame(MARGIN + column + GUTTER, FOOT, column, top - FOOT, id="right", **flush),
    ]


def set_spaces(text: str) -> str:
    """Return the text with the unbreakable spaces that French typography wants."""
    return re.sub(r" (?=[€%?:;])|(?<=\d) (?=\d{3}\b|h\b|minutes)", "\u00a0", text)


def flow(lines: list[str]) -> list[Flowable]:
    """Return the lines of the text as paragraphs, list items, tables and column breaks."""
    shown: list[Flowable] = []
    rows: list[list[str]] = []
    for line in [*map(set_spaces, lines), ""]:
        if line.startswith("| "):
            rows.append(line.strip("| ").split(" | "))
            continue
        if rows:
            shown.append(fee_table(rows))
            rows = []
        mark, _, text = line.partition(" ")
        if line == "<!-- column -->":
            shown.append(FrameBreak())
        elif line == "<!-- page -->":
            shown.append(PageBreak())
        elif mark in HEADINGS:
            shown.append(Paragraph(text, HEADINGS[mark]))
        elif mark == "-":
            shown.append(Paragraph(text, BULLET, bulletText="•"))
        elif line:
            shown.append(Paragraph(line, BODY))
    return shown


def fee_table(rows: list[list[str]]) -> Table:
    """Return the bordered table of fees; its first row is the header."""
    cells = [
        [Paragraph(cell, CELL if number else HEAD) for cell in row]
        for number, row in enumerate(rows)
    ]
    widths = [58 * mm, 27 * mm, 31 * mm, 32 * mm, 26 * mm]
    table = Table(cells, colWidths=widths, repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.6, BLUE),
                ("BACKGROUND", (0, 0), (-1, 0), PALE),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ]
        )
    )
    return table


def make_leaflet(target: Path) -> None:
    """Write the leaflet; the same text always gives the same bytes."""
    title, introduction, *lines = filter(None, TEXT.read_text("utf-8").splitlines())
    document = Leaflet(
        str(target),
        pagesize=A4,
        title=title.removeprefix("# "),
        author="Ville de Vaubreuil-sur-Sarle, École municipale de musique",
        subject="Guide pratique 2026-2027",
        creator="Service communication",
        lang="fr-FR",
        invariant=1,
    )
    document.addPageTemplates(
        [
            PageTemplate("first", columns_below(34 * mm), onPage=draw_frame),
            PageTemplate("fees", columns_below(78 * mm), onPage=draw_frame),
        ]
    )
    lead = [Paragraph(set_spaces(introduction), LEAD), NextPageTemplate("fees"), FrameBreak()]
    document.build([*flow([title]), *lead, *flow(lines)])


if __name__ == "__main__":
    make_leaflet(LEAFLET)
