"""How do records, answers and policies look to other programs? As JSON Schema, generated from the models.

The files beside this module are written by `python tests/write.py` and never by hand. The enumerations list
the words of this version; a reader of records takes any other word as `other`, and passes over fields it does
not know. A policy is taken as a whole or not at all.
"""

import json
from typing import Any

from pydantic import BaseModel

from fernbereit.delivery import Ack
from fernbereit.policy_extension import PolicyFile
from fernbereit.record import Record

DIALECT = "https://json-schema.org/draft/2020-12/schema"
MODELS: tuple[tuple[str, type[BaseModel]], ...] = (
    ("record-v1", Record),
    ("ack-v1", Ack),
    ("policy-v1", PolicyFile),
)


def render() -> dict[str, str]:
    """Return the text of every schema file by file name."""
    return {f"{name}.schema.json": _text(name, model) for name, model in MODELS}


def _text(name: str, model: type[BaseModel]) -> str:
    schema: dict[str, Any] = {"$schema": DIALECT, "$id": f"urn:fernbereit:{name}"}
    schema |= model.model_json_schema(mode="validation")
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"
