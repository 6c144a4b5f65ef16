"""What a webhook says happened, read from its body: which record to look at, and by what the event is known again.

Nothing else of a body is believed: events come twice, late and in any order, so the record itself is asked for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import msgspec

#: The nouns of news: records of HubSpot, of Stripe, of QuickBooks and of Gusto, and the feed of the bank.
DEAL, COMPANY, LINE_ITEM = "deal", "company", "line_item"
CHARGE, REFUND, DISPUTE, PAYOUT = "charge", "refund", "dispute", "payout"
INVOICE, BANK, PAYROLL = "invoice", "bank", "payroll"

_DIGITS = 24


class News(msgspec.Struct, frozen=True, kw_only=True):
    """Something happened to the record `id` of a kind; `key` is the same whenever this event is told again."""

    key: str
    noun: str
    id: str


def hubspot(body: bytes) -> list[News]:
    """A list of events. `eventId` alone is not unique, says the vendor, so more of the event tells it apart."""
    found = []
    for event in msgspec.json.decode(body, type=list[dict[str, Any]]):
        told = str(event["subscriptionType"])
        noun = told.partition(".")[0]
        if noun not in (DEAL, COMPANY, LINE_ITEM):
            continue
        record = str(event.get("primaryObjectId") or event["objectId"])
        parts = (event["eventId"], told, record, event["occurredAt"], event.get("propertyName") or "")
        found.append(News(key=f"hubspot:{_digest(*parts)}", noun=noun, id=record))
    return found


def stripe(body: bytes) -> list[News]:
    """One event about one object of the gateway."""
    event = msgspec.json.decode(body, type=dict[str, Any])
    key, subject = str(event["id"]), event["data"]["object"]
    noun = str(subject["object"])
    if noun not in (CHARGE, REFUND, DISPUTE, PAYOUT):
        return []
    return [News(key=f"stripe:{key}", noun=noun, id=str(subject["id"]))]


def quickbooks(body: bytes, realm: str) -> list[News]:
    """Changes of the company's entities, in either of the vendor's two forms; the older one gives events no id."""
    told = msgspec.json.decode(body)
    changes = _cloud_events(told) if isinstance(told, list) else _notifications(told)
    return [
        News(key=f"quickbooks:{key}", noun=INVOICE, id=record)
        for of_realm, entity, record, key in changes
        if of_realm == realm and entity == INVOICE
    ]


def plaid(body: bytes, token: str) -> list[News]:
    """That the feed of an item has something. Two such events may be equal in every word, so each sending counts."""
    event = msgspec.json.decode(body, type=dict[str, Any])
    if event["webhook_type"] not in ("TRANSACTIONS", "ITEM"):
        return []
    return [News(key=f"plaid:{_digest(token)}", noun=BANK, id=str(event["item_id"]))]


def gusto_handshake(body: bytes) -> str | None:
    """The verification token with which a subscription begins: whoever knows it already may say yes. None for news."""
    told = msgspec.json.decode(body, type=dict[str, Any])
    return str(told["verification_token"]) if "verification_token" in told else None


def gusto(body: bytes, company: str) -> list[News]:
    """One event about one entity of a company; all but payrolls that were processed or cancelled is nothing to
    look at.
    """
    event = msgspec.json.decode(body, type=dict[str, Any])
    mine = event["resource_uuid"] == company and event["entity_type"] == "Payroll"
    if not mine or event["event_type"] not in ("payroll.processed", "payroll.cancelled"):
        return []
    return [News(key=f"gusto:{event['uuid']}", noun=PAYROLL, id=str(event["entity_uuid"]))]


def _notifications(told: Any) -> Iterator[tuple[str, str, str, str]]:
    for company in told["eventNotifications"]:
        realm = str(company["realmId"])
        for each in company["dataChangeEvent"]["entities"]:
            entity, record = str(each["name"]).lower(), str(each["id"])
            yield realm, entity, record, _digest(realm, entity, record, each["operation"], each["lastUpdated"])


def _cloud_events(told: list[Any]) -> Iterator[tuple[str, str, str, str]]:
    for each in told:
        entity = str(each["type"]).split(".")[1]
        yield str(each["intuitaccountid"]), entity, str(each["intuitentityid"]), str(each["id"])


def _digest(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:_DIGITS]
