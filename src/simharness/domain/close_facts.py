"""Facts of the close: what the controller did with a period, and what was told to be posted at its end.

`period` is `2026-01`. A period is open, closed (approved adjustments only) or locked (nothing at all).
"""

from __future__ import annotations

from datetime import date

from simharness.core.money import Money
from simharness.domain.base import Record
from simharness.domain.fact_base import FactBase


class PeriodEndRun(FactBase, frozen=True, kw_only=True):
    """The entries of a period's end were asked for: recognition, accruals, prepaid parts, revaluation."""

    period: str
    entity: str = ""


class PeriodClosed(FactBase, frozen=True, kw_only=True):
    """From now on only approved adjustments are posted into the period."""

    period: str
    by: str
    entity: str = ""


class PeriodLocked(FactBase, frozen=True, kw_only=True):
    """From now on nothing is posted into the period or an earlier one."""

    period: str
    by: str
    entity: str = ""


class PeriodReopened(FactBase, frozen=True, kw_only=True):
    """A closed or locked period is open again, for a reason that is on record."""

    period: str
    by: str
    because: str
    entity: str = ""


class AdjustmentLine(Record, frozen=True, kw_only=True):
    """One side of an adjustment: an account by number, debit positive."""

    account: str
    amount: Money
    cost_centre: str = ""


class AdjustmentTold(FactBase, frozen=True, kw_only=True):
    """Somebody told the connector to post an adjustment. `approver` is "" when nobody approved.

    It is refused without approver, where the approver is who prepared it, without reason, and in a locked period.
    """

    adjustment: str
    dated: date
    reason: str
    preparer: str
    lines: tuple[AdjustmentLine, ...]
    approver: str = ""
    entity: str = ""


class AccrualTold(FactBase, frozen=True, kw_only=True):
    """Somebody told the connector that a cost of service days is known and not billed yet.

    By workdays (Mondays to Fridays), what of `amount` falls up to a period's end is accrued then and reversed on the
    next day. `owed_on`: the liability (number), "" is that of accrued expenses.
    """

    accrual: str
    account: str
    amount: Money
    service_from: date
    service_to: date
    cost_centre: str = ""
    owed_on: str = ""
    entity: str = ""


class PrepaidTold(FactBase, frozen=True, kw_only=True):
    """Somebody told the connector that a cost was paid in advance: `amount` stands on the prepaid account.

    It becomes a cost of `account` by the days (`by` day) or whole months (month) of service, cumulative. `against`: the
    account (number) that bore it until then, where the connector is to post that as well.
    """

    prepaid: str
    account: str
    amount: Money
    service_from: date
    service_to: date
    cost_centre: str = ""
    by: str = "day"
    against: str = ""
    entity: str = ""


class ReconciliationsRun(FactBase, frozen=True, kw_only=True):
    """The daily run for a day: the connector read every feed anew, whatever it was told, and came to rest."""

    day: date


class BiRefreshed(FactBase, frozen=True, kw_only=True):
    """The connector brought BI up to date; `by_connector` is false where the harness makes BI when it is read."""

    by_connector: bool = True


CloseFact = (
    ReconciliationsRun
    | BiRefreshed
    | PeriodEndRun
    | PeriodClosed
    | PeriodLocked
    | PeriodReopened
    | AdjustmentTold
    | AccrualTold
    | PrepaidTold
)
