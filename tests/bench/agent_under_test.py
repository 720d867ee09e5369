"""How is the agent started to be measured? As always, but through TLS, and on request a day in minutes.

FERNBEREIT_BENCH_CA     the certificate authority of the broker; the agent has no setting for TLS yet, so this
                        file gives it to the agent's own MQTT client and changes nothing else
FERNBEREIT_BENCH_DAY_S  seconds a day is to take: intervals of reports and probes shrink by the same factor,
                        so that 96 real reports with all their looks come one soon after the other
"""

import os
import sys
from dataclasses import replace
from typing import Any

from paho.mqtt.client import Client

import fernbereit_agent.probes

CA, DAY_S = os.environ.get("FERNBEREIT_BENCH_CA"), float(os.environ.get("FERNBEREIT_BENCH_DAY_S", "86400"))


_made = Client.__init__


def _made_secure(self: Client, *given: Any, **named: Any) -> None:
    _made(self, *given, **named)
    self.tls_set(ca_certs=CA)


if __name__ == "__main__":
    if CA:
        Client.__init__ = _made_secure  # type: ignore[method-assign]
    if DAY_S != 86_400:
        fernbereit_agent.probes.PROBES = tuple(
            replace(probe, every=probe.every * (DAY_S / 86_400)) for probe in fernbereit_agent.probes.PROBES
        )
    from fernbereit_agent.__main__ import main

    sys.argv[0] = "fernbereit-agent"
    main()
