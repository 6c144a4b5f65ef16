"""V14: what the register of a run shows is what its one journal posts, to the cent, on its accounts and its day."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from decimal import Decimal

from simharness.checks.effects import Effect, entry_object
from simharness.checks.findings import Reporter, amount, not_applicable
from simharness.checks.payroll.booked import Booked, Place
from simharness.checks.payroll.posted import PayrollBooks, Posting
from simharness.checks.scope import Scope
from simharness.core.money import Money
from simharness.domain.finding import CheckResult

_ZERO = Decimal(0)
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


def register_is_journal(scope: Scope) -> CheckResult:
    """V14 for every processed run that the connector could know of; a run that it lists as refused posts nothing."""
    books = scope.payroll
    if books is None:
        return not_applicable("V14", "this company's dictionary or world has no payroll")
    if not scope.references.declares("payroll"):
        return not_applicable("V14", "the connector declares no reference rule for payrolls")
    report = Reporter("V14", scope.record.header)
    for run in books.due:
        report.examined += 1
        _Run(scope, report, books, books.booked[run.id]).judge()
    for id in books.posted.keys() - books.booked.keys():
        report.examined += 1
        _unknown(scope, report, books, id)
    return report.result("no payroll was processed")


class _Run:
    """One run beside its entries."""

    def __init__(self, scope: Scope, report: Reporter, books: PayrollBooks, should: Booked) -> None:
        self._scope, self._report, self._books, self._should = scope, report, books, should
        self._id = should.run.id
        self._posting = books.posted.get(self._id, Posting())
        self._entries = [effect.entry for effect in self._posting.counted]
        self._vendor = scope.ledger.vendor if scope.ledger else ""

    def judge(self) -> None:
        """Its journal is there once, bears the register, and the days of the policy."""
        if not self._posting.own:
            self._found("missing", "has no journal", "one journal", "none", self._should.cost)
            return
        self._once()
        found = self._books.sums(self._entries)
        for place in dict.fromkeys([*self._should.postings, *found]):
            self._place(place, found.get(place, _ZERO))
        self._day(self._posting.own[0])
        for month in sorted({*self._should.retro, *(self._month(effect) for effect in self._posting.retro)}):
            self._retro(month)
        self._parts()

    def _once(self) -> None:
        for further in self._posting.own[1:]:
            self._found(
                f"further:{further.entry.id}",
                "has a further journal",
                f"one, {entry_object(self._vendor, self._posting.own[0].entry)}",
                f"a further one, {entry_object(self._vendor, further.entry)}",
                self._should.cost,
                further,
            )

    def _place(self, place: Place, found: Decimal) -> None:
        should = self._should.postings.get(place, _ZERO)
        if should == found:
            return
        parts = self._should.parts.get(place, {})
        told = ", ".join(f"{name} {self._money(abs(part))}" for name, part in parts.items() if part)
        self._found(
            ":".join(place).rstrip(":"),
            f"stands in the books with another amount on {self._books.label(place)}",
            self._side(should) + (f" ({told})" if told else ""),
            self._side(found),
            found - should,
        )

    def _day(self, own: Effect) -> None:
        entry = own.entry
        if not self._books.bears_right_day(self._should.dated, entry):
            self._found("date", "has a journal of another day", self._should.dated, entry.date, self._should.cost, own)

    def _retro(self, month: dt.date) -> None:
        """Retro pay is a cost of its own month where the policy says so and that is open, and else of the run's.

        Where its month is closed it may stand on the first open day, which may lie in a month before the run's.
        """
        own = self._posting.own[0].entry
        if month == own.date.replace(day=1):
            return
        closed = self._scope.judged.closings.until(own.created_at)
        by_service = self._books.policy.retro == "service_period"
        due = self._should.retro.get(month, {}) if by_service and _is_open(month, closed) else {}
        late = self._late(month, closed) if by_service else {}
        found = self._books.expense(self._entries, month)
        for place in dict.fromkeys([*due, *found]):
            should = due.get(place, _ZERO)
            if found.get(place, _ZERO) not in (should, should + late.get(place, _ZERO)):
                self._found(
                    f"retro:{month:%Y-%m}:{':'.join(place)}",
                    f"has another retro pay in {month:%Y-%m} on {self._books.label(place)}",
                    self._side(due.get(place, _ZERO)),
                    self._side(found.get(place, _ZERO)),
                    found.get(place, _ZERO) - due.get(place, _ZERO),
                )

    def _parts(self) -> None:
        """What is posted apart from the journal is retro pay of the month that it names, on a day that is right for it,
        or takes the whole back and posts it again: a run is never posted in parts.
        """
        named: dict[dt.date, list[Effect]] = {}
        for effect in self._posting.retro:
            if effect.noun == "payroll_retro" and _MONTH.match(effect.state):
                named.setdefault(dt.date.fromisoformat(f"{effect.state[:7]}-01"), []).append(effect)
        for month, effects in named.items():
            due, found = self._should.retro.get(month, {}), self._books.sums(each.entry for each in effects)
            for place in dict.fromkeys([*due, *found]):
                if place[0] in self._books.accounts.expenses and due.get(place, _ZERO) != found.get(place, _ZERO):
                    self._found(
                        f"retro-of:{month:%Y-%m}:{':'.join(place)}",
                        f"has another retro pay of {month:%Y-%m} on {self._books.label(place)}",
                        self._side(due.get(place, _ZERO)),
                        self._side(found.get(place, _ZERO)),
                        found.get(place, _ZERO) - due.get(place, _ZERO),
                    )
            for effect in effects:
                if _MONTH.fullmatch(effect.state):
                    self._retro_day(month, effect)
        self._again()

    def _retro_day(self, month: dt.date, effect: Effect) -> None:
        """In its month while that is open; else on the first open day, or on that of the run."""
        day, own = effect.entry.date, self._posting.own[0].entry.date
        closed = self._scope.judged.closings.until(effect.entry.created_at)
        if _is_open(month, closed) or closed is None:
            right, should = day.replace(day=1) == month, f"a day of {month:%Y-%m}"
        else:
            first = closed + dt.timedelta(days=1)
            right, should = day in (first, own), f"{first} or {own}"
        if not right:
            self._found(f"retro-of:{month:%Y-%m}:date", f"has retro pay of {month:%Y-%m} on another day", should, day,
                        self._should.cost, effect)  # fmt: skip

    def _again(self) -> None:
        """An entry of the run itself under a further name takes an earlier one back exactly, or is the run as it is."""
        apart = [each for each in self._posting.retro if each.noun == "payroll"]
        retro = self._books.sums(each.entry for each in self._posting.retro if each.noun != "payroll")
        whole = {place: value - retro.get(place, _ZERO) for place, value in self._should.postings.items()}
        whole |= {place: -value for place, value in retro.items() if place not in whole}
        whole = {place: value for place, value in whole.items() if value}
        before = [self._books.sums([self._posting.own[0].entry])]
        for effect in apart:
            found = self._books.sums([effect.entry])
            back = {place: -value for place, value in found.items()}
            if found != whole and back not in before:
                worth = sum((value for value in found.values() if value > 0), _ZERO)
                self._found(
                    f"part:{effect.state}", "is posted in parts", "one journal, taken back and posted again as a whole",
                    f"a further one, {entry_object(self._vendor, effect.entry)}", worth, effect,
                )  # fmt: skip
            before.append(found)

    def _late(self, month: dt.date, closed: dt.date | None) -> dict[Place, Decimal]:
        """The retro pay of closed months, where the first open day lies in a month."""
        sums: dict[Place, Decimal] = {}
        if closed is not None and (closed + dt.timedelta(days=1)).replace(day=1) == month:
            for own, parts in self._should.retro.items():
                for place, amount in () if _is_open(own, closed) else parts.items():
                    sums[place] = sums.get(place, _ZERO) + amount
        return sums

    def _month(self, effect: Effect) -> dt.date:
        return effect.entry.date.replace(day=1)

    def _found(
        self, key: str, what: str, expected: object, actual: object, risk: Decimal, effect: Effect | None = None
    ) -> None:
        effects = (effect,) if effect is not None else self._posting.counted
        self._report.found(
            f"{self._id}:{key}",
            f"{self._books.words(self._should.run)} {what}",
            expected=expected,
            actual=actual,
            objects=[self._books.object(self._id), *(entry_object(self._vendor, each.entry) for each in effects)],
            at_risk=Money(risk, self._books.snapshot.currency),
            origin=self._books.origin(self._id),
        )

    def _money(self, value: Decimal) -> Money:
        return amount(value, self._books.snapshot.currency)

    def _side(self, value: Decimal) -> str:
        if not value:
            return "nothing"
        return f"{'debit' if value > 0 else 'credit'} {self._money(abs(value))}"


def _is_open(month: dt.date, closed: dt.date | None) -> bool:
    """Whether the last day of a month takes postings."""
    return closed is None or closed < month.replace(day=calendar.monthrange(month.year, month.month)[1])


def _unknown(scope: Scope, report: Reporter, books: PayrollBooks, id: str) -> None:
    """An entry names a payroll that was never processed; one that was undone before it was paid must be undone here."""
    left = books.sums(effect.entry for effect in (*books.posted[id].own, *books.posted[id].retro))
    if not left:
        return
    worth = sum((value for value in left.values() if value > 0), _ZERO)
    vendor = scope.ledger.vendor if scope.ledger else ""
    report.found(
        f"{id}:unknown",
        f"the ledger holds a journal of payroll {id}, which is not processed",
        expected="nothing",
        actual=amount(worth, books.snapshot.currency),
        objects=[books.object(id), *(entry_object(vendor, effect.entry) for effect in books.posted[id].counted)],
        at_risk=Money(worth, books.snapshot.currency),
    )
