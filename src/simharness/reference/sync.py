"""One pass of work: read what changed, decide, post, and write back.

A watermark is moved only after what it stands for was taken in, and every read reaches back by an overlap, because the
CRM's search is a little behind; what was seen before is recognised by the connector's own memory. What webhooks told
of is asked for by its id, beside the feeds or, but for a poll once in a while, in their place.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from simharness.reference.bank.feed import Bank
from simharness.reference.beside.awaiting import Awaiting
from simharness.reference.beside.foreign import MARK as FOREIGN
from simharness.reference.beside.foreign import Foreigners
from simharness.reference.closing.ends import PeriodEnds
from simharness.reference.credit.credits import Credits
from simharness.reference.errors import Refused, Unavailable
from simharness.reference.gateway.movements import Movement, Movements
from simharness.reference.gateway.receipts import Receipts
from simharness.reference.invoicing.crm import Crm, modified_ms_of
from simharness.reference.invoicing.invoices import Invoices
from simharness.reference.ledger.catalogue import Catalogue
from simharness.reference.ledger.periods import Periods
from simharness.reference.memory.evidence import Evidence
from simharness.reference.memory.store import Store
from simharness.reference.payroll.feed import PayrollFeed
from simharness.reference.posting.misses import Misses
from simharness.reference.posting.outbox import Outbox
from simharness.reference.posting.tasks import Tasks
from simharness.reference.selling.customers import Customers
from simharness.reference.selling.deals import Deals
from simharness.reference.selling.status import Status
from simharness.reference.vendors.http import Json
from simharness.reference.webhooks import news
from simharness.reference.webhooks.inbox import Inbox, Letters

_COMPANIES, _DEALS, _CHARGES = "watermark.companies_ms", "watermark.deals_ms", "watermark.charges_s"
_MOVEMENTS = "watermark.movements_s"
_SWEEP = "sweep"


@dataclass(slots=True)
class Pass:
    """What the last pass found: `news` counts what was new, `failed` that a vendor gave no answer, `polled` that every
    feed was read to its end.
    """

    news: int = 0
    failed: bool = False
    polled: bool = False


class Sync:
    """The stages of a pass, in order."""

    def __init__(
        self,
        store: Store,
        crm: Crm,
        catalogue: Catalogue,
        customers: Customers,
        deals: Deals,
        foreign: Foreigners,
        awaiting: Awaiting,
        credits: Credits,
        receipts: Receipts,
        movements: Movements,
        tasks: Tasks,
        periods: Periods,
        payroll: PayrollFeed | None,
        bank: Bank | None,
        ends: PeriodEnds,
        invoices: Invoices,
        status: Status,
        outbox: Outbox,
        evidence: Evidence,
        inbox: Inbox,
        misses: Misses,
        *,
        polls: bool,
        overlap_s: int,
    ) -> None:
        self._inbox, self._polls, self._feeds = inbox, polls, polls
        self._store, self._crm, self._catalogue = store, crm, catalogue
        self._customers, self._deals, self._credits = customers, deals, credits
        self._receipts, self._movements, self._status = receipts, movements, status
        self._tasks, self._periods, self._bank, self._invoices = tasks, periods, bank, invoices
        self._payroll = payroll
        self._outbox, self._evidence, self._overlap_s = outbox, evidence, overlap_s
        self._foreign, self._awaiting, self._ends, self._misses = foreign, awaiting, ends, misses

    def run(self) -> Pass:
        """One pass. A stage that cannot be finished is told and taken up again in the next pass; the others go on."""
        done = Pass()
        self._feeds = self._polls or bool(self._store.get_setting(_SWEEP))
        self._inbox.tell(self._evidence)
        self._catalogue.refresh_misses()
        self._periods.begin()
        self._foreign.begin()
        self._stage(done, "lookup", self._misses.look_again)
        self._stage(done, "others", self._follow_others)
        self._stage(done, "outbox", self._outbox.deliver)
        self._stage(done, "crm", self._follow_crm)
        self._stage(done, "credits", self._apply_credits)
        asked_on = self._bank.today() if self._bank is not None else None
        payroll = self._payroll is None or self._stage(done, "payroll", self._follow_payroll)
        gateway = self._stage(done, "gateway", self._follow_gateway)
        # Only what the gateway and the payroll told tells their lines from money that nothing explains.
        if gateway and payroll and self._bank is not None:
            self._bank.asked_on = asked_on
            self._stage(done, "bank", self._follow_bank)
        self._stage(done, "ledger", self._follow_ledger)
        if not done.failed:  # the entries of a period's end rest on everything before it
            self._stage(done, "period_end", self._end_periods)
        self._stage(done, "status", self._status.write_back)
        if self._feeds and not self._polls and not done.failed:
            self._store.set_setting(_SWEEP, "")
            self._inbox.prune()
        done.polled = self._feeds and not done.failed
        return done

    def sweep(self) -> None:
        """Read the feeds in the next pass, whatever webhooks told: the poll that finds what they did not."""
        if not self._polls:
            self._store.set_setting(_SWEEP, "due")

    def rewind(self) -> None:
        """Read every feed from its beginning in the next pass."""
        with self._store.transaction():
            for name in (_COMPANIES, _DEALS, _CHARGES, _MOVEMENTS):
                self._store.set_setting(name, "0")
            self.sweep()
            self._store.set_setting(FOREIGN, "")
            self._customers.look_anew()
            if self._payroll is not None:
                self._payroll.rewind()
            if self._bank is not None:
                self._bank.rewind()

    def _stage(self, done: Pass, name: str, work: Callable[[], int]) -> bool:
        """Whether the stage could be finished."""
        try:
            done.news += work()
        except (Unavailable, Refused) as error:
            done.failed = True
            # Each vendor is a matter of its own: one may be down while another is, and both are told.
            self._evidence.alert(source := f"stage:{name}:{error.vendor}", source, str(error))
            return False
        self._evidence.recovered_below(f"stage:{name}:")
        return True

    def _follow_others(self) -> int:
        """What other programs wrote, before anything of this one's is sent."""
        if not self._foreign.active:
            return 0
        self._customers.adopt()
        self._customers.meet(self._overlap_s)
        return self._foreign.follow(self._overlap_s)

    def _follow_crm(self) -> int:
        self._customers.adopt()
        letters = self._inbox.waiting("hubspot")
        changed, companies_ms = self._follow_companies(letters.of(news.COMPANY))
        found_news = changed + self._outbox.deliver()
        deals_ms = self._mark(_DEALS)
        found: dict[str, Json] = {}
        for each in self._crm.changed_won_deals(self._since(deals_ms, 1000)) if self._feeds else ():
            found[str(each["id"])] = each
            deals_ms = max(deals_ms, modified_ms_of(each))
        found |= self._told_deals(letters, found)
        found_news += self._deals.consider(list(found.values()))
        with self._store.transaction():
            self._store.set_setting(_COMPANIES, str(companies_ms))
            self._store.set_setting(_DEALS, str(deals_ms))
            if not self._deals.put_off:
                self._inbox.done(letters)
        found_news += self._outbox.deliver()
        self._awaiting.remind()
        return found_news + self._foreign.watch() + self._outbox.deliver()

    def _told_deals(self, letters: Letters, polled: Collection[str]) -> dict[str, Json]:
        """The won deals that webhooks named, or lines of them, but for those that a poll brought already.

        A deal that is gone meanwhile is not there to be asked for, one that was merged is its survivor.
        """
        lines = letters.of(news.LINE_ITEM)
        named = [*letters.of(news.DEAL), *self._crm.deals_of_lines(lines), *self._deals.holding(lines)]
        found = self._crm.deals([each for each in dict.fromkeys(named) if each not in polled])
        return {str(each["id"]): each for each in found if self._crm.is_won(each)}

    def _follow_companies(self, told: list[str]) -> tuple[int, int]:
        mark = self._mark(_COMPANIES)
        found = list(self._crm.changed_companies(self._since(mark, 1000))) if self._feeds else []
        mark = max((modified_ms_of(each) for each in found), default=mark)
        polled = {str(each["id"]) for each in found}
        found += self._crm.companies([each for each in told if each not in polled])
        return self._customers.learn(self._customers.admitted(found, self._crm.company)), mark

    def _apply_credits(self) -> int:
        return self._credits.apply() + self._outbox.deliver()

    def _follow_gateway(self) -> int:
        letters = self._inbox.waiting("stripe")
        found_news = 0
        if self._feeds:
            mark = self._mark(_CHARGES)
            found_news, newest = self._receipts.poll(self._since(mark, 1))
            if newest > mark:
                self._store.set_setting(_CHARGES, str(newest))
        told = self._movements.of(letters.of(news.CHARGE, news.REFUND, news.DISPUTE, news.PAYOUT))
        # A refund may be told before its charge is, or alone.
        charges = [*letters.of(news.CHARGE), *self._receipts.unknown(each.charge for each in told)]
        if not self._feeds:
            told += self._movements.unread()
            charges += self._receipts.unread()
        found_news += self._receipts.hear(list(dict.fromkeys(charges)))
        self._receipts.post()
        found_news += self._follow_balance(told)
        self._inbox.done(letters)
        return found_news

    def _follow_balance(self, told: list[Movement]) -> int:
        self._tasks.adopt()
        found_news = self._movements.enter(told)
        if self._feeds:
            mark = self._mark(_MOVEMENTS)
            polled, newest = self._movements.poll(self._since(mark, 1))
            found_news += polled
            if newest > mark:
                self._store.set_setting(_MOVEMENTS, str(newest))
        return found_news + self._tasks.post()

    def _follow_payroll(self) -> int:
        if self._payroll is None:
            return 0
        letters = self._inbox.waiting("gusto")
        self._tasks.adopt()
        try:
            found_news = self._payroll.follow(letters.of(news.PAYROLL), polls=self._feeds)
        finally:  # one run that cannot be read keeps nothing else waiting
            posted = self._tasks.post()
        self._inbox.done(letters)
        return found_news + posted

    def _follow_bank(self) -> int:
        if self._bank is None:
            return 0
        letters = self._inbox.waiting("plaid")
        found_news = self._bank.poll() if self._feeds or letters.keys or not self._bank.begun() else 0
        self._inbox.done(letters)
        if self._tasks.waiting():
            self._movements.trace()
        return found_news + self._tasks.post()

    def _follow_ledger(self) -> int:
        letters = self._inbox.waiting("quickbooks")
        told = letters.of(news.INVOICE)
        changed = self._invoices.hear(told) if told or not self._feeds else 0
        if self._feeds:
            changed += self._invoices.follow(self._overlap_s)
        self._inbox.done(letters)
        return changed

    def _end_periods(self) -> int:
        return self._tasks.post() + self._ends.run()

    def _mark(self, name: str) -> int:
        return int(self._store.get_setting(name, "0"))

    def _since(self, mark: int, per_second: int) -> int:
        return max(0, mark - self._overlap_s * per_second)
