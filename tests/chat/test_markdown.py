from __future__ import annotations

import pytest
from markdown_it import MarkdownIt

from civic_assistant.chat.markdown import link, plain, safe_address

HOSTILE = (
    "![photo](https://evil.example/p.png)",
    "[cliquez](javascript:alert(1))",
    "<img src=x onerror=alert(1)>",
    "# titre",
    "1. premier",
    "2) second",
    "- tiret",
    "+ plus",
    "> citation",
    "--- ",
    "```code```",
    "**gras** _italique_ ~~barré~~",
    "a | b | c",
    "&lt;b&gt; &#60;",
    "\\[échappé\\]",
    "::: info",
    "ligne\n\n# titre\n\n    code",
    "https://evil.example/![x](y)",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_others_wrote_is_shown_as_it_is_and_never_as_markup(text: str) -> None:
    shown = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(plain(text))
    assert shown.startswith("<p>") and shown.count("<") == 2
    letters = shown.removeprefix("<p>").removesuffix("</p>\n")
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        letters = letters.replace(entity, sign)
    assert letters == " ".join(text.split())


def test_ordinary_sentences_stay_legible_as_plain_text() -> None:
    sentence = "Elle coûte 30,50 € (tarif 2026) : l'usager paie en mairie, n° 12-34."
    assert plain(sentence) == sentence


def test_an_amount_keeps_its_no_break_spaces() -> None:
    assert plain("jusqu'à\n1\u202f000\u00a0€") == "jusqu'à 1\u202f000\u00a0€"


@pytest.mark.parametrize(
    "address", [None, "", "javascript:alert(1)", "data:text/html,x", "//evil.example", "http://["]
)
def test_only_web_addresses_become_links(address: str | None) -> None:
    assert safe_address(address) is None
    assert link("Guide [1]", address) == r"Guide \[1\]"


def test_an_address_cannot_break_out_of_its_link() -> None:
    target = safe_address("https://www.vaubreuil.example/a b>c)![x](https://evil.example)")
    assert target is not None and ">" not in target and " " not in target
