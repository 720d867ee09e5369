"""By which word is a management product told, and by which name if the program has no word for it?"""

from collections.abc import Iterable

from fernbereit.facts.management import ManagementClient, Provider

MOST_CLIENTS = 8
_WORDS = frozenset(map(str, Provider))


def told(names: Iterable[str]) -> tuple[ManagementClient, ...]:
    """Return products by their words, each once; what only the policy names is `other`, with that name.

    >>> [(each.provider.value, each.name) for each in told(["opsi", "musterstadt_agent", "opsi"])]
    [('opsi', None), ('other', 'musterstadt_agent')]
    """
    return tuple(map(client, dict.fromkeys(names)))[:MOST_CLIENTS]


def client(name: str) -> ManagementClient:
    """Return one product by its word or name."""
    if name in _WORDS:
        return ManagementClient(provider=Provider(name))
    return ManagementClient(provider=Provider.OTHER, name=name)
