"""One connector put together, as its host sees it: trigger it, tell it, ask it, operate it, close it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

import httpx

from simharness.reference.access.gate import TOKEN, Gate
from simharness.reference.bank.changing import Changing
from simharness.reference.bank.cheques import ChequeBook
from simharness.reference.bank.feed import Bank
from simharness.reference.bank.lines import BankLines
from simharness.reference.bank.people import PeopleLines
from simharness.reference.bank.wires import WireDiscounts, WirePayments, Wires
from simharness.reference.beside.awaiting import Awaiting
from simharness.reference.beside.foreign import Foreigners
from simharness.reference.beside.takeover import Others
from simharness.reference.closing import accruals, prepaid, recognition, revaluation, reversals, told, wages
from simharness.reference.closing.adjustments import KIND as ADJUSTMENT
from simharness.reference.closing.adjustments import Adjustments
from simharness.reference.closing.controls import Controls
from simharness.reference.closing.ends import PeriodEnds
from simharness.reference.credit.credits import Credits
from simharness.reference.credit.givebacks import Givebacks
from simharness.reference.credit.instructions import CreditNotes, Instructions, WriteOffs
from simharness.reference.credit.links import Links, Moves, Restores
from simharness.reference.credit.recoveries import Recoveries
from simharness.reference.errors import ConfigurationError, NotPermitted, Refused, StateError, Unavailable
from simharness.reference.gateway.disputes import Disputes, WonDisputes
from simharness.reference.gateway.fees import Fees
from simharness.reference.gateway.intercompany import Intercompany
from simharness.reference.gateway.movements import Movements, Unknown
from simharness.reference.gateway.payouts import PayoutFailures, Payouts
from simharness.reference.gateway.receipts import Receipts
from simharness.reference.gateway.refunds import Differences, RefundFailures, Refunds
from simharness.reference.gateway.reopened import KIND as SETTLE
from simharness.reference.gateway.reopened import Reopened, Settlements
from simharness.reference.invoicing.billing import Biller
from simharness.reference.invoicing.crm import Crm
from simharness.reference.invoicing.documents import Composer
from simharness.reference.invoicing.history import Histories
from simharness.reference.invoicing.invoices import Invoices
from simharness.reference.invoicing.items import Items
from simharness.reference.invoicing.lateness import Lateness
from simharness.reference.ledger.catalogue import Catalogue
from simharness.reference.ledger.entries import Entries
from simharness.reference.ledger.periods import Periods
from simharness.reference.mapping import Mapping as Mapped
from simharness.reference.mapping import load
from simharness.reference.memory.evidence import Evidence
from simharness.reference.memory.notices import Notices
from simharness.reference.memory.relief import Reliefs
from simharness.reference.memory.store import Store, Turn
from simharness.reference.payroll.side import PeopleSide
from simharness.reference.posting.misses import Misses
from simharness.reference.posting.outbox import Outbox
from simharness.reference.posting.queue import ErrorQueue, Waiting
from simharness.reference.posting.tasks import Tasks
from simharness.reference.recognition.deferrals import Deferrals
from simharness.reference.seat import ALONE, Seat
from simharness.reference.selling.customers import Customers
from simharness.reference.selling.deals import Deals
from simharness.reference.selling.status import Status
from simharness.reference.selling.twins import Twins
from simharness.reference.settings import POLL, WEBHOOKS, Settings
from simharness.reference.sync import Pass, Sync
from simharness.reference.vault.vault import Vault
from simharness.reference.vendors.alerts import AlertSink
from simharness.reference.vendors.gusto import Gusto
from simharness.reference.vendors.http import Patience
from simharness.reference.vendors.hubspot import HubSpot
from simharness.reference.vendors.plaid import Plaid
from simharness.reference.vendors.quickbooks import QuickBooks
from simharness.reference.vendors.signon import Signon
from simharness.reference.vendors.stripe import Stripe
from simharness.reference.vendors.tokens import Grant, Tokens
from simharness.reference.webhooks.inbox import Inbox
from simharness.reference.webhooks.receiver import Receiver
from simharness.reference.webhooks.tokens import PlaidTokens

#: Arguments of an act that the log does not repeat: who it was stands beside them, and a token is nobody's to read.
_UNTOLD = frozenset({"operator", TOKEN})


class Connector:
    """One company's connector. Calls from several threads are taken one after the other.

    `seat` is its place where several entities keep books beside each other (see group.py).
    """

    def __init__(self, settings: Settings, transport: httpx.BaseTransport | None = None, seat: Seat = ALONE) -> None:
        self._lock = threading.RLock()
        self._seat = seat
        self._settings = settings
        self._mapping: Mapped = load(settings.mapping)
        self._store = Store(settings.state_url, sqlite_synchronous=settings.sqlite_synchronous)
        self._vault = Vault(self._store, settings.vault_key)
        self._client = httpx.Client(transport=transport, timeout=settings.timeout_s)
        self._last = Pass()
        self._inbox = Inbox(self._store, listens=settings.listens != POLL)
        self._begin()
        self._signing = self._plaid(attempts=1) if settings.plaid_base_url else None
        self._receiver = Receiver(settings, self._inbox, PlaidTokens(self._signing) if self._signing else None)

    def trigger(self, name: str) -> None:
        """One pass: `sync` reads, posts and writes back; `nightly` reads every feed whatever webhooks told; `publish`
        brings BI up to date. Vendor trouble is evidence, not an error.
        """
        if name not in ("sync", "nightly", "publish"):
            raise ConfigurationError(f"there is no trigger {name!r}", mend="use sync, nightly or publish")
        with self._turn() as mine:
            if not mine:
                self._last = Pass(news=1)  # another worker is at it, and may find something for the next pass
            elif name != "publish":
                if name == "nightly":
                    self._sync.sweep()
                self._last = self._sync.run()
                self._quickbooks.keep_alive()
                if self._last.polled:
                    self._inbox.polled()
                self._forget()
                self._evidence.retain(self._settings.log_days)
            else:
                self._publish()
            if mine:
                self._tell()

    def deliver(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Take a webhook and remember what it tells, for the next pass; from any thread, also during a pass."""
        return self._receiver.receive(method, path, headers, body)

    def quiet(self) -> bool:
        """Whether nothing waits to be posted or told and the last pass found nothing new."""
        with self._lock:
            waits = self._outbox.busy() or self._untold() or self._inbox.busy()
            return not self._last.failed and not self._last.news and not waits

    def settled(self) -> bool:
        """Whether the last pass finished all its work, whatever it found."""
        with self._lock:
            return not self._last.failed and not self._outbox.busy()

    def operate(self, action: str, args: Mapping[str, str]) -> None:
        """An operator's act: `replay` takes dead and rejected records up again (`source`, or all), `accept` takes a
        deal that looks like another (`source`) for one of its own, `rewind` reads every feed anew, `credit` and
        `write_off` take something off an invoice in the next pass (`invoice`, `amount`, `lines`, `reason`,
        `approver`), `accrue` and `prepaid` tell of the cost of a service (closing/told.py), and those of a close are in
        closing/controls.py. Every act may name its `operator`, and bears the `token` of whoever signed in where the
        mapping asks for a second factor; without it, it raises `NotPermitted`.
        """
        with self._turn() as mine:
            if not mine:
                raise StateError("another worker is in the middle of its pass; try again in a minute")
            act = self._acts().get(action)
            if act is None:
                raise ConfigurationError(f"there is no act {action!r}", mend=f"use one of {', '.join(self._acts())}")
            who = args.get("operator", "") or "operator"
            told = ", ".join(f"{name} {value}" for name, value in sorted(args.items()) if name not in _UNTOLD)
            try:
                who = self._gate.check(action, args) or who
            except NotPermitted as refused:
                source, why = f"operator:{who}:{action}", f"{refused} ({told})"
                self._evidence.log(source, "connector:queue", action, "failed", detail=why, by=who)
                self._tell()
                raise
            act({name: value for name, value in args.items() if name != TOKEN})
            self._evidence.log(f"operator:{who}:{action}", "connector:queue", action, "updated", detail=told, by=who)
            self._last = Pass(news=1)
            self._tell()

    def waiting(self) -> list[Waiting]:
        """What waits for a person: dead letters, quarantine, alerts that could not be told."""
        with self._lock:
            return self._queue.listed()

    def _acts(self) -> Mapping[str, Callable[[Mapping[str, str]], None]]:
        instructions = Instructions(self._store, self._tasks, self._mapping)
        return {
            "replay": lambda args: self._queue.replay(args.get("source", "")),
            "accept": lambda args: self._deals.accept(args.get("source", "")),
            "rewind": lambda _: self._sync.rewind(),
            "credit": lambda args: instructions.take("credit", args),
            "write_off": lambda args: instructions.take("write_off", args),
            "accrue": lambda args: told.take(self._tasks, self._mapping, told.ACCRUE, args),
            "prepaid": lambda args: told.take(self._tasks, self._mapping, told.PREPAID, args),
            **self._controls.acts(),
        }

    def close(self) -> None:
        """Give everything back; the state is complete at any time."""
        with self._lock:
            self._evidence.flush()
            self._client.close()
            self._store.close()

    @contextmanager
    def _turn(self) -> Iterator[bool]:
        """Whether this worker has the turn. After another worker's turn everything is read as after a restart."""
        with self._lock, self._store.turn() as turn:
            if turn is Turn.AFTER_ANOTHER:
                self._begin()
            for vendor in (*self._vendors, self._signing):
                if vendor is not None:
                    vendor.begin()
            yield turn is not Turn.TAKEN

    def _begin(self) -> None:
        s = self._settings
        self._notices: Notices | None = None
        if s.alerts_base_url:
            self._notices = Notices(self._store, AlertSink(self._client, s.alerts_base_url, s.alerts_routing_key))
        self._evidence = Evidence(
            self._store,
            s.evidence_file,
            currency=self._mapping.company.currency,
            owner=s.alert_owner,
            notices=self._notices,
            entity=self._seat.entity,
        )
        self._connect()
        self._assemble()

    def _tell(self) -> None:
        """Write the evidence down, and tell the alert system what it has not been told."""
        self._evidence.flush()
        if self._notices is not None:
            self._notices.deliver()

    def _forget(self) -> None:
        """Give up what is kept of people once its day is past, and say so in the log."""
        today = datetime.now(self._mapping.zone()).date()
        gone = self._vault.purge(today)
        if gone:
            source = f"connector:vault:{today}"
            self._evidence.log(source, "connector:vault", "purge", "updated", detail=f"{gone} entries past their day")

    def _untold(self) -> bool:
        return self._notices is not None and self._notices.busy()

    def _connect(self) -> None:
        s = self._settings
        patience = Patience(attempts=s.attempts)
        provider = Signon(self._client, s.signon_base_url) if s.signon_base_url else None
        policies = self._mapping.company.policies
        self._gate = Gate(provider, policies, issuer=s.signon_issuer, audience=s.signon_client_id)
        self._hubspot = HubSpot(
            self._client, s.hubspot_base_url, Tokens("hubspot", self._store, _grant(s, "hubspot")), patience=patience
        )
        self._quickbooks = QuickBooks(
            self._client,
            s.quickbooks_base_url,
            s.quickbooks_oauth_url or s.quickbooks_base_url,
            s.quickbooks_realm_id,
            Tokens("quickbooks", self._store, _grant(s, "quickbooks")),
            patience=patience,
        )
        self._stripe = Stripe(self._client, s.stripe_base_url, s.stripe_api_key, patience=patience)
        self._paying, self._banking = self._gusto(), self._plaid(attempts=s.attempts) if s.plaid_base_url else None
        #: Everybody who is asked: each begins a pass anew.
        self._vendors = (self._hubspot, self._quickbooks, self._stripe, self._paying, self._banking)
        self._crm = Crm(self._hubspot, self._mapping, self._seat)
        self._outbox = Outbox(
            self._store,
            self._quickbooks,
            self._evidence,
            key_lifetime_s=s.key_lifetime_s,
            lease_s=s.lease_s,
            entity=self._seat.entity,
        )

    def _assemble(self) -> None:
        store, mapping, evidence = self._store, self._mapping, self._evidence
        s, seat = self._settings, self._seat
        catalogue = Catalogue(store, self._quickbooks)
        self._customers = Customers(
            store, self._quickbooks, catalogue, self._outbox, evidence, mapping, seat, s.settle_s
        )
        items = Items(catalogue, self._quickbooks, self._outbox, mapping)
        foreign = Foreigners(store, self._quickbooks, self._outbox, evidence, mapping)
        awaiting = Awaiting(store, self._crm, evidence, mapping.zone())
        others = Others(self._quickbooks, foreign, awaiting, self._outbox, evidence, mapping, settle_s=s.settle_s)
        self._outbox.gate = others if others.active else None
        periods = Periods(self._quickbooks, store, moves_late=mapping.company.policies.late_items == "next_open")
        lateness = Lateness(periods, self._quickbooks, mapping.company.currency)
        self._deals = self._billing(catalogue, items, others, lateness)
        credits = Credits(store, self._quickbooks, self._outbox, mapping, lateness)
        self._receipts = Receipts(
            store, self._stripe, self._quickbooks, catalogue, self._customers, self._outbox, evidence, mapping, periods,
            seat,
        )  # fmt: skip
        self._tasks = Tasks(store, self._quickbooks, self._outbox, evidence, periods)
        entries = Entries(mapping, catalogue)
        invoices = Invoices(store, self._quickbooks)
        self._settling(catalogue, entries, invoices, periods, items)
        self._outbox.handlers.update(
            {
                "customer.create": self._customers,
                "customer.update": self._customers,
                "item": items,
                "document": self._deals,
                "second": foreign,
                "completion": others,
                "application": credits,
                "payment": self._receipts,
                "task": self._tasks,
            }
        )
        self._people = PeopleSide(store, self._paying, self._tasks, entries, evidence, self._vault, mapping)
        status = Status(store, self._hubspot, Reliefs(store), evidence, mapping)
        known = (self._deals, self._receipts, self._tasks, self._customers, self._people, status, items)
        retries = tuple(each.retry for each in known)
        self._queue = ErrorQueue(self._outbox, evidence, self._notices, retries)
        ends = PeriodEnds(store, self._tasks)  # makers of period-end entries are added here
        self._end_of_period(ends, catalogue, entries)
        self._controls = Controls(periods, ends, self._tasks, self._outbox, evidence, retries)
        self._outbox.refusal = self._controls.refusal
        self._outbox.looks["customer.create"] = self._customers.made_elsewhere
        bank = self._bank(entries, invoices, items)
        movements = Movements(store, self._stripe, self._tasks, mapping, seat)
        people, customers = self._people.retry, self._customers.look_at
        again = (self._deals.retry, self._receipts.retry, self._tasks.retry, people, customers)
        misses = Misses(store, evidence, again, settle_s=s.settle_s)
        self._sync = Sync(
            store, self._crm, catalogue, self._customers, self._deals, foreign, awaiting, credits, self._receipts,
            movements, self._tasks, periods, self._people.feed, bank, ends, invoices, status, self._outbox, evidence,
            self._inbox, misses, polls=s.listens != WEBHOOKS, overlap_s=s.overlap_s,
        )  # fmt: skip

    def _billing(self, catalogue: Catalogue, items: Items, others: Others, lateness: Lateness) -> Deals:
        store, mapping = self._store, self._mapping
        policies = mapping.company.policies
        return Deals(
            store,
            self._crm,
            self._quickbooks,
            Biller(mapping),
            Composer(mapping, catalogue, items),
            items,
            self._customers,
            self._outbox,
            self._evidence,
            twins=Twins(store, mapping.zone(), by_content=policies.equal_deals == "quarantine"),
            others=others,
            lateness=lateness,
            histories=Histories(store, mapping),
            ledger_calculates=policies.ledger_calculates,
            seat=self._seat,
        )

    def _settling(
        self, catalogue: Catalogue, entries: Entries, invoices: Invoices, periods: Periods, items: Items
    ) -> None:
        """What the gateway and operators cause: the kinds of tasks and their work."""
        mapping, reliefs = self._mapping, Reliefs(self._store)
        deferrals = Deferrals(self._store, mapping.cents())
        givebacks = Givebacks(invoices, reliefs, catalogue, mapping, items, deferrals)
        self._tasks.works.update(
            {
                "fee": Fees(entries),
                "payout": Payouts(entries),
                "payout_failed": PayoutFailures(self._tasks, entries),
                "refund": Refunds(self._quickbooks, self._receipts, invoices, givebacks, reliefs, deferrals, entries),
                "exchange": Differences(entries),
                "refund_failed": RefundFailures(self._quickbooks, self._tasks, entries),
                "dispute": Disputes(self._quickbooks, self._receipts, entries),
                "dispute_won": WonDisputes(self._tasks, entries),
                "credit": CreditNotes(invoices, givebacks, reliefs, deferrals, mapping, self._customers.merges),
                "write_off": WriteOffs(invoices, givebacks, reliefs, mapping, entries),
                "recovery": Recoveries(invoices, reliefs, mapping, entries),
                ADJUSTMENT: Adjustments(entries, mapping),
                "move": Moves(self._quickbooks, invoices, periods, Reopened(self._store).tasks),
                SETTLE: Settlements(self._quickbooks, self._receipts, invoices, periods),
                "restore": Restores(self._quickbooks, invoices, periods),
                "link": Links(invoices, reliefs, entries.currency),
                "intercompany": Intercompany(entries, mapping),
                "unknown": Unknown(),
            }
        )

    def _end_of_period(self, ends: PeriodEnds, catalogue: Catalogue, entries: Entries) -> None:
        """What is posted at the end of a period: makers in their order, and the work of their tasks."""
        tasks, mapping = self._tasks, self._mapping
        costs = accruals.Accruals(tasks, entries, mapping)
        parts = prepaid.PrepaidParts(tasks, entries, mapping)
        money = revaluation.Revaluations(tasks, self._quickbooks, catalogue, entries, mapping)
        income = recognition.Recognition(Deferrals(self._store, mapping.cents()), tasks, entries)
        earned = wages.Wages(tasks, self._people.posted, mapping)
        ends.makers += [income, costs, earned, parts, money]
        tasks.works.update(
            {
                recognition.KIND: income,
                told.ACCRUE: told.Remembering(),
                told.PREPAID: prepaid.Prepaids(entries, mapping),
                accruals.KIND: costs,
                prepaid.KIND: parts,
                revaluation.KIND: money,
                reversals.KIND: reversals.Reversals(entries),
            }
        )

    def _bank(self, entries: Entries, invoices: Invoices, items: Items) -> Bank | None:
        """The bank side; None where no bank is configured."""
        mapping = self._mapping
        if self._banking is None:
            return None
        tasks, evidence = self._tasks, self._evidence
        changing = Changing(self._quickbooks, mapping)
        cheques = ChequeBook(self._quickbooks, entries, changing)
        wires = Wires(tasks, invoices, mapping, changing)
        bank = Bank(self._store, self._banking, tasks, evidence, mapping.zone(), mapping.bank.account)
        tasks.works.update(
            {
                "bank_line": BankLines(
                    tasks,
                    cheques,
                    wires,
                    PeopleLines(tasks, self._people.cheques, mapping.payroll, self._people.awaits),
                    entries,
                    evidence,
                    mapping.bank,
                    bank,
                ),
                "wire_payment": WirePayments(tasks, invoices, entries),
                "wire_discount": WireDiscounts(invoices, items, Reliefs(self._store), mapping, entries),
            }
        )
        return bank

    def _gusto(self) -> Gusto | None:
        """The payroll provider; None where none is configured."""
        s = self._settings
        if not s.gusto_base_url:
            return None
        tokens = Tokens("gusto", self._store, _grant(s, "gusto"))
        return Gusto(self._client, s.gusto_base_url, s.gusto_company_id, tokens, patience=Patience(attempts=s.attempts))

    def _plaid(self, *, attempts: int) -> Plaid:
        s = self._settings
        return Plaid(
            self._client,
            s.plaid_base_url,
            s.plaid_client_id,
            s.plaid_secret,
            s.plaid_access_token,
            patience=Patience(attempts=attempts),
        )

    def _publish(self) -> None:
        if not self._settings.bi_url:
            return
        from simharness.reference.bi.publish import publish  # DuckDB is heavy and only BI needs it

        try:
            listed, taken = self._deals.listed(), self._deals.taken()
            runs = self._people.posted()
            recurring = list(Histories(self._store, self._mapping).lines(*self._crm.recurring_lines()))
            where, books = self._settings.bi_url, (self._quickbooks, self._crm, self._mapping)
            problem = publish(where, *books, listed, taken, runs, recurring)
        except (Unavailable, Refused) as error:
            problem = str(error)
        if problem:
            self._evidence.alert("bi:publish", "bi:publish", problem)
        else:
            self._evidence.recovered("bi:publish")


def _grant(settings: Settings, vendor: str) -> Grant:
    refresh: str = getattr(settings, f"{vendor}_refresh_token")
    return Grant(
        client_id=getattr(settings, f"{vendor}_client_id"),
        client_secret=getattr(settings, f"{vendor}_client_secret"),
        access_token=getattr(settings, f"{vendor}_access_token"),
        refresh_token=refresh,
        origin=refresh,
    )
