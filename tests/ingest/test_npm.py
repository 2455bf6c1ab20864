"""The package is fetched by the real npm, from a registry of one package on this machine."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import shutil
import tarfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from civic_assistant.errors import SourceError
from ingest.national import npm
from ingest.national.npm import fetch_package, forget_packages, newest_package
from ingest.national.source import NationalFolder
from tests.ingest.national_feed import sheet_json

SPEC = "@town/guides@1.2.3"
needs_npm = pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed")


class Registry(ThreadingHTTPServer):
    """A registry that serves one package and counts the questions it is asked."""

    def __init__(self, tarball: bytes, digest: str) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.tarball, self.digest, self.asked = tarball, digest, 0
        self.address = f"http://127.0.0.1:{self.server_port}"


class _Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        registry = self.server
        assert isinstance(registry, Registry)
        registry.asked += 1
        content = registry.tarball
        if not self.path.endswith(".tgz"):
            dist = {"tarball": f"{registry.address}/guides.tgz", "integrity": registry.digest}
            version = {"name": "@town/guides", "version": "1.2.3", "dist": dist}
            latest = {"latest": "1.2.3"}
            content = json.dumps(
                {"name": "@town/guides", "dist-tags": latest, "versions": {"1.2.3": version}}
            ).encode()
        self.send_response(200 if "guides" in self.path else 404)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def tarball(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    scripts = {"prepare": "touch ran", "postinstall": "touch ran"}
    manifest = {"name": "@town/guides", "version": "1.2.3", "scripts": scripts}
    content = tarball(
        {
            "package/package.json": json.dumps(manifest).encode(),
            "package/data/associations/N90003.json": sheet_json("N90003"),
        }
    )
    digest = "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()
    server = Registry(content, digest)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("npm_config_registry", server.address)
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    monkeypatch.setenv("npm_config_userconfig", str(tmp_path / "none"))
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    monkeypatch.setenv("npm_config_update_notifier", "false")
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@needs_npm
def test_a_package_is_fetched_into_a_folder_below_the_current_one(
    registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert fetch_package(SPEC, Path("var")) == tmp_path / "var" / "town-guides-1.2.3"


@needs_npm
def test_a_package_is_fetched_once_and_then_reused(registry: Registry, tmp_path: Path) -> None:
    folder = fetch_package(SPEC, tmp_path / "var")
    assert folder == tmp_path / "var" / "town-guides-1.2.3"
    source = NationalFolder(folder, ("associations",))
    assert [document.name for document in source.documents()] == ["associations/N90003.json"]  # type: ignore[union-attr]
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["town-guides-1.2.3"]
    assert not list(tmp_path.rglob("ran"))
    asked = registry.asked
    assert fetch_package(SPEC, tmp_path / "var") == folder
    assert registry.asked == asked


@needs_npm
def test_a_package_with_a_wrong_digest_is_not_kept(registry: Registry, tmp_path: Path) -> None:
    registry.digest = "sha512-" + base64.b64encode(bytes(64)).decode()
    with pytest.raises(SourceError, match=r"npm could not fetch '@town/guides@1\.2\.3': "):
        fetch_package(SPEC, tmp_path / "var")
    assert list((tmp_path / "var").iterdir()) == []


@needs_npm
def test_a_package_that_is_not_there_is_said_so(registry: Registry, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"npm could not fetch '@town/other@1\.0\.0'.*setting"):
        fetch_package("@town/other@1.0.0", tmp_path / "var")


@needs_npm
def test_a_package_that_is_too_large_is_not_kept(
    registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(npm, "UNPACKED_FILES", 1)
    with pytest.raises(SourceError, match="is larger than 1 files"):
        fetch_package(SPEC, tmp_path / "var")
    assert list((tmp_path / "var").iterdir()) == []


@needs_npm
def test_a_member_that_leads_out_of_the_package_stops_it(
    registry: Registry, tmp_path: Path
) -> None:
    registry.tarball = tarball({"package/package.json": b"{}", "../../../evil.json": b"{}"})
    digest = hashlib.sha512(registry.tarball).digest()
    registry.digest = "sha512-" + base64.b64encode(digest).decode()
    with pytest.raises(SourceError):
        fetch_package(SPEC, tmp_path / "var")
    assert not list(tmp_path.rglob("evil.json"))


@pytest.mark.parametrize(
    "spec",
    [
        "@town/guides",
        "guides@latest",
        "guides@^1.0.0",
        "./guides",
        "git+https://x/y.git",
        "-g@1.0.0",
    ],
)
def test_only_an_exact_version_of_the_registry_is_fetched(spec: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="name with its version"):
        fetch_package(spec, tmp_path)


@needs_npm
def test_the_newest_version_is_asked_of_the_registry_and_not_fetched(
    registry: Registry, tmp_path: Path
) -> None:
    assert newest_package("@town/guides@1.0.0") == SPEC
    with pytest.raises(SourceError, match="could not tell the newest '@town/other'"):
        newest_package("@town/other@1.0.0")
    with pytest.raises(SourceError, match="name with its version"):
        newest_package("-g@latest")


def test_other_versions_of_a_package_are_forgotten_and_nothing_else(tmp_path: Path) -> None:
    for name in (
        "town-guides-1.2.2",
        "town-guides-1.2.3",
        "town-guides-1.0.0",
        ".gone-town-guides",
    ):
        (tmp_path / name / "data").mkdir(parents=True)
    for name in ("town-guides-notes", "other-1.2.2"):
        (tmp_path / name).mkdir()
    assert forget_packages(tmp_path, SPEC, kept=("@town/guides@1.0.0",)) == ("town-guides-1.2.2",)
    left = {"other-1.2.2", "town-guides-1.0.0", "town-guides-1.2.3", "town-guides-notes"}
    assert {path.name for path in tmp_path.iterdir()} == left


def test_without_npm_the_error_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SourceError, match=r"npm is not installed\. Install Node\.js"):
        fetch_package(SPEC, tmp_path / "var")
