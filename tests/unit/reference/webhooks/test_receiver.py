"""A webhook of Gusto is taken under its verification token only, and so is the handshake that begins it."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from simharness.reference.memory.store import Store
from simharness.reference.settings import WEBHOOKS, Settings
from simharness.reference.webhooks.inbox import Inbox
from simharness.reference.webhooks.receiver import Receiver

TOKEN = "verify-me"
EVENT = json.dumps(
    {
        "uuid": "e1",
        "event_type": "payroll.processed",
        "resource_uuid": "c1",
        "entity_type": "Payroll",
        "entity_uuid": "p1",
    }
).encode()


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Inbox]:
    store = Store(f"sqlite:///{tmp_path / 'state.db'}")
    yield Inbox(store, listens=True)
    store.close()


def receiver(inbox: Inbox, token: str = TOKEN) -> Receiver:
    settings = Settings(
        hubspot_base_url="https://crm.test", hubspot_access_token="t", quickbooks_base_url="https://books.test",
        quickbooks_realm_id="1", stripe_base_url="https://pay.test", stripe_api_key="k", mapping=Path("m"),
        state_url="sqlite://", evidence_file=Path("e"), listens=WEBHOOKS, webhook_url="https://me.test",
        gusto_company_id="c1", gusto_verification_token=token,
    )  # fmt: skip
    return Receiver(settings, inbox, None)


def signed(body: bytes, token: str = TOKEN) -> dict[str, str]:
    return {"x-gusto-signature": hmac.new(token.encode(), body, hashlib.sha256).hexdigest()}


def test_a_signed_event_is_remembered_and_the_same_again_is_nothing_new(inbox: Inbox) -> None:
    for _ in range(2):
        assert receiver(inbox).receive("POST", "/gusto", signed(EVENT), EVENT)[0] == 200
    assert inbox.waiting("gusto").of("payroll") == ["p1"]


@pytest.mark.parametrize("headers", [{}, signed(EVENT, "another"), signed(b"{}")])
def test_what_is_not_signed_so_is_turned_away(inbox: Inbox, headers: dict[str, str]) -> None:
    assert receiver(inbox).receive("POST", "/gusto", headers, EVENT)[0] == 401
    assert inbox.waiting("gusto").keys == ()


@pytest.mark.parametrize(("token", "status"), [(TOKEN, 200), ("another", 401), ("", 401)])
def test_a_handshake_is_answered_for_the_own_token_only(inbox: Inbox, token: str, status: int) -> None:
    body = json.dumps({"verification_token": token, "webhook_subscription_uuid": "s1"}).encode()
    assert receiver(inbox).receive("POST", "/gusto", {}, body)[0] == status
    assert inbox.waiting("gusto").keys == ()


def test_nobody_listens_where_no_token_is_set(inbox: Inbox) -> None:
    assert receiver(inbox, "").receive("POST", "/gusto", signed(EVENT, ""), EVENT)[0] == 404
