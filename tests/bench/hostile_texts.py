"""Do a million different texts make one more series?

python tests/bench hostile
"""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import psutil

from fernbereit import topics
from hostile import Hostile
from listening import Listening
from small_fleet import device_id

TEXTS = 1_000_000


def report(texts: int = TEXTS) -> str:
    """Push the texts through everything but broker and store; return the part of docs/performance.md."""
    collector, hostile = Listening(), Hostile()
    process, name = psutil.Process(), device_id(1)
    messages = hostile.envelopes(name, texts)
    for payload in (next(messages) for _ in range(5)):
        collector.hear(topics.report(name), payload)
    before, memory, began = collector.series(), process.memory_info().rss, time.process_time()
    for payload in messages:
        collector.hear(topics.report(name), payload)
    spent, grown = time.process_time() - began, process.memory_info().rss - memory
    after = collector.series()
    places = len(hostile.open) + len(hostile.outcomes) + len(hostile.closed)
    return (
        "### Texts nobody ever said\n\n"
        f"One laptop sends {hostile.texts:,} different texts, with quotation marks, line breaks and "
        f"backslashes, in all {places} places of\na record that hold a text and as names of fields and "
        f"sections. {collector.tally.records_applied:,} of its records were taken in.\n"
        "Broker and store are left out.\n\n"
        "| what | before | after |\n| --- | ---: | ---: |\n"
        f"| series of all pages | {len(before):,} | {len(after):,} |\n\n"
        f"The process grew by {grown / 1e6:.0f} MB; {spent:.0f} s of processor time, most of it spent on "
        "making them up.\n"
    )


if __name__ == "__main__":
    sys.stdout.write(report())
