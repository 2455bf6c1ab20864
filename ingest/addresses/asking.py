"""The addresses that guides name, asked one by one, and only when somebody asks for it."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urljoin, urlsplit

import httpx2

from ingest.addresses.public_network import NotPublic, PublicNetwork, UnknownHost
from ingest.progress import Advance

AddressState = Literal["well", "slow", "moved", "closed", "dead", "not_asked"]
"""``closed``: there is something, not for a program (401, 403, 429). ``moved``: it leads elsewhere
for good, or to a home page. ``not_asked``: nothing was sent, for its own sake or ours."""
AddressProblem = Literal[
    "status", "no_host", "no_connection", "certificate", "no_answer", "too_many_redirects",
    "not_public", "credentials", "malformed",
]  # fmt: skip

_PERMANENT = frozenset({301, 308})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CLOSED = frozenset({401, 403, 405, 406, 407, 429, 451})
_HEADERS = {"User-Agent": "civic-assistant (looks whether the links of a town's guides still work)"}


@dataclass(frozen=True, slots=True)
class AskingBounds:
    """How much is asked at a time, and how long is waited; seconds are wall-clock.

    ``seconds`` is what one try may take with all its redirections; an address has two.
    """

    at_once: int = 8
    at_once_of_a_host: int = 2
    connect_seconds: float = 5.0
    seconds: float = 15.0
    slow_seconds: float = 5.0
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of asking an address.

    ``status`` is the last HTTP status; ``leads_to`` where it moved; ``seconds`` how long the
    answer took, redirections included.
    """

    address: str
    state: AddressState
    problem: AddressProblem | None = None
    status: int | None = None
    leads_to: str | None = None
    seconds: float = 0.0


async def ask_addresses(
    addresses: Iterable[str],
    advance: Advance,
    bounds: AskingBounds | None = None,
    *,
    is_loopback_allowed: bool = False,
) -> dict[str, Answer]:
    """Ask each address and return what it answered, by address; nothing is read beyond headers.

    HEAD first, then GET where HEAD brought nothing good. Redirections are followed within the
    public internet only. ``is_loopback_allowed`` is for tests with a server of their own.
    """
    bounds = bounds or AskingBounds()
    tls = ssl.create_default_context()
    all_at_once = asyncio.Semaphore(bounds.at_once)
    by_host: defaultdict[str, asyncio.Semaphore] = defaultdict(
        lambda: asyncio.Semaphore(bounds.at_once_of_a_host)
    )

    async def ask(address: str) -> Answer:
        async with by_host[_host(address)], all_at_once:
            network = PublicNetwork(tls, is_loopback_allowed=is_loopback_allowed)
            # A client an address: cookies that a redirection sets are not carried to others.
            async with httpx2.AsyncClient(
                transport=network,
                trust_env=False,
                headers=_HEADERS,
                timeout=httpx2.Timeout(bounds.seconds, connect=bounds.connect_seconds),
            ) as client:
                answer = await _asked(client, address, bounds)
        advance(1)
        return answer

    answers = await asyncio.gather(*map(ask, dict.fromkeys(addresses)))
    return {answer.address: answer for answer in answers}


async def _asked(client: httpx2.AsyncClient, address: str, bounds: AskingBounds) -> Answer:
    answer = await _tried(client, "HEAD", address, bounds)
    if answer.state in ("dead", "closed"):
        return await _tried(client, "GET", address, bounds)
    return answer


async def _tried(
    client: httpx2.AsyncClient, method: str, address: str, bounds: AskingBounds
) -> Answer:
    begun = time.monotonic()
    try:
        async with asyncio.timeout(bounds.seconds):
            hops = await _followed(client, method, address, bounds.redirects)
    except _Unasked as unasked:
        return Answer(address, unasked.state, unasked.problem)
    except NotPublic:
        return Answer(address, "not_asked", "not_public")
    except (httpx2.InvalidURL, httpx2.UnsupportedProtocol, ValueError):
        return Answer(address, "dead", "malformed")
    except UnknownHost:
        return Answer(address, "dead", "no_host")
    except (TimeoutError, httpx2.TimeoutException):
        return Answer(address, "dead", "no_answer", seconds=time.monotonic() - begun)
    except httpx2.ConnectError as error:
        is_certificate = isinstance(_cause(error), ssl.SSLError)
        return Answer(address, "dead", "certificate" if is_certificate else "no_connection")
    except httpx2.HTTPError:
        return Answer(address, "dead", "no_connection")
    return _judged(address, hops, time.monotonic() - begun, bounds)


class _Unasked(Exception):
    """An address is not asked, or not followed any further."""

    def __init__(self, state: AddressState, problem: AddressProblem) -> None:
        super().__init__(problem)
        self.state = state
        self.problem = problem


@dataclass(frozen=True, slots=True)
class _Hop:
    address: str
    status: int


async def _followed(
    client: httpx2.AsyncClient, method: str, address: str, most: int
) -> Sequence[_Hop]:
    """Return the addresses asked one after the other, the last of which redirects no further."""
    hops: list[_Hop] = []
    while True:
        _check_form(address)
        async with client.stream(method, address, follow_redirects=False) as response:
            hops.append(_Hop(address, response.status_code))
            leads_to = response.headers.get("Location")
        if response.status_code not in _REDIRECTS or not leads_to:
            return hops
        if len(hops) > most:
            raise _Unasked("dead", "too_many_redirects")
        address = urljoin(address, leads_to)


def _host(address: str) -> str:
    try:
        return urlsplit(address).netloc.casefold()
    except ValueError:
        return ""


def _check_form(address: str) -> None:
    parts = urlsplit(address)
    host, port = parts.hostname or "", parts.port  # a port that is none raises ValueError
    if parts.scheme.lower() not in ("http", "https") or not host or port == 0 or " " in host:
        raise _Unasked("dead", "malformed")
    if parts.username is not None:
        raise _Unasked("not_asked", "credentials")


def _judged(address: str, hops: Sequence[_Hop], seconds: float, bounds: AskingBounds) -> Answer:
    last = hops[-1]
    if last.status in _CLOSED:
        return Answer(address, "closed", "status", last.status, seconds=seconds)
    if last.status >= 400:
        return Answer(address, "dead", "status", last.status, seconds=seconds)
    place = _lasting_place(address, hops)
    if place is not None:
        return Answer(address, "moved", None, last.status, place, seconds)
    state: AddressState = "slow" if seconds > bounds.slow_seconds else "well"
    return Answer(address, state, None, last.status, seconds=seconds)


def _lasting_place(address: str, hops: Sequence[_Hop]) -> str | None:
    """Return where an address moved to: as far as it is said to be for good, or to a home page."""
    lasting = 0
    while lasting < len(hops) - 1 and hops[lasting].status in _PERMANENT:
        lasting += 1
    if lasting and _page(hops[lasting].address) != _page(address):
        return hops[lasting].address
    is_home = _page(hops[-1].address)[1:] == ("", "") and _page(address)[1:] != ("", "")
    return hops[-1].address if is_home else None


def _page(address: str) -> tuple[str, str, str]:
    """Return what tells two pages apart: neither http or https, nor a slash at the end."""
    parts = urlsplit(address)
    return parts.netloc.casefold(), parts.path.rstrip("/"), parts.query


def _cause(error: BaseException) -> BaseException:
    """Return the first error in a chain of causes."""
    while (cause := error.__cause__ or error.__context__) is not None:
        error = cause
    return error
