"""Every error the product raises on purpose.

* CivicError
  x SettingsError          a setting cannot be used as it is
  x SourceError            a whole folder, package or archive cannot be read
  x DocumentRefused        one document of a source cannot be published; the rest goes on
  x IndexUnusable          the index folder cannot be used at all
    - IndexMissing         nothing has been published there yet
    - IndexMismatch        written by another embedding model or other passage rules
  x CouldNotLook           the question could not be looked up; never the same as nothing found
  x RecordMissing          no turn or request is kept under that number
  x RecordsUnusable        journal and requests cannot be read or written now
  x ContactInvalid         a contact is neither an e-mail address nor a telephone number
  x MessageMissing         a text for citizens is not in the catalogue, or lacks a value
"""

from __future__ import annotations


class CivicError(Exception):
    """The root of the tree; its text is for operators and editors, never for citizens."""


class SettingsError(CivicError):
    """A setting cannot be used as it is."""


class SourceError(CivicError):
    """A whole source (folder, package, archive) cannot be read."""


class DocumentRefused(CivicError):
    """One document cannot be published.

    ``document`` names it below its source, ``reason`` says what is wrong, ``remedy`` what to do.
    """

    def __init__(self, document: str, reason: str, remedy: str) -> None:
        super().__init__(f"{document!r}: {reason} {remedy}")
        self.document = document
        self.reason = reason
        self.remedy = remedy


class IndexUnusable(CivicError):
    """The index folder cannot be used."""


class IndexMissing(IndexUnusable):
    """Nothing has been published into the index folder yet."""


class IndexMismatch(IndexUnusable):
    """The index was written by another embedding model or with other passage rules."""


class CouldNotLook(CivicError):
    """The question could not be looked up; *nothing found* is an outcome, not this error."""


class RecordMissing(CivicError):
    """No turn or request is kept under that number."""


class MessageMissing(CivicError):
    """A text for citizens is not in the catalogue, or a value for its placeholders is missing."""


class RecordsUnusable(CivicError):
    """Journal and requests cannot be read or written now."""


class ContactInvalid(CivicError):
    """A contact is neither an e-mail address nor a telephone number; its text never quotes it."""
