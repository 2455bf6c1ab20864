"""The privacy notice as a plain page of its own, in the page's languages."""

from __future__ import annotations

from html import escape

from markdown_it import MarkdownIt
from starlette.datastructures import Headers

from civic_assistant.chat.asked_language import asked_language
from civic_assistant.chat.page_words import direction, own_name
from civic_assistant.messages import PAGE_LANGUAGES, messages_for, page_language
from civic_assistant.privacy import privacy_notice
from civic_assistant.settings import Settings

PRIVACY_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)
_PAGE = """\
<!doctype html>
<html lang="{language}" dir="{direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{heading} – {town}</title>
<link rel="icon" href="/favicon">
<link rel="stylesheet" href="/public/site.css">
</head>
<body class="civic-plain">
<header id="civic-header">
<a class="civic-brand" href="/?lang={language}">
<img src="/public/mark.svg" alt="" width="40" height="40">
<span><strong>{town}</strong><span>{assistant}</span></span>
</a>
</header>
<main>
{notice}
<nav aria-label="{languages}"><ul>{choices}</ul></nav>
</main>
</body>
</html>
"""


def privacy_page(settings: Settings, asked: str | None, headers: Headers) -> str:
    """Return the privacy notice as HTML, in the language asked for or else the browser's."""
    language = page_language(asked) or asked_language(headers, settings.town_language)
    messages = messages_for(language)
    heading = messages.text("welcome.privacy_heading")
    notice = MarkdownIt("js-default").render(privacy_notice(settings, language))
    if "<h1" not in notice:
        notice = f"<h1>{escape(heading)}</h1>\n{notice}"
    choices = "".join(_choice(tag, tag == language) for tag in PAGE_LANGUAGES)
    return _PAGE.format(
        language=language,
        direction=direction(language),
        heading=escape(heading),
        town=escape(settings.town),
        assistant=escape(messages.text("page.name")),
        notice=notice,
        languages=escape(messages.text("page.languages")),
        choices=choices,
    )


def _choice(tag: str, is_current: bool) -> str:
    current = ' aria-current="true"' if is_current else ""
    name = escape(own_name(tag))
    attributes = f'href="?lang={tag}" lang="{tag}" hreflang="{tag}" dir="{direction(tag)}"{current}'
    return f"<li><a {attributes}>{name}</a></li>"
