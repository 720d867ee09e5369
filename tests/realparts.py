"""Which real parts can the tests start here? A missing one is a reasoned skip, or a failure in CI."""

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

_PACKAGES = {
    "mosquitto": ("mosquitto", ("/usr/sbin/mosquitto",)),
    "prometheus": ("prometheus", ()),
    "promtool": ("prometheus", ()),
    "victoria-metrics": ("victoria-metrics", ()),
    "curl": ("curl", ()),
    "postgres": ("postgresql", tuple(f"/usr/lib/postgresql/{v}/bin/postgres" for v in range(20, 12, -1))),
    "chromium": ("chromium", ()),
    "strace": ("strace", ()),
    "nats-server": ("nats-server", ()),
    "turnserver": ("coturn", ()),
}


def need(part: str) -> str:
    """Return the path of a real part; without it skip, or fail where FERNBEREIT_REQUIRE_REAL_PARTS is 1."""
    package, places = _PACKAGES[part]
    found = next((place for place in places if Path(place).exists()), None) or shutil.which(part)
    if not found:
        missing(package)
    return found


def missing(package: str) -> NoReturn:
    """Skip for want of a Debian package, or fail where FERNBEREIT_REQUIRE_REAL_PARTS is 1."""
    lacking(f"needs the Debian package {package}")


def lacking(message: str, *, whole_module: bool = False) -> NoReturn:
    """Skip for want of something, or fail where FERNBEREIT_REQUIRE_REAL_PARTS is 1."""
    if os.environ.get("FERNBEREIT_REQUIRE_REAL_PARTS") == "1":
        pytest.fail(message)
    pytest.skip(message, allow_module_level=whole_module)
