"""The sample sheets as the feed delivers them: XML, the package's JSON, folders and archives."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

from ingest.readers.service_public import parse_xml
from ingest.readers.service_public.tree import Node

SAMPLES = Path(__file__).parent / "samples" / "national"
DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"


def sheet_xml(sheet: str) -> bytes:
    """Return a sample sheet as XML."""
    return (SAMPLES / f"{sheet}.xml").read_bytes()


def sheet_json(sheet: str, content: bytes | None = None) -> bytes:
    """Return a sheet as the package holds it: text that is only white space is lost."""
    root = fromstring(content or sheet_xml(sheet))
    return json.dumps({"id": sheet, "children": [_json(root)]}, ensure_ascii=False).encode()


def boat_sheet(number: int, fee: str = "25") -> tuple[str, bytes]:
    """Return the place and bytes of a sheet like F90001, under another number and with that fee."""
    name = f"F{number}"
    content = sheet_xml("F90001").decode().replace("F90001", name).replace("25 €", f"{fee} €")
    return f"particuliers/{name}.json", sheet_json(name, content.encode())


def tree(fragment: str) -> Node:
    """Return the tree of a piece of XML."""
    return parse_xml(fragment.encode(), "F1.xml")


def write_package(folder: Path, sheets: Mapping[str, bytes]) -> Path:
    """Write an unpacked package: ``particuliers/F1.json`` and so on, with the index files."""
    for name, content in sheets.items():
        path = folder / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        (path.parent / "index.json").write_text("[]", encoding="utf-8")
    return folder


def write_archive(path: Path, members: Mapping[str, bytes]) -> str:
    """Write a ZIP archive and return its path."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return str(path)


def _json(element: Element) -> dict[str, object]:
    children: list[dict[str, object]] = []
    if element.text and element.text.strip():
        children.append({"type": "text", "text": element.text})
    for child in element:
        children.append(_json(child))
        if child.tail and child.tail.strip():
            children.append({"type": "text", "text": child.tail})
    name = element.tag.replace(DUBLIN_CORE, "dc:")
    node: dict[str, object] = {"type": "element", "name": name, "children": children}
    return node | ({"attributes": dict(element.attrib)} if element.attrib else {})
