"""Documents that somebody made to break, flood or stall whoever reads them; each a real file."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from types import MappingProxyType

import docx

_MEGABYTE = 1024 * 1024
_BODY = "word/document.xml"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PARAGRAPH = "<w:p><w:r><w:t>Le prêt coûte 20 €.</w:t></w:r></w:p>"


def docx_with(body: bytes, more: Mapping[str, bytes] = MappingProxyType({})) -> bytes:
    """Return a Word file whose main part is this, with other parts beside it."""
    template, written = io.BytesIO(), io.BytesIO()
    docx.Document().save(template)
    with (
        zipfile.ZipFile(template) as source,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for entry in source.infolist():
            is_body = entry.filename == _BODY
            target.writestr(entry.filename, body if is_body else source.read(entry))
        for name, content in more.items():
            target.writestr(name, content)
    return written.getvalue()


def docx_body(inner: str, prolog: str = "") -> bytes:
    """Return the main part of a Word file around these blocks."""
    text = f'{prolog}<w:document xmlns:w="{_W}"><w:body>{inner}</w:body></w:document>'
    return text.encode()


def docx_of_tables(depth: int) -> bytes:
    """Return a Word file of tables in tables."""
    opened, closed = "<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"
    return docx_with(docx_body(opened * depth + _PARAGRAPH + closed * depth))


def docx_beside(member: str) -> bytes:
    """Return a Word file that packs another file by that name."""
    return docx_with(docx_body(_PARAGRAPH), {member: b"# Guide"})


def docx_of_another_kind() -> bytes:
    """Return a spreadsheet under the name of a Word file: an archive of other parts."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<office:document-content/>")
    return packed.getvalue()


def docx_of_laughs() -> bytes:
    """Return a Word file whose entities would grow to 3 GB, and one of which is a local file."""
    entities = "".join(
        f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "rire " * 6}">' for n in range(9)
    )
    prolog = f'<!DOCTYPE w [{entities}<!ENTITY secret SYSTEM "file:///etc/passwd">]>'
    inner = "<w:p><w:r><w:t>&l8; &secret;</w:t></w:r></w:p>"
    return docx_with(docx_body(inner, prolog))


def docx_with_false_size() -> bytes:
    """Return a Word file whose main part claims to have 100 bytes and has 300 MB."""
    template, written = io.BytesIO(), io.BytesIO()
    docx.Document().save(template)
    with (
        zipfile.ZipFile(template) as source,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for entry in source.infolist():
            if entry.filename != _BODY:
                target.writestr(entry.filename, source.read(entry))
        with target.open(_BODY, "w", force_zip64=True) as member:
            for _ in range(300):
                member.write(b" " * _MEGABYTE)
        target.getinfo(_BODY).file_size = 100
    return written.getvalue()


def pdf_of(objects: Iterable[bytes]) -> bytes:
    """Return a PDF of these objects, the first of which is its catalogue, with a right table."""
    written = io.BytesIO()
    written.write(b"%PDF-1.7\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(written.tell())
        written.write(b"%d 0 obj\n%b\nendobj\n" % (number, content))
    begin = written.tell()
    written.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1))
    written.writelines(b"%010d 00000 n \n" % place for place in places)
    written.write(b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(places) + 1))
    written.write(b"startxref\n%d\n%%%%EOF\n" % begin)
    return written.getvalue()


def pdf_stream(content: bytes, extra: bytes = b"") -> bytes:
    """Return a stream object that holds these bytes as they are."""
    head = b"<< /Length %d %b >>" % (len(content), extra)
    return head + b"\nstream\n" + content + b"\nendstream"


def pdf_of_pages(pages: int, lines: int = 10) -> bytes:
    """Return a PDF with that many pages of text."""
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    kids = b" ".join(b"%d 0 R" % (4 + 2 * n) for n in range(pages))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%b] /Count %d >>" % (kids, pages),
        font,
    ]
    for page in range(pages):
        title = b"Tarifs" if page == 0 else b"Chapitre %d" % page
        text = b"BT /F1 24 Tf 50 %d Td (%b) Tj ET\n" % (740 - 22 * (page % 20), title)
        for line in range(lines):
            words = b"Le pr\\352t num\\351ro %d co\\373te %d euros par an." % (line, page + line)
            text += b"BT /F1 11 Tf 50 %d Td (%b) Tj ET\n" % (700 - 22 * (line + page % 20), words)
        objects.append(_page(5 + 2 * page))
        objects.append(pdf_stream(text))
    return pdf_of(objects)


def pdf_with_content(content: bytes, extra: bytes = b"") -> bytes:
    """Return a PDF of one page with this content stream."""
    return pdf_of(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            _page(5),
            pdf_stream(content, extra),
        ]
    )


def pdf_bomb(megabytes: int) -> bytes:
    """Return a PDF whose one page unpacks to so many megabytes of spaces."""
    return pdf_with_content(deflated_spaces(megabytes), b"/Filter /FlateDecode")


def pdf_of_looping_tree() -> bytes:
    """Return a PDF whose page tree is a part of itself."""
    return pdf_of(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 2 >>",
        ]
    )


def pdf_of_deep_tree(depth: int) -> bytes:
    """Return a PDF whose one page lies under that many nodes of the page tree."""
    nodes = [b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (5 + n) for n in range(depth)]
    return pdf_of(
        [
            b"<< /Type /Catalog /Pages 4 0 R >>",
            pdf_stream(b"BT /F1 24 Tf 50 800 Td (Tarifs) Tj ET"),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            *nodes,
            _page(2),
        ]
    )


def pdf_without_table(objects: int) -> bytes:
    """Return a PDF without a table of its objects, which a reader must look for one by one."""
    whole = pdf_of_pages(1)
    junk = b"".join(b"%d 0 obj\n<< /A [%d 0 R] >>\nendobj\n" % (n, n) for n in range(9, objects))
    return whole[: whole.rindex(b"xref\n0")] + junk + b"trailer\n<< /Root 1 0 R >>\n%%EOF\n"


def pdf_of_forms_in_forms(depth: int) -> bytes:
    """Return a PDF with forms in forms, each drawn ten times by the one before."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R "
        b"/Resources << /Font << /F1 3 0 R >> /XObject << /X 6 0 R >> >> >>",
        pdf_stream(b"/X Do " * 10),
    ]
    for number in range(depth):
        last = number + 1 == depth
        inner = b"BT /F1 9 Tf 50 800 Td (Tarifs) Tj ET" if last else b"/X Do " * 10
        resources = b"/Font << /F1 3 0 R >> /XObject << /X %d 0 R >>" % (7 + number)
        extra = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << %b >>" % resources
        objects.append(pdf_stream(inner, extra))
    return pdf_of(objects)


def deflated_spaces(megabytes: int) -> bytes:
    """Return spaces, deflated a thousandfold; made fast by repeating one deflated megabyte."""
    packer = zlib.compressobj(9)
    first = packer.compress(b" " * _MEGABYTE) + packer.flush(zlib.Z_FULL_FLUSH)
    more = packer.compress(b" " * _MEGABYTE) + packer.flush(zlib.Z_FULL_FLUSH)
    # A whole stream ends with a checksum of everything; readers of PDF do without.
    return first + more * (megabytes - 1)


def _page(content: int) -> bytes:
    return (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
        b"/Resources << /Font << /F1 3 0 R >> >> >>" % content
    )
