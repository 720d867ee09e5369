"""Who is answered, and what may a browser do with the answer?"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from served import Served

PATHS = ["/", "/devices", "/devices/NB-00000", "/metrics", "/api/v1/devices", "/api/v1/summary", "/nothing"]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve a small fleet."""
    folder: Path = tmp_path_factory.mktemp("served")
    served = Served(folder)
    served.publish()
    yield served
    served.close()


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8740",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "",
        "10.0.0.1",
        "[2001:db8::1]:8740",
        "localhost@evil.example",
        "192.0.2.1",
    ],
    ids=lambda host: host or "none",
)
@pytest.mark.parametrize("path", PATHS)
def test_a_name_from_elsewhere_is_not_answered(served: Served, path: str, host: str) -> None:
    """A web page that points its own name at this machine reads nothing (DNS rebinding)."""
    answer = served.client.get(path, headers={"Host": host})

    assert answer.status_code == 421
    assert "127.0.0.1" in answer.json()["next_step"]
    assert "NB-0" not in answer.text


@pytest.mark.parametrize("host", ["127.0.0.1:8740", "localhost", "LOCALHOST:1", "[::1]:8740", "127.0.0.53"])
def test_names_of_this_machine_are_answered(served: Served, host: str) -> None:
    """With and without a port."""
    assert served.client.get("/healthz", headers={"Host": host}).status_code == 200


def test_an_error_of_the_program_is_guarded_too_and_tells_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither the answer nor the log quotes what was asked or what went wrong; the log says where."""
    served = Served(tmp_path)

    def fail(_: str) -> None:
        raise RuntimeError("NB-00000 of Bauamt")

    monkeypatch.setattr(served.app.state.desk, "open", fail)
    answer = served.client.get("/devices/NB-00000")
    served.close()

    assert answer.status_code == 500
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["content-type"] == "application/problem+json"
    assert "RuntimeError" in caplog.text
    assert "test_guard.py" in caplog.text
    for told in (answer.text, caplog.text):
        assert "NB-00000" not in told
    assert "RuntimeError" not in answer.text


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_is_guarded(served: Served, path: str) -> None:
    """Nothing from elsewhere, no frames, no guessing of types, no referrer."""
    headers = served.client.get(path).headers

    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "script-src" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert "referrer" in headers["referrer-policy"] or headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize(
    "path", ["/devices", "/devices/NB-00000", "/api/v1/devices", "/api/v1/devices/NB-00000"]
)
def test_nothing_about_a_device_is_kept(served: Served, path: str) -> None:
    """Neither by the browser nor by a proxy."""
    assert served.client.get(path).headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/devices", "/healthz", "/metrics", "/api/v1/summary", "/nothing"])
def test_head_is_answered_like_get(served: Served, path: str) -> None:
    """Monitors and browsers ask so (RFC 9110, 9.1); uvicorn leaves the body out."""
    got, head = served.client.get(path), served.client.request("HEAD", path)

    assert head.status_code == got.status_code
    assert head.headers["content-type"] == got.headers["content-type"]
