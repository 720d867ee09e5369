"""Which proxies does the environment name? Never: user names and passwords for them."""

from collections.abc import Mapping

VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


def named_by(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the proxy variables by their names in small letters, credentials removed."""
    found = {name: environment.get(name) or environment.get(name.upper()) for name in VARIABLES}
    return {name: without_credentials(value) for name, value in found.items() if value}


def without_credentials(proxy: str) -> str:
    """Return the proxy's address without user name and password.

    >>> without_credentials("http://name:word@proxy.example:3128/")
    'http://proxy.example:3128/'
    """
    scheme, colon, rest = proxy.rpartition("://")
    return f"{scheme}{colon}{rest.rpartition('@')[2]}"
