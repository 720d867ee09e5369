"""Which kinds of value do facts have? Bounded text, counts, ratios, days."""

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

Text = Annotated[str, StringConstraints(max_length=96, pattern=r"^[^\x00-\x1f\x7f-\x9f]*$")]
"""A product or model name as the machine states it: one line, at most 96 characters, never a label."""

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$")]
"""A name given in the settings, such as that of a target."""

CheckId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,47}$")]
"""The name of a check in a policy."""

KeyedHash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""HMAC-SHA256 under the authority's inventory key, in hexadecimal."""

Ratio = Annotated[float, Field(ge=0, le=1)]
Bytes = Annotated[int, Field(ge=0, le=2**60)]
Count = Annotated[int, Field(ge=0, le=2**53)]
Milliseconds = Annotated[float, Field(ge=0, le=600_000)]
Seconds = Annotated[float, Field(ge=0, le=1e12)]
Day = date
