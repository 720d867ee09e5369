"""What does the frozen agent leave out of memory until somebody asks for it? Two things libraries import.

paho imports `urllib.request`, and with it `http` and `email`, for a proxy that it asks for only where
PySocks is installed; the agent itself asks for one only if its settings say so. pydantic reads the metadata
of all packages to find plug-ins for itself; the frozen agent carries none. Together 2.5 MB.
"""

import sys
import urllib
from importlib import import_module
from threading import RLock
from types import ModuleType
from typing import Any


def later(package: ModuleType, name: str) -> None:
    """Put a module in place that becomes the real one when the first of its names is asked for."""
    full, one_at_a_time = f"{package.__name__}.{name}", RLock()
    standing_in = ModuleType(full)

    def found(attribute: str) -> Any:
        if attribute.startswith("__"):  # what the import system looks for
            raise AttributeError(attribute)
        with one_at_a_time:
            if sys.modules.get(full) is standing_in:
                del sys.modules[full]
            return getattr(import_module(full), attribute)

    vars(standing_in)["__getattr__"] = found
    sys.modules[full] = standing_in
    setattr(package, name, standing_in)


later(urllib, "request")

plugins = ModuleType("pydantic.plugin._loader")
vars(plugins)["get_plugins"] = tuple
sys.modules[plugins.__name__] = plugins
