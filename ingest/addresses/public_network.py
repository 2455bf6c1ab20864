"""Requests that reach the public internet and nothing else, whatever names resolve to."""

from __future__ import annotations

import asyncio
import ssl
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import httpx2

_TRIED = 4
_NAT64 = IPv6Network("64:ff9b::/96")


class NotPublic(Exception):
    """A name leads into a private, local or reserved network: nothing was asked of it."""


class PublicNetwork(httpx2.AsyncBaseTransport):
    """Sends a request to the addresses that its host's name resolves to, if all are public.

    The name is resolved once, and the connection goes to what was looked at, so that a second
    answer of the name's server cannot lead elsewhere; certificates are checked against the name.
    Proxies of the environment are not used: they would resolve the name anew. A test may allow
    its own machine with ``is_loopback_allowed``.
    """

    def __init__(self, tls: ssl.SSLContext, *, is_loopback_allowed: bool = False) -> None:
        # A kept connection would be used again for another name at the same address.
        limits = httpx2.Limits(max_keepalive_connections=0)
        self._inner = httpx2.AsyncHTTPTransport(verify=tls, trust_env=False, limits=limits)
        self._is_loopback_allowed = is_loopback_allowed

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send the request to the first address that can be reached.

        Raises:
            NotPublic: One of the addresses is not public.
            httpx2.TransportError: The name is unknown, or no address answers.
        """
        host = request.url.raw_host.decode("ascii").strip("[]")
        extensions = {**request.extensions, "sni_hostname": host}
        failure: httpx2.TransportError = UnknownHost(f"{host!r} has no address", request=request)
        for address in (await self._resolved(host, request))[:_TRIED]:
            asked = httpx2.Request(
                request.method,
                request.url.copy_with(host=str(address)),
                headers=request.headers,  # with the Host header of the name
                extensions=extensions,
            )
            try:
                return await self._inner.handle_async_request(asked)
            except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
                failure = error
        raise failure

    async def aclose(self) -> None:
        """Close every connection."""
        await self._inner.aclose()

    async def _resolved(
        self, host: str, request: httpx2.Request
    ) -> list[IPv4Address | IPv6Address]:
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, None)
        except (OSError, UnicodeError) as error:
            raise UnknownHost(f"{host!r} cannot be resolved ({error})", request=request) from error
        addresses = [ip_address(address[0]) for *_, address in found]
        for address in addresses:
            is_allowed = self._is_loopback_allowed and address.is_loopback
            if not (is_allowed or is_public(address)):
                raise NotPublic(host)
        return list(dict.fromkeys(addresses))


class UnknownHost(httpx2.ConnectError):
    """No address is known for a host's name."""


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address belongs to the public internet, also when it wraps an IPv4 address."""
    if isinstance(address, IPv6Address):
        wrapped = address.ipv4_mapped or address.sixtofour
        if address.teredo is not None:
            wrapped = address.teredo[1]
        elif address in _NAT64:
            wrapped = IPv4Address(int(address) & 0xFFFFFFFF)
        if wrapped is not None:
            return is_public(wrapped)
    return address.is_global and not (address.is_multicast or address.is_reserved)
