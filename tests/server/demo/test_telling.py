"""Do the commands the demonstration prints work where they are typed?"""

import pytest

from fernbereit_server.demo.telling import program


@pytest.mark.parametrize(
    ("typed", "found", "told"),
    [
        pytest.param(".venv/bin/fernbereit", None, ".venv/bin/fernbereit", id="not on the path"),
        pytest.param(".venv/bin/fernbereit", "/bin/fernbereit", ".venv/bin/fernbereit", id="another one is"),
        pytest.param("/usr/bin/fernbereit", "/usr/bin/fernbereit", "fernbereit", id="found by its name"),
        pytest.param("my folder/fernbereit", None, "'my folder/fernbereit'", id="a blank in the folder"),
        pytest.param("fernbereit_server/__main__.py", None, "fernbereit", id="started as a module"),
    ],
)
def test_a_command_begins_as_the_demonstration_itself_was_started(
    typed: str, found: str | None, told: str
) -> None:
    """A name alone is printed only where the shell finds this very program by it."""
    assert program(typed, found) == told
