"""How does `organisation.yaml` look to an editor? As JSON Schema, generated from the model.

The file beside this module is written by `python tests/write.py` and never by hand. It holds the shape;
what lies between parts (unknown names, more minimum than staff) `fernbereit organisation import` tells.
"""

import json
from typing import Any

from fernbereit.schema import DIALECT
from fernbereit_server.organisation.model import Organisation

FILE = "organisation-v1.schema.json"


def render() -> str:
    """Return the text of the schema file."""
    schema: dict[str, Any] = {"$schema": DIALECT, "$id": "urn:fernbereit:organisation-v1"}
    schema |= Organisation.model_json_schema(mode="validation")
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"
