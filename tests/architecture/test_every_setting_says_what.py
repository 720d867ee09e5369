"""Does every setting of both programs say what it is, in the form its messages and the sample file need?"""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from pydantic import Field

from fernbereit.settings_faults import Telling
from fernbereit.settings_file import SettingsModel, table_of
from fernbereit.settings_model import schema_of
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
        elif is_form(schema_of(model, key)) and Telling().expected(model, (key,)).startswith("a text"):
            yield f"{above}.{key}: its form needs words in settings_faults.py; a fault says only 'a text'"


def is_form(schema: Mapping[str, Any]) -> bool:
    """Tell whether a text must look in a way that pydantic, not a validator of ours, refuses."""
    return "pattern" in schema or schema.get("format") not in {None, "path"}


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
    note: str = Field("a", pattern="^[a-y]$", description="a form nobody has words for")


def test_a_setting_without_description_or_form_or_with_a_full_stop_is_named() -> None:
    """Also inside a table and inside the blocks of a list."""

    class Whole(SettingsModel):
        """Everything."""

        one: Sloppy = Sloppy()
        several: tuple[Sloppy, ...] = Field((), description="several")

    named = [fault.split(": ")[0] for fault in faults(Whole, "x")]
    assert named == [f"x.{where}.{key}" for where in ("one", "several") for key in ("port", "host", "note")]
