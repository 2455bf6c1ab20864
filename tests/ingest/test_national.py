"""The national guides as a source: the unpacked package and the XML archives."""

from __future__ import annotations

import warnings
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from civic_assistant.errors import DocumentRefused, SourceError
from civic_assistant.guides import Guide
from ingest.national.source import NationalArchive, NationalFolder
from ingest.sources import Source, SourceDocument
from ingest.zipped import ArchiveBounds
from tests.ingest.national_feed import sheet_json, sheet_xml, write_archive, write_package


@pytest.fixture
def package(tmp_path: Path) -> Path:
    sheets = {
        "particuliers/F90001.json": sheet_json("F90001"),
        "particuliers/F90004.json": sheet_json("F90004"),
        "particuliers/R90002.json": sheet_json("R90002"),
        "professionnels/R90002.json": sheet_json("R90002"),
        "associations/N90003.json": sheet_json("N90003"),
    }
    return write_package(tmp_path / "package", sheets)


def guides(source: Source) -> list[Guide]:
    return [document.load().guide for document in listed(source) if "F90004" not in document.name]


def listed(source: Source) -> list[SourceDocument]:
    return [entry for entry in source.documents() if isinstance(entry, SourceDocument)]


def refused(source: Source) -> list[tuple[str, str]]:
    """Return the refusals of listing and loading."""
    refusals = []
    for entry in source.documents():
        try:
            if isinstance(entry, DocumentRefused):
                raise entry
            entry.load()
        except DocumentRefused as refusal:
            refusals.append((refusal.document, refusal.reason))
    return refusals


def archive(tmp_path: Path, sheets: dict[str, bytes], **bounds: int) -> NationalArchive:
    path = write_archive(tmp_path / "sheets.zip", sheets)
    return NationalArchive([path], tmp_path, bounds=replace(ArchiveBounds(), **bounds))


def test_every_sheet_of_the_package_is_a_guide_or_refused_by_name(package: Path) -> None:
    source = NationalFolder(package)
    assert [document.name for document in listed(source)] == [
        "particuliers/F90001.json",
        "particuliers/F90004.json",
        "associations/N90003.json",
        "particuliers/R90002.json",
    ]
    assert [guide.id for guide in guides(source)] == ["F90001", "N90003", "R90002"]
    assert refused(source) == [
        ("particuliers/F90004.json", "it is a guided search without text of its own.")
    ]


def test_a_sheet_in_two_folders_is_one_guide_for_both_audiences(package: Path) -> None:
    form = guides(NationalFolder(package))[-1]
    assert form.audiences == ("individuals", "businesses")
    assert form.document == "particuliers/R90002.json"
    assert form.theme == ("Loisirs",)


def test_the_first_audience_of_the_setting_decides_between_equal_copies(package: Path) -> None:
    form = guides(NationalFolder(package, ("businesses", "individuals")))[-1]
    assert form.theme == ("Secteurs d'activité",)
    assert form.document == "professionnels/R90002.json"


def test_only_the_audiences_of_the_setting_are_read(package: Path) -> None:
    assert [g.id for g in guides(NationalFolder(package, ("associations",)))] == ["N90003"]


def test_a_broken_copy_does_not_hide_a_good_one(package: Path) -> None:
    (package / "data/professionnels/R90002.json").write_text("{", encoding="utf-8")
    loaded = listed(NationalFolder(package))[-1].load()
    assert loaded.guide.id == "R90002"
    assert "professionnels/R90002.json" in loaded.warnings[0]


def test_an_empty_sheet_is_refused_and_the_others_go_on(package: Path) -> None:
    (package / "data/particuliers/F90001.json").write_bytes(b"")
    source = NationalFolder(package)
    assert ("particuliers/F90001.json", "it is empty.") in refused(source)
    assert [guide.id for guide in guides(source)] == ["N90003", "R90002"]


def test_the_fingerprint_changes_with_any_copy_and_only_then(package: Path) -> None:
    before = {d.name: d.fingerprint for d in listed(NationalFolder(package))}
    copy = package / "data/professionnels/R90002.json"
    copy.write_bytes(copy.read_bytes().replace(b"exemplaires", b"exemplaire"))
    after = {d.name: d.fingerprint for d in listed(NationalFolder(package))}
    assert [name for name in before if before[name] != after[name]] == ["particuliers/R90002.json"]


def test_a_package_without_an_audience_is_an_error_never_an_empty_feed(package: Path) -> None:
    for sheet in (package / "data/associations").glob("N*.json"):
        sheet.unlink()
    with pytest.raises(SourceError, match="associations' holds no sheet"):
        list(NationalFolder(package).documents())


def test_an_archive_gives_the_same_guides_as_the_package(package: Path, tmp_path: Path) -> None:
    source = archive(
        tmp_path,
        {f"{sheet}.xml": sheet_xml(sheet) for sheet in ("F90001", "F90004", "N90003", "R90002")}
        | {"arborescence.xml": b"<Arborescence/>"},
    )
    assert [replace(guide, document="") for guide in guides(source)] == [
        replace(guide, document="") for guide in guides(NationalFolder(package))
    ]


def test_several_archives_share_their_sheets(tmp_path: Path) -> None:
    names = [f"{part}/R90002.xml" for part in ("particuliers", "professionnels")]
    paths = [
        write_archive(tmp_path / f"{number}.zip", {name: sheet_xml("R90002")})
        for number, name in enumerate(names)
    ]
    documents = listed(NationalArchive(paths, tmp_path))
    assert [document.name for document in documents] == [names[0]]
    assert documents[0].load().guide.audiences == ("individuals", "businesses")


def test_sheets_for_other_audiences_are_left_out_of_an_archive(tmp_path: Path) -> None:
    members = {f"{sheet}.xml": sheet_xml(sheet) for sheet in ("F90001", "N90003", "R90002")}
    path = write_archive(tmp_path / "sheets.zip", members)
    source = NationalArchive([path], tmp_path, ("businesses",))
    assert [guide.id for guide in guides(source)] == ["R90002"]
    members = {f"{name}/N90003.xml": sheet_xml("N90003") for name in ("particuliers",)}
    path = write_archive(tmp_path / "folders.zip", members)
    assert listed(NationalArchive([path], tmp_path, ("businesses",))) == []


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("../../F90009.xml", b"<Publication/>", "its name leads out of the archive."),
        ("/etc/F90009.xml", b"<Publication/>", "its name leads out of the archive."),
        ("c:F90009.xml", b"<Publication/>", "its name leads out of the archive."),
        ("F90009.xml", b" " * 3_000_000, "it grows more than 200 times when unpacked."),
        ("F90009.xml", b"", "it is empty."),
    ],
)
def test_a_dangerous_member_is_refused_by_name_and_the_rest_is_read(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    source = archive(tmp_path, {name: content, "N90003.xml": sheet_xml("N90003")})
    assert refused(source) == [(name, reason)]
    assert [guide.id for guide in guides(source)] == ["N90003"]


def test_entity_bombs_and_broken_xml_are_refused_by_name(tmp_path: Path) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
    members = {"F90008.xml": bomb, "F90009.xml": b"<Publication>"}
    reasons = refused(archive(tmp_path, members | {"N90003.xml": sheet_xml("N90003")}))
    assert [document for document, _ in reasons] == ["F90008.xml", "F90009.xml"]
    assert "entities" in reasons[0][1]
    assert "broken XML" in reasons[1][1]


def test_a_member_that_is_too_large_is_refused_by_name(tmp_path: Path) -> None:
    large = sheet_xml("N90003").replace(b"</dc:title>", b"x" * 5_000_000 + b"</dc:title>")
    members = {"N90002.xml": large, "N90003.xml": sheet_xml("N90003")}
    source = archive(tmp_path, members, member_bytes=2_000_000, ratio=10_000)
    assert refused(source) == [("N90002.xml", "it has 5 MB unpacked; at most 2 MB are read.")]


def test_a_member_that_lies_about_its_size_is_refused_by_name(tmp_path: Path) -> None:
    path = Path(write_archive(tmp_path / "sheets.zip", {"N90003.xml": sheet_xml("N90003")}))
    content = bytearray(path.read_bytes())
    size = content.index(b"PK\x01\x02") + 24
    content[size : size + 4] = (20).to_bytes(4, "little")
    path.write_bytes(content)
    (refusal,) = refused(NationalArchive([str(path)], tmp_path))
    assert refusal[0] == "N90003.xml"
    assert "cannot be unpacked" in refusal[1]


def test_a_damaged_member_is_refused_by_name(tmp_path: Path) -> None:
    path = Path(write_archive(tmp_path / "sheets.zip", {"N90003.xml": sheet_xml("N90003")}))
    content = bytearray(path.read_bytes())
    content[60:70] = b"0123456789"
    path.write_bytes(content)
    (refusal,) = refused(NationalArchive([str(path)], tmp_path))
    assert refusal[0] == "N90003.xml"
    assert "cannot be unpacked" in refusal[1]


def test_a_member_under_a_password_is_refused_by_name(tmp_path: Path) -> None:
    sheets = {"N90003.xml": sheet_xml("N90003"), "R90002.xml": sheet_xml("R90002")}
    path = Path(write_archive(tmp_path / "sheets.zip", sheets))
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    source = NationalArchive([str(path)], tmp_path)
    assert refused(source) == [("N90003.xml", "it is under a password.")]


@pytest.mark.parametrize("bounds", [{"members": 0}, {"unpacked_bytes": 10}])
def test_an_archive_that_is_too_large_as_a_whole_is_not_read(
    tmp_path: Path, bounds: dict[str, int]
) -> None:
    source = archive(tmp_path, {"N90003.xml": sheet_xml("N90003")}, **bounds)
    with pytest.raises(SourceError, match="at most"):
        list(source.documents())


def test_what_is_no_archive_of_the_feed_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04 truncated")
    for name in ("broken.zip", "missing.zip"):
        with pytest.raises(SourceError, match="cannot be opened"):
            list(NationalArchive([str(tmp_path / name)], tmp_path).documents())
    with pytest.raises(SourceError, match="holds no sheet"):
        list(archive(tmp_path, {"readme.txt": b"nothing"}).documents())


def test_an_archive_stays_readable_after_the_listing_and_closes_quietly(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        documents = listed(archive(tmp_path, {"N90003.xml": sheet_xml("N90003")}))
        assert documents[0].load().guide.id == "N90003"
        del documents


def test_listing_does_not_unpack_to_disk(tmp_path: Path) -> None:
    listed(archive(tmp_path, {"particuliers/F90001.xml": sheet_xml("F90001")}))
    assert [path.name for path in tmp_path.iterdir()] == ["sheets.zip"]
    assert zipfile.is_zipfile(tmp_path / "sheets.zip")
