"""Who is exempt: certificates and exempt products (rules: section 2, point 6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from simharness.domain.crm import Certificate


def covers(jurisdiction: str, region: str) -> bool:
    """Whether a certificate's jurisdiction covers a region: the same code, or a part of it that ends at a hyphen."""
    return bool(jurisdiction) and (region == jurisdiction or region.startswith(f"{jurisdiction}-"))


def valid_on(certificate: Certificate, day: date) -> bool:
    """Whether the day lies within the certificate's days, both ends included; an open end is always within."""
    started = certificate.valid_from is None or certificate.valid_from <= day
    return started and (certificate.valid_until is None or day <= certificate.valid_until)


def exempting(certificates: Sequence[Certificate], region: str, day: date) -> Certificate | None:
    """The first certificate that exempts a sale in the region on the day, or None: the sale is taxed."""
    for certificate in certificates:
        if valid_on(certificate, day) and any(covers(place, region) for place in certificate.jurisdictions):
            return certificate
    return None
