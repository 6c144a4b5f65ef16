"""Connectors that are wrong about the invoices of other programs, in exactly one way each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx

from simharness.reference.app import build as reference
from simharness.reference.connector import Connector
from simharness.reference.errors import Rejected
from tests.functional.broken.tampering import Tampering, hides_a_row


def does_not_look(app: Connector) -> None:
    """It posts without a look for invoices of others, before or after."""
    _others(app)._foreign.follow = lambda overlap_s: 0
    app._outbox.gate = None


def takes_by_amount(app: Connector) -> None:
    """Any invoice of another program is the deal's, as long as customer and amounts agree."""
    ledger = app._quickbooks

    def of_deal(deal_id: str) -> list[Any]:
        return [each for each in ledger.query("Invoice") if "HubSpot deal" in each["PrivateNote"]]

    _others(app)._foreign.of_deal = of_deal


def takes_nothing(app: Connector) -> None:
    """It refuses what agrees to the cent."""

    def taken(*_: object, **__: object) -> Any:
        raise Rejected("other_invoice_differs", "it is not ours")

    _others(app).taken = taken


def completes_nothing(app: Connector) -> None:
    """What the CRM owns and the other program left out stays out."""
    _others(app)._owned = frozenset()


def reminds_nobody(app: Connector) -> None:
    """A deal that waits for the billing system waits in silence."""
    _others(app)._awaiting.remind = lambda: None


FAULTS: Mapping[str, Callable[[Connector], None]] = {
    "does not look before it posts": does_not_look,
    "takes invoices by their amount": takes_by_amount,
    "refuses a right invoice": takes_nothing,
    "leaves out what the CRM owns": completes_nothing,
    "reminds nobody": reminds_nobody,
}


def _others(app: Connector) -> Any:
    return app._deals._others


def build(env: Mapping[str, str], state_dir: Path, transport: httpx.BaseTransport) -> Any:
    """The connector that the environment names by its fault; the sound one for `none`."""
    app: Any = reference(env, state_dir, transport)
    fault = env["FAULT"]
    if fault == "hides that it took an invoice":
        return Tampering(app, hides_a_row, state_dir)
    FAULTS.get(fault, lambda _: None)(app)
    return app
