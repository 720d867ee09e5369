"""What is told of a simulation when it is over? One JSON object; its keys are promised to scripts."""

import time
from typing import Any

from fernbereit import __version__
from fernbereit_server.simulate.engine import Simulation


def as_json(simulation: Simulation, *, interrupted: bool) -> dict[str, Any]:
    """Return counts, durations in seconds, and connections second by second."""
    plan, figures = simulation.plan, simulation.figures
    herd = figures.herd
    return {
        "version": __version__,
        "scenario": plan.scenario.value,
        "devices": plan.devices,
        "connections": plan.connections,
        "interval_s": plan.interval_s,
        "run_s": plan.run_s,
        "seed": plan.seed,
        "seconds": round(simulation.now_s, 1),
        "interrupted": interrupted,
        "records": {
            "written": figures.written,
            "acknowledged": figures.acknowledged,
            "waiting": figures.waiting,
            "refused": figures.refused,
            "missing": figures.missing,
            "held_back": figures.held_back,
        },
        "envelopes": {"sent": figures.envelopes, "resent": figures.resent},
        "new_epochs": figures.new_epochs,
        "ack_s": figures.to_ack.as_json(),
        "delay_s": figures.delay.as_json(),
        "herd": {
            "up": herd.up,
            "lost_at_once": herd.lost,
            "back_95_s": None if herd.back_s is None else round(herd.back_s, 1),
            "most_tried_in_a_second": max(herd.tried.counts, default=0),
            "most_made_in_a_second": max(herd.made.counts, default=0),
        },
        "per_second": {
            "connections_tried": herd.tried.counts,
            "connections_made": herd.made.counts,
            "connections_lost": herd.gone.counts,
            "records_acknowledged": figures.answered.counts,
        },
        "own_processor_s": round(time.process_time(), 1),
    }
