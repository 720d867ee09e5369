"""How good is the way to the authority's own servers, and does somebody else answer in place of them?

stun        does a binding request come back, and how fast? Nothing else of the answer is looked at
reflector   20 datagrams of 64 bytes within a second: how many come back, how fast, how evenly
portal      http://.../ with one known line: another page, or one that leads elsewhere, is a captive portal

What the settings do not name is not asked. A server that cannot be reached at all leaves its answer unknown.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from statistics import median
from typing import TypeVar

from fernbereit_agent.endpoints import is_address, split_endpoint
from fernbereit_agent.errors import NotHere, ProbeError
from fernbereit_agent.host import Host
from fernbereit_agent.settings import ProbeSettings
from fernbereit_agent.wire import MOST_DATAGRAMS, ShortPage

Answer = TypeVar("Answer")

PAGE_TIMEOUT_S = 4.0
OK, LOGIN_REQUIRED = 200, 511
"""RFC 6585, 6: a network that asks for a login first."""
LEADS_ON = range(300, 400)


def measured(host: Host, settings: ProbeSettings) -> Mapping[str, bool | float | None]:
    """Ask what the settings name; return the facts by the names they have in the section `targets`."""
    if not (settings.stun or settings.reflector or settings.portal):
        return {}
    try:
        stun_ms, asked_stun = _ask(host, settings.stun, host.wire.stun)
        echoes, asked_echo = _ask(
            host, settings.reflector, lambda address, port: host.wire.echo(address, port, MOST_DATAGRAMS)
        )
    except ProbeError:
        return {}  # a resolver that hangs is asked once
    came = stun_ms is not None or any(each is not None for each in echoes or ())
    return {
        "udp": came if asked_stun or asked_echo else None,
        "stun_ms": None if stun_ms is None else round(stun_ms, 1),
        **judge_echoes(echoes or ()),
        "captive_portal": _portal(host, settings),
    }


def judge_echoes(took_ms: Sequence[float | None]) -> dict[str, float | None]:
    """Judge the milliseconds of a series; None is a datagram that did not come back.

    `rtt` is the median, `jitter` the mean absolute difference of neighbours that both came back.

    >>> judge_echoes([20.0, None, 24.0, 22.0])
    {'echo_rtt_ms': 22.0, 'echo_jitter_ms': 2.0, 'echo_loss_ratio': 0.25}
    """
    made = [each for each in took_ms if each is not None]
    steps = [abs(b - a) for a, b in pairwise(took_ms) if a is not None and b is not None]
    return {
        "echo_rtt_ms": round(median(made), 1) if made else None,
        "echo_jitter_ms": round(sum(steps) / len(steps), 1) if steps else None,
        "echo_loss_ratio": round(1 - len(made) / len(took_ms), 3) if took_ms else None,
    }


def judge_page(page: ShortPage | None, expected: str) -> bool | None:
    """Tell whether somebody else answered in place of the page; None where the server itself may have.

    >>> judge_page(ShortPage(status=302, elsewhere=True), "fernbereit")
    True
    """
    if page is None or page.status == LOGIN_REQUIRED:
        return True
    if page.status == OK:
        return page.text != expected
    return True if page.status in LEADS_ON and page.elsewhere else None


def _ask(host: Host, endpoint: str | None, ask: Callable[[str, int], Answer]) -> tuple[Answer | None, bool]:
    """Return a server's answer, and whether it was asked; raises `TimedOut` for a resolver that hangs."""
    if endpoint is None:
        return None, False
    try:
        name, port = split_endpoint(endpoint)
        addresses = (name,) if is_address(name) else host.resolve(name)[0]
        return (ask(addresses[0], port), True) if addresses else (None, False)
    except (NotHere, OSError):
        return None, False


def _portal(host: Host, settings: ProbeSettings) -> bool | None:
    if settings.portal is None:
        return None
    try:
        return judge_page(host.wire.short_page(settings.portal, PAGE_TIMEOUT_S), settings.portal_text)
    except OSError:
        return None
