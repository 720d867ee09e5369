"""How well is one target reached? Pure judgement of timed connections, and the asking itself.

A connection that takes about 1 s, 3 s or 7 s longer than the best one lost its first packets: the systems
repeat a SYN after 1 s, 2 s and 4 s (RFC 6298). Such a connection counts as loss and not as delay.
"""

import ipaddress
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from fernbereit.facts.targets import TargetFailure, TargetResult
from fernbereit_agent.errors import ProbeError
from fernbereit_agent.host import Host
from fernbereit_agent.settings import TargetSettings

CONNECT_TIMEOUT_S = 4.0
TLS_TIMEOUT_S = 5.0
LEAST_S = 1.0
"""No step gets less, however little of the budget is left: less would call a slow answer none."""
_RESENT_AFTER_MS = ((1000.0, 1), (3000.0, 2), (7000.0, 3))
_RESENT_WITHIN_MS = 400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """Delay in milliseconds and the share of lost packets of a series of connections."""

    connect_ms: float | None
    rtt_ms: float | None
    jitter_ms: float | None
    loss_ratio: float | None


def quality(samples: Sequence[float | None]) -> Quality:
    """Judge the milliseconds of a series of connections; None is a connection that failed.

    `connect_ms` is the shortest, `rtt_ms` the median, `jitter_ms` the mean absolute difference of neighbours.

    >>> quality([20.0, 22.0, 1021.0, 21.0])
    Quality(connect_ms=20.0, rtt_ms=21.0, jitter_ms=1.5, loss_ratio=0.2)
    """
    made = [sample for sample in samples if sample is not None]
    if not made:
        return Quality(connect_ms=None, rtt_ms=None, jitter_ms=None, loss_ratio=1.0 if samples else None)
    best = min(made)
    lost = [_resent(sample, best) for sample in made]
    clean = [sample for sample, count in zip(made, lost, strict=True) if count == 0]
    differences = [abs(after - before) for before, after in pairwise(clean)]
    failed = len(samples) - len(made)
    return Quality(
        connect_ms=round(best, 1),
        rtt_ms=round(median(clean), 1) if clean else None,
        jitter_ms=round(sum(differences) / len(differences), 1) if differences else None,
        loss_ratio=round((sum(lost) + failed) / (len(samples) + sum(lost)), 3),
    )


@dataclass(frozen=True, slots=True)
class _Turn:
    """The time one target has; `timeout` says how much of it the next step may take."""

    host: Host
    until: float

    def timeout(self, longest_s: float, *, steps: int = 1) -> float:
        """Return `longest_s`, or less where `steps` steps as long as this are still to fit in."""
        return max(LEAST_S, min(longest_s, self.left_s() / steps))

    def left_s(self) -> float:
        return self.until - self.host.monotonic()


def reach(host: Host, target: TargetSettings, budget_s: float) -> tuple[TargetResult, str | None]:
    """Resolve, connect, shake hands; return the result and the address that was used.

    The steps are cut to fit into `budget_s`; only a resolver that hangs, and has no timeout, exceeds it by
    more than `LEAST_S` a step. What the budget leaves no time for is measured less often, never guessed.
    """
    turn = _Turn(host, host.monotonic() + budget_s)
    told = TargetResult(name=target.name, essential=target.essential, reachable=False)
    dns_ms = None
    addresses: tuple[str, ...] = (target.host,)
    if not _is_address(target.host):
        try:
            addresses, took_ms = host.resolve(target.host)
        except ProbeError:
            return told.model_copy(update={"failure": TargetFailure.DNS}), None
        dns_ms = round(took_ms, 1)
    told = told.model_copy(update={"dns_ms": dns_ms})
    if not addresses:
        return told.model_copy(update={"failure": TargetFailure.DNS}), None
    address, samples, failure = _connect_any(turn, target, addresses)
    told = told.model_copy(update=_measured(quality(samples)))
    if failure is not None:
        return told.model_copy(update={"failure": failure}), address
    if target.tls:
        try:
            timeout_s = turn.timeout(TLS_TIMEOUT_S, steps=2)  # it connects before it shakes hands
            tls_ms = host.tls_handshake(address, target.port, target.host, timeout_s)
        except OSError as error:
            return told.model_copy(update={"failure": _tls_failure(error)}), address
        told = told.model_copy(update={"tls_ms": round(tls_ms, 1)})
    return told.model_copy(update={"reachable": True}), address


def _connect_any(
    turn: _Turn, target: TargetSettings, addresses: Sequence[str]
) -> tuple[str, list[float | None], TargetFailure | None]:
    """Try the first address of each family in the resolver's order; the first that answers is measured."""
    first_of_family = {":" in address: address for address in reversed(addresses)}
    tries = [address for address in addresses if address in first_of_family.values()]
    failures = []
    for address in tries:
        try:
            first = turn.host.connect(address, target.port, turn.timeout(CONNECT_TIMEOUT_S, steps=len(tries)))
        except OSError as error:
            failures.append(_connect_failure(error))
            continue
        return address, [first, *_more(turn, target, address)], None
    lost = failures[0] is TargetFailure.TIMEOUT  # a refusal is an answer, not a loss
    return tries[0], [None] if lost else [], failures[0]


def _more(turn: _Turn, target: TargetSettings, address: str) -> list[float | None]:
    """Connect as often as the settings say and half of the time left allows; the handshake needs the rest."""
    sampling = _Turn(turn.host, turn.until - turn.left_s() / 2)
    samples: list[float | None] = []
    while len(samples) < target.samples - 1 and sampling.left_s() >= LEAST_S:
        try:
            samples.append(turn.host.connect(address, target.port, sampling.timeout(CONNECT_TIMEOUT_S)))
        except OSError:
            samples.append(None)
    return samples


def _measured(seen: Quality) -> dict[str, float | None]:
    return {
        "connect_ms": seen.connect_ms,
        "rtt_ms": seen.rtt_ms,
        "jitter_ms": seen.jitter_ms,
        "loss_ratio": seen.loss_ratio,
    }


def _resent(sample: float, best: float) -> int:
    """Return how many SYN packets were lost before this connection."""
    usual = best if best < _RESENT_AFTER_MS[0][0] else 0.0
    for after_ms, count in _RESENT_AFTER_MS:
        if after_ms <= sample - usual + 1 <= after_ms + _RESENT_WITHIN_MS:
            return count
    return 0


def _connect_failure(error: OSError) -> TargetFailure:
    if isinstance(error, ConnectionRefusedError):
        return TargetFailure.REFUSED
    return TargetFailure.TIMEOUT if isinstance(error, TimeoutError) else TargetFailure.UNREACHABLE


def _tls_failure(error: OSError) -> TargetFailure:
    is_certificate = isinstance(error, ssl.SSLCertVerificationError)
    return TargetFailure.CERTIFICATE if is_certificate else TargetFailure.TLS


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
