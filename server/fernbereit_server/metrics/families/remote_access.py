"""On how many devices is a VPN client installed? Whether a tunnel is up is not published at all."""

from fernbereit.facts.remote_access import RemoteAccess
from fernbereit_server.metrics.family import Family, Trait, known, yes_no


def _vpn_client(facts: RemoteAccess) -> str | None:
    return None if facts.clients is None else yes_no(bool(facts.clients))


VPN_CLIENT_TRAIT = Trait(
    name="vpn_client", section="remote_access", words=("yes", "no"), of=_vpn_client, absent="no"
)

VPN_CLIENT = Family(
    name="fernbereit_devices_by_vpn_client",
    help="Devices by whether a known VPN client is installed.",
    level="unit",
    source="trait",
    label="vpn_client",
    words=known(VPN_CLIENT_TRAIT.words),
    trait=VPN_CLIENT_TRAIT.name,
)
