"""What may be seen of one device? The one door for device-level reads, used by API, console and commands.

Nothing finer than a day leaves it. Of the facts only those declared `Visibility.DEVICE` do: what is only
counted (where the laptop is, whether its tunnel is up) and what is only compared (hashes) stay inside.
A device of the inventory that never reported is found as well: it is unknown, not absent.
"""

from fernbereit_server.desk.answers import (
    CheckDetail,
    DeviceDetail,
    DevicePage,
    DeviceRow,
    InTwoLanguages,
    MissingDetail,
    ReadinessDetail,
    SectionDetail,
    VerdictWord,
    WaiverDetail,
    visible,
)
from fernbereit_server.desk.door import MAX_LIMIT, VERDICTS, Desk
from fernbereit_server.desk.names import MAX_TEXT, DeskError

__all__ = [
    "MAX_LIMIT",
    "MAX_TEXT",
    "VERDICTS",
    "CheckDetail",
    "Desk",
    "DeskError",
    "DeviceDetail",
    "DevicePage",
    "DeviceRow",
    "InTwoLanguages",
    "MissingDetail",
    "ReadinessDetail",
    "SectionDetail",
    "VerdictWord",
    "WaiverDetail",
    "visible",
]
