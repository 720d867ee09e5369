"""What can go wrong in the collector and in its commands?

ServerError
├── SettingsError       the settings cannot be used; nothing is started, exit 2
├── StoreError          the store cannot be opened or was made by a newer version
├── InventoryError      an inventory file has faults; nothing is changed
├── BackupError         a backup cannot be made or restored; nothing is changed unless it says so
├── BrokerError         the broker cannot be started
└── AddressInUseError   somebody else listens there; the message says how to choose another port
"""


class ServerError(Exception):
    """Base of everything the collector raises itself; `str()` is made for people."""


class SettingsError(ServerError):
    """The settings cannot be used: one line a fault with file, key, line, what was expected, an example."""


class StoreError(ServerError):
    """The store cannot be opened, or a newer version made it."""


class InventoryError(ServerError):
    """An inventory file has faults; one line a fault, nothing is changed."""


class BackupError(ServerError):
    """A backup cannot be made, or not be restored: `word` says why, `values` with what."""

    def __init__(self, word: str, **values: str) -> None:
        super().__init__(word, values)
        self.word, self.values = word, values


class BrokerError(ServerError):
    """The embedded broker cannot be started."""


class AddressInUseError(ServerError):
    """A port is taken; the message names it and the key that chooses another."""


class StoreTakenError(StoreError):
    """Another collector wrote into the store while this one had lost it."""
