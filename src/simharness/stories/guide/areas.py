"""The areas of finance in which sentences are looked up, in the order in which a story comes across them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from simharness.stories.sentences.phrasebook import Phrase

SETUP = "Setup"
AREAS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        SETUP: ("setup", "periods"),
        "CRM": ("crm",),
        "Invoicing": ("invoicing", "crediting"),
        "Tax and discount": ("tax", "discount"),
        "Payment, gateway, bank": ("payment", "gateway", "bank"),
        "Payroll": ("people", "payroll"),
        "Ledger": ("ledger",),
        "Close": ("close", "accruing"),
        "Reconcile": ("reconcile",),
        "BI": ("bi",),
        "Faults": ("fault",),
        "Middleware and evidence": ("middleware", "evidence"),
        "Access": ("access",),
        "Group of companies": ("group",),
        "Other programs beside the connector": ("beside",),
    }
)


def area_of(phrase: Phrase) -> str:
    """The area of a sentence; a verb of a room that no area names makes an area of that name, behind the others."""
    if phrase.verb is None:
        return SETUP
    room = phrase.verb.name.partition(".")[0]
    return next((area for area, rooms in AREAS.items() if room in rooms), room.capitalize())


def place_of(area: str) -> int:
    """Where an area stands among the others."""
    names = tuple(AREAS)
    return names.index(area) if area in names else len(names)
