"""A key on virtual time: begun, in flight, finished, and new again after its window."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from simharness.domain.exchange import Response
from simharness.fakekit.idempotency import PROFILES, Key, KeyStore, Opening, Verdict

START = datetime(2026, 1, 5, tzinfo=UTC)
SECOND, DAY = timedelta(seconds=1), timedelta(hours=24)
DONE, REFUSED, BROKEN = (Response(status=status, body=str(status).encode()) for status in (200, 400, 500))


def asked(
    store: KeyStore, body: str = "body", *, key: str = '"k"', scope: str = "acct", at: datetime = START
) -> Opening:
    return store.begin(Key(value=key, scope=scope, fingerprint=body), at)


def answered(profile: str, response: Response = DONE) -> KeyStore:
    store = KeyStore(PROFILES[profile])
    assert asked(store).verdict is Verdict.NEW
    store.finish(response, START)
    return store


def test_a_key_that_was_begun_is_in_flight_until_it_is_finished() -> None:
    store = KeyStore(PROFILES["stripe_v1"])
    asked(store)
    assert asked(store).verdict is Verdict.IN_FLIGHT
    assert asked(store).status == 409


def test_a_slow_answer_keeps_its_key_in_flight_for_just_so_long() -> None:
    store = answered("stripe_v1")
    store.hold(START + 3 * SECOND)
    assert asked(store, at=START + 2 * SECOND).verdict is Verdict.IN_FLIGHT
    assert asked(store, at=START + 3 * SECOND).first == DONE


def test_a_slow_refusal_is_in_flight_as_well_and_forgotten_then() -> None:
    store = KeyStore(PROFILES["zuora"])
    asked(store, key="other")
    store = answered("quickbooks", REFUSED)
    store.hold(START + 3 * SECOND)
    assert asked(store, at=START + 2 * SECOND).verdict is Verdict.IN_FLIGHT
    assert asked(store, at=START + 3 * SECOND).verdict is Verdict.NEW


def test_an_answer_that_is_out_cannot_be_held_any_more() -> None:
    store = answered("stripe_v1")
    store.release()
    store.hold(START + DAY)
    store.instead(BROKEN, START)
    assert asked(store).first == DONE


@pytest.mark.parametrize(("profile", "kept"), [("stripe_v1", BROKEN), ("zuora", BROKEN), ("quickbooks", DONE)])
def test_an_error_after_the_work_is_what_is_replayed_where_errors_are_remembered(profile: str, kept: Response) -> None:
    store = answered(profile)
    store.instead(BROKEN, START)
    assert asked(store).first == kept


def test_a_key_belongs_to_its_scope() -> None:
    assert asked(answered("stripe_v1"), scope="another").verdict is Verdict.NEW


def test_a_key_is_new_after_its_window_and_not_before() -> None:
    store = answered("stripe_v1")
    assert asked(store, at=START + DAY - timedelta(microseconds=1)).verdict is Verdict.REPLAY
    assert asked(store, "other", at=START + DAY).verdict is Verdict.NEW
    assert asked(answered("moov"), at=START + 1000 * DAY).verdict is Verdict.DONE


def test_a_key_in_flight_outlives_its_window() -> None:
    store = answered("stripe_v1")
    store.hold(START + 2 * DAY)
    assert asked(store, at=START + DAY).verdict is Verdict.IN_FLIGHT


def test_what_was_not_begun_is_forgotten_only_where_the_profile_asks() -> None:
    for profile, verdict in (("stripe_v1", Verdict.NEW), ("ietf", Verdict.REPLAY)):
        store = KeyStore(PROFILES[profile])
        asked(store)
        store.finish(REFUSED, START, remembers=False)
        assert asked(store).verdict is verdict


def test_a_key_may_be_as_long_as_the_profile_says() -> None:
    for name, length in (("quickbooks", 50), ("xero", 128), ("increase", 200), ("stripe_v1", 255)):
        store = KeyStore(PROFILES[name])
        assert asked(store, key="k" * length).verdict is Verdict.NEW
        too_long = asked(store, key="k" * (length + 1))
        assert (too_long.verdict, too_long.status) == (Verdict.TOO_LONG, 400)


def test_the_strict_draft_wants_a_key_in_quotes_and_the_lax_one_takes_both() -> None:
    strict, lax = KeyStore(PROFILES["ietf"]), KeyStore(PROFILES["ietf_lax"])
    for bad in ("k", '"k', '"a"b"', '"\x7f"', '"a\\b"'):
        assert asked(strict, key=bad).verdict is Verdict.NOT_QUOTED
    assert asked(strict, key=r'"a\"b\\"').verdict is Verdict.NEW
    assert asked(strict, key='""').verdict is Verdict.NEW
    assert asked(lax, key="k").verdict is Verdict.NEW
    lax.finish(DONE, START)
    assert asked(lax, key='"k"').verdict is Verdict.REPLAY
    # What is in a query or a body has no quotes of a header.
    assert strict.begin(Key(value="bare", scope="a", fingerprint="b", header=False), START).verdict is Verdict.NEW


def test_a_fork_remembers_for_itself() -> None:
    store = answered("stripe_v1")
    twin = store.fork()
    asked(twin, key="k2")
    assert list(store.keys()) == [("acct", '"k"')]
    assert list(twin.keys()) == [("acct", '"k"'), ("acct", "k2")]
