"""One world: the fakes of a stack on one clock, every exchange recorded, one lock.

A world owns everything of a run; any number of worlds live in one process without seeing each other.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from types import MappingProxyType

import msgspec

from simharness.core.clock import Clock
from simharness.core.errors import HarnessFault, UsageError
from simharness.core.ids import Ids
from simharness.core.rng import Rng
from simharness.domain.acts import Act, ActRefused, Furnish, MoveBankMoney
from simharness.domain.bank import BankSnapshot
from simharness.domain.books import LedgerSnapshot
from simharness.domain.crm import CrmSnapshot
from simharness.domain.dictionary import Dictionary
from simharness.domain.events import DomainEvent
from simharness.domain.exchange import Delivery, DeliveryKind, Exchange, Outcome, Request, Response
from simharness.domain.fault import Fault, Struck
from simharness.domain.gateway import GatewaySnapshot
from simharness.domain.operations import OperationsSnapshot
from simharness.domain.payroll import PayrollSnapshot
from simharness.domain.personal import Personal
from simharness.domain.snapshot import FamilySnapshot, WorldSnapshot
from simharness.domain.write import Write
from simharness.fakekit.fake import Fake
from simharness.fakekit.faults.standing import Condition
from simharness.fakekit.idempotency import Profile
from simharness.fakekit.idempotency.store import UNANSWERED
from simharness.fakekit.pack import Pack, Setup
from simharness.fakekit.port import FaultPort, Hand
from simharness.world.exchange_log import ExchangeLog
from simharness.world.registry import DEFAULT_STACK, installed_packs, pack_of
from simharness.world.settlement import CUSTOMS, Recall, SettlementRule

#: The families in which each entity has something of its own: a ledger company, a bank account, a payroll.
_OWN = ("accounting", "banking", "payroll")

#: Deliveries of which an idempotency key is still in flight after the work is done.
_LATER = frozenset({DeliveryKind.AFTER, DeliveryKind.NO_ANSWER})

_MINUTE_S = 60

#: Hands a webhook to whoever listens and returns the answer, or None.
Receiver = Callable[[Request], Response | None]


class World:
    """Fakes by family, driven by `operate`, reached by `exchange`, seen by `snapshot`.

    `options` overrides a pack's profile constants by vendor and name; an unknown one is refused. `spill_file` takes the
    bodies of exchanges once memory holds the stated size. `scopes` are those of the connector's key by vendor; a vendor
    without any issues one with every scope. `profiles` are ways with idempotency keys that are chosen for a vendor in
    the place of its own. Webhooks come in the order in which they were sent, unless they are `shuffled`: no vendor
    promises an order. Thread-safe: every door goes through one lock.
    """

    def __init__(
        self,
        *,
        now: datetime,
        rng_seed: int = 0,
        stack: Mapping[str, str] = DEFAULT_STACK,
        options: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
        locale: str = "en_US",
        packs: Mapping[str, Pack] | None = None,
        port: FaultPort | None = None,
        scopes: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
        settlement: Iterable[SettlementRule | Recall] = CUSTOMS,
        spill_file: Path | None = None,
        shuffled: bool = False,
        profiles: Mapping[str, Profile] = MappingProxyType({}),
    ) -> None:
        self.rng = Rng(rng_seed)
        self.clock = Clock(now, _latecoming(self.rng) if shuffled else None)
        self.exchange_log = ExchangeLog(spill_file)
        self.deliveries: list[Exchange] = []
        self.lock = threading.RLock()
        self.receiver: Receiver | None = None
        self._writes: list[Write] = []
        self._port = port or FaultPort()
        self._port.attach(self.clock, self.advance_to)
        self._settlement = tuple(settlement)
        self._zone = "UTC"
        self._books: dict[str, Dictionary] = {}
        self._scopes, self._profiles = scopes, profiles
        self._on_the_way: dict[str, int] = {}
        self._arrived: set[str] = set()
        self._moved: Callable[[], None] | None = None
        installed = installed_packs() if packs is None else packs
        self.fakes: Mapping[str, Fake] = MappingProxyType(
            {
                family: self._build(pack_of(vendor, installed), family, options.get(vendor, {}), locale)
                for family, vendor in stack.items()
            }
        )
        self._by_host = {host: fake for fake in self.fakes.values() for host in fake.pack.hosts}
        for what, given in (("options are", options), ("a profile is", profiles)):
            for vendor in given:
                if vendor not in stack.values():
                    raise UsageError(f"{what} given for {vendor!r}, which is not part of this world")

    # -- the connector's side -------------------------------------------------------------------------------------

    def exchange(self, request: Request, *, client: str = "connector", fake: Fake | None = None) -> Outcome | None:
        """Carry a request to the fake its host names (or the given one) and record what came of it.

        None if the host belongs to no fake of this world; the exchange is then recorded as `outside`.
        """
        with self.lock:
            target = fake or self._by_host.get(request.host) or self._by_host.get(_host_name(request.host))
            sequence = len(self.exchange_log) + 1
            if target is None:
                self.exchange_log.append(
                    Exchange(
                        sequence=sequence,
                        at=self.clock.now,
                        vendor="",
                        request=request,
                        response=None,
                        outside=True,
                        client=client,
                    )
                )
                return None
            outcome = self._port.pass_through(target, request)
            if outcome.delivery.kind in _LATER and outcome.response.notes.idempotency_key:
                target.answered_later(self.clock.now + (outcome.delivery.delay or UNANSWERED))
            self.exchange_log.append(
                Exchange(
                    sequence=sequence,
                    at=self.clock.now,
                    vendor=target.vendor,
                    request=request,
                    response=outcome.response,
                    delivery=outcome.delivery,
                    client=client,
                    fault=outcome.fault,
                ),
                in_memory=target.pack.family == "payroll",
            )
            return outcome

    # -- the harness's side ---------------------------------------------------------------------------------------

    def operate(self, family: str, act: Act, actor: str) -> tuple[DomainEvent, ...]:
        """Somebody acts in the system of a family; what concerns other families is put on the agenda."""
        with self.lock:
            events = self.fake(family).operate(act, actor)
            self._settle(events)
            return events

    def furnish(self, dictionary: Dictionary, *further: Dictionary) -> None:
        """Furnish every system from one dictionary, in whose time zone days then begin.

        `further` entities get books and bank accounts of their own beside those of the first, and a payroll where they
        say how they pay; CRM and gateway are shared, and the CRM knows what any of them sells.
        """
        self._zone = self._port.zone = dictionary.time_zone
        self._books = {each.entity: each for each in (dictionary, *further)} if further else {}
        for family in self.fakes:
            shared = _together(dictionary, further) if family == "crm" and further else dictionary
            own = (shared, *(further if family in _OWN else ()))
            if family == "payroll":
                own = tuple(each for each in own if each.payroll is not None) or own[:1]
            for each in own:
                self.operate(family, Furnish(dictionary=each), "setup")

    def fake(self, family: str) -> Fake:
        """The fake that plays a family; raises `UsageError` if the stack lacks it."""
        if family not in self.fakes:
            raise UsageError(f"this world has no {family} system", mend=f"its stack has {', '.join(self.fakes)}")
        return self.fakes[family]

    def snapshot(self) -> WorldSnapshot:
        """Everything canonical in all systems at this instant."""
        with self.lock:
            parts: list[FamilySnapshot] = [part for fake in self.fakes.values() for part in fake.snapshot()]
            return WorldSnapshot(
                at=self.clock.now,
                crm=next((p for p in parts if isinstance(p, CrmSnapshot)), None),
                ledgers=tuple(p for p in parts if isinstance(p, LedgerSnapshot)),
                gateway=next((p for p in parts if isinstance(p, GatewaySnapshot)), None),
                bank=next((p for p in parts if isinstance(p, BankSnapshot)), None),
                operations=next((p for p in parts if isinstance(p, OperationsSnapshot)), None),
                payrolls=tuple(p for p in parts if isinstance(p, PayrollSnapshot)),
            )

    def personal(self) -> tuple[tuple[str, Personal], ...]:
        """Every personal field of every person in every system, with the family that holds it. In memory only."""
        with self.lock:
            return tuple((family, each) for family, fake in self.fakes.items() for each in fake.personal())

    @property
    def struck(self) -> tuple[Struck, ...]:
        """The faults that acted so far, in order."""
        return self._port.struck

    def add_fault(self, fault: Fault) -> None:
        """Let a further fault act, beside those of the plan; its trigger counts from now on."""
        with self.lock:
            self._port.add(fault)

    def stand(self, condition: Condition) -> None:
        """Let a condition of a vendor stand from now on."""
        self._port.stand(condition)

    def end_faults(self, vendor: str) -> None:
        """Let nothing strike any longer that was added about a vendor."""
        self._port.end(vendor)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The faults that were planned or added, in order, whether or not they can still strike."""
        return self._port.said

    def clear_faults(self) -> None:
        """Let nothing strike any longer. What struck stays in the log."""
        with self.lock:
            self._port.clear()

    @property
    def blocked(self) -> bool:
        """Whether a condition stands under which nothing at all can be done with some vendor."""
        return self._port.blocked

    @property
    def lagging(self) -> bool:
        """Whether some system does not show all that it has: whoever looks once more a little later finds it."""
        return self._port.lagging

    @property
    def news_withheld(self) -> bool:
        """Whether a fault kept news from the connector that will not come soon either."""
        return self._port.withheld

    @property
    def news_refused(self) -> bool:
        """Whether a vendor was turned away over a fault and has not been heard since: it may try again."""
        return self._port.refused

    def news_found(self) -> None:
        """The connector has polled for what was withheld so far."""
        self._port.found()

    @property
    def writes(self) -> tuple[Write, ...]:
        """Every write into every system, in the order in which they were committed."""
        return tuple(self._writes)

    def connections(self, base_urls: Mapping[str, str] | None = None) -> dict[str, str]:
        """`vendor.key` → value of everything a connector needs; `base_urls` by vendor for socket doors."""
        values: dict[str, str] = {}
        for fake in self.fakes.values():
            base_url = (base_urls or {}).get(fake.vendor, "")
            values.update({f"{fake.vendor}.{key}": value for key, value in fake.connection(base_url).items()})
        return values

    # -- time -----------------------------------------------------------------------------------------------------

    def advance(self, delta: timedelta) -> None:
        """Move time forward; what is due happens on the way."""
        with self.lock:
            self.clock.advance(delta)
        self._follow()

    def advance_to(self, instant: datetime) -> None:
        """Move time to an instant; an instant in the past only lets happen what is due."""
        with self.lock:
            self.clock.advance_to(instant)
        self._follow()

    def on_time(self, moved: Callable[[], None] | None) -> None:
        """Have a frozen process follow: `moved` is called after every move of the clock; None ends it."""
        self._moved = moved

    # -- inside ---------------------------------------------------------------------------------------------------

    def _follow(self) -> None:
        if self._moved is not None:
            self._moved()

    def _build(self, pack: Pack, family: str, options: Mapping[str, str], locale: str) -> Fake:
        if pack.family != family:
            raise UsageError(f"{pack.vendor} plays {pack.family}, not {family}")
        known = {option.name: option.default for option in pack.options}
        for name in options:
            if name not in known:
                raise UsageError(f"{pack.vendor} has no option {name!r}", mend=f"it has {', '.join(known) or 'none'}")
        setup = Setup(
            clock=self.clock,
            rng=self.rng,
            ids=Ids(Rng(self.rng.number(pack.vendor))),
            post=partial(self._post, pack.vendor, family),
            options={**known, **options},
            writes=self._writes,
            locale=locale,
            scopes=self._scopes.get(pack.vendor, ()),
            announce=self._settle,
            profile=self._profiles.get(pack.vendor),
        )
        return pack.build(setup)

    def _post(self, vendor: str, family: str, request: Request) -> Response | None:
        hand = Hand(fake=self.fakes[family], receive=self._receive, keep=partial(self._keep, vendor))
        return self._port.deliver(vendor, request, hand)

    def _receive(self, request: Request) -> Response | None:
        return self.receiver(request) if self.receiver is not None else None

    def _keep(self, vendor: str, request: Request, answer: Response | None, delivery: Delivery, fault: str) -> None:
        self.deliveries.append(
            Exchange(
                sequence=len(self.deliveries) + 1,
                at=self.clock.now,
                vendor=vendor,
                request=request,
                response=answer,
                delivery=delivery,
                client="webhook",
                fault=fault,
            )
        )

    def _settle(self, events: tuple[DomainEvent, ...]) -> None:
        """Put on the agenda what events mean for other families; what a fake announces comes here as well."""
        for event in events:
            for rule in self._settlement:
                if not isinstance(event, rule.event) or rule.family not in self.fakes:
                    continue
                books = self._books.get(rule.entity(event))
                if isinstance(rule, Recall):
                    self._recall(rule, event)
                elif (act := rule.act(event)) is not None:
                    zone = books.time_zone if books is not None else self._zone
                    due = rule.due(event, self.clock.now, zone)
                    self._carry(rule, self._on_account(act, books), rule.subject(event), due)

    def _on_account(self, act: Act, books: Dictionary | None) -> Act:
        """Money of an entity of a group moves on the account that its dictionary names."""
        spec = books.account_by_role("bank") if books is not None else None
        if spec is None or not isinstance(act, MoveBankMoney):
            return act
        banks = (part for part in self.fake("banking").snapshot() if isinstance(part, BankSnapshot))
        account = next((each.id for bank in banks for each in bank.accounts if each.name == spec.name), "")
        return msgspec.structs.replace(act, account=account)

    def _carry(self, rule: SettlementRule | Recall, act: Act, subject: str, due: datetime) -> None:
        def happen() -> None:
            if self._on_the_way.pop(subject, None) is not None:
                self._arrived.add(subject)
            try:
                self.operate(rule.family, act, rule.actor)
            except ActRefused as error:
                raise HarnessFault(f"settlement into {rule.family} was refused: {error}") from error

        number = self.clock.at(due, happen, f"settlement into {rule.family}")
        if subject:
            self._on_the_way[subject] = number

    def _recall(self, recall: Recall, event: DomainEvent) -> None:
        subject = recall.subject(event)
        number = self._on_the_way.pop(subject, None)
        if number is not None:
            self.clock.cancel(number)
        elif subject in self._arrived and (act := recall.act(event)) is not None:
            self._arrived.remove(subject)
            self._carry(recall, act, "", self.clock.now)


def _together(first: Dictionary, further: Iterable[Dictionary]) -> Dictionary:
    """The first dictionary with what the others sell beside it, each product once."""
    products = {product.name: product for books in (first, *further) for product in books.products}
    return msgspec.structs.replace(first, products=tuple(products.values()))


def _latecoming(rng: Rng) -> Callable[[], timedelta]:
    """Up to a minute for each piece of news, so that what was sent together comes in another order."""
    draws = rng.stream("order of delivery")
    return lambda: timedelta(seconds=draws.randrange(1, _MINUTE_S))


def _host_name(host: str) -> str:
    """A `Host` header without port, in the spelling of the packs; names of hosts know no case."""
    return host.partition(":")[0].rstrip(".").lower()
