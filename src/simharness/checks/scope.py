"""What a check looks at: one record at one step, with everything that several checks need indexed once."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from zoneinfo import ZoneInfo

from simharness.checks.closing import Closings
from simharness.checks.contested import contested_deals, refused_deals
from simharness.checks.effects import Effects
from simharness.checks.hearing import unheard_rests
from simharness.checks.listed import Listed
from simharness.checks.oracle.books import expected_books
from simharness.checks.oracle.model import ExpectedBooks, ExpectedDocument
from simharness.checks.oracle.rulebook import Rulebook
from simharness.checks.pairing import Pairing, pair
from simharness.checks.payroll.posted import PayrollBooks, payroll_books
from simharness.checks.references import Links, References
from simharness.domain.bank import BankSnapshot
from simharness.domain.bi import BiReading
from simharness.domain.books import Account, LedgerSnapshot
from simharness.domain.connector import ConnectorInfo
from simharness.domain.dictionary import Dictionary
from simharness.domain.evidence import Evidence
from simharness.domain.fact import ConnectorFinished, CustomerPaid, Fact
from simharness.domain.gateway import GatewaySnapshot
from simharness.domain.policy import LateItems
from simharness.domain.record import RunRecord
from simharness.domain.snapshot import Checkpoint

_SYSTEMS: Mapping[str, str] = {
    "crm": "crm",
    "accounting": "ledger",
    "payments": "gateway",
    "payroll": "payroll",
    "banking": "bank",
}

_NO_LEDGER = LedgerSnapshot(vendor="", entity="", currency="", time_zone="UTC")


class Judged:
    """A record under judgement: look-ups by step and one scope per state of the world.

    `entities` are those of a group that keep books in this world; `foreign` tells of the charges on this entity's
    gateway that are another's, and whose. `told` is what the connector told of all of them, where the record has one's.
    """

    def __init__(
        self,
        record: RunRecord,
        *,
        entities: Collection[str] = (),
        foreign: Mapping[str, str] = MappingProxyType({}),
        told: tuple[Evidence, ...] | None = None,
    ) -> None:
        self.record = record
        self._told = record.evidence if told is None else told
        self.foreign = foreign
        self.book = Rulebook(record.header.dictionary, entities)
        self.references = References(record.header.connector.references)
        self._checkpoint_steps = [checkpoint.step for checkpoint in record.checkpoints]
        self._reading_steps = [reading.step for reading in record.bi]
        self._fact_steps = [fact.step for fact in record.facts]
        self._scopes: dict[int, Scope] = {}
        self._rests: dict[int, Scope] = {}

    @property
    def entity(self) -> str:
        """The entity whose books are looked at."""
        return self.record.header.dictionary.entity

    @cached_property
    def listed(self) -> Listed:
        """What the connector's evidence lists as not posted."""
        return Listed(self.record.evidence)

    @cached_property
    def listed_anywhere(self) -> Listed:
        """The same of all entities: an exchange does not say whose books it was about."""
        return Listed(self._told)

    @cached_property
    def refused_deals(self) -> frozenset[str]:
        """The ids of source records whose last word in the connector's evidence is a refusal."""
        return refused_deals(self.record.evidence)

    @cached_property
    def closings(self) -> Closings:
        """When the books were closed, and up to which day."""
        policy = self.record.header.dictionary.policy
        return Closings(self.record.facts, moves_late=policy.late_items is LateItems.NEXT_OPEN)

    @cached_property
    def all_payments(self) -> tuple[CustomerPaid, ...]:
        """Every payment of the story, also those that the connector has not seen yet."""
        return tuple(fact for fact in self.record.facts if isinstance(fact, CustomerPaid))

    @cached_property
    def actors(self) -> frozenset[str]:
        """The credentials under which the connector wrote, as the vendors saw them."""
        return frozenset(
            exchange.response.notes.actor
            for exchange in self.record.exchanges
            if exchange.client == "connector" and exchange.response is not None and exchange.response.notes.actor
        )

    def checkpoint(self, step: int) -> Checkpoint | None:
        """The last checkpoint taken at or before a step."""
        at = bisect_right(self._checkpoint_steps, step)
        return self.record.checkpoints[at - 1] if at else None

    def reading(self, step: int) -> BiReading | None:
        """The last BI reading taken at or before a step."""
        at = bisect_right(self._reading_steps, step)
        return self.record.bi[at - 1] if at else None

    def facts(self, step: int) -> tuple[Fact, ...]:
        """The facts of all steps up to and including one."""
        return self.record.facts[: bisect_right(self._fact_steps, step)]

    def scope(self, step: int) -> Scope:
        """The world after a step; steps between which nothing happened share one scope."""
        at = bisect_right(self._fact_steps, step)
        if at not in self._scopes:
            quiet_until = self._fact_steps[at] - 1 if at < len(self._fact_steps) else self._last_step
            self._scopes[at] = Scope(self, max(step, quiet_until))
        return self._scopes[at]

    @cached_property
    def _last_step(self) -> int:
        return max((*self._checkpoint_steps[-1:], *self._reading_steps[-1:], *self._fact_steps[-1:]), default=0)

    @cached_property
    def _heard(self) -> tuple[ConnectorFinished, ...]:
        """The rests at which the connector could know of everything."""
        unheard = unheard_rests(self.record.facts)
        finished = (fact for fact in self.record.facts if isinstance(fact, ConnectorFinished))
        return tuple(fact for fact in finished if fact.step not in unheard)

    @cached_property
    def last_rest(self) -> int:
        """The step at which the connector last came to rest and could know of everything, 0 if it never did."""
        return max((fact.step for fact in self._heard), default=0)

    def at_rest(self, step: int) -> Scope:
        """The world at the very instant of a rest, before time went on and anything moved by itself."""
        if step not in self._rests:
            self._rests[step] = Scope(self, step)
        return self._rests[step]

    @cached_property
    def rests(self) -> tuple[Scope, ...]:
        """The world at each rest that the connector reached by itself, and at which it could know of everything."""
        return tuple(self.at_rest(fact.step) for fact in self._heard if fact.at_rest and not fact.failure)

    @property
    def rested(self) -> Scope:
        """The world at the instant of the last rest."""
        return self.at_rest(self.last_rest)

    @property
    def settled(self) -> Scope:
        """The world when the connector last came to rest: what it did not see yet cannot be held against it."""
        return self.scope(self.last_rest)

    @cached_property
    def final(self) -> Scope:
        """The world at the end of the run."""
        return self.scope(self._last_step)


@dataclass(eq=False)
class Scope:
    """One state of the world with the books that were expected of it."""

    judged: Judged
    step: int

    @property
    def record(self) -> RunRecord:
        return self.judged.record

    @property
    def dictionary(self) -> Dictionary:
        return self.judged.record.header.dictionary

    @property
    def connector(self) -> ConnectorInfo:
        return self.judged.record.header.connector

    @property
    def book(self) -> Rulebook:
        return self.judged.book

    @property
    def references(self) -> References:
        return self.judged.references

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        return self.judged.facts(self.step)

    @cached_property
    def checkpoint(self) -> Checkpoint | None:
        return self.judged.checkpoint(self.step)

    @cached_property
    def ledger(self) -> LedgerSnapshot | None:
        return self.checkpoint.world.ledger() if self.checkpoint else None

    @property
    def gateway(self) -> GatewaySnapshot | None:
        return self.checkpoint.world.gateway if self.checkpoint else None

    @property
    def bank(self) -> BankSnapshot | None:
        return self.checkpoint.world.bank if self.checkpoint else None

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone in which the entity's days are."""
        return ZoneInfo(self.dictionary.time_zone)

    @cached_property
    def effects(self) -> Effects:
        """The ledger's entries by the source they name."""
        return Effects(self.ledger or _NO_LEDGER, self.references)

    @cached_property
    def reading(self) -> BiReading | None:
        return self.judged.reading(self.step)

    @cached_property
    def called_for(self) -> ExpectedBooks:
        """Everything that the facts call for, also what the connector may refuse."""
        return expected_books(self.facts, self.book)

    @cached_property
    def contested(self) -> frozenset[str]:
        """The deals with one invoice, which is another program's, wrong, and refused by the connector."""
        refused = self.judged.refused_deals
        if not refused:
            return refused
        return contested_deals(self.called_for.documents, self.links, refused, self.by_connector)

    @cached_property
    def expected(self) -> ExpectedBooks:
        books = self.called_for
        if self.contested:
            left = tuple(item for item in books.documents if item.deal_id not in self.contested)
            books = replace(books, documents=left)
        if not self.judged.closings.moves_late and self._refused:
            books = replace(books, documents=tuple(item for item in books.documents if not self._is_late(item)))
        gateway = self.judged.at_rest(books.step).gateway
        waiting = {item.id for item in (gateway.charges if gateway else ()) if item.status != "succeeded"}
        if not waiting:
            return books
        # A debit that is on its way, or that failed, is no money yet.
        return replace(books, payments=tuple(item for item in books.payments if item.charge_id not in waiting))

    @cached_property
    def _refused(self) -> frozenset[str]:
        """The ids of source records whose last word in the evidence up to here is a refusal."""
        at = self.checkpoint.world.at if self.checkpoint else None
        return refused_deals(row for row in self.record.evidence if at is None or row.at <= at)

    def _is_late(self, item: ExpectedDocument) -> bool:
        """Whether a document is refused, as it has to be, because its day was closed."""
        closed = any(m.until is not None and item.dated <= m.until for m in self.judged.closings.moments)
        if item.deal_id not in self._refused or not closed:
            return False
        there = self.links.documents_of.get(item.deal_id, ())
        return not any((each.document.kind, each.version) == (item.kind, item.version) for each in there)

    @cached_property
    def foreign(self) -> dict[str, str]:
        """The sources of the gateway (charges, refunds, disputes) that are another entity's, and whose."""
        charges = dict(self.judged.foreign)
        if self.gateway is None or not charges:
            return charges
        refunds = {each.id: charges[each.charge] for each in self.gateway.refunds if each.charge in charges}
        disputes = {each.id: charges[each.charge] for each in self.gateway.disputes if each.charge in charges}
        return charges | refunds | disputes

    def accounts_between(self, role: str, counterpart: str) -> frozenset[str]:
        """The ids of the ledger's accounts on which this entity owes another, or is owed by it."""
        spec = self.dictionary.account_between(role, counterpart)
        return self._ids_by_number.get(spec.number, frozenset()) if spec is not None else frozenset()

    @cached_property
    def links(self) -> Links:
        return Links(self.ledger or _NO_LEDGER, self.references)

    @cached_property
    def pairing(self) -> Pairing:
        return pair(self.expected, self.links, leave_out=self.contested)

    @cached_property
    def payroll(self) -> PayrollBooks | None:
        """The payroll beside what was posted for it; None for a company without one."""
        return payroll_books(self)

    @cached_property
    def accounts(self) -> dict[str, Account]:
        """The ledger's accounts by id."""
        return {account.id: account for account in self.ledger.accounts} if self.ledger else {}

    @cached_property
    def kept_abroad(self) -> frozenset[str]:
        """The ids of the accounts that the ledger keeps in another currency than its own."""
        home = {"", self.ledger.currency if self.ledger else ""}
        return frozenset(key for key, account in self.accounts.items() if account.currency not in home)

    def number_of(self, account_id: str) -> str:
        """The number of a ledger account, or the dictionary's number of its name where the ledger keeps no numbers."""
        account = self.accounts.get(account_id)
        if account is None:
            return ""
        return account.number or self._numbers_by_name.get(account.name, "")

    def accounts_with(self, role: str) -> frozenset[str]:
        """The ids of the ledger's accounts that the dictionary gives a role; several only in a doubtful chart."""
        return self._ids_by_number.get(self.book.account_with(role), frozenset())

    @cached_property
    def _ids_by_number(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for key in self.accounts:
            if number := self.number_of(key):
                found.setdefault(number, set()).add(key)
        return {number: frozenset(keys) for number, keys in found.items()}

    @cached_property
    def _numbers_by_name(self) -> dict[str, str]:
        return {account.name: account.number for account in self.dictionary.accounts}

    def account_label(self, account_id: str) -> str:
        """`4010 Hardware sales` for people; the id where the account is unknown."""
        account = self.accounts.get(account_id)
        return f"{account.number} {account.name}".strip() if account else (account_id or "no account")

    def number_label(self, number: str) -> str:
        """`4010 Hardware sales` for an account number of the dictionary."""
        spec = self.book.accounts.get(number)
        return f"{spec.number} {spec.name}".strip() if spec else (number or "no account")

    @cached_property
    def vendors(self) -> dict[str, str]:
        """Vendor of each family."""
        return dict(self.record.header.stack)

    def by_connector(self, actor: str) -> bool:
        """Whether an actor is the connector: one under whose credential it was seen to call."""
        return actor in self.judged.actors


def system_of(family: str) -> str:
    """The dictionary's word for the system of a family: ownership is declared in these."""
    return _SYSTEMS.get(family, family)
