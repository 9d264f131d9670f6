"""Which internet addresses are one household's: what a limit counts together."""

from __future__ import annotations

from ipaddress import ip_address, ip_network


def household(address: str) -> str:
    """What one line is given: an IPv4 address, or the first half of an IPv6 one, whose other half anybody chooses freely."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if known.version == 4 or known.ipv4_mapped:
        return str(known.ipv4_mapped if known.version == 6 else known)
    return str(ip_network((known, 64), strict=False).network_address)
