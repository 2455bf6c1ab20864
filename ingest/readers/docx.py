"""A Word document to sections: styles tell headings and lists, tables keep their place."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

import docx
from docx.document import Document
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from docx.styles.style import BaseStyle, ParagraphStyle
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml import etree  # type: ignore[import-untyped]

from civic_assistant.errors import DocumentRefused
from ingest.bounds import check_archive
from ingest.characters import clean_text
from ingest.documents import ParsedDocument, parsed_document
from ingest.readers.unseen import unseen_warnings
from ingest.sections import SectionBuilder

_OLD_WORD = b"\xd0\xcf\x11\xe0"
_HEADING = re.compile(r"heading (\d)", re.IGNORECASE)
_LIST = re.compile(r"list(?: bullet| number)?(?: (\d))?$", re.IGNORECASE)
_BULLET = re.compile(r"^[•·▪‣–—\-*\uf0b7]\s+")
_BREAKS = frozenset({qn("w:tab"), qn("w:br"), qn("w:cr")})
_OFF = frozenset({"0", "false", "off"})
_COLUMNS = 50


def read_docx(content: bytes, document: str, language: str) -> ParsedDocument:
    """Return the guide in a DOCX file.

    The title is the first paragraph of style *Title*, else the first *Heading 1*. The next
    headings open sections. Macros, images, comments and linked files are never opened; tracked
    changes are read as if accepted, with a warning.

    Raises:
        DocumentRefused: Not a Word document, damaged, under a password, beyond bounds when
            unpacked, no title, or no text.
    """
    reading = _Reading(_open(content, document), language)
    reading.blocks(reading.word.element.body)
    remedy = "Give the title the style 'Title' and the headings 'Heading 1', 'Heading 2'…"
    sections = reading.builder.build()
    told = reading.warnings()
    return parsed_document(document, reading.title, sections, title_remedy=remedy, warnings=told)


def _open(content: bytes, document: str) -> Document:
    remedy = "Open it in its program and save it again as .docx."
    if content.startswith(_OLD_WORD):
        reason = "it is under a password, or an old .doc file."
        raise DocumentRefused(document, reason, "Save it as .docx without a password.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            check_archive(archive, document)
        return docx.Document(io.BytesIO(content))
    except (zipfile.BadZipFile, OpcError, KeyError, ValueError, EOFError) as error:
        raise DocumentRefused(document, "it is no readable Word document.", remedy) from error
    except etree.XMLSyntaxError as error:
        raise DocumentRefused(document, "its content is damaged.", remedy) from error


class _Reading:
    """Walks the body once and tells the builder what it meets."""

    def __init__(self, word: Document, language: str) -> None:
        self.word = word
        self.builder = SectionBuilder(language)
        self.title = ""

    def blocks(self, parent: etree._Element) -> None:
        for element in parent:
            if element.tag == qn("w:p"):
                self._paragraph(Paragraph(element, self.word))
            elif element.tag == qn("w:tbl"):
                self._table(Table(element, self.word))
            elif element.tag == qn("w:sdt") and not _is_contents(element):
                for inner in element.iterchildren(qn("w:sdtContent")):
                    self.blocks(inner)

    def warnings(self) -> tuple[str, ...]:
        body = self.word.element.body
        told = unseen_warnings(
            "".join(words.text or "" for words in run.iter(qn("w:t")))
            for run in body.iter(qn("w:r"))
            if _is_hidden(run)
        )
        if next(body.iter(qn("w:ins"), qn("w:del")), None) is not None:
            changes = "It holds tracked changes; they are read as accepted. Accept or reject them."
            told = (changes, *told)
        return told

    def _paragraph(self, paragraph: Paragraph) -> None:
        text = _text(paragraph._p)
        chain = list(_styles(paragraph.style))
        styles = [style.name or "" for style in chain]
        if not clean_text(text) or any(style.lower().startswith("toc") for style in styles):
            return
        level = _heading_level(paragraph, styles)
        if not self.title and ("Title" in styles or level == 1):
            self.title = text
        elif "Title" in styles:
            self.builder.heading(1, text)
        elif level is not None:
            self.builder.heading(level, text)
        elif (depth := _list_depth(paragraph, chain)) is not None:
            self.builder.item(_BULLET.sub("", text.strip()), depth)
        elif _BULLET.match(text.strip()):
            self.builder.item(_BULLET.sub("", text.strip()))
        else:
            self.builder.paragraph(text)

    def _table(self, table: Table) -> None:
        rows = [[_cell_text(cell) for cell in _cells(row)] for row in table._tbl.tr_lst]
        if len(rows) == 1 and len(rows[0]) == 1:  # a frame around a remark
            for cell in table._tbl.tr_lst[0].iterchildren(qn("w:tc")):
                self.blocks(cell)
            return
        _fill_merged(table, rows)
        for number, cells in enumerate(rows):
            header = number == 0 and len(rows) > 1 and _has_header(table)
            self.builder.row(cells[:_COLUMNS], header=header)


def _text(element: etree._Element) -> str:
    """Return the words of a paragraph, with links and insertions, not what is deleted or hidden."""
    words: list[str] = []
    for part in element.iter():
        if _is_hidden(part.getparent()):
            continue
        if part.tag == qn("w:t") and not _in_fallback(part):
            words.append(part.text or "")
        elif part.tag == qn("w:noBreakHyphen"):
            words.append("-")
        elif part.tag in _BREAKS and part.getparent().tag == qn("w:r"):
            words.append(" ")
    return "".join(words)


def _is_hidden(run: etree._Element | None) -> bool:
    """Whether the run is formatted as hidden text, which Word neither shows nor prints."""
    found = None if run is None else run.find(f"{qn('w:rPr')}/{qn('w:vanish')}")
    return found is not None and found.get(qn("w:val"), "true") not in _OFF


def _in_fallback(part: etree._Element) -> bool:
    """Whether the part is the second copy that Word keeps of a text box for old programs."""
    fallback = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
    return next(part.iterancestors(fallback), None) is not None


def _styles(style: BaseStyle | None) -> Iterator[BaseStyle]:
    """Yield a paragraph's style and those it is based on."""
    for _ in range(10):
        if style is None:
            return
        yield style
        style = style.base_style if isinstance(style, ParagraphStyle) else None


def _heading_level(paragraph: Paragraph, styles: list[str]) -> int | None:
    for style in styles:
        if named := _HEADING.match(style):
            return int(named.group(1))
    outline = paragraph._p.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
    level = int(outline.get(qn("w:val"), "9")) if outline is not None else 9
    return level + 1 if level < 6 else None


def _list_depth(paragraph: Paragraph, styles: list[BaseStyle]) -> int | None:
    """Return the depth of a list item, 0 for the outermost, or None for other paragraphs."""
    for element in (paragraph._p, *(style.element for style in styles)):
        numbering = element.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        if numbering is not None:
            depth = numbering.find(qn("w:ilvl"))
            if depth is not None:
                return int(depth.get(qn("w:val"), "0"))
    named = next((found for style in styles if (found := _LIST.match(style.name or ""))), None)
    if named is None:
        return None
    return int(named.group(1)) - 1 if named.group(1) else 0


def _is_contents(element: etree._Element) -> bool:
    """Whether a block is the table of contents that Word makes from the headings."""
    gallery = next(element.iter(qn("w:docPartGallery")), None)
    return gallery is not None and "Contents" in gallery.get(qn("w:val"), "")


def _cells(row: etree._Element) -> list[etree._Element]:
    """Return a row's cells, one for each column; a merged cell is followed by itself."""
    cells: list[etree._Element] = []
    for cell in row.iterchildren(qn("w:tc")):
        span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
        columns = int(span.get(qn("w:val"), "1")) if span is not None else 1
        cells.extend([cell] * max(1, min(columns, _COLUMNS)))
    return cells


def _cell_text(cell: etree._Element) -> str:
    return " ".join(clean_text(_text(part)) for part in cell.iterchildren(qn("w:p")))


def _fill_merged(table: Table, rows: list[list[str]]) -> None:
    """Repeat a cell merged over rows in each of them; leave those merged over columns empty."""
    above: list[str] = []
    for row, cells in zip(table._tbl.tr_lst, rows, strict=True):
        elements = _cells(row)
        for column, element in enumerate(elements):
            merge = element.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
            if column and elements[column - 1] is element:
                cells[column] = ""
            elif merge is not None and merge.get(qn("w:val")) != "restart" and column < len(above):
                cells[column] = above[column]
        above = cells


def _has_header(table: Table) -> bool:
    """Whether the first row is marked as header, by itself, by the table's look, or in bold."""
    first = table._tbl.tr_lst[0]
    if first.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None:
        return True
    look = table._tbl.find(f"{qn('w:tblPr')}/{qn('w:tblLook')}")
    if look is not None:
        value = look.get(qn("w:val"), "0")
        if look.get(qn("w:firstRow")) == "1" or int(value, 16) & 0x20:
            return True
    runs = [run for cell in table.rows[0].cells for p in cell.paragraphs for run in p.runs]
    return bool(runs) and all(run.bold for run in runs if run.text.strip())
