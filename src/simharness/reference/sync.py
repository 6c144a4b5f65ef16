"""One pass of work: read what changed, decide, post, and write back.

A watermark is moved only after what it stands for was taken in, and every read reaches back by an overlap, because the
CRM's search is a little behind; what was seen before is recognised by the connector's own memory.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from simharness.reference.bank import Bank
from simharness.reference.catalogue import Catalogue
from simharness.reference.credits import Credits
from simharness.reference.crm import Crm, modified_ms_of
from simharness.reference.customers import Customers
from simharness.reference.deals import Deals
from simharness.reference.errors import Refused, Unavailable
from simharness.reference.evidence import Evidence
from simharness.reference.invoices import Invoices
from simharness.reference.movements import Movements
from simharness.reference.outbox import Outbox
from simharness.reference.periods import Periods
from simharness.reference.receipts import Receipts
from simharness.reference.status import Status
from simharness.reference.store import Store
from simharness.reference.tasks import Tasks
from simharness.reference.vendors.http import Json

_COMPANIES, _DEALS, _CHARGES = "watermark.companies_ms", "watermark.deals_ms", "watermark.charges_s"
_MOVEMENTS = "watermark.movements_s"


@dataclass(slots=True)
class Pass:
    """What the last pass found: `news` counts what was new, `failed` that a vendor gave no answer."""

    news: int = 0
    failed: bool = False


class Sync:
    """The stages of a pass, in order."""

    def __init__(
        self,
        store: Store,
        crm: Crm,
        catalogue: Catalogue,
        customers: Customers,
        deals: Deals,
        credits: Credits,
        receipts: Receipts,
        movements: Movements,
        tasks: Tasks,
        periods: Periods,
        bank: Bank | None,
        invoices: Invoices,
        status: Status,
        outbox: Outbox,
        evidence: Evidence,
        *,
        overlap_s: int,
    ) -> None:
        self._store, self._crm, self._catalogue = store, crm, catalogue
        self._customers, self._deals, self._credits = customers, deals, credits
        self._receipts, self._movements, self._status = receipts, movements, status
        self._tasks, self._periods, self._bank, self._invoices = tasks, periods, bank, invoices
        self._outbox, self._evidence, self._overlap_s = outbox, evidence, overlap_s

    def run(self) -> Pass:
        """One pass. A stage that cannot be finished is told and taken up again in the next pass; the others go on."""
        done = Pass()
        self._catalogue.refresh_misses()
        self._periods.begin()
        self._stage(done, "outbox", self._outbox.deliver)
        self._stage(done, "crm", self._follow_crm)
        self._stage(done, "credits", self._apply_credits)
        # Only what the gateway told tells a payout from money that nothing explains.
        if self._stage(done, "gateway", self._follow_gateway) and self._bank is not None:
            self._stage(done, "bank", self._follow_bank)
        self._stage(done, "ledger", lambda: self._invoices.follow(self._overlap_s))
        self._stage(done, "status", self._status.write_back)
        return done

    def rewind(self) -> None:
        """Read every feed from its beginning in the next pass."""
        with self._store.transaction():
            for name in (_COMPANIES, _DEALS, _CHARGES, _MOVEMENTS):
                self._store.set_setting(name, "0")
            if self._bank is not None:
                self._bank.rewind()

    def _stage(self, done: Pass, name: str, work: Callable[[], int]) -> bool:
        """Whether the stage could be finished."""
        try:
            done.news += work()
        except (Unavailable, Refused) as error:
            done.failed = True
            self._evidence.alert(f"stage:{name}:{error.vendor}", f"stage:{name}", str(error))
            return False
        self._evidence.recovered(f"stage:{name}")
        return True

    def _follow_crm(self) -> int:
        self._customers.adopt()
        changed, companies_ms = self._follow_companies()
        news = changed + self._outbox.deliver()
        deals_ms = self._mark(_DEALS)
        found: list[Json] = []
        for each in self._crm.changed_won_deals(self._since(deals_ms, 1000)):
            found.append(each)
            deals_ms = max(deals_ms, modified_ms_of(each))
        news += self._deals.consider(found)
        with self._store.transaction():
            self._store.set_setting(_COMPANIES, str(companies_ms))
            self._store.set_setting(_DEALS, str(deals_ms))
        return news + self._outbox.deliver()

    def _follow_companies(self) -> tuple[int, int]:
        mark = self._mark(_COMPANIES)
        found = list(self._crm.changed_companies(self._since(mark, 1000)))
        mark = max((modified_ms_of(each) for each in found), default=mark)
        return self._customers.learn(self._customers.admitted(found, self._crm.company)), mark

    def _apply_credits(self) -> int:
        return self._credits.apply() + self._outbox.deliver()

    def _follow_gateway(self) -> int:
        mark = self._mark(_CHARGES)
        news, newest = self._receipts.poll(self._since(mark, 1))
        if newest > mark:
            self._store.set_setting(_CHARGES, str(newest))
        self._receipts.post()
        return news + self._follow_balance()

    def _follow_balance(self) -> int:
        self._tasks.adopt()
        mark = self._mark(_MOVEMENTS)
        news, newest = self._movements.poll(self._since(mark, 1))
        if newest > mark:
            self._store.set_setting(_MOVEMENTS, str(newest))
        return news + self._tasks.post()

    def _follow_bank(self) -> int:
        if self._bank is None:
            return 0
        news = self._bank.poll()
        if self._tasks.waiting():
            self._movements.trace()
        return news + self._tasks.post()

    def _mark(self, name: str) -> int:
        return int(self._store.get_setting(name, "0"))

    def _since(self, mark: int, per_second: int) -> int:
        return max(0, mark - self._overlap_s * per_second)
