"""Is there a card reader, and something that talks to it? Never: cards."""

from fernbereit.field import Purpose, fact
from fernbereit.tolerance import OpenModel


class SmartCard(OpenModel):
    """Readers and the programs that use them."""

    reader_present: bool | None = fact(purpose=Purpose.REMOTE_ACCESS)
    service_installed: bool | None = fact(purpose=Purpose.REMOTE_ACCESS)
    ausweisapp_installed: bool | None = fact(purpose=Purpose.REMOTE_ACCESS)
