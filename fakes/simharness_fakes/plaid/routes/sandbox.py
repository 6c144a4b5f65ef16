"""What only the sandbox has: public tokens without Link, webhooks, lost logins and transactions on demand."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from simharness.core.money import Money, exponent
from simharness.domain.exchange import Response
from simharness.fakekit.bodies import Json
from simharness.fakekit.fake import Call
from simharness_fakes.banking.lines import POSTED, Line
from simharness_fakes.banking.refusals import NoAccount, Refusal
from simharness_fakes.plaid import errors, hooks, operate, updates
from simharness_fakes.plaid.routes.answers import answer, item_of, options_of, readable
from simharness_fakes.plaid.routes.linking import check_institution, check_webhook
from simharness_fakes.plaid.wire.objects import from_outflow

if TYPE_CHECKING:
    from simharness_fakes.plaid.fake import Plaid

_OLDEST = timedelta(days=730)
_ITEM_CODES = ("ERROR", "LOGIN_REPAIRED", "NEW_ACCOUNTS_AVAILABLE", "PENDING_DISCONNECT", "USER_PERMISSION_REVOKED")


def public_token(fake: Plaid, call: Call) -> Response:
    """A new item at the bank and the public token that leads to it."""
    check_institution(fake, call.body["institution_id"])
    webhook = options_of(call).get("webhook", "")
    check_webhook(fake, webhook)
    item = fake.link(webhook, tuple(dict.fromkeys(call.body["initial_products"])))
    return answer(fake, {"public_token": fake.public_token(item).token})


def reset_login(fake: Plaid, call: Call) -> Response:
    """From now on the bank lets Plaid in no more, until the account holder logs in again."""
    item = item_of(fake, call.body["access_token"])
    if not item.login_required:
        updates.login_lost(fake, item)
    return answer(fake, {"reset_login": True})


def fire_webhook(fake: Plaid, call: Call) -> Response:
    """Send a webhook now, whether anything happened or not."""
    item = item_of(fake, call.body["access_token"])
    code = call.body["webhook_code"]
    kind = "ITEM" if code in _ITEM_CODES else "TRANSACTIONS"
    if call.body.get("webhook_type", kind) != kind:
        message = f"{code} is a webhook of {kind}"
        raise errors.refusal(fake, errors.SANDBOX, "SANDBOX_WEBHOOK_INVALID", message)
    if not item.webhook:
        message = "the item has no webhook to send to"
        raise errors.refusal(fake, errors.SANDBOX, "SANDBOX_WEBHOOK_INVALID", message)
    if code == "SYNC_UPDATES_AVAILABLE":
        updates.updates_available(fake, item)
    else:
        hooks.tell(fake, item, kind, code, _details(code, options_of(call)))
    return answer(fake, {"webhook_fired": True})


def create_transactions(fake: Plaid, call: Call) -> Response:
    """Book up to ten transactions; all of them or none."""
    readable(fake, call.body["access_token"])
    lines = [_line(fake, wish, place) for place, wish in enumerate(call.body["transactions"])]
    operate.enter(fake, lines, call.actor)
    return answer(fake, {})


def _details(code: str, options: dict[str, Json]) -> dict[str, Any]:
    if code == "DEFAULT_UPDATE":
        return {"error": None, "new_transactions": int(options.get("new_transactions", 0))}
    if code == "PENDING_DISCONNECT":
        return {"reason": "INSTITUTION_TOKEN_EXPIRATION"}
    if code == "ERROR":
        return {"error": dict(errors.login_required())}
    return {} if code == "LOGIN_REPAIRED" else {"error": None}


def _line(fake: Plaid, wish: dict[str, Json], place: int) -> Line:
    bank = fake.state.bank
    transacted, posted = date.fromisoformat(wish["date_transacted"]), date.fromisoformat(wish["date_posted"])
    for day in (transacted, posted):
        if not bank.today - _OLDEST <= day <= bank.today:
            message = f"transactions.{place}: {day} is neither today ({bank.today}) nor in the 730 days before it"
            raise errors.refusal(fake, errors.REQUEST, "INVALID_FIELD", message)
    try:
        account = bank.account(wish.get("account_id", ""))
        amount = from_outflow(wish["amount"], wish.get("iso_currency_code", "USD"))
        bank.check(account, amount, posted)
    except NoAccount as refusal:
        raise errors.refusal(fake, errors.INPUT, "INVALID_ACCOUNT_ID", str(refusal)) from refusal
    except Refusal as refusal:
        message = f"transactions.{place}: {refusal}"
        raise errors.refusal(fake, errors.REQUEST, "INVALID_FIELD", message) from refusal
    return Line(
        id=fake.new_id("transaction"),
        account=account.id,
        amount=Money(round(amount.amount, exponent(amount.currency)), amount.currency),
        date=posted,
        status=POSTED,
        created_at=fake.setup.clock.now,
        description=wish["description"],
        announced_on=transacted,
    )
