"""What a bookkeeper does in the ledger, and what its accounts must show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from simharness.core.money import Money
from simharness.domain.acts import EditParty
from simharness.domain.base import Record
from simharness.domain.expectation import AccountHolds, AccountMoves, BalancesAre, LedgerPosts, PostingLine, WritersAre
from simharness.domain.fact import PartyEdited, StepImpossible
from simharness.stories.stage import Stage
from simharness.stories.vocabulary import terms as t
from simharness.stories.vocabulary.verb import Action, Claim, Sentence, Verb
from simharness.stories.words import Cell


class EditCustomer(Action, frozen=True, kw_only=True):
    """A bookkeeper changes a customer directly in the ledger."""

    bookkeeper_edits: t.CustomerName
    phone: str | None = None
    entity: t.EntityName | None = None


class BalancesClaim(Claim, frozen=True, kw_only=True):
    """Account balances, debit positive. Exact: an account that is not listed must be zero, unless `exact: false`.

    `*` is any balance but zero, `~` one that is not checked.
    """

    balances: tuple[tuple[t.AccountName, Money | Cell | None], ...]
    exact: bool = True


class MovesClaim(Claim, frozen=True, kw_only=True):
    """How an account moved since the first act of the story, debit positive."""

    account_moves: t.AccountName
    by: Money


class HoldsClaim(Claim, frozen=True, kw_only=True):
    """What stands on one account, debit positive: now, or by the postings dated up to and including a day."""

    account: t.AccountName
    holds: Money
    as_of: date | None = None


class Posting(Record, frozen=True, kw_only=True):
    """One posting: a debit or a credit, both written positive."""

    account: t.AccountName
    debit: Money | None = None
    credit: Money | None = None
    cost_centre: t.CostCentre | None = None


class PostedLine(Record, frozen=True, kw_only=True):
    """One posting that must be there: a debit or a credit, both written positive, or `*` for any amount. What is not
    said is not checked; "" says that there must be none.
    """

    account: t.AccountName
    debit: Money | Cell | None = None
    credit: Money | Cell | None = None
    cost_centre: t.CostCentreCell | None = None


class PostsClaim(Claim, frozen=True, kw_only=True):
    """The exact set of postings the last `when` block caused, in any order."""

    ledger_posts: tuple[PostedLine, ...]


class WritersClaim(Claim, frozen=True, kw_only=True):
    """Only these have written to the ledger."""

    only_writers: tuple[str, ...]


def _edit_customer(stage: Stage, p: EditCustomer) -> None:
    party_id = stage.party_id(p.bookkeeper_edits, p.entity or "")
    if not party_id:
        what = f"a bookkeeper cannot edit {p.bookkeeper_edits!r}: the ledger has no such customer"
        stage.record(StepImpossible(**stage.mark, what=what))
        return
    stage.operate("accounting", EditParty(party_id=party_id, phone=p.phone, entity=p.entity or ""), "bookkeeper")
    fields = (("phone", p.phone or ""),)
    stage.record(
        PartyEdited(**stage.mark, customer=p.bookkeeper_edits, party_id=party_id, fields=fields, entity=p.entity or "")
    )


def _balances(stage: Stage, p: BalancesClaim) -> None:
    told = told_amounts(p.balances, stage.dictionary.currency)
    stage.expect(
        BalancesAre(**stage.claim, balances=told.stated, exact=p.exact, some=told.some, unchecked=told.unchecked)
    )


def _moves(stage: Stage, p: MovesClaim) -> None:
    stage.expect(AccountMoves(**stage.claim, account=p.account_moves, amount=p.by))


def _holds(stage: Stage, p: HoldsClaim) -> None:
    stage.expect(AccountHolds(**stage.claim, account=p.account, amount=p.holds, as_of=p.as_of))


def _posts(stage: Stage, p: PostsClaim) -> None:
    stage.expect(LedgerPosts(**stage.claim, lines=lines_of(p.ledger_posts)))


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldAmounts:
    """Amounts by name that a claim states, the names of those that must be something, and of those not checked."""

    stated: tuple[tuple[str, Money], ...]
    some: tuple[str, ...]
    unchecked: tuple[str, ...]


def told_amounts(pairs: Iterable[tuple[str, Money | Cell | None]], currency: str) -> ToldAmounts:
    """What is said of each amount: that there is none says zero."""
    said = tuple((name, Money.zero(currency) if value is Cell.EMPTY else value) for name, value in pairs)
    return ToldAmounts(
        stated=tuple((name, value) for name, value in said if isinstance(value, Money)),
        some=tuple(name for name, value in said if value is Cell.ANY),
        unchecked=tuple(name for name, value in said if value is None),
    )


def lines_of(postings: Iterable[PostedLine]) -> tuple[PostingLine, ...]:
    """Postings with their sign, debit positive; of one whose amount is not said, the side alone."""
    lines = []
    for line in postings:
        centre = line.cost_centre.value if isinstance(line.cost_centre, Cell) else line.cost_centre
        is_debit = _is_debit(line)
        amount = line.debit if is_debit else line.credit
        if isinstance(amount, Money):
            amount = amount if is_debit else -amount
            lines.append(PostingLine(account=line.account, amount=amount, cost_centre=centre))
        else:
            side = "debit" if is_debit else "credit"
            lines.append(PostingLine(account=line.account, side=side, cost_centre=centre))
    return tuple(lines)


def _is_debit(line: PostedLine) -> bool:
    """Whether a posting is said to be a debit: by its amount, or by there being no credit."""
    if isinstance(line.debit, Money) or line.debit is Cell.ANY:
        return True
    return not isinstance(line.credit, Money) and line.credit is Cell.EMPTY


def _posts_nothing(stage: Stage, _: Claim) -> None:
    stage.expect(LedgerPosts(**stage.claim, lines=()))


def _writers(stage: Stage, p: WritersClaim) -> None:
    stage.expect(WritersAre(**stage.claim, writers=p.only_writers))


def _wrong_edit(p: EditCustomer) -> str | None:
    return None if p.phone is not None else "changes nothing: give the phone"


def wrong_lines(lines: Sequence[Posting]) -> str | None:
    """What is wrong with postings that have to balance; None if nothing is."""
    for number, line in enumerate(lines, start=1):
        if (line.debit is None) == (line.credit is None):
            return f"posting {number} needs either a debit or a credit"
        if (line.debit or line.credit or Money(0, "XXX")).amount <= 0:
            return f"posting {number} must be more than zero: write debit and credit positive"
    debits = sum(line.debit.amount for line in lines if line.debit is not None)
    credits = sum(line.credit.amount for line in lines if line.credit is not None)
    return None if debits == credits else f"the debits are {debits} and the credits {credits}: they must be equal"


def wrong_claims(lines: Sequence[PostedLine]) -> str | None:
    """What is wrong with postings that are claimed; they balance where every amount is said."""
    for number, line in enumerate(lines, start=1):
        sides = [side for side in (line.debit, line.credit) if isinstance(side, Money) or side is Cell.ANY]
        if len(sides) > 1:
            return f"posting {number} has either a debit or a credit, not both"
        if not sides and {line.debit, line.credit} != {None, Cell.EMPTY}:
            return f"posting {number} needs either a debit or a credit: write * for any amount"
        if sides and isinstance(sides[0], Money) and sides[0].amount <= 0:
            return f"posting {number} must be more than zero: write debit and credit positive"
    amounts = lines_of(lines)
    if any(each.amount is None for each in amounts):
        return None
    debits = sum(each.amount.amount for each in amounts if each.amount is not None and each.amount.amount > 0)
    credits = -sum(each.amount.amount for each in amounts if each.amount is not None and each.amount.amount < 0)
    return None if debits == credits else f"the debits are {debits} and the credits {credits}: they must be equal"


def _wrong_postings(p: PostsClaim) -> str | None:
    return wrong_claims(p.ledger_posts)


def wrong_balances(balances: Sequence[tuple[str, Money | Cell | None]]) -> str | None:
    """What is wrong with the balances of all accounts; None where one of them is not said."""
    if any(amount is None or amount is Cell.ANY for _, amount in balances):
        return None
    rest = sum(amount.amount for _, amount in balances if isinstance(amount, Money))
    return f"the balances add up to {rest}, and those of all accounts must add up to zero" if rest else None


def _wrong_balances(p: BalancesClaim) -> str | None:
    return wrong_balances(p.balances) if p.exact else None


VERBS = (
    Verb(
        name="ledger.bookkeeper_edits",
        phases=("when",),
        heads=("bookkeeper_edits",),
        params=EditCustomer,
        sentences=(
            Sentence(
                pattern="a bookkeeper sets the phone of {string} to {string}", binds=("bookkeeper_edits", "phone")
            ),
        ),
        fact="PartyEdited",
        does=_edit_customer,
        wrong=_wrong_edit,
    ),
    Verb(
        name="ledger.balances",
        phases=("then",),
        heads=("balances",),
        params=BalancesClaim,
        sentences=(
            Sentence(pattern="the balances are:", table="balances", columns=("account", "balance")),
            Sentence(
                pattern="account {account} has a balance of {money}",
                binds=("balances", "balances"),
                fixed=(("exact", "false"),),
            ),
        ),
        fact="BalancesAre",
        does=_balances,
        wrong=_wrong_balances,
    ),
    Verb(
        name="ledger.account_moves",
        phases=("then",),
        heads=("account_moves",),
        params=MovesClaim,
        sentences=(Sentence(pattern="account {account} moves by {money}", binds=("account_moves", "by")),),
        fact="AccountMoves",
        does=_moves,
    ),
    Verb(
        name="ledger.account_holds",
        phases=("then",),
        heads=("account",),
        params=HoldsClaim,
        sentences=(
            Sentence(pattern="account {account} holds {money}", binds=("account", "holds")),
            Sentence(pattern="account {account} holds {money} as of {date}", binds=("account", "holds", "as_of")),
        ),
        fact="AccountHolds",
        does=_holds,
    ),
    Verb(
        name="ledger.posts",
        phases=("then",),
        heads=("ledger_posts",),
        params=PostsClaim,
        sentences=(Sentence(pattern="the ledger posts:", table="ledger_posts"),),
        fact="LedgerPosts",
        does=_posts,
        wrong=_wrong_postings,
    ),
    Verb(
        name="ledger.posts_nothing",
        phases=("then",),
        heads=("ledger_posts_nothing",),
        params=Claim,
        sentences=(Sentence(pattern="the ledger posts nothing"),),
        fact="LedgerPosts",
        does=_posts_nothing,
    ),
    Verb(
        name="ledger.only_writers",
        phases=("then",),
        heads=("only_writers",),
        params=WritersClaim,
        sentences=(Sentence(pattern="only {string} has written to the ledger", binds=("only_writers",)),),
        fact="WritersAre",
        does=_writers,
    ),
)
