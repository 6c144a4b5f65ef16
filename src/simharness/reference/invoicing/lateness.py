"""Documents that come too late for a closed day: on the first open one, with their own day in the note, or refused.

What a foreign document is worth was decided on its own day, so it takes along the rate of that day. A late invoice
falls due as many days after the day it bears as it would have after its own.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import msgspec

from simharness.reference.errors import Refused, Rejected
from simharness.reference.ledger.periods import Periods
from simharness.reference.posting.intent import Intent
from simharness.reference.vendors.http import Json
from simharness.reference.vendors.quickbooks import CLOSED, QuickBooks

_OWN_DAY = re.compile(r" dated (\d{4}-\d{2}-\d{2})$")

_decode = msgspec.json.Decoder(float_hook=Decimal).decode
_encode = msgspec.json.Encoder(decimal_format="number").encode


class Lateness:
    """Gives documents their day. `home` is the currency of the books, which needs no rate."""

    def __init__(self, periods: Periods, quickbooks: QuickBooks, home: str) -> None:
        self._periods, self._quickbooks, self._home = periods, quickbooks, home

    def dated(self, intent: Intent) -> Intent:
        """The posting on the day it may bear, as far as this program knows by itself; the ledger may still refuse it.
        Raises `Rejected` where the policy is to refuse what is late.
        """
        body: Json = _decode(intent.body)
        return self._moved(intent, body) if self._periods.is_closed_here(_own_day(body)) else intent

    def corrected(self, intent: Intent, refusal: Refused) -> Intent | None:
        """The same posting on another day where its own was closed meanwhile; None where the refusal stands."""
        if refusal.code != CLOSED:
            return None
        self._periods.refresh()
        try:
            again = self._moved(intent, _decode(intent.body))
        except Rejected:
            return None
        return again if again.body != intent.body else None

    def _moved(self, intent: Intent, body: Json) -> Intent:
        own, bears = _own_day(body), date.fromisoformat(body["TxnDate"])
        day = self._periods.bearing_day(own)
        if day == bears:
            return intent
        note = _OWN_DAY.sub("", str(body["PrivateNote"]))
        changed = {**body, "TxnDate": day.isoformat(), "PrivateNote": f"{note} dated {own.isoformat()}"}
        if "DueDate" in body:
            changed["DueDate"] = (date.fromisoformat(body["DueDate"]) + (day - bears)).isoformat()
        currency = str(body["CurrencyRef"]["value"])
        if currency != self._home and "ExchangeRate" not in body:
            rate = self._quickbooks.exchange_rate(currency, own)
            changed |= {"ExchangeRate": rate} if rate is not None else {}
        return replace(intent, body=_encode(changed), key="")


def _own_day(body: Json) -> date:
    found = _OWN_DAY.search(str(body.get("PrivateNote") or ""))
    return date.fromisoformat(found[1] if found else body["TxnDate"])
