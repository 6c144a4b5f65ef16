"""What must be true of pay: what somebody gets, what a run comes to, its journal, the year so far, and who sees it."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec

from simharness.core.money import Money
from simharness.domain.base import Record
from simharness.domain.claims import JournalEqualsRegister
from simharness.domain.expectation import (
    NetPayIs,
    NobodyIdentified,
    PayrollJournalIs,
    PostingLine,
    RegisterLine,
    RegisterShows,
    YearToDateShows,
)
from simharness.stories.stage import Stage
from simharness.stories.vocabulary import terms as t
from simharness.stories.vocabulary.ledger import PostedLine, lines_of, told_amounts, wrong_claims
from simharness.stories.vocabulary.verb import Claim, Sentence, Verb
from simharness.stories.words import Cell


class NetPayClaim(Claim, frozen=True, kw_only=True):
    """What an employee gets in money in a payroll."""

    net_pay_of: t.EmployeeName
    payroll: t.PayrollName
    amount: Money = msgspec.field(name="is")


class Total(Record, frozen=True, kw_only=True):
    """What a kind of line comes to over all cheques, or what of it has a code or is a cost centre's."""

    kind: t.PayKind
    amount: Money | Cell = msgspec.field(name="is")
    code: str = ""
    cost_centre: t.CostCentre | None = None


class RegisterClaim(Claim, frozen=True, kw_only=True):
    """Totals of a payroll's register; what is not listed is not judged."""

    register_of: t.PayrollName
    shows: tuple[Total, ...]


class JournalClaim(Claim, frozen=True, kw_only=True):
    """The exact postings of a payroll's journal in the ledger, in any order; `posts_nothing` where there is none.

    `retro`: of the entry that carries the retro pay of a month.
    """

    payroll_journal_of: t.PayrollName
    lines: tuple[PostedLine, ...] = ()
    dated: date | None = None
    retro: t.Month | None = None
    posts_nothing: bool = False


class TieOutClaim(Claim, frozen=True, kw_only=True):
    """What a payroll's journal posts is what its register comes to, summed by account or by cost centre."""

    payroll_journal_equals_register: t.PayrollName
    by: Annotated[str, t.OneOf(("account", "cost centre"), "summary of a register")] = "account"


class YearClaim(Claim, frozen=True, kw_only=True):
    """What an employee's cheques of a tax year come to that nobody took back, by gross, net or a code.

    `employer CODE` is what the employer pays on top. Without `year` it is the present one.
    """

    year_to_date_of: t.EmployeeName
    year: int | None = None
    shows: tuple[tuple[str, Money | Cell | None], ...]


class NobodyClaim(Claim, frozen=True, kw_only=True):
    """Nothing that identifies somebody, nor what one person is paid, ever stood in these systems."""

    nobody_identified_in: tuple[t.Watched, ...]


def _net_pay(stage: Stage, p: NetPayClaim) -> None:
    stage.expect(NetPayIs(**stage.claim, employee=p.net_pay_of, payroll=p.payroll, amount=p.amount))


def _register(stage: Stage, p: RegisterClaim) -> None:
    lines = tuple(
        RegisterLine(
            kind=each.kind,
            amount=Money.zero(stage.dictionary.currency) if each.amount is Cell.EMPTY else _amount(each.amount),
            code=each.code,
            cost_centre=each.cost_centre,
        )
        for each in p.shows
    )
    stage.expect(RegisterShows(**stage.claim, payroll=p.register_of, lines=lines))


def _amount(value: Money | Cell) -> Money | None:
    return value if isinstance(value, Money) else None


def _journal(stage: Stage, p: JournalClaim) -> None:
    lines: tuple[PostingLine, ...] = lines_of(p.lines)
    stage.expect(
        PayrollJournalIs(**stage.claim, payroll=p.payroll_journal_of, lines=lines, dated=p.dated, retro=p.retro or "")
    )


def _tie_out(stage: Stage, p: TieOutClaim) -> None:
    stage.expect(JournalEqualsRegister(**stage.claim, payroll=p.payroll_journal_equals_register, by=p.by))


def _year(stage: Stage, p: YearClaim) -> None:
    told = told_amounts(p.shows, stage.dictionary.currency)
    year = p.year or stage.today.year
    stage.expect(
        YearToDateShows(**stage.claim, employee=p.year_to_date_of, year=year, sums=told.stated, some=told.some)
    )


def _nobody(stage: Stage, p: NobodyClaim) -> None:
    stage.expect(NobodyIdentified(**stage.claim, systems=p.nobody_identified_in))


def _wrong_journal(p: JournalClaim) -> str | None:
    if p.posts_nothing == bool(p.lines):
        return "say which lines the journal has, or posts_nothing: true"
    if p.posts_nothing and p.dated is not None:
        return "what posts nothing has no day: leave dated out"
    return wrong_claims(p.lines)


def _wrong_register(p: RegisterClaim) -> str | None:
    net = next((each for each in p.shows if each.kind == "net" and each.cost_centre), None)
    return "net pay is nobody's cost: leave the cost_centre out" if net is not None else None


VERBS = (
    Verb(
        name="payroll.net_pay_of",
        phases=("then",),
        heads=("net_pay_of",),
        params=NetPayClaim,
        sentences=(
            Sentence(
                pattern="net pay of {string} in payroll {string} is {money}",
                binds=("net_pay_of", "payroll", "amount"),
            ),
            Sentence(pattern="net pay of {string} for {period} is {money}", binds=("net_pay_of", "payroll", "amount")),
        ),
        fact="NetPayIs",
        does=_net_pay,
    ),
    Verb(
        name="payroll.register_of",
        phases=("then",),
        heads=("register_of",),
        params=RegisterClaim,
        sentences=(
            Sentence(pattern="the register of payroll {string} shows:", binds=("register_of",), table="shows"),
            Sentence(pattern="the payroll register for {period} shows:", binds=("register_of",), table="shows"),
        ),
        fact="RegisterShows",
        does=_register,
        wrong=_wrong_register,
    ),
    Verb(
        name="payroll.journal_of",
        phases=("then",),
        heads=("payroll_journal_of",),
        params=JournalClaim,
        sentences=(
            Sentence(pattern="the journal of payroll {string} is:", binds=("payroll_journal_of",), table="lines"),
            Sentence(pattern="the payroll journal for {period} is:", binds=("payroll_journal_of",), table="lines"),
        ),
        fact="PayrollJournalIs",
        does=_journal,
        wrong=_wrong_journal,
    ),
    Verb(
        name="payroll.journal_equals_register",
        phases=("then",),
        heads=("payroll_journal_equals_register",),
        params=TieOutClaim,
        sentences=(
            Sentence(
                pattern="the payroll journal for {period} equals the register by {string}",
                binds=("payroll_journal_equals_register", "by"),
            ),
            Sentence(
                pattern="the journal of payroll {string} equals the register by {string}",
                binds=("payroll_journal_equals_register", "by"),
            ),
        ),
        fact="JournalEqualsRegister",
        does=_tie_out,
    ),
    Verb(
        name="payroll.year_to_date_of",
        phases=("then",),
        heads=("year_to_date_of",),
        params=YearClaim,
        sentences=(
            Sentence(
                pattern="the year to date of {string} in {int} shows:",
                binds=("year_to_date_of", "year"),
                table="shows",
                columns=("item", "amount"),
            ),
            Sentence(
                pattern="the year to date of {string} shows:",
                binds=("year_to_date_of",),
                table="shows",
                columns=("item", "amount"),
            ),
        ),
        fact="YearToDateShows",
        does=_year,
    ),
    Verb(
        name="people.nobody_identified_in",
        phases=("then",),
        heads=("nobody_identified_in",),
        params=NobodyClaim,
        sentences=(Sentence(pattern="no employee can be identified in {system}", binds=("nobody_identified_in",)),),
        fact="NobodyIdentified",
        does=_nobody,
        bi=lambda p: "bi" in p.nobody_identified_in,
    ),
)
