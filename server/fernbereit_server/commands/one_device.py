"""Which one device does somebody mean on the command line?"""

from functools import partial
from typing import NoReturn

import typer

from fernbereit.code import device_code
from fernbereit.words import Words
from fernbereit_server.commands.opened_store import FAILED, OpenedStore
from fernbereit_server.desk.names import named
from fernbereit_server.fleet import Device, Fleet, load_fleet
from fernbereit_server.inventory.key import inventory_key


def fleet_of(store: OpenedStore) -> Fleet:
    """Read the fleet of an opened store."""
    with store.engine.connect() as connection:
        return load_fleet(connection)


def one_device(text: str, fleet: Fleet, store: OpenedStore, say: Words) -> Device:
    """Return the device with this code, label, serial number, host name or id; else end the command."""
    is_named = named(text, partial(inventory_key, store.settings))
    found = [device for device in fleet.devices.values() if is_named(device)]
    if len(found) > 1:
        refuse(say("device.several", text=text, number=len(found)))
    if not found:
        expected = any(is_named(row) for row in fleet.missing_inventory)
        refuse(say("device.never_reported" if expected else "device.none", text=text))
    return found[0]


def called(device: Device, say: Words) -> str:
    """Return how a device is called in a sentence: by its code, and its label if it has one."""
    code = device_code(device.device_id)
    return say("device.named", code=code, label=device.label) if device.label else code


def one_line(text: str) -> str:
    """Return what somebody wrote as one line that no terminal, ticket or page takes for anything else."""
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable())


def refuse(text: str, code: int = FAILED) -> NoReturn:
    """End the command with a message."""
    typer.echo(text, err=True)
    raise typer.Exit(code)
