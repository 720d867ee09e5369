"""Where does a server of the authority listen, as the settings say it?"""

import ipaddress
import re
from typing import Annotated

from pydantic import AfterValidator


def is_address(text: str) -> bool:
    """Tell whether a text is an IP address and no name."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def split_endpoint(text: str) -> tuple[str, int]:
    """Return host and port; raises `ValueError`.

    >>> split_endpoint("[2001:db8::7]:3478")
    ('2001:db8::7', 3478)
    """
    found = re.fullmatch(r"(?:([A-Za-z0-9._-]{1,253})|\[([0-9A-Fa-f:.]{2,45})\]):([0-9]{1,5})", text)
    if found is None or not 1 <= int(found[3]) <= 65_535 or (found[2] and not is_address(found[2])):
        raise ValueError("expected host:port, an address of IPv6 in square brackets")
    return found[1] or found[2], int(found[3])


def page_host(url: str) -> str:
    """Return the host of a page's address; raises `ValueError` for one that is not http://."""
    found = re.fullmatch(r"http://([A-Za-z0-9._-]{1,253})(?::([0-9]{1,5}))?/[!-~]{0,200}", url)
    if found is None or not 1 <= int(found[2] or 80) <= 65_535:
        raise ValueError("expected an address that begins with http://: nothing answers in place of https")
    return found[1]


def _endpoint(text: str) -> str:
    split_endpoint(text)
    return text


def _page(url: str) -> str:
    page_host(url)
    return url


Endpoint = Annotated[str, AfterValidator(_endpoint)]
PageAddress = Annotated[str, AfterValidator(_page)]
