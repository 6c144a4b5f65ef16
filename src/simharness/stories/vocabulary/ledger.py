"""What a bookkeeper does in the ledger, and what its accounts must show."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from simharness.core.money import Money
from simharness.domain.acts import EditParty
from simharness.domain.base import Record
from simharness.domain.expectation import AccountHolds, AccountMoves, BalancesAre, LedgerPosts, PostingLine, WritersAre
from simharness.domain.fact import PartyEdited, StepImpossible
from simharness.stories.stage import Stage
from simharness.stories.vocabulary import terms as t
from simharness.stories.vocabulary.verb import Action, Claim, Sentence, Verb


class EditCustomer(Action, frozen=True, kw_only=True):
    """A bookkeeper changes a customer directly in the ledger."""

    bookkeeper_edits: t.CustomerName
    phone: str | None = None
    entity: t.EntityName | None = None


class BalancesClaim(Claim, frozen=True, kw_only=True):
    """Account balances, debit positive. Exact: an account that is not listed must be zero, unless `exact: false`."""

    balances: tuple[tuple[t.AccountName, Money], ...]
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


class PostsClaim(Claim, frozen=True, kw_only=True):
    """The exact set of postings the last `when` block caused, in any order."""

    ledger_posts: tuple[Posting, ...]


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
    stage.expect(BalancesAre(**stage.claim, balances=p.balances, exact=p.exact))


def _moves(stage: Stage, p: MovesClaim) -> None:
    stage.expect(AccountMoves(**stage.claim, account=p.account_moves, amount=p.by))


def _holds(stage: Stage, p: HoldsClaim) -> None:
    stage.expect(AccountHolds(**stage.claim, account=p.account, amount=p.holds, as_of=p.as_of))


def _posts(stage: Stage, p: PostsClaim) -> None:
    stage.expect(LedgerPosts(**stage.claim, lines=lines_of(p.ledger_posts, stage.dictionary.currency)))


def lines_of(postings: tuple[Posting, ...], currency: str) -> tuple[PostingLine, ...]:
    """Postings with their sign, debit positive."""
    lines = []
    for line in postings:
        amount = line.debit if line.debit is not None else -(line.credit or Money.zero(currency))
        lines.append(PostingLine(account=line.account, amount=amount, cost_centre=line.cost_centre))
    return tuple(lines)


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


def _wrong_postings(p: PostsClaim) -> str | None:
    return wrong_lines(p.ledger_posts)


def _wrong_balances(p: BalancesClaim) -> str | None:
    if not p.exact:
        return None
    rest = sum(amount.amount for _, amount in p.balances)
    return f"the balances add up to {rest}, and those of all accounts must add up to zero" if rest else None


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
