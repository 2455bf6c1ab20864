"""Elements of HTML that no reader of a page sees: what they say is no part of a guide."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html.parser import HTMLParser
from textwrap import shorten

from ingest.characters import clean_text

_UNSEEN_STYLE = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|opacity:0?\.?0*(?:;|!|$)"
    r"|font-size:0?\.?0*(?:px|r?em|pt|%)?(?:;|!|$)"
    r"|(?:left|right|top|bottom|text-indent):-\d{4,}|clip:rect\(0|clip-path:inset\((?:50|100)%"
    r"|(?:^|;)color:transparent",
    re.IGNORECASE,
)
_GAPS = re.compile(r"\s+|/\*.*?\*/")
_WORTH_TELLING, _SHOWN = 4, 80
"""Characters: of an icon's name nobody is told, and of a long text its beginning."""
_VOID = frozenset(
    {
        *("area", "base", "br", "col", "embed", "hr", "img", "input"),
        *("link", "meta", "param", "source", "track", "wbr"),
    }
)


def is_unseen(attributes: Mapping[str, object]) -> bool:
    """Whether an element with these attributes is hidden by them, from eyes or screen readers.

    What a style sheet hides is not known.
    """
    style = _GAPS.sub("", str(attributes.get("style") or ""))
    return (
        "hidden" in attributes
        or str(attributes.get("aria-hidden", "")).lower() == "true"
        or _UNSEEN_STYLE.search(style) is not None
    )


def unseen_warnings(texts: Iterable[str]) -> tuple[str, ...]:
    """Return what an editor is told of the texts that were left out because nobody sees them."""
    told = [words for text in texts if len(words := clean_text(text)) >= _WORTH_TELLING]
    if not told:
        return ()
    first = shorten(told[0], _SHOWN, placeholder="…")
    return (f"It hides text, which is left out: “{first}”. Take it out, or show it to citizens.",)


def leaves_unseen_open(html: str) -> bool:
    """Whether a piece of HTML opens an unseen element and does not close it."""
    reading = _Opened()
    reading.feed(html)
    reading.close()
    return any(unseen for _, unseen in reading.opened)


class _Opened(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.opened: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID:
            self.opened.append((tag, is_unseen(dict(attrs))))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)  # browsers read <div/> as <div>

    def handle_endtag(self, tag: str) -> None:
        for place in range(len(self.opened) - 1, -1, -1):
            if self.opened[place][0] == tag:
                del self.opened[place:]
                return
