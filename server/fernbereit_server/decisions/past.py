"""Which policies and organisations were in force, and since when? Every one is kept."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from fernbereit.policy import Policy
from fernbereit_server.organisation.model import Organisation
from fernbereit_server.store import schema


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptedPolicy:
    """One version and the day it was adopted."""

    policy: Policy
    adopted_on: date


def adopted_policies(connection: Connection) -> list[AdoptedPolicy]:
    """Return every policy that was adopted, oldest first; the shipped one never is."""
    table = schema.policies
    return [
        AdoptedPolicy(policy=Policy.model_validate_json(row.body), adopted_on=row.adopted_on)
        for row in connection.execute(select(table).order_by(table.c.version))
    ]


def organisation_at(connection: Connection, day: date) -> tuple[Organisation, date] | None:
    """Return the organisation in force at the end of a day, and the day it was imported."""
    table = schema.organisations
    wanted = select(table).where(table.c.imported_on <= day).order_by(table.c.id.desc()).limit(1)
    row = connection.execute(wanted).first()
    return (Organisation.model_validate_json(row.body), row.imported_on) if row else None
