"""What watching led to, as a service's log shows it."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.watching.watch import Watched


def told_watched(watched: Watched) -> Iterator[str]:
    """Yield the lines of one outcome: what is live, by whom and why, what was refused."""
    at = f"{watched.at:%Y-%m-%d %H:%M:%S} UTC"
    by = f" by {watched.author!r}" if watched.author else ""
    why = f": {watched.reason}" if watched.reason else ""
    live = "nothing is live" if watched.edition is None else f"edition {watched.edition}"
    match watched.state:
        case "published":
            yield f"{at} {live} is live{by}{why}"
        case "unchanged":
            yield f"{at} {live} stays: nothing changed for citizens"
        case "held":
            yield f"{at} not published{by}{why}; {live} stays"
        case "failed":
            yield f"{at} not published{by}{why}; {live} stays: {watched.problem}"
    for refused in watched.refused:
        yield f"  refused: {refused.document!r}: {refused.reason} {refused.remedy}"
    if watched.state == "held" and watched.problem:
        yield f"  {watched.problem}"
    elif watched.state == "held" and watched.refused:
        yield "  a commit is published whole or not at all: correct it with another one"
    if watched.taken_back:
        yield (
            f"  somebody took this back: {', '.join(watched.taken_back)}. Change it, or publish it "
            "by hand (civic-assistant publish)"
        )
