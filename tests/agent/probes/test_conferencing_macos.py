"""Which camera, sound and browser of a Mac are its own?"""

from typing import Any

import pytest

from fernbereit.facts.conferencing import ConferenceClient
from fernbereit_agent.laptop import RecordedLaptop
from fernbereit_agent.probes import browsers_macos, conferencing_macos
from fernbereit_agent.probes.conferencing_macos import parse_cameras, parse_sound
from fernbereit_agent.recorded import RecordedHost
from fernbereit_agent.settings import ProbeSettings


def device(transport: str, name: str = "x", **ways: int) -> dict[str, Any]:
    told = {f"coreaudio_device_{way}": channels for way, channels in ways.items()}
    return {"_name": name, "coreaudio_device_transport": f"coreaudio_device_type_{transport}", **told}


@pytest.mark.parametrize(
    ("name", "model", "expected"),
    [
        ("FaceTime HD-Kamera", "FaceTime HD Camera", True),
        ("Live! Cam Sync 1080p", "UVC Camera VendorID_1054 ProductID_16541", True),
        ("Schreibtischansicht", "iPhone15,2", False),
        ("OBS Virtual Camera", "OBS Camera Extension", False),
    ],
    ids=["built in", "on a cable", "a telephone", "made of software"],
)
def test_a_camera_is_one_that_stays(name: str, model: str, *, expected: bool) -> None:
    """Neither a telephone that may leave nor a program."""
    assert parse_cameras([{"_name": name, "spcamera_model-id": model}]) is expected


@pytest.mark.parametrize(
    ("devices", "expected"),
    [
        pytest.param([], (False, False, None), id="nothing"),
        pytest.param(
            [device("builtin", input=1), device("builtin", output=2)], (True, True, None), id="built in"
        ),
        pytest.param(
            [device("hdmi", output=2), device("displayport", output=2)], (False, False, None), id="screens"
        ),
        pytest.param([device("virtual", input=2, output=2)], (False, False, None), id="made of software"),
        pytest.param(
            [device("bluetooth", input=1, output=2)], (True, True, True), id="a headset without a wire"
        ),
        pytest.param(
            [device("usb", input=1), device("usb", output=2)], (True, True, True), id="one in two parts"
        ),
        pytest.param(
            [device("usb", "a", input=1), device("usb", "b", output=2)],
            (True, True, None),
            id="two devices on USB",
        ),
        pytest.param([device("usb", input=True)], (False, False, None), id="a yes where a number belongs"),
    ],
)
def test_sound_is_told_by_its_devices(
    devices: list[dict[str, Any]], expected: tuple[bool, bool, bool | None]
) -> None:
    """Microphone, speakers, headset."""
    assert parse_sound([{"_items": devices}]) == expected


@pytest.mark.parametrize("client", conferencing_macos.CLIENTS, ids=str)
def test_each_program_is_found_at_each_of_its_places(client: ConferenceClient) -> None:
    """Old and new names of a program count."""
    for path in conferencing_macos.CLIENTS[client]:
        laptop = RecordedLaptop.model_validate(
            {
                "provenance": "constructed",
                "note": "one program",
                "system": "macos",
                "today": "2026-11-21",
                "exists": [path],
            }
        )
        assert conferencing_macos.read(RecordedHost(laptop), ProbeSettings()).clients == (client,)


def test_the_choice_of_a_browser_is_that_for_https() -> None:
    """What opens letters or pictures is not looked at."""
    handlers = [
        {"LSHandlerURLScheme": "mailto", "LSHandlerRoleAll": "com.google.chrome"},
        {"LSHandlerContentType": "public.html", "LSHandlerRoleAll": "com.google.chrome"},
        {"LSHandlerURLScheme": "https", "LSHandlerRoleAll": "com.microsoft.edgemac"},
    ]

    assert browsers_macos.parse_choice({"LSHandlers": handlers}) == "com.microsoft.edgemac"
    assert browsers_macos.parse_choice({"LSHandlers": handlers[:2]}) == browsers_macos.SAFARI
