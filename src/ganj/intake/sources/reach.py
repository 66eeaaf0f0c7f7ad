"""The way out to other machines, and where it must not lead.

An address is resolved once, every result is looked at, and the connection goes to the very address that was
looked at: a name that answers differently the second time leads nowhere.  Addresses that are not of the
public internet (this machine, private networks, link-local, their IPv6 dresses) are refused unless an
administrator allowed them for this source.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlencode, urlsplit

import msgspec

from ganj.intake.sources.certificates import certified, trusted
from ganj.intake.sources.errors import BadAddress, BadAnswer, PrivateAddress, SignInRefused, Unreachable
from ganj.text import Text

TIMEOUT = 30.0  # seconds for a connection and for each answer
MOST = 64 << 20  # bytes of one answer
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
NAT64 = ipaddress.ip_network("64:ff9b::/96")
NOT_HTTP = Text("it must begin with https:// or http://.", "باید با https:// یا http:// آغاز شود.")
NO_PARTS = Text("its server or port is none.", "سرور یا درگاه آن درست نیست.")
NO_HOST = Text("it names no server.", "نام سروری در آن نیست.")
SIGNED_IN = Text("a name or password does not belong in it.", "نام یا گذرواژه در نشانی جایی ندارد.")
PLAIN = Text(
    "without https the key would travel in clear; only an allowed private address may do without.",
    "بی https کلید آشکار می‌رود؛ تنها نشانی خصوصی مجاز می‌تواند بدون آن باشد.",
)
AGENT = "ganj"


class Reply(msgspec.Struct, frozen=True):
    """An answer: its body as JSON, and its headers by lower-case name."""

    body: Any
    headers: dict[str, str]


class Reach(msgspec.Struct, frozen=True, kw_only=True):
    """Where a source may go.

    Attributes
    ----------
    private
        Whether addresses of this machine and of private networks are allowed.
    own
        The workspace's folder, which no source reads.
    """

    private: bool = False
    own: Path | None = None

    def resolve(self, host: str, port: int) -> str:
        """Return the address to connect to.

        Raises
        ------
        Unreachable
            Nobody knows the name.
        PrivateAddress
            One of its addresses is not public, and that is not allowed.
        """
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, ValueError) as unknown:
            raise Unreachable(address=host, detail=str(unknown)) from unknown
        addresses = [str(entry[4][0]) for entry in found]
        for address in addresses:
            if not self.private and not is_public(address):
                raise PrivateAddress(host=host, ip=address)
        return addresses[0]

    def connect(self, host: str, port: int) -> socket.socket:
        """Open a connection to the address that was looked at."""
        address = self.resolve(host, port)
        try:
            return socket.create_connection((address, port), TIMEOUT)
        except OSError as silent:
            raise Unreachable(address=f"{host}:{port}", detail=str(silent)) from silent

    def outside(self, path: Path) -> bool:
        """Tell whether a path lies outside the workspace's folder."""
        return self.own is None or not path.resolve().is_relative_to(self.own.resolve())

    def get(self, url: str, words: Mapping[str, Any], signed: tuple[str, str], authority: str = "") -> Reply:
        """Ask an HTTP server for JSON, signed in; redirects are not followed.

        Raises
        ------
        BadAddress, PrivateAddress, Unreachable, CertificateRefused, SignInRefused, BadAnswer
        """
        parts = checked(url, private=self.private)
        connection = _Http(self, parts, authority)
        path = f"{parts.path}?{urlencode(words)}" if words else parts.path
        basic = b64encode(":".join(signed).encode()).decode()
        headers = {"Authorization": f"Basic {basic}", "Accept": "application/json", "User-Agent": AGENT}
        try:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            body = answer.read(MOST + 1)
        except (OSError, http.client.HTTPException) as silent:
            raise Unreachable(address=url, detail=str(silent)) from silent
        finally:
            connection.close()
        return _reply(url, answer, body)


class _Http(http.client.HTTPConnection):
    """A connection that goes where `Reach` looked; the certificate is that of the name."""

    def __init__(self, reach: Reach, parts: SplitResult, authority: str) -> None:
        self.secure = parts.scheme == "https"
        super().__init__(parts.hostname or "", parts.port or (443 if self.secure else 80), timeout=TIMEOUT)
        self.reach, self.authority = reach, authority

    def connect(self) -> None:
        """Connect."""
        self.sock = self.reach.connect(self.host, self.port)
        if self.secure:
            with certified(f"{self.host}:{self.port}"):
                self.sock = trusted(self.authority).wrap_socket(self.sock, server_hostname=self.host)


def checked(url: str, *, private: bool) -> SplitResult:
    """Return the parts of a web address that may be asked."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as wrong:
        raise BadAddress(address=url, why=NO_PARTS) from wrong
    if parts.scheme not in ("http", "https"):
        raise BadAddress(address=url, why=NOT_HTTP)
    if not parts.hostname:
        raise BadAddress(address=url, why=NO_HOST)
    if parts.username or parts.password:
        raise BadAddress(address=parts.hostname, why=SIGNED_IN)
    if parts.scheme == "http" and not private:
        raise BadAddress(address=url, why=PLAIN)
    return parts


def is_public(address: str) -> bool:
    """Tell whether an address is of the public internet, in any dress."""
    try:
        ip: Address = ipaddress.ip_address(address.split("%", 1)[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


def _reply(url: str, answer: http.client.HTTPResponse, body: bytes) -> Reply:
    detail = f"{answer.status} {answer.reason} {_said(body)}".strip()
    if answer.status in (401, 403):
        raise SignInRefused(address=url, detail=detail)
    if answer.status == 429 or answer.status >= 500:
        raise Unreachable(address=url, detail=detail)
    if answer.status != 200 or len(body) > MOST:
        raise BadAnswer(address=url, detail=detail)
    try:
        told = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
        raise BadAnswer(address=url, detail=str(wrong)) from wrong
    return Reply(told, {name.lower(): value for name, value in answer.getheaders()})


def _said(body: bytes) -> str:
    """Return a server's own words about a refusal, if it has any."""
    try:
        told = msgspec.json.decode(body[:100_000])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""
    return str(told.get("message", ""))[:300] if isinstance(told, dict) else ""
