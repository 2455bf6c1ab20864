"""A PDF to sections: pypdf for what it says about itself, PDFium for its words."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pypdfium2 as pdfium
from pypdf import PdfReader
from pypdf.errors import DependencyError, PyPdfError
from pypdf.generic import Destination

from civic_assistant.errors import DocumentRefused
from ingest.bounds import PDF_PAGES, Deadline
from ingest.characters import clean_text
from ingest.documents import ParsedDocument, parsed_document
from ingest.readers.pdf_blocks import PdfBlock, PdfHeading, PdfRow, PdfText, blocks_of
from ingest.readers.pdf_layout import lines_of
from ingest.readers.pdf_words import PageWords, page_words
from ingest.sections import SectionBuilder
from ingest.topics import fold

_END_MARK = b"%%EOF"
_END_BYTES = 2048
_NUMBERED = re.compile(r"^\d+(?:\.\d+)*[.)]?\s+")
_REMEDY = "Export it again from its program."


def read_pdf(content: bytes, document: str, language: str) -> ParsedDocument:
    """Return the guide in a PDF file, each section with the page it begins on.

    The title is that of the metadata when the first page shows it too, else the largest line of
    the first page. Headings are told by the outline, then by size and weight. Columns are read
    one after the other; running heads and page numbers are left out. What is typed into form
    fields is read as items behind the last section.

    Raises:
        DocumentRefused: Not a PDF, truncated, damaged, under a password, too many pages, no text
            (scanned), or no title.
    """
    deadline = Deadline(document)
    about = _open_about(content, document)
    pages = _pages(content, document, deadline)
    warnings = [
        f"Page {page.number} is a picture without text; run text recognition (OCR) on it."
        for page in pages
        if page.is_picture
    ]
    if not any(page.words for page in pages):
        reason = f"none of its {len(pages)} pages has text; it looks scanned."
        remedy = "Run text recognition (OCR) on it or publish the original document."
        raise DocumentRefused(document, reason, remedy)
    blocks = blocks_of(lines_of(pages), {page.number: page.rules for page in pages})
    deadline.check()
    title, blocks = _take_title(blocks, about)
    builder = SectionBuilder(language)
    _build(builder, blocks, _outline(about))
    for field in _filled_fields(about):
        builder.item(field)
    if "/XFA" in _form(about):
        warnings.append("Its form is of a kind (XFA) that only one program shows; export it anew.")
    return parsed_document(
        document,
        title,
        builder.build(),
        title_remedy="Set the title in the document's properties.",
        warnings=tuple(warnings),
    )


def _open_about(content: bytes, document: str) -> PdfReader:
    if not content.lstrip()[:5].startswith(b"%PDF-"):
        raise DocumentRefused(document, "it is no PDF file.", "Give it its real ending.")
    if _END_MARK not in content[-_END_BYTES:]:
        raise DocumentRefused(document, "it is truncated: its end is missing.", "Copy it again.")
    try:
        about = PdfReader(io.BytesIO(content))
        if about.is_encrypted and not _opens_without_password(about):
            remedy = "Save it without a password."
            raise DocumentRefused(document, "it is encrypted under a password.", remedy)
        count = len(about.pages)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError) as error:
        reason = f"it is damaged ({type(error).__name__})."
        raise DocumentRefused(document, reason, _REMEDY) from error
    if count > PDF_PAGES:
        reason = f"it has {count} pages; at most {PDF_PAGES} are read."
        raise DocumentRefused(document, reason, "Split it into several guides.")
    return about


def _opens_without_password(about: PdfReader) -> bool:
    """Whether only changes are forbidden; a cipher that pypdf lacks counts as a password."""
    try:
        return bool(about.decrypt(""))
    except DependencyError:
        return False


def _pages(content: bytes, document: str, deadline: Deadline) -> list[PageWords]:
    try:
        with pdfium.PdfDocument(content) as pdf:
            return list(page_words(pdf, deadline))
    except pdfium.PdfiumError as error:
        raise DocumentRefused(document, "its pages are damaged.", _REMEDY) from error


def _take_title(blocks: list[PdfBlock], about: PdfReader) -> tuple[str, list[PdfBlock]]:
    """Return the title and the blocks without the heading that shows it."""
    claimed = clean_text(str(about.metadata.title or "")) if about.metadata else ""
    first = [b for b in blocks if isinstance(b, PdfHeading) and b.page == 1]
    shown = next((b for b in first if fold(b.text) == fold(claimed)), None)
    if shown is None and first:
        largest = min(b.rank for b in first)
        shown = next(b for b in first if b.rank == largest)
    if shown is None:
        return claimed, blocks
    return shown.text, [block for block in blocks if block is not shown]


def _outline(about: PdfReader) -> dict[str, int]:
    """Return the level of each heading that the document's outline names, by its folded words."""
    levels: dict[str, int] = {}

    def walk(entries: list[object], level: int) -> None:
        for entry in entries:
            if isinstance(entry, list):
                walk(entry, level + 1)
            elif isinstance(entry, Destination):
                levels.setdefault(_key(str(entry.title or "")), level)

    try:
        walk(list(about.outline), 1)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}  # a damaged outline only costs levels: size and weight remain
    return levels


def _key(heading: str) -> str:
    return fold(_NUMBERED.sub("", clean_text(heading)))


def _build(builder: SectionBuilder, blocks: list[PdfBlock], outline: dict[str, int]) -> None:
    deepest = max(outline.values(), default=0)
    for block in blocks:
        match block:
            case PdfHeading():
                level = outline.get(_key(block.text), deepest + block.rank + 1)
                builder.heading(level, block.text, page=block.page)
            case PdfText(depth=None):
                builder.paragraph(block.text, page=block.page)
            case PdfText():
                builder.item(block.text, block.depth or 0, page=block.page)
            case PdfRow():
                builder.row(block.row.cells, header=block.row.is_header, page=block.page)


def _form(about: PdfReader) -> dict[str, object]:
    try:
        form = about.trailer["/Root"].get_object().get("/AcroForm")  # type: ignore[union-attr]
        return dict(form.get_object()) if form is not None else {}
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _filled_fields(about: PdfReader) -> Iterator[str]:
    """Yield *name: value* of the filled text fields, which pages do not hold as text."""
    try:
        fields = about.get_form_text_fields()
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError):
        return
    for name, value in fields.items():
        if value and str(value).strip():
            yield f"{name}: {value}"
