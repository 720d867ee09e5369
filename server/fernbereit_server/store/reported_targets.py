"""Which targets do laptops report on?"""

import json
from collections.abc import Callable

from sqlalchemy import Connection, select

from fernbereit_server.store import schema

_PAGE = 2000


def reported_targets(connection: Connection, on_row: Callable[[], object] = lambda: None) -> set[str] | None:
    """Return the names of all targets that laptops reported on; None if no laptop looked at any at all."""
    table = schema.sections.c
    after, names, looked = "", set[str](), False
    while True:
        rows = connection.execute(
            select(table.device_id, table.facts)
            .where(table.section == "targets", table.device_id > after)
            .order_by(table.device_id)
            .limit(_PAGE)
        ).all()
        if not rows:
            return names if looked else None
        after, looked = rows[-1].device_id, True
        for _, facts in rows:
            on_row()
            for result in (json.loads(facts).get("results") or ()) if facts else ():
                if result.get("name"):
                    names.add(result["name"])
