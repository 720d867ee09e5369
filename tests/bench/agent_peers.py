"""Beside which agents is ours measured? Each from its Debian package, with the package's own defaults.

Only folders and ports are changed, so that nothing of a running installation is touched.
"""

import contextlib
import random
import shutil
import socket
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from processes import Program, free_port

NETDATA = """
[directories]
    cache = {folder}/netdata/cache
    lib = {folder}/netdata/lib
    log = {folder}/netdata/log
[web]
    bind to = 127.0.0.1:{port}
"""
COLLECTD = """
BaseDir "{folder}/collectd"
PIDFile "{folder}/collectd.pid"
LoadPlugin logfile
<Plugin logfile>
  LogLevel warning
  File stderr
</Plugin>
LoadPlugin battery
LoadPlugin cpu
LoadPlugin df
LoadPlugin disk
LoadPlugin entropy
LoadPlugin interface
LoadPlugin irq
LoadPlugin load
LoadPlugin memory
LoadPlugin processes
LoadPlugin swap
LoadPlugin users
LoadPlugin csv
<Plugin csv>
  DataDir "{folder}/collectd"
</Plugin>
"""
ZABBIX = """
PidFile={folder}/zabbix.pid
LogType=console
Server=127.0.0.1
ListenIP=127.0.0.1
ListenPort={port}
ServerActive=127.0.0.1:{nobody}
Hostname=bench
ControlSocket={folder}/zabbix.sock
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """One installed agent; `ask` is what its server does once a minute, if it is asked at all."""

    name: str
    package: str
    does: str
    program: Program
    ask: Callable[[], object] = lambda: None

    @property
    def version(self) -> str:
        """Return the version of the Debian package."""
        query = ["dpkg-query", "--show", "--showformat=${Version}", self.package]
        return subprocess.run(query, capture_output=True, text=True, check=False).stdout or "unknown"


def installed(folder: Path) -> tuple[Peer, ...]:
    """Return those that are installed."""
    made = (_node_exporter(folder), _netdata(folder), _collectd(folder), _zabbix(folder))
    return tuple(peer for peer in made if shutil.which(peer.program.argv[0]))


def _node_exporter(folder: Path) -> Peer:
    port = free_port()
    argv = ["prometheus-node-exporter", f"--web.listen-address=127.0.0.1:{port}", "--log.level=error"]
    return Peer(
        name="node_exporter",
        package="prometheus-node-exporter",
        does="defaults, scraped once a minute",
        program=Program("node_exporter", argv, folder),
        ask=lambda: urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10).read(),
    )


def _netdata(folder: Path) -> Peer:
    for name in ("cache", "lib", "log"):
        (folder / "netdata" / name).mkdir(parents=True)
    file = _written(folder / "netdata.conf", NETDATA.format(folder=folder, port=free_port()))
    return Peer(
        name="Netdata",
        package="netdata-core",
        does="defaults, every second, nobody looks",
        program=Program("netdata", ["netdata", "-D", "-c", str(file), "-u", "root"], folder),
    )


def _collectd(folder: Path) -> Peer:
    (folder / "collectd").mkdir()
    file = _written(folder / "collectd.conf", COLLECTD.format(folder=folder))
    return Peer(
        name="collectd",
        package="collectd-core",
        does="plugins of Debian's default, every 10 s, to CSV files",
        program=Program("collectd", ["collectd", "-f", "-C", str(file)], folder),
    )


def _zabbix(folder: Path) -> Peer:
    text = ZABBIX.format(folder=folder, port=low_port(), nobody=low_port())
    file = _written(folder / "zabbix.conf", text)
    return Peer(
        name="Zabbix agent 2",
        package="zabbix-agent2",
        does="defaults, asked by nobody",
        program=Program("zabbix", ["zabbix_agent2", "-f", "-c", str(file)], folder),
    )


def low_port() -> int:
    """Return a free port below 32,768: Zabbix takes no other."""
    for port in random.sample(range(20_000, 30_000), 100):
        with socket.socket() as listener, contextlib.suppress(OSError):
            listener.bind(("127.0.0.1", port))
            return port
    raise SystemExit("no free port below 32768")


def _written(file: Path, text: str) -> Path:
    file.write_text(text, encoding="ascii")
    return file
