"""Which browser would a conference run in on a Linux laptop, and in which version?"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from fernbereit.facts.conferencing import Browser
from fernbereit_agent.errors import ProbeError
from fernbereit_agent.host import Host
from fernbereit_agent.probes.texts import line_of

DEFAULT = "/etc/alternatives/x-www-browser"


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserEvidence:
    """Where a browser is found and how its version is told."""

    paths: tuple[str, ...]
    packages: tuple[str, ...]
    snap: str | None = None
    ini: tuple[str, ...] = ()
    """Files with a line `Version=`."""


BROWSERS: Mapping[Browser, BrowserEvidence] = MappingProxyType(
    {
        Browser.FIREFOX: BrowserEvidence(
            paths=("/usr/bin/firefox", "/usr/bin/firefox-esr"),
            packages=("firefox-esr", "firefox"),
            snap="firefox",
            ini=(
                "/usr/lib/firefox-esr/application.ini",
                "/usr/lib/firefox/application.ini",
                "/usr/lib64/firefox/application.ini",
            ),
        ),
        Browser.CHROME: BrowserEvidence(
            paths=("/opt/google/chrome/chrome",), packages=("google-chrome-stable",)
        ),
        Browser.CHROMIUM: BrowserEvidence(
            paths=("/usr/bin/chromium", "/usr/bin/chromium-browser"),
            packages=("chromium", "chromium-browser"),
            snap="chromium",
        ),
        Browser.EDGE: BrowserEvidence(
            paths=("/opt/microsoft/msedge/msedge",), packages=("microsoft-edge-stable",)
        ),
    }
)


def browser_of(host: Host) -> Browser | None:
    """Return the system's default browser, else the first one that is installed."""
    if host.exists(DEFAULT):
        real = host.real_path(DEFAULT).lower()
        for browser, word in (
            (Browser.FIREFOX, "firefox"),
            (Browser.CHROMIUM, "chromium"),
            (Browser.CHROME, "chrome"),
            (Browser.EDGE, "edge"),
        ):
            if word in real:
                return browser
    return next((b for b, e in BROWSERS.items() if _is_installed(host, e)), None)


def version_of(host: Host, browser: Browser) -> str | None:
    """Return the version from the browser's own file, its snap, or the package manager."""
    evidence = BROWSERS[browser]
    for path in evidence.ini:
        if found := re.search(r"^Version=(\S+)", line_of(host, path), re.MULTILINE):
            return found[1]
    if evidence.snap:
        snap = line_of(host, f"/snap/{evidence.snap}/current/meta/snap.yaml")
        if found := re.search(r"^version: ['\"]?([^\s'\"]+)", snap, re.MULTILINE):
            return found[1]
    answers = (_packaged(host, package) for package in evidence.packages)
    return next((answer for answer in answers if answer), None)


def upstream(version: str) -> str:
    """Return a package's version without epoch and the distribution's own suffix.

    >>> upstream("1:120.0.6099.224-1~deb12u1")
    '120.0.6099.224'
    """
    return version.strip().rpartition(":")[2].partition("-")[0][:96]


def _packaged(host: Host, package: str) -> str | None:
    for command in (
        ("dpkg-query", "-W", "-f=${Version}", package),
        ("rpm", "-q", "--qf=%{VERSION}", package),
    ):
        try:
            return upstream(host.run(*command)) or None
        except ProbeError:
            continue
    return None


def _is_installed(host: Host, evidence: BrowserEvidence) -> bool:
    snap = f"/snap/{evidence.snap}/current"
    return any(map(host.exists, evidence.paths)) or (evidence.snap is not None and host.exists(snap))
