"""What does the firmware say of the machine, and is it a virtual one?

`/sys/class/dmi/id` holds the SMBIOS strings; all files used here are readable by every user.
"""

from collections.abc import Mapping

from fernbereit_agent.host import Host
from fernbereit_agent.probes.texts import line_of

FOLDER = "/sys/class/dmi/id"
FILES = ("chassis_type", "sys_vendor", "product_name", "product_version", "bios_date")

_VIRTUAL = (
    ("vmware", ""),
    ("innotek", ""),
    ("", "virtualbox"),
    ("qemu", ""),
    ("microsoft corporation", "virtual machine"),
    ("parallels", ""),
    ("xen", ""),
    ("amazon ec2", ""),
    ("google", "google compute engine"),
    ("openstack", ""),
    ("red hat", "kvm"),
    ("", "kvm"),
    ("bochs", ""),
    ("bhyve", ""),
    ("", "apple virtualization"),
)
"""Beginnings of maker and product; the processor's hypervisor flag is also set on real laptops."""


def identity(host: Host) -> dict[str, str]:
    """Return the SMBIOS strings; a missing file is empty text."""
    return {name: line_of(host, f"{FOLDER}/{name}") for name in FILES}


def is_virtual(dmi: Mapping[str, str]) -> bool:
    """Tell whether maker and product are those of a virtual machine."""
    maker = dmi.get("sys_vendor", "").casefold()
    product = dmi.get("product_name", "").casefold()
    return any(maker.startswith(first) and product.startswith(second) for first, second in _VIRTUAL)


def runs_virtual(host: Host, dmi: Mapping[str, str]) -> bool:
    """Tell whether this is a virtual machine; one without firmware strings still has virtio devices."""
    return is_virtual(dmi) or (not any(dmi.values()) and bool(host.list_dir("/sys/bus/virtio/devices")))
