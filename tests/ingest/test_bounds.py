"""What is too large, too slow or wrongly encoded is refused with the reason."""

import io
import time
import zipfile
from pathlib import Path

import pytest

from civic_assistant.errors import DocumentRefused
from ingest.bounds import Deadline, check_archive, decode_text, read_bounded


def test_a_file_is_never_read_beyond_its_limit(tmp_path: Path) -> None:
    file = tmp_path / "fr.md"
    with file.open("wb") as stream:
        stream.truncate(200 * 1024 * 1024)
    begun = time.monotonic()
    with pytest.raises(DocumentRefused, match="200 MB; at most 1 MB"):
        read_bounded(file, "fr.md", 1024 * 1024)
    assert time.monotonic() - begun < 1


def test_a_missing_or_empty_file_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "vide.md").write_bytes(b" \n")
    with pytest.raises(DocumentRefused, match=r"'vide\.md': it is empty"):
        read_bounded(tmp_path / "vide.md", "vide.md", 10)
    with pytest.raises(DocumentRefused, match="cannot be read"):
        read_bounded(tmp_path / "absent.md", "absent.md", 10)


def test_utf8_is_read_with_or_without_its_mark() -> None:
    assert decode_text("\ufeffété".encode(), "fr.md") == "été"
    assert decode_text("été".encode(), "fr.md") == "été"


def test_another_encoding_is_named_with_the_first_wrong_byte() -> None:
    text = "# Été à la piscine : les horaires changent dès la rentrée".encode("cp1252")
    with pytest.raises(DocumentRefused, match=r"byte 2 is not UTF-8; it looks like cp125\d"):
        decode_text(text, "fr.md")


def test_utf16_is_told_from_binary() -> None:
    with pytest.raises(DocumentRefused, match="looks like utf_16"):
        decode_text("Été à la piscine".encode("utf-16"), "fr.md")
    with pytest.raises(DocumentRefused, match="binary"):
        decode_text(b"\x7fELF\x00\x01", "fr.md")


def archive_of(**members: bytes) -> zipfile.ZipFile:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return zipfile.ZipFile(packed)


def test_an_ordinary_archive_passes() -> None:
    check_archive(archive_of(a=b"texte", b=b" " * 1000), "a.zip")


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"a": b" " * 9_000_000}, "grows more than"),
        ({"../a": b"x"}, "leads out"),
        ({"/etc/a": b"x"}, "leads out"),
        ({"..\\a": b"x"}, "leads out"),
        ({str(n): b"" for n in range(4)}, "packs 4 files"),
        ({"a": b"abc" * 4_000_000}, "unpacks to"),
    ],
)
def test_bombs_and_paths_out_of_the_archive_are_refused(
    members: dict[str, bytes], reason: str
) -> None:
    with pytest.raises(DocumentRefused, match=reason):
        check_archive(archive_of(**members), "a.zip", members=3, total=10_000_000)


def test_a_document_may_take_only_its_time() -> None:
    Deadline("a.pdf", seconds=60).check()
    with pytest.raises(DocumentRefused, match=r"'a\.pdf': reading it took more than"):
        Deadline("a.pdf", seconds=-1).check()
