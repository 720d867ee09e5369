"""How does a test get a network of its own? A script below `unshare --net --mount`, which ends with it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from realparts import lacking


def need_namespaces() -> None:
    """Skip where namespaces or tunnels cannot be made, or fail where all real parts are required."""
    missing = None
    if sys.platform != "linux" or not shutil.which("unshare") or not shutil.which("ip"):
        missing = "needs Linux with the Debian packages util-linux and iproute2"
    elif not Path("/dev/net/tun").exists():
        missing = "needs the device /dev/net/tun"
    else:
        rights = ["unshare", "--net", "--mount", *_user(), "mount", "-t", "sysfs", "sysfs", "/sys"]
        if subprocess.run(rights, capture_output=True, check=False, timeout=30).returncode:
            missing = "needs the right to make network namespaces (root, or user namespaces)"
    if missing and os.environ.get("FERNBEREIT_REQUIRE_REAL_PARTS") == "1":
        pytest.fail(missing)
    if missing:
        pytest.skip(missing)


def run_in_namespace(script: Path, asked: dict[str, Any]) -> dict[str, Any]:
    """Return the JSON that a script prints in a fresh namespace; it gets `asked` as JSON."""
    done = subprocess.run(
        ["unshare", "--net", "--mount", *_user(), sys.executable, str(script), json.dumps(asked)],
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr.decode()
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _user() -> tuple[str, ...]:
    if sys.platform != "linux":
        lacking("needs Linux")
    return () if os.geteuid() == 0 else ("--user", "--map-root-user")
