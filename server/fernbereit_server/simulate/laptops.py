"""Which laptops are simulated? Those of the synthetic authority; beyond some number their facts repeat.

A laptop costs 1.3 ms and 34 kB to make up, so only so many different ones are made. Each device has an id, an
outbox and a history of its own all the same.
"""

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import cycle, islice
from random import Random

from fernbereit_server.demo.authority import make_authority
from fernbereit_server.demo.changes import LiveLaptop

DIFFERENT = 2000
_ALSO_SILENT = 1.5
"""Some devices of the authority never report: so many more are made up than are needed."""


def laptops(number: int, *, seed: int, today: date, different: int = DIFFERENT) -> Iterator[LiveLaptop]:
    """Return so many laptops; the same seed and day give the same."""
    wanted = min(number, different)
    made = make_authority(
        seed=seed, devices=round(wanted * _ALSO_SILENT) + 10, today=today, key=bytes(32)
    ).reporting[:wanted]
    ids = Random(f"{seed}/simulated")
    for device in islice(cycle(made), number):
        device_id = str(uuid.UUID(int=ids.getrandbits(128), version=4))
        yield LiveLaptop(replace(device, device_id=device_id), seed=seed, today=today)
