"""Each profile answers a key seen before in its vendor's way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from simharness.domain.exchange import Response
from simharness.fakekit.idempotency import PROFILES, KeyStore, Verdict

START = datetime(2026, 1, 5, tzinfo=UTC)
DONE, REFUSED, BROKEN = (Response(status=status, body=str(status).encode()) for status in (200, 400, 500))


def answered(profile: str, response: Response) -> KeyStore:
    store = KeyStore(PROFILES[profile])
    assert store.begin("acct", "k", "body", START) == (Verdict.NEW, None)
    store.finish("acct", "k", response)
    return store


@pytest.mark.parametrize(
    ("profile", "response", "same", "other"),
    [
        ("stripe_v1", DONE, Verdict.REPLAY, Verdict.MISMATCH),
        ("stripe_v1", BROKEN, Verdict.REPLAY, Verdict.MISMATCH),
        ("quickbooks", DONE, Verdict.REPLAY, Verdict.REPLAY),
        ("quickbooks", REFUSED, Verdict.NEW, Verdict.NEW),
        ("quickbooks", BROKEN, Verdict.NEW, Verdict.NEW),
        ("none", DONE, Verdict.NEW, Verdict.NEW),
    ],
)
def test_a_finished_key_is_answered_by_profile(profile: str, response: Response, same: Verdict, other: Verdict) -> None:
    for body, wanted in (("body", same), ("another", other)):
        verdict, remembered = answered(profile, response).begin("acct", "k", body, START)
        assert verdict is wanted
        assert remembered == (response if wanted is Verdict.REPLAY else None)


def test_a_key_that_was_begun_is_in_flight_until_it_is_finished_or_forgotten() -> None:
    store = KeyStore(PROFILES["stripe_v1"])
    store.begin("acct", "k", "body", START)
    assert store.begin("acct", "k", "body", START)[0] is Verdict.IN_FLIGHT
    store.forget("acct", "k")
    assert store.begin("acct", "k", "other", START)[0] is Verdict.NEW


def test_a_key_belongs_to_its_scope() -> None:
    store = answered("stripe_v1", DONE)
    assert store.begin("another", "k", "body", START)[0] is Verdict.NEW


def test_a_key_is_new_after_its_window_and_not_before() -> None:
    store = answered("stripe_v1", DONE)
    day = timedelta(hours=24)
    assert store.begin("acct", "k", "body", START + day - timedelta(microseconds=1))[0] is Verdict.REPLAY
    assert store.begin("acct", "k", "other", START + day)[0] is Verdict.NEW
    forever = answered("quickbooks", DONE)
    assert forever.begin("acct", "k", "body", START + 1000 * day)[0] is Verdict.REPLAY


def test_finishing_an_unknown_key_remembers_nothing() -> None:
    store = KeyStore(PROFILES["stripe_v1"])
    store.finish("acct", "k", DONE)
    assert list(store.keys()) == []


def test_a_fork_remembers_for_itself() -> None:
    store = answered("stripe_v1", DONE)
    twin = store.fork()
    twin.forget("acct", "k")
    twin.begin("acct", "k2", "body", START)
    assert list(store.keys()) == [("acct", "k")]
    assert list(twin.keys()) == [("acct", "k2")]
