"""The editors' pages: guides are changed, looked at, published and taken back.

The only part of the program that calls ``ingest``.
"""
