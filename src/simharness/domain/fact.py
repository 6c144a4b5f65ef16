"""Facts: what really happened in a story, as the story's author meant it and the source systems confirmed it.

Facts are the only input of the oracle beside dictionary and policies. Each carries the step that caused it, the
instant,
and `on`, the local day in the entity's time zone. Names are the story's; ids are the vendors'.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from simharness.core.money import Money
from simharness.domain.base import Tagged
from simharness.domain.crm import Certificate, DealLine


class FactBase(Tagged, frozen=True, kw_only=True):
    """What every fact says: step number (from 1), the verb's name, the instant, the entity's local day, file:line."""

    step: int
    verb: str
    at: datetime
    on: date
    where: str = ""


class CustomerEntered(FactBase, frozen=True, kw_only=True):
    """A customer exists in the CRM."""

    customer: str
    company_id: str
    region: str = ""
    terms: str = ""
    currency: str = ""
    certificates: tuple[Certificate, ...] = ()


class CustomerChanged(FactBase, frozen=True, kw_only=True):
    """A customer was changed; fields hold the complete new state, `customer` stays the story's first name for it."""

    customer: str
    company_id: str
    name: str
    region: str = ""
    terms: str = ""
    certificates: tuple[Certificate, ...] = ()


class DealEntered(FactBase, frozen=True, kw_only=True):
    """An open deal exists; lines with the CRM's ids, in order."""

    deal: str
    deal_id: str
    customer: str
    company_id: str
    currency: str
    lines: tuple[DealLine, ...]
    discount_percent: Decimal | None = None
    discount_amount: Money | None = None
    cost_centre: str = ""
    location: str = ""
    entity: str = ""


class DealWon(FactBase, frozen=True, kw_only=True):
    """The deal became won; `close_date` as the CRM shows it. Winning a won deal again is a further fact."""

    deal: str
    deal_id: str
    close_date: date | None = None


class DealReopened(FactBase, frozen=True, kw_only=True):
    """A won deal went back to an open stage."""

    deal: str
    deal_id: str


class DealChanged(FactBase, frozen=True, kw_only=True):
    """The deal's lines or document discount were replaced; complete new state."""

    deal: str
    deal_id: str
    lines: tuple[DealLine, ...]
    discount_percent: Decimal | None = None
    discount_amount: Money | None = None


class CustomerPaid(FactBase, frozen=True, kw_only=True):
    """A customer paid through the gateway. `deal` and `invoice_number` are empty for a payment without reference.

    `amount` is gross, `fee` what the gateway kept; `invoice_ordinal` counts the deal's invoices from 1.
    """

    payment: str
    customer: str
    company_id: str
    charge_id: str
    amount: Money
    fee: Money
    method: str
    deal: str = ""
    invoice_ordinal: int = 1
    invoice_number: str = ""


class BooksClosed(FactBase, frozen=True, kw_only=True):
    """The controller closed the books up to and including a day."""

    until: date


class PartyEdited(FactBase, frozen=True, kw_only=True):
    """A bookkeeper set fields of the ledger's record of a customer: (canonical field, value)."""

    customer: str
    party_id: str
    fields: tuple[tuple[str, str], ...]


class StepImpossible(FactBase, frozen=True, kw_only=True):
    """A step could not happen because the connector's work it builds on is missing (pay an invoice that does not
    exist).
    """

    what: str
    amount: Money | None = None


class ConnectorFinished(FactBase, frozen=True, kw_only=True):
    """The connector came to rest. `passes` counts its runs; `at_rest` is false when the stated cap stopped it.

    `failure` is what it raised out of its entry point: in production it would have died there.
    """

    passes: int
    at_rest: bool = True
    failure: str = ""


class ConnectorRestarted(FactBase, frozen=True, kw_only=True):
    """The connector was stopped and started again."""


Fact = (
    CustomerEntered
    | CustomerChanged
    | DealEntered
    | DealWon
    | DealReopened
    | DealChanged
    | CustomerPaid
    | BooksClosed
    | PartyEdited
    | StepImpossible
    | ConnectorFinished
    | ConnectorRestarted
)
