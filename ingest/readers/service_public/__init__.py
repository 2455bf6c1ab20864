"""The national guides of service-public.fr: sheets in XML, or the same tree as JSON, to guides."""

from ingest.readers.service_public.guide import one_guide, read_sheet
from ingest.readers.service_public.tree import parse_json, parse_xml

READER_VERSION = "service_public 1"
"""Raise it when the same sheet is read differently: every sheet then counts as changed."""

__all__ = ["READER_VERSION", "one_guide", "parse_json", "parse_xml", "read_sheet"]
