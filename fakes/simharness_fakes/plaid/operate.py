"""What people do at the bank: an account is opened, money moves, a pending line is posted or dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simharness.domain.acts import ActRefused, Furnish, MoveBankMoney, PostBankLine
from simharness.domain.events import BankMoneyMoved, DomainEvent, Furnished
from simharness_fakes.banking.lines import PENDING, POSTED, Line
from simharness_fakes.banking.refusals import NoAccount, NoLine, Refusal
from simharness_fakes.plaid import updates

if TYPE_CHECKING:
    from simharness_fakes.plaid.fake import Plaid

_LINE_FIELDS = ("account", "amount", "counterparty", "date", "description", "reference", "replaces", "status")
_DIGITS = 10


def furnish(fake: Plaid, act: Furnish, actor: str) -> tuple[DomainEvent, ...]:
    """The dictionary's bank accounts in their currencies, and a further one if the profile names a currency for it.

    Each entity has accounts of its own, told apart by their names; the bank's days are those of the first.
    """
    bank, dictionary = fake.state.bank, act.dictionary
    first = not len(bank.accounts)
    if first:
        bank.zone = fake.profile.time_zone or dictionary.time_zone
    spec = dictionary.account_by_role("bank")
    name = spec.name if spec is not None else "Current account"
    wanted = {dictionary.currency: name}
    for each in dictionary.accounts:
        if each.kind == "bank" and each.currency:
            wanted.setdefault(each.currency, each.name)
    if fake.profile.second_currency:
        wanted.setdefault(fake.profile.second_currency, f"{name} {fake.profile.second_currency}")
    for currency, account_name in wanted.items():
        if any((account.currency, account.name) == (currency, account_name) for account in bank.accounts):
            continue
        stream = f"plaid account number {currency}" + ("" if first else f" {account_name}")
        digits = fake.setup.rng.stream(stream).randrange(10**_DIGITS)
        account = bank.open(fake.new_id("account"), account_name, f"{digits:0{_DIGITS}}", currency)
        fake.wrote("bank_account", account.id, "create", ("currency", "name", "number"), actor)
    return (Furnished(dictionary=dictionary.name),)


def move(fake: Plaid, act: MoveBankMoney, actor: str) -> tuple[DomainEvent, ...]:
    """Money comes in or goes out, at once or announced; unless an account is said, on the first one of its currency."""
    bank = fake.state.bank
    of_currency = (each.id for each in bank.accounts if each.currency == act.amount.currency)
    account = act.account or next(of_currency, "")
    if not account and bank.accounts:
        raise ActRefused(f"the bank refuses: there is no account in {act.amount.currency}")
    try:
        line = bank.move(
            Line(
                id=fake.new_id("transaction"),
                account=bank.account(account).id,
                amount=act.amount,
                date=bank.today,
                status=PENDING if act.pending else POSTED,
                created_at=fake.setup.clock.now,
                description=act.description,
                reference=act.reference,
                counterparty=act.counterparty,
                recognised=_recognised(fake, act.counterparty),
            )
        )
    except Refusal as refusal:
        raise _refused(refusal) from refusal
    _arrived(fake, line, actor)
    updates.changed(fake)
    return (BankMoneyMoved(line_id=line.id, posted=not act.pending),)


def post(fake: Plaid, act: PostBankLine, actor: str) -> tuple[DomainEvent, ...]:
    """The bank posts a pending line under a new id, or drops it."""
    bank = fake.state.bank
    if act.drop and (act.amount is not None or act.description is not None):
        raise ActRefused("a line that is dropped has no new amount or description", mend="either drop or post it")
    try:
        if act.drop:
            bank.drop(act.line_id)
            posted = None
        else:
            posted = bank.post(act.line_id, fake.new_id("transaction"), act.amount, act.description)
    except Refusal as refusal:
        raise _refused(refusal) from refusal
    fake.wrote("bank_line", act.line_id, "delete", (), actor)
    if posted is not None:
        _arrived(fake, posted, actor)
    updates.changed(fake)
    return (BankMoneyMoved(line_id=posted.id if posted else "", posted=posted is not None),)


def enter(fake: Plaid, lines: list[Line], actor: str) -> None:
    """Book lines that were asked for over the wire; they were checked before."""
    for line in lines:
        fake.state.bank.move(line)
        _arrived(fake, line, actor)
    updates.changed(fake)


def _arrived(fake: Plaid, line: Line, actor: str) -> None:
    fake.wrote("bank_line", line.id, "create", tuple(f for f in _LINE_FIELDS if getattr(line, f)), actor)
    updates.recognise_later(fake, line)


def _recognised(fake: Plaid, counterparty: str) -> bool:
    return not counterparty or not fake.profile.enrich_after


def _refused(refusal: Refusal) -> ActRefused:
    mend = None
    if isinstance(refusal, NoAccount) and not refusal.known:
        mend = "furnish the world from a dictionary first"
    elif isinstance(refusal, NoLine):
        mend = "take the id from the bank's snapshot"
    return ActRefused(f"the bank refuses: {refusal}", mend=mend)
