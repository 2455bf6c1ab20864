"""Archives that are fetched from an address."""

from __future__ import annotations

from pathlib import Path

import pytest

from civic_assistant.errors import SourceError
from ingest.zipped import ArchiveBounds, fetched_archive


def test_a_path_is_used_as_it_is(tmp_path: Path) -> None:
    assert fetched_archive("sheets.zip", tmp_path / "new", ArchiveBounds()) == Path("sheets.zip")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    "address", ["http://feed.example/a.zip", "file:///etc/passwd", "ftp://x/a"]
)
def test_only_https_addresses_are_fetched(address: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is not https"):
        fetched_archive(address, tmp_path, ArchiveBounds())


def test_an_address_that_does_not_answer_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"cannot be fetched .*give its path"):
        fetched_archive("https://127.0.0.1:9/sheets.zip", tmp_path, ArchiveBounds())
    assert list(tmp_path.iterdir()) == []
