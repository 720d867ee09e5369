"""Does every setting of both programs say what it is, in the form its messages and the sample file need?"""

from collections.abc import Iterator

import pytest
from pydantic import Field

from fernbereit.settings_file import SettingsModel, table_of
from fernbereit_agent.settings import Settings as AgentSettings
from fernbereit_server.settings import Settings as CollectorSettings


def faults(model: type[SettingsModel], above: str) -> Iterator[str]:
    """Yield what is wrong with each table and key below `above`, by its name."""
    if not (model.__doc__ or "").strip():
        yield f"{above}: its class {model.__name__} needs a docstring: it heads the table in the sample"
    for key, info in model.model_fields.items():
        inner, said = table_of(info), info.description or ""
        is_table = inner is not None and isinstance(info.annotation, type)
        if not is_table and not said.strip():
            yield f"{above}.{key}: needs a description"
        if said.rstrip().endswith("."):
            yield f"{above}.{key}: its description ends with a full stop; messages put it in brackets"
        if inner is not None:
            yield from faults(inner, f"{above}.{key}")


@pytest.mark.parametrize(
    ("model", "program"),
    [(AgentSettings, "agent"), (CollectorSettings, "collector")],
    ids=["the agent", "the collector"],
)
def test_every_setting_is_described_without_a_full_stop(model: type[SettingsModel], program: str) -> None:
    """The description stands in faults, in brackets, and in the sample, where the limits follow it."""
    assert list(faults(model, program)) == []


class Sloppy(SettingsModel):
    """A table."""

    port: int = 1
    host: str = Field("a", description="where it is.")
    kind: str = Field("a", description="what it is")


def test_a_setting_without_a_description_or_with_a_full_stop_is_named() -> None:
    """Also inside a table and inside the blocks of a list."""

    class Whole(SettingsModel):
        """Everything."""

        one: Sloppy = Sloppy()
        several: tuple[Sloppy, ...] = Field((), description="several")

    named = [fault.split(": ")[0] for fault in faults(Whole, "x")]
    assert named == ["x.one.port", "x.one.host", "x.several.port", "x.several.host"]
