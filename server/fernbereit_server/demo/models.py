"""Which machines does Musterstadt own?

Product names are real, the mix is constructed for demonstration and says nothing about any real authority.
"""

from dataclasses import dataclass

from fernbereit.facts.machine import Chassis
from fernbereit.facts.operating_system import Platform


@dataclass(frozen=True, kw_only=True, slots=True)
class Model:
    """One product; `weight` is how often it is bought, `batteries_wh` the design capacity of each pack."""

    maker: str
    name: str
    chassis: Chassis
    cpu: str
    threads: int
    memory_gib: tuple[int, ...]
    year: int
    weight: int
    platforms: tuple[Platform, ...] = (Platform.WINDOWS,)
    batteries_wh: tuple[float, ...] = ()
    windows_11: bool = True


_WINDOWS_OR_LINUX = (Platform.WINDOWS, Platform.LINUX)

LAPTOPS: tuple[Model, ...] = (
    Model(maker="LENOVO", name="ThinkPad T14 Gen 3", chassis=Chassis.LAPTOP,
          cpu="12th Gen Intel(R) Core(TM) i5-1245U", threads=12, memory_gib=(16, 32), year=2022, weight=16,
          platforms=_WINDOWS_OR_LINUX, batteries_wh=(52.5,)),
    Model(maker="LENOVO", name="ThinkPad T14 Gen 5", chassis=Chassis.LAPTOP,
          cpu="Intel(R) Core(TM) Ultra 5 125U", threads=14, memory_gib=(16, 32), year=2024, weight=14,
          platforms=_WINDOWS_OR_LINUX, batteries_wh=(52.5,)),
    Model(maker="LENOVO", name="ThinkPad L15 Gen 2", chassis=Chassis.LAPTOP,
          cpu="11th Gen Intel(R) Core(TM) i5-1135G7 @ 2.40GHz", threads=8, memory_gib=(8, 16), year=2021,
          weight=10, batteries_wh=(45.0,)),
    Model(maker="LENOVO", name="ThinkPad T470", chassis=Chassis.LAPTOP,
          cpu="Intel(R) Core(TM) i5-7300U CPU @ 2.60GHz", threads=4, memory_gib=(4, 8), year=2018, weight=5,
          platforms=_WINDOWS_OR_LINUX, batteries_wh=(23.5, 23.5), windows_11=False),
    Model(maker="HP", name="HP EliteBook 840 14 inch G9 Notebook PC", chassis=Chassis.LAPTOP,
          cpu="12th Gen Intel(R) Core(TM) i5-1235U", threads=12, memory_gib=(16,), year=2022, weight=12,
          batteries_wh=(51.3,)),
    Model(maker="HP", name="HP ProBook 450 G8 Notebook PC", chassis=Chassis.LAPTOP,
          cpu="11th Gen Intel(R) Core(TM) i5-1135G7 @ 2.40GHz", threads=8, memory_gib=(8, 16), year=2021,
          weight=7, batteries_wh=(45.0,)),
    Model(maker="Dell Inc.", name="Latitude 5440", chassis=Chassis.LAPTOP,
          cpu="13th Gen Intel(R) Core(TM) i5-1345U", threads=12, memory_gib=(16, 32), year=2023, weight=10,
          batteries_wh=(54.0,)),
    Model(maker="Dell Inc.", name="Latitude 5420", chassis=Chassis.LAPTOP,
          cpu="11th Gen Intel(R) Core(TM) i5-1145G7 @ 2.60GHz", threads=8, memory_gib=(16,), year=2021,
          weight=7, batteries_wh=(63.0,)),
    Model(maker="FUJITSU", name="LIFEBOOK E5512", chassis=Chassis.LAPTOP,
          cpu="12th Gen Intel(R) Core(TM) i5-1235U", threads=12, memory_gib=(16,), year=2022, weight=9,
          batteries_wh=(65.0,)),
    Model(maker="FUJITSU", name="LIFEBOOK U7411", chassis=Chassis.LAPTOP,
          cpu="11th Gen Intel(R) Core(TM) i5-1145G7 @ 2.60GHz", threads=8, memory_gib=(8, 16), year=2021,
          weight=6, batteries_wh=(65.0,)),
    Model(maker="Microsoft Corporation", name="Surface Pro 9", chassis=Chassis.CONVERTIBLE,
          cpu="12th Gen Intel(R) Core(TM) i5-1245U", threads=12, memory_gib=(16,), year=2023, weight=4,
          batteries_wh=(47.7,)),
    Model(maker="Apple Inc.", name="MacBook Air (13-inch, M3, 2024)", chassis=Chassis.LAPTOP,
          cpu="Apple M3", threads=8, memory_gib=(16, 24), year=2024, weight=3, platforms=(Platform.MACOS,),
          batteries_wh=(52.6,)),
    Model(maker="Apple Inc.", name="MacBook Pro (14-inch, 2021)", chassis=Chassis.LAPTOP,
          cpu="Apple M1 Pro", threads=8, memory_gib=(16,), year=2021, weight=2, platforms=(Platform.MACOS,),
          batteries_wh=(70.0,)),
    Model(maker="TUXEDO", name="TUXEDO InfinityBook Pro Gen8", chassis=Chassis.LAPTOP,
          cpu="13th Gen Intel(R) Core(TM) i7-13700H", threads=20, memory_gib=(32,), year=2023, weight=2,
          platforms=(Platform.LINUX,), batteries_wh=(99.0,)),
)  # fmt: skip

DESKTOPS: tuple[Model, ...] = (
    Model(maker="FUJITSU", name="ESPRIMO D7012", chassis=Chassis.DESKTOP,
          cpu="12th Gen Intel(R) Core(TM) i5-12400", threads=12, memory_gib=(16,), year=2022, weight=3),
    Model(maker="HP", name="HP EliteDesk 800 G6 Small Form Factor PC", chassis=Chassis.DESKTOP,
          cpu="Intel(R) Core(TM) i5-10500 CPU @ 3.10GHz", threads=12, memory_gib=(8, 16), year=2020,
          weight=2),
    Model(maker="Dell Inc.", name="OptiPlex 3060", chassis=Chassis.DESKTOP,
          cpu="Intel(R) Core(TM) i5-8500T CPU @ 2.10GHz", threads=6, memory_gib=(8,), year=2018, weight=1,
          platforms=_WINDOWS_OR_LINUX),
)  # fmt: skip
