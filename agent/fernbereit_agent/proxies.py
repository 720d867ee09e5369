"""Which proxies does the environment or the system name? Never told on: user names and passwords for them."""

import base64
import ipaddress
import re
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
SYSTEM_PROXY = "system"
"""The word of the settings for the proxy that the system names."""
_SCHEME = re.compile(r"(?:https?|socks[45]?[ah]?)://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Proxy:
    """An HTTP proxy; `basic` is what it is told of user and password, never shown."""

    host: str
    port: int
    basic: str = field(default="", repr=False)

    def __str__(self) -> str:
        return f"{self.host}, port {self.port}"


def named_by(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the proxy variables by their names in small letters, credentials removed."""
    found = {name: environment.get(name) or environment.get(name.upper()) for name in VARIABLES}
    return {name: without_credentials(value) for name, value in found.items() if value}


def without_credentials(proxy: str) -> str:
    """Return the proxy's address without user name and password.

    >>> without_credentials("http://name:word@proxy.example:3128/")
    'http://proxy.example:3128/'
    """
    known = _SCHEME.match(proxy)
    scheme = known[0] if known else ""  # before any other :// there may be a name
    return scheme + proxy.removeprefix(scheme).rpartition("@")[2]


def parse_proxy(text: str) -> Proxy | None:
    """Return the proxy that a text names, None for anything but `http://[name:password@]host:port`.

    >>> parse_proxy("http://name:word@proxy.example:3128")
    Proxy(host='proxy.example', port=3128)
    """
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    plain = not parts.query and not parts.fragment and parts.path in {"", "/"} and text.isascii()
    if parts.scheme != "http" or not parts.hostname or not port or not plain or not text.isprintable():
        return None
    user = f"{unquote(parts.username)}:{unquote(parts.password or '')}" if parts.username else ""
    return Proxy(parts.hostname, port, base64.b64encode(user.encode()).decode() if user else "")


def of_the_system(host: str) -> Proxy | None:
    """Return the proxy that environment or system name for a host, None if it is reached directly.

    Python asks the environment first, else the registry of Windows or the System Configuration of macOS. A
    proxy that only a script (PAC) names is not found.
    """
    if urllib.request.proxy_bypass(host):
        return None
    named = urllib.request.getproxies()
    told = next((named[kind] for kind in ("https", "all", "http") if named.get(kind)), "")
    return parse_proxy(told if "://" in told else f"http://{told}") if told else None


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine; a name could be resolved to anything, so only one is.

    >>> is_loopback("127.8.9.10"), is_loopback("localhost"), is_loopback("proxy.example")
    (True, True, False)
    """
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
