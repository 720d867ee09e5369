"""Who manages a Mac, if the server's name or the installed products tell?"""

import pytest

from fernbereit.facts.management import Provider
from fernbereit_agent.probes.management_macos import Enrolment, judge, maker_of, parse_enrolment

YES = "Enrolled via DEP: No\nMDM enrollment: Yes (User Approved)\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "Enrolled via DEP: No\nMDM enrollment: No\n", Enrolment(enrolled=False), id="not enrolled"
        ),
        pytest.param(YES, Enrolment(enrolled=True), id="enrolled, two lines"),
        pytest.param(
            f"{YES}MDM server: https://authority.jamfcloud.com/mdm/ServerURL\n",
            Enrolment(enrolled=True, provider=Provider.JAMF),
            id="enrolled, three lines",
        ),
        pytest.param(
            f"{YES}MDM server: https://jamfcloud.com.mdm.example/\n",
            Enrolment(enrolled=True),
            id="a maker's name inside another's",
        ),
        pytest.param("profiles: this command requires root privileges\n", None, id="refused"),
        pytest.param("MDM enrollment: Vielleicht\n", None, id="another word"),
    ],
)
def test_the_enrolment_is_read_by_how_lines_begin(text: str, expected: Enrolment | None) -> None:
    """Their number changed with macOS 11."""
    assert parse_enrolment(text) == expected


def test_a_name_that_looks_like_another_makers_tells_none() -> None:
    """JumpCloud answers below a name of Workspace ONE."""
    assert maker_of("JUMPCLOUD.awmdm.com") is None
    assert maker_of("cn1234.awmdm.com") is Provider.WORKSPACE_ONE
    assert maker_of("i.manage.microsoft.com") is Provider.INTUNE


@pytest.mark.parametrize(
    ("enrolment", "installed", "expected"),
    [
        pytest.param(None, [Provider.JAMF], [(Provider.JAMF, None)], id="enrolment not known"),
        pytest.param(
            Enrolment(enrolled=False), [Provider.JAMF], [(Provider.JAMF, False)], id="installed, not enrolled"
        ),
        pytest.param(Enrolment(enrolled=True), [], [(Provider.OTHER, True)], id="enrolled with somebody"),
        pytest.param(
            Enrolment(enrolled=True), [Provider.JAMF], [(Provider.JAMF, True)], id="the only one that enrols"
        ),
        pytest.param(
            Enrolment(enrolled=True),
            [Provider.JAMF, Provider.INTUNE],
            [(Provider.OTHER, True), (Provider.JAMF, None), (Provider.INTUNE, None)],
            id="two that enrol, and the server does not tell",
        ),
        pytest.param(
            Enrolment(enrolled=True, provider=Provider.JAMF),
            [Provider.JAMF, Provider.INTUNE, Provider.BIGFIX],
            [(Provider.JAMF, True), (Provider.INTUNE, False), (Provider.BIGFIX, None)],
            id="several side by side",
        ),
    ],
)
def test_products_stand_side_by_side(
    enrolment: Enrolment | None, installed: list[Provider], expected: list[tuple[Provider, bool | None]]
) -> None:
    """A Mac is enrolled with one server at most; a product that does not enrol Macs tells nothing of it."""
    assert [(each.provider, each.enrolled) for each in judge(enrolment, installed)] == expected
