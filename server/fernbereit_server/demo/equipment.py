"""What would a synthetic machine say of its hardware and operating system?"""

from datetime import date, timedelta
from random import Random

from fernbereit.facts.battery import Battery, BatteryPack
from fernbereit.facts.machine import Machine
from fernbereit.facts.operating_system import Architecture, OperatingSystem, Platform
from fernbereit.facts.storage import Storage, StorageHealth, StorageKind
from fernbereit.record import Reason
from fernbereit_server.demo.specimen import Specimen

GIB = 2**30
WEAR_PER_YEAR = 0.055
CYCLES_PER_YEAR = 120


def machine(
    rng: Random, specimen: Specimen, today: date, *, serial_hash: str | None, host_name_hash: str | None
) -> Machine:
    """Build, maker, size."""
    model = specimen.model
    firmware_age = timedelta(days=rng.randrange(30, 900))
    return Machine(
        chassis=model.chassis,
        maker=model.maker,
        model=model.name,
        memory_bytes=specimen.memory_gib * GIB - rng.randrange(180, 700) * 2**20,
        cpu_model=model.cpu,
        cpu_count=model.threads,
        firmware_date=max(specimen.bought_on - timedelta(days=90), today - firmware_age),
        serial_hash=serial_hash,
        host_name_hash=host_name_hash,
    )


def battery(rng: Random, specimen: Specimen, today: date) -> Battery | Reason:
    """Wear grows with age and in drawers; a laptop with two packs wears them unevenly."""
    if not specimen.model.batteries_wh:
        return Reason.NO_HARDWARE
    years = (today - specimen.bought_on).days / 365.25
    packs = []
    for design_wh in specimen.model.batteries_wh:
        use = rng.uniform(1.4, 2.4) if specimen.forgotten else rng.uniform(0.3, 1.9)
        health = max(0.21, min(1.0, 1.01 - years * WEAR_PER_YEAR * use))
        packs.append(
            BatteryPack(
                model=f"{specimen.model.maker.split()[0].upper()[:3]}{rng.randrange(10**4):04d}",
                health_ratio=round(health, 2),
                cycle_count=int(years * CYCLES_PER_YEAR * use),
                design_wh=design_wh,
                charge_limit_ratio=0.8 if rng.random() < 0.15 else None,
            )
        )
    weight = sum(specimen.model.batteries_wh)
    return Battery(
        health_ratio=round(sum((p.health_ratio or 0) * (p.design_wh or 0) for p in packs) / weight, 2),
        cycle_count=max(pack.cycle_count or 0 for pack in packs),
        packs=tuple(packs),
    )


def storage(rng: Random, specimen: Specimen, today: date) -> Storage:
    """Free space in whole GiB, a full drive here and there; old drives warn now and then."""
    total_gib = rng.choice((238, 238, 476, 476, 953))
    old = (today - specimen.bought_on).days > 5 * 365
    health = StorageHealth.OK if rng.random() < (0.9 if old else 0.985) else StorageHealth.WARNING
    return Storage(
        kind=StorageKind.SSD,
        total_bytes=total_gib * GIB,
        free_bytes=int(rng.uniform(1, 10) if rng.random() < 0.03 else total_gib * rng.betavariate(2, 2))
        * GIB,
        health=health,
    )


def operating_system(rng: Random, specimen: Specimen, today: date) -> OperatingSystem:
    """Well-kept machines were updated within a month."""
    system = specimen.system
    if specimen.forgotten:
        behind = rng.randrange(120, 300)
    else:
        behind = rng.randrange(1, 30) if rng.random() < specimen.care else rng.randrange(31, 100)
    arm = system.platform is Platform.MACOS
    return OperatingSystem(
        platform=system.platform,
        name=system.name,
        version=system.version,
        build=system.build,
        architecture=Architecture.ARM64 if arm else Architecture.X86_64,
        support_ends_on=system.support_ends_on,
        last_update_on=today - timedelta(days=behind),
        restart_pending=rng.random() < (0.8 if specimen.forgotten else 0.07),
    )
