"""What is a probe? One section, how often it is read, and one reader an operating system."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module

from fernbereit.tolerance import OpenModel
from fernbereit_agent.host import Host, System
from fernbereit_agent.settings import ProbeSettings

Reader = Callable[[Host, ProbeSettings], OpenModel]
"""Asks the host and hands the answer to a pure parser; raises `ProbeError` when there are no facts."""


def reader_in(module: str) -> Reader:
    """Return the reader of a module of `probes`, which is imported when the reader is first asked.

    So a laptop keeps nothing in memory of the two systems that it is not.
    """

    def read(host: Host, settings: ProbeSettings) -> OpenModel:
        facts: OpenModel = import_module(f"fernbereit_agent.probes.{module}").read(host, settings)
        return facts

    return read


@dataclass(frozen=True, kw_only=True, slots=True)
class Probe:
    """One declaration, listed in `fernbereit_agent.probes.PROBES`.

    `rights` says what the reader needs beyond a standard user, in one word for the table of the README.
    """

    section: str
    every: timedelta
    deadline: timedelta
    readers: Mapping[System, Reader]
    rights: str = "user"
