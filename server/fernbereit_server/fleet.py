"""What is known of every device right now, small enough to be held in memory?

The fleet is rebuilt from the store at start and changed only after a transaction that said the same was
committed. It holds one word a trait and one outcome a section; the facts stay in the store. Values that many
devices share (words, outcomes, days) are held once.
"""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from sqlalchemy import Connection

from fernbereit.facts.machine import Machine
from fernbereit.readiness import Look
from fernbereit.record import Outcome
from fernbereit.tolerance import OpenModel
from fernbereit_server.device import Device, Path, Twin
from fernbereit_server.held_once import HeldOnce
from fernbereit_server.inventory.held import HeldInventory, held
from fernbereit_server.judging.asked import Asked
from fernbereit_server.judging.judged import Judged
from fernbereit_server.judging.own_verdict import own_verdict
from fernbereit_server.metrics.catalogue import TRAITS
from fernbereit_server.metrics.family import Trait
from fernbereit_server.stalls import let_go, some_at_a_time
from fernbereit_server.store import reads
from fernbereit_server.store.changes import Change, InventoryRow, Standing
from fernbereit_server.store.reads import DeviceRow

__all__ = ["Device", "Fleet", "Path", "Twin", "load_fleet"]


class Fleet:
    """Every device by id, joined with the inventory."""

    def __init__(self, traits: tuple[Trait, ...] = TRAITS) -> None:
        self.devices: dict[str, Device] = {}
        self.traits = traits
        self._places: dict[str, list[tuple[int, Trait]]] = {}
        for place, trait in enumerate(traits):
            self._places.setdefault(trait.section, []).append((place, trait))
        self.facts_needed = frozenset({trait.section for trait in traits} | {"machine", "readiness"})
        """The sections whose facts must be read to rebuild the fleet."""
        self.changed: set[str] = set()
        """Devices to be judged anew: they answer otherwise, their unit changed, or they were just loaded."""
        self.changed_beside: set[str] = set()
        """Devices that answer otherwise only where it is counted over groups: to be judged before long."""
        self.asked: Asked | None = None
        """What is asked of them; until it is known every change is a reason to judge."""
        self._watched: tuple[set[str], ...] = ()
        self.owned = HeldInventory()
        self.one_inventory = asyncio.Lock()
        """Held by whoever counts everybody: half an inventory would count a device and its row as two."""
        self.inventories = 0
        """How many inventories there were, so that whoever counts notices another one."""
        self._held = HeldOnce()

    def watch(self) -> set[str]:
        """Return a set of all devices; whatever comes, changes or goes joins it, whoever asked empties it."""
        self._watched = (*self._watched, set(self.devices))
        return self._watched[-1]

    def touch(self, device_ids: Iterable[str]) -> None:
        """Tell everybody who watches that something about these devices is not as it was."""
        for touched in self._watched:
            touched.update(device_ids)

    @property
    def inventory(self) -> tuple[InventoryRow, ...]:
        """Return every inventory row, seen or not."""
        return self.owned.rows

    @property
    def missing_inventory(self) -> list[InventoryRow]:
        """Return the inventory rows of devices that never reported: unknown, not absent."""
        # A list first: readers in other threads must not meet a dictionary that grows under them.
        return self.missing_beside(list(self.devices.values()))

    def missing_beside(self, devices: Iterable[Device]) -> list[InventoryRow]:
        """Return the inventory rows that none of these devices has, so that both are counts of one moment."""
        seen = {device.inventory_id for device in devices}
        return [row for row in self.inventory if row.id not in seen]

    def set_inventory(self, rows: Iterable[InventoryRow]) -> None:
        """Take a new inventory and join every device anew at once: for whoever serves nobody yet."""
        list(self._joining(held(rows)))

    async def take_inventory(self, rows: Iterable[InventoryRow]) -> None:
        """Take a new inventory and join every device anew, those that come as well, in turns with reports."""
        inventory = await asyncio.to_thread(held, rows)
        async with self.one_inventory:
            past = self.owned.parts()
            for _ in self._joining(inventory):
                await asyncio.sleep(0)
        await asyncio.to_thread(let_go, *past)

    def _joining(self, inventory: HeldInventory) -> Iterator[None]:
        """Join some devices with an inventory, and some more each time."""
        self.owned = inventory
        self.inventories += 1
        for some in some_at_a_time(list(self.devices.values())):
            for device in some:
                unit = device.unit
                self._join(device)
                if device.unit != unit:  # which may have waivers
                    self.changed.add(device.device_id)
            self.touch([device.device_id for device in some])
            yield

    def put(
        self,
        device_id: str,
        standing: Standing,
        *,
        first_seen_on: date,
        last_report_at: float | None,
        outcomes: Mapping[str, Outcome],
        facts: Mapping[str, OpenModel],
    ) -> Device:
        """Place a device as the store has it, replacing what was known of it."""
        device = Device(
            device_id=device_id,
            status=standing.status,
            mark=standing.mark,
            closed=standing.closed,
            last_report_at=last_report_at,
            first_seen_on=first_seen_on,
            unit=None,
            site=None,
            label=None,
            kind=None,
            outcomes=self._held.mapping(outcomes),
            words=self._words((None,) * len(self.traits), outcomes, facts),
            observed=self._held.mapping(standing.observed),
            said=standing.said,
            merged_total=standing.merged_total,
            dropped_total=standing.dropped_total,
            missing_total=standing.missing_total,
        )
        before = self.devices.get(device_id)
        if before:
            device.judged, device.twin = before.judged, before.twin
        device.own = self._held.value(own_verdict(facts.get("readiness")))
        self._match(device, facts.get("machine"))
        self.devices[device_id] = device
        self.changed.add(device_id)
        self.touch((device_id,))
        return device

    def place(self, row: DeviceRow) -> None:
        """Place a device as a row of the store."""
        self.put(
            row.device_id,
            row.standing,
            first_seen_on=row.first_seen_on,
            last_report_at=row.last_report_at,
            outcomes=row.outcomes,
            facts=row.facts,
        )

    def replace(self, rows: Iterable[DeviceRow], device_ids: Iterable[str]) -> None:
        """Make the devices `device_ids` what `rows` say; one without a row is not in the store."""
        gone = set(device_ids)
        for row in rows:
            self.place(row)
            gone.discard(row.device_id)
        for device_id in gone:
            self.devices.pop(device_id, None)
            self.changed.discard(device_id)
            self.changed_beside.discard(device_id)
        self.touch(gone)

    def not_active(self) -> frozenset[str]:
        """Return the devices that are retired, quarantined or revoked."""
        return frozenset(d.device_id for d in list(self.devices.values()) if d.status != "active")

    def set_statuses(self, statuses: Mapping[str, str], *, before: frozenset[str]) -> None:
        """Take over what people decided: `statuses` names all that are not active.

        `before` is what `not_active` said before `statuses` was read: a device that was quarantined since
        stays so.
        """
        decided = {**dict.fromkeys(before.difference(statuses), "active"), **statuses}
        for device_id, status in decided.items():
            if (device := self.devices.get(device_id)) and device.status != status:
                device.status = status
                self.changed.add(device_id)
                self.touch((device_id,))

    def set_judged(self, device: Device, judged: Judged) -> None:
        """Keep a judgement; equal ones are held once."""
        device.judged = self._held.value(judged)
        self.touch((device.device_id,))

    def take(self, other: "Fleet") -> None:
        """Become what `other` is, at once: readers of this fleet see the old state or the new one."""
        self.touch(self.devices)
        for name in ("owned", "_held", "changed", "devices"):
            setattr(self, name, getattr(other, name))
        self.inventories += 1
        self.touch(self.devices)

    def apply(self, change: Change) -> None:
        """Take over a change whose transaction was committed."""
        facts = {name: seen.facts for name, seen in change.sections.items() if seen.facts is not None}
        outcomes = {name: seen.outcome for name, seen in change.sections.items()}
        device = self.devices.get(change.device_id)
        if device is None:
            device = self.put(
                change.device_id,
                change.after,
                first_seen_on=change.day,
                last_report_at=change.reported_at,
                outcomes=outcomes,
                facts=facts,
            )
            self._is_to_be_judged(device, change)  # it is; what it answers is kept
            return
        if change.sections or change.looked_at or device.status != change.after.status:
            self.touch((change.device_id,))
            if self._is_to_be_judged(device, change):
                self.changed.add(change.device_id)
        device.status = change.status(device.status)
        device.mark = change.after.mark
        device.closed = change.after.closed
        device.merged_total = change.after.merged_total
        device.dropped_total = change.after.dropped_total
        device.missing_total = change.after.missing_total
        device.said = change.after.said
        if device.observed is not change.after.observed:
            device.observed = self._held.mapping(change.after.observed)
        if change.reported_at is not None:
            device.last_report_at = change.reported_at
        if any(device.outcomes.get(name) is not outcome for name, outcome in outcomes.items()):
            device.outcomes = self._held.mapping({**device.outcomes, **outcomes})
        if not outcomes.keys().isdisjoint(self._places):
            device.words = self._words(device.words, outcomes, facts)
        if "machine" in facts:
            self._match(device, facts["machine"])
        if "readiness" in outcomes:
            device.own = self._held.value(own_verdict(facts.get("readiness")))

    def set_answers(self, device: Device, asked: Asked, looks: Mapping[str, Look]) -> None:
        """Keep what was judged as what a device answers, unless a later report said so already."""
        if device.answers is None or device.answers[0] != asked.number:
            device.answers = asked.answered(looks)

    def _is_to_be_judged(self, device: Device, change: Change) -> bool:
        asked, seen = self.asked, device.observed
        if asked is None or device.status != change.after.status:
            return True
        answers = device.answers
        if answers is None or answers[0] != asked.number:
            answers = device.answers = asked.blank()
        due = False
        for name, said in change.sections.items():
            decides, counts = asked.is_new(answers, name, said)
            due |= decides
            if counts:
                self.changed_beside.add(change.device_id)
            due |= asked.is_old(name, seen.get(name)) or asked.is_old(name, said.observed_on)
        for name, day in change.looked_at.items():
            due |= asked.is_old(name, seen.get(name)) or asked.is_old(name, day)
        return due

    def _words(
        self,
        before: tuple[str | None, ...],
        outcomes: Mapping[str, Outcome],
        facts: Mapping[str, OpenModel],
    ) -> tuple[str | None, ...]:
        words = list(before)
        for section, outcome in outcomes.items():
            if section in self._places:
                said = facts.get(section)
                for place, trait in self._places[section]:
                    words[place] = trait.word(outcome, said)
        return self._held.value(tuple(words))

    def _match(self, device: Device, machine: OpenModel | None) -> None:
        if isinstance(machine, Machine):
            device.serial_hash = bytes.fromhex(machine.serial_hash) if machine.serial_hash else None
            device.host_name_hash = bytes.fromhex(machine.host_name_hash) if machine.host_name_hash else None
        self._join(device)

    def _join(self, device: Device) -> None:
        row = self.owned.of(device.serial_hash, device.host_name_hash)
        device.inventory_id = row.id if row else None
        device.unit, device.site = (row.unit, row.site) if row else (None, None)
        device.label, device.kind = (row.label, row.kind) if row else (None, None)


def load_fleet(connection: Connection) -> Fleet:
    """Rebuild the fleet from the store."""
    fleet = Fleet()
    fleet.set_inventory(reads.inventory_rows(connection))
    for row in reads.load_fleet(connection, facts_of=fleet.facts_needed):
        fleet.place(row)
    return fleet
