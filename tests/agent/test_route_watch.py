"""Is a route that appears noticed without polling, in a network namespace of its own?"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fernbereit_agent.link_log import LinkLog
from fernbereit_agent.route_watch import RouteWatch

WATCHER = """
import json, select, subprocess, time
from fernbereit_agent.route_watch import RouteWatch

def ip(*words): subprocess.run(["ip", *words], check=True)
def told():
    return bool(select.select(watch.sockets, [], [], 20)[0])

watch = RouteWatch()
seen = {"at first": watch.appeared(), "quiet": not select.select(watch.sockets, [], [], 0)[0]}
ip("link", "set", "lo", "up")
ip("address", "add", "198.51.100.7/32", "dev", "lo")
ip("route", "add", "default", "dev", "lo", "src", "198.51.100.7")
seen |= {"told": told(), "appeared": watch.appeared(), "only once": watch.appeared()}
seen["left"] = watch.left(("198.51.100.7", "203.0.113.9"))
ip("address", "add", "198.18.0.7/32", "dev", "lo")
ip("route", "add", "203.0.113.0/24", "dev", "lo", "src", "198.18.0.7")
seen |= {"told of a tunnel": told(), "left by the tunnel": watch.left(("198.51.100.7", "203.0.113.9"))}
ip("route", "del", "default")
seen |= {"gone": watch.appeared()}
watch.close()
print(json.dumps(seen))
"""


def test_routes_that_come_and_go_are_noticed() -> None:
    """Nothing at first, then a default route, then a tunnel that takes one network over."""
    unshare = shutil.which("unshare")
    if sys.platform != "linux" or unshare is None or shutil.which("ip") is None:
        pytest.skip("needs Linux with unshare and ip")
    if subprocess.run([unshare, "-rn", "true"], check=False, capture_output=True).returncode:
        pytest.skip("needs the right to make a network namespace")
    done = subprocess.run(
        [unshare, "-rn", sys.executable, "-c", WATCHER],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=Path(__file__).parents[2] / "agent",
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    yes = {"quiet", "told", "appeared", "told of a tunnel", "left by the tunnel"}
    assert {what for what, so in seen.items() if so} == yes


def test_where_the_kernel_tells_nobody_a_look_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows, or in a service that may open no such socket."""
    monkeypatch.setattr("fernbereit_agent.route_watch._listener", lambda: None)
    watch = RouteWatch()
    watch.toward("127.0.0.1")
    assert watch.sockets == []
    assert not watch.appeared()
    monkeypatch.setattr("fernbereit_agent.route_watch.route_source", lambda _address: "127.0.0.9")
    assert watch.appeared()
    assert watch.left(("127.0.0.1", "127.0.0.1"))
    watch.close()


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> LinkLog:
    """Give a log whose lines are caught."""
    caplog.set_level("INFO")
    return LinkLog()


def test_a_laptop_that_moves_about_says_nothing(log: LinkLog, caplog: pytest.LogCaptureFixture) -> None:
    """A connection that ends and comes back within three attempts is no news, a thousand times."""
    log.connected("MQTT 5")
    for _ in range(1000):
        log.settled()
        log.ended("the network changed")
        log.ended("no route")
        log.connected("MQTT 5")
    assert caplog.messages == ["connected to the broker with MQTT 5"]


def test_a_trouble_that_lasts_is_said_once_and_its_end_once(
    log: LinkLog, caplog: pytest.LogCaptureFixture
) -> None:
    """However many attempts fail, and for whatever reasons in turn."""
    log.connected("MQTT 5")
    log.settled()
    for _ in range(1000):
        log.ended("refused")
        log.ended("no route")
    log.connected("MQTT 5")
    log.settled()
    todo = "; reports wait on this laptop; if this lasts, check [broker] in the settings"
    up = "connected to the broker with MQTT 5"
    assert caplog.messages == [up, f"refused{todo}", f"no route{todo}", up]


def test_a_broker_that_always_closes_at_once_is_said_once(
    log: LinkLog, caplog: pytest.LogCaptureFixture
) -> None:
    """A connection that is good for nothing is no end of the trouble."""
    for _ in range(1000):
        log.connected("MQTT 5")
        log.ended("closed")
    assert len(caplog.messages) <= 3
