"""What verbs work with: the world, the connector, the cast, and the growing record of facts and expectations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import TypedDict, TypeVar

from simharness.connectors.listening import Listening
from simharness.connectors.port import Connector, ConnectorFailed, OperatorRefused
from simharness.core.clock import day_in
from simharness.core.errors import HarnessFault, Where
from simharness.core.money import Money
from simharness.domain.acts import Act, ActRefused
from simharness.domain.books import Document
from simharness.domain.dictionary import Dictionary
from simharness.domain.events import CompanySaved, DealSaved, DomainEvent, PaymentTaken
from simharness.domain.expectation import Expectation
from simharness.domain.fact import ConnectorFinished, Fact, NightlyPollRan, StepImpossible
from simharness.stories import locate
from simharness.stories.cast import Cast
from simharness.world.world import World

_E = TypeVar("_E")

#: A connector that is not at rest after so many passes never will be: the run goes on and the fact says so.
PASSES_CAP = 30
#: A connector that was killed is started again at once, at most so many times in a row.
_LIVES = 5
#: Time between two passes of a connector that has work left, so that what it put off becomes due.
PAUSE = timedelta(minutes=1)


class Mark(TypedDict):
    """What every fact says beside its own."""

    step: int
    verb: str
    at: datetime
    on: date
    where: str
    exchanges: int


class ClaimMark(TypedDict):
    """What every expectation says beside its own."""

    step: int
    verb: str
    where: str
    entity: str


class Stage:
    """The present moment of a run. `begin` sets the step whose facts and expectations follow."""

    def __init__(
        self,
        world: World,
        connector: Connector,
        dictionary: Dictionary,
        *,
        publishes: bool,
        further: tuple[Dictionary, ...] = (),
    ) -> None:
        self.world = world
        self.connector = connector
        self.dictionary = dictionary
        self.further = further
        self.cast = Cast()
        #: By person what the identity provider signed when they last signed in.
        self.tokens: dict[str, str] = {}
        self.facts: list[Fact] = []
        self.expectations: list[Expectation] = []
        self.listening = Listening(world, connector, ())
        self._publishes = publishes
        self._claim = ClaimMark(step=0, verb="", where="", entity="")

    def begin(self, number: int, verb: str, where: Where, entity: str = "") -> None:
        """Say which step is being done, and about whose books it claims something, where it says so."""
        self._claim = ClaimMark(step=number, verb=verb, where=str(where), entity=entity)

    @property
    def claim(self) -> ClaimMark:
        """The base fields of the present step's expectations."""
        return self._claim

    @property
    def mark(self) -> Mark:
        """The base fields of the present step's facts."""
        return Mark(
            step=self._claim["step"],
            verb=self._claim["verb"],
            where=self._claim["where"],
            at=self.world.clock.now,
            on=self.today,
            exchanges=len(self.world.exchange_log),
        )

    @property
    def today(self) -> date:
        """The present day in the time zone of the (first) entity, in which the days of a story are said."""
        return day_in(self.world.clock.now, self.dictionary.time_zone)

    @property
    def entity(self) -> str:
        """The entity whose books the story is about, of a group the first."""
        return self.dictionary.entity

    @property
    def is_group(self) -> bool:
        """Whether several entities keep books in this story."""
        return bool(self.further)

    def books_of(self, entity: str) -> Dictionary:
        """The dictionary of an entity; of the first for one that keeps no books here."""
        return next((each for each in self.further if each.entity == entity), self.dictionary)

    def entity_of(self, deal: str) -> str:
        """The entity that sells a deal as the CRM has it."""
        return self.cast.deals[deal].entity

    def record(self, fact: Fact) -> None:
        """Add a fact."""
        self.facts.append(fact)

    def expect(self, expectation: Expectation) -> None:
        """Add an expectation."""
        self.expectations.append(expectation)

    def operate(self, family: str, act: Act, actor: str) -> tuple[DomainEvent, ...]:
        """Let somebody act in a system under a name of their own; `ActRefused` passes through."""
        return self.world.operate(family, act, actor)

    def company_id(self, events: tuple[DomainEvent, ...]) -> str:
        """The id of the company an act saved."""
        return _only(events, CompanySaved).company_id

    def deal_saved(self, events: tuple[DomainEvent, ...]) -> tuple[str, tuple[str, ...]]:
        """The ids of the deal an act saved and of its lines."""
        saved = _only(events, DealSaved)
        return saved.deal_id, saved.line_ids

    def payment_taken(self, events: tuple[DomainEvent, ...]) -> PaymentTaken:
        """The payment an act made."""
        return _only(events, PaymentTaken)

    def only(self, events: tuple[DomainEvent, ...], kind: type[_E]) -> _E:
        """The event of a kind among those an act caused."""
        return _only(events, kind)

    def impossible(self, what: str, amount: Money | None = None) -> None:
        """Record that the step could not happen because what it builds on is missing."""
        self.record(StepImpossible(**self.mark, what=what, amount=amount))

    def invoice(self, deal: str, nth: int) -> Document | None:
        """A deal's nth invoice in the ledger, or None."""
        ledger = self.world.snapshot().ledger(self.books_of(self.entity_of(deal)).entity)
        if ledger is None:
            return None
        found = locate.invoices_of(ledger, self.connector.info, self.cast.deals[deal].deal_id)
        return found[nth - 1] if len(found) >= nth else None

    def invoice_number(self, deal: str, nth: int) -> str:
        """The ledger's number (else id) of a deal's nth invoice; "" when there is none."""
        document = self.invoice(deal, nth)
        return (document.number or document.id) if document is not None else ""

    def party_id(self, customer: str, entity: str = "") -> str:
        """The id of a customer in the ledger of an entity ("": the first); "" when it is not there."""
        ledger = self.world.snapshot().ledger(entity or self.entity)
        if ledger is None:
            return ""
        party = locate.party_of(ledger, self.connector.info, self.cast.customers[customer].company_id)
        return party.id if party is not None else ""

    def bank_account(self, entity: str) -> str:
        """The bank's id of an entity's account, as the dictionary calls it; "" is the first account there is."""
        spec = self.books_of(entity).account_by_role("bank")
        bank = self.world.snapshot().bank if entity and spec is not None else None
        return next((each.id for each in bank.accounts if spec and each.name == spec.name), "") if bank else ""

    def instruct(self, action: str, args: Mapping[str, str]) -> bool:
        """Let an operator tell the connector something; False if it offers no such act. Whoever signed in shows the
        token; `ActRefused` is the connector's own refusal.

        What it raises is a fact of the story, as in `connector_finishes`.
        """
        if action not in self.connector.info.acts:
            return False
        who = args.get("approver") or args.get("operator") or ""
        signed = {"token": self.tokens[who], "operator": who} if who in self.tokens else {}
        try:
            self._until_it_lives(lambda: self.connector.operate(action, {**args, **signed}))
        except OperatorRefused as refused:
            raise ActRefused(refused.reason) from refused
        except ConnectorFailed as failed:
            self.record(ConnectorFinished(**self.mark, passes=0, at_rest=False, failure=failed.reason))
        return True

    def refresh_bi(self) -> bool:
        """Let the connector publish BI; False for one that publishes none, whose tables the harness makes itself."""
        if not self._publishes:
            return False
        try:
            self._until_it_lives(lambda: self.connector.trigger("publish"))
        except ConnectorFailed as failed:
            self.record(ConnectorFinished(**self.mark, passes=0, at_rest=False, failure=failed.reason))
        return True

    def nightly_poll(self) -> None:
        """Let the connector read every feed for what nobody told it, if it has such a poll."""
        try:
            self._until_it_lives(lambda: self.connector.trigger("nightly"))
        except ConnectorFailed as failed:
            self.record(ConnectorFinished(**self.mark, passes=0, at_rest=False, failure=failed.reason))

    def connector_finishes(self, first: Callable[[], None] | None = None) -> None:
        """Let the connector work until it is at rest or the cap stops it, then publish BI if the story asks for it.

        One that listens is at rest once no news is on its way to it either; and while a system does not show all that
        it has, nobody is at rest: who looks again finds it.

        `first` is something an operator does to it before; what it raises then counts as its failure as well.
        What it raises is a fact of the story: in production it would have died there.
        """
        began: list[int] = []
        passes, at_rest, failure = 0, False, ""
        try:
            if first is not None:
                self._until_it_lives(first)
            while not at_rest and passes < PASSES_CAP:
                if passes:
                    self.world.advance(PAUSE)
                began.append(len(self.world.exchange_log))
                self._until_it_lives(lambda: self.connector.trigger("work"))
                self.world.advance_to(self.world.clock.now)  # what became due meanwhile, such as a webhook
                passes += 1
                at_rest = self.connector.quiet() and not self.listening.under_way() and not self.world.lagging
                if at_rest and (self.listening.wait_for_the_refused() or self._polls_for_the_lost()):
                    at_rest = False
            if self._publishes:
                self._until_it_lives(lambda: self.connector.trigger("publish"))
        except ConnectorFailed as failed:
            failure = failed.reason
        failure = failure or next(iter(self.listening.failures()), "")
        hindered = not at_rest and not failure and self.world.blocked
        self.record(
            ConnectorFinished(
                **self.mark,
                passes=passes,
                began=tuple(began),
                at_rest=at_rest,
                hindered=hindered,
                failure=failure,
            )
        )

    def _polls_for_the_lost(self) -> bool:
        """What a fault kept from the connector nobody will tell it soon: its nightly poll has to find that before it
        counts as being at rest. False where there is nothing of the kind.
        """
        if not self.world.news_withheld:
            return False
        self.world.news_found()
        self._until_it_lives(lambda: self.connector.trigger("nightly"))
        self.record(NightlyPollRan(**self.mark))
        return True

    def _until_it_lives(self, act: Callable[[], None]) -> None:
        """Do something with the connector; where it was killed meanwhile, somebody starts it again and does it anew."""
        for _ in range(_LIVES):
            if not self.connector.running:
                self.connector.restart()
            act()
            if self.connector.running:
                return


def _only(events: tuple[DomainEvent, ...], kind: type[_E]) -> _E:
    for event in events:
        if isinstance(event, kind):
            return event
    raise HarnessFault(f"the system answered an act with {events!r}, without {kind.__name__}")
