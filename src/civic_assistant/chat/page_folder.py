"""The folder Chainlit lives in: its configuration, its built front end, and our public files.

Chainlit reads ``CHAINLIT_APP_ROOT`` when it is imported and writes there, so nothing in this module
imports it.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import sys
import tempfile
from hashlib import sha256
from importlib import metadata, resources, util
from pathlib import Path

from civic_assistant.chat.page_words import page_words
from civic_assistant.errors import SettingsError
from civic_assistant.messages import PAGE_LANGUAGES, messages_for
from civic_assistant.settings import Settings

_ROOT_VARIABLE = "CHAINLIT_APP_ROOT"
_OUTSIDE_LINKS = re.compile(
    r"<link\b[^>]*(?:fonts\.googleapis|fonts\.gstatic|cdn\.jsdelivr)[^>]*>", re.DOTALL
)
_COMPRESSED = (".js", ".mjs", ".css")
_CONFIGURATION = """\
[project]
allow_origins = {origins}
session_timeout = 900
user_env = []

[features]
unsafe_allow_html = false
latex = false
user_message_markdown = false
user_message_autoscroll = true
assistant_message_autoscroll = false
edit_message = false

[features.spontaneous_file_upload]
enabled = false

[UI]
name = {name}
default_theme = "light"
default_sidebar_state = "hidden"
cot = "hidden"
confirm_new_chat = false
custom_css = "/public/site.css?v={version}"
custom_js = "/public/site.js?v={version}"
custom_js_attributes = ""
custom_meta_url = "/"
custom_meta_image_url = "/public/logo.svg"
custom_build = {build}

[meta]
generated_by = {chainlit}
"""


def prepare_page(settings: Settings) -> Path:
    """Write the page's folder below the data folder and make Chainlit use it; return the folder.

    Chainlit's packaged front end is copied once for each of its versions, without its source maps
    and without the fonts and styles that it would load from other hosts.

    Raises `SettingsError` when this process already serves a page from another folder.
    """
    folder = (settings.data_folder / "page").resolve()
    already = os.environ.get(_ROOT_VARIABLE) if "chainlit.config" in sys.modules else None
    if already is not None and Path(already) != folder:
        raise SettingsError(
            f"setting 'data_folder': this process already serves a page from {already!r}; "
            "Chainlit knows one folder a process. Start another process."
        )
    folder.mkdir(parents=True, exist_ok=True)
    build = _front_end(folder)
    version = _copy_public_files(folder / "public", settings)
    index = build / "index.html"
    _write(index, _patched_index(_packaged_front_end() / "index.html", settings, version))
    _write_configuration(folder, settings, build.name, version)
    os.environ[_ROOT_VARIABLE] = str(folder)
    return folder


def _packaged_front_end() -> Path:
    found = util.find_spec("chainlit")
    if found is None or found.origin is None:
        raise SettingsError("the package 'chainlit' is not installed; run `make install`.")
    return Path(found.origin).parent / "frontend" / "dist"


def _front_end(folder: Path) -> Path:
    build = folder / f"ui-{metadata.version('chainlit')}"
    if build.is_dir():
        return build
    with tempfile.TemporaryDirectory(dir=folder, prefix=".ui-") as scratch:
        made = Path(scratch) / "ui"
        shutil.copytree(_packaged_front_end(), made, ignore=shutil.ignore_patterns("*.map"))
        for asset in made.joinpath("assets").iterdir():
            if asset.suffix in _COMPRESSED:
                packed = asset.with_name(f"{asset.name}.gz")
                packed.write_bytes(gzip.compress(asset.read_bytes(), 9, mtime=0))
        try:
            made.rename(build)
        except OSError:  # another process was faster
            if not build.is_dir():
                raise
    return build


def _patched_index(packaged: Path, settings: Settings, version: str) -> str:
    page = _OUTSIDE_LINKS.sub("", packaged.read_text(encoding="utf-8"))
    page = page.replace('<html lang="en">', f'<html lang="{settings.town_language}">')
    words = f'<script src="/public/words.js?v={version}"></script>'
    placeholder = "<!-- JS INJECTION PLACEHOLDER -->"
    handoff = f'<script src="/public/handoff.js?v={version}"></script>'
    page = page.replace(placeholder, f"{words}\n    {placeholder}\n    {handoff}")
    if "https://" in page or words not in page:
        raise SettingsError(
            f"the front end of chainlit {metadata.version('chainlit')} is not the one this product "
            "knows how to serve without outside requests; install the pinned version."
        )
    return page


def _copy_public_files(target: Path, settings: Settings) -> str:
    packaged = resources.files("civic_assistant.chat") / "public"
    with resources.as_file(packaged) as source:
        shutil.copytree(source, target, dirs_exist_ok=True)
    words = json.dumps(page_words(settings), ensure_ascii=False)
    _write(target / "words.js", f"window.civic = {words};\n")
    digest = sha256()
    for file in (*sorted(target.glob("site.*")), target / "handoff.js", target / "words.js"):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def _write_configuration(folder: Path, settings: Settings, build: str, version: str) -> None:
    def quoted(value: object) -> str:  # a JSON string or list of strings is one in TOML as well
        return json.dumps(value, ensure_ascii=False)

    chainlit = folder / ".chainlit"
    translations = chainlit / "translations"
    translations.mkdir(parents=True, exist_ok=True)
    name = messages_for(settings.town_language).text("page.name", town=settings.town)
    configuration = _CONFIGURATION.format(
        origins=quoted(list(settings.public_origins)),
        name=quoted(name),
        build=quoted(build),
        version=version,
        chainlit=quoted(metadata.version("chainlit")),
    )
    _write(chainlit / "config.toml", configuration)
    ours = resources.files("civic_assistant.chat") / "translations"
    with resources.as_file(ours) as source:
        for file in source.glob("*.json"):  # the page asks by language alone: fr, not fr-FR
            language = file.stem.split("-")[0]
            words = json.loads(file.read_text(encoding="utf-8"))
            lost = messages_for(language).text("page.disconnected")
            words["common"]["status"]["error"]["serverConnection"] = lost
            _write(translations / f"{language}.json", json.dumps(words, ensure_ascii=False))
    for language in PAGE_LANGUAGES:  # else Chainlit logs a warning at every visit
        _write(folder / f"chainlit_{language}.md", "")
    _write(folder / "chainlit.md", "")


def _write(path: Path, text: str) -> None:
    """Replace a file at once: another process that starts or serves from it reads a whole one."""
    written = path.with_name(f"{path.name}.{os.getpid()}")
    written.write_text(text, encoding="utf-8")
    written.replace(path)
