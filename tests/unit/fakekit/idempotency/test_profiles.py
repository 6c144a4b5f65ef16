"""The table of profiles, as the vendors state it: what each answers to a key that it has seen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from simharness.domain.exchange import Response
from simharness.fakekit.idempotency import PROFILES, Key, KeyStore, Tells, Verdict

START = datetime(2026, 1, 5, tzinfo=UTC)
DONE, REFUSED, BROKEN = (Response(status=status, body=b"{}") for status in (201, 400, 500))
MINUTE, HOUR, EVER = 60, 3600, None

#: Per profile: same body, other body, in flight, life of a key in seconds, which of a refusal (400) and an own error
#: (500) is remembered. A number is the status of a refusal, + marks, @ gives the Location, # the existing id.
TABLE = (
    ("ietf", "replay", "422", "409", 24 * HOUR, (True, True)),
    ("ietf_lax", "replay", "422", "409", 24 * HOUR, (True, True)),
    ("stripe_v1", "replay+", "400", "409", 24 * HOUR, (True, True)),
    ("quickbooks", "replay", "replay", "replay", EVER, (False, False)),
    ("xero", "replay", "400", "replay", 6 * MINUTE, (False, False)),
    ("netsuite_async", "400@", "400@", "400@", EVER, (False, False)),
    ("qonto", "replay", "replay", "replay", 30 * MINUTE, (False, False)),
    ("checkbook", "replay", "second", "replay", EVER, (False, False)),
    ("moov", "409", "409", "409", EVER, (False, False)),
    ("increase", "replay+", "409#", "replay+", EVER, (False, False)),
    ("zuora", "replay", "422", "409", 24 * HOUR, (True, True)),
    ("sage", "replay", "replay", "replay", EVER, (False, False)),
    ("external_id", "update", "update", "update", EVER, (False, False)),
    ("none", "second", "second", "second", EVER, (False, False)),
)
_SIGN = {Tells.NOTHING: "", Tells.MARK: "+", Tells.LOCATION: "@", Tells.EXISTING: "#"}


def told(store: KeyStore, body: str, at: datetime = START) -> str:
    """An answer in the words of the table."""
    opening = store.begin(Key(value='"k"', scope="a", fingerprint=body), at)
    if opening.verdict in (Verdict.NEW, Verdict.ANEW):
        return "second"
    sign = _SIGN[opening.rule.tells] if opening.rule else ""
    if opening.verdict in (Verdict.REPLAY, Verdict.UPDATE):
        assert opening.first is not None
        return f"{opening.verdict.value}{sign}"
    return f"{opening.status}{sign}"


def after(name: str, response: Response = DONE) -> KeyStore:
    store = KeyStore(PROFILES[name])
    assert told(store, "body") == "second"
    store.finish(response, START)
    return store


@pytest.mark.parametrize(("name", "same", "other", "in_flight", "life_s", "errors"), TABLE)
def test_a_profile_answers_as_its_row_says(
    name: str, same: str, other: str, in_flight: str, life_s: int | None, errors: tuple[bool, bool]
) -> None:
    assert told(after(name), "body") == same
    assert told(after(name), "other") == other
    held = after(name)
    held.hold(START + timedelta(seconds=10))
    assert told(held, "body", START + timedelta(seconds=9)) == in_flight
    if life_s is None:
        assert told(after(name), "body", START + timedelta(days=4000)) == same
    else:
        assert told(after(name), "body", START + timedelta(seconds=life_s - 1)) == same
        assert told(after(name), "body", START + timedelta(seconds=life_s)) == "second"
    assert tuple(told(after(name, answer), "body") != "second" for answer in (REFUSED, BROKEN)) == errors


def test_every_profile_has_a_row() -> None:
    assert [row[0] for row in TABLE] == list(PROFILES)


def test_a_key_that_is_ignored_for_another_body_still_stands_for_the_first() -> None:
    store = after("checkbook")
    assert [told(store, body) for body in ("other", "other", "body")] == ["second", "second", "replay"]
