"""A profile is chosen in words, and what makes no sense is told to people."""

from __future__ import annotations

from datetime import timedelta

import pytest

from simharness.core.errors import UsageError
from simharness.fakekit.idempotency import PROFILES, Again
from simharness.fakekit.idempotency.choosing import profiles_of
from simharness.world.registry import installed_packs


def test_a_vendor_is_given_a_profile_by_name() -> None:
    assert profiles_of(["quickbooks=none", "stripe=moov"], installed_packs()) == {
        "quickbooks": PROFILES["none"],
        "stripe": PROFILES["moov"],
    }


def test_what_a_profile_leaves_open_can_be_chosen() -> None:
    profile = profiles_of(["quickbooks=xero,window_s=600,other_body=replay"], installed_packs())["quickbooks"]
    assert profile.window == timedelta(minutes=10)
    assert profile.other_body.again is Again.REPLAY
    assert profile.max_length == 128


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("quickbooks", "names no profile"),
        ("quickbooks=", "no profile ''"),
        ("quickbooks=strpe_v1", "did you mean 'stripe_v1'"),
        ("quickboks=none", "did you mean 'quickbooks'"),
        ("gusto=none", "takes no idempotency keys"),
        ("hubspot=none", "a unique property"),
        ("quickbooks=moov,window_s=5", "does not leave 'window_s' open"),
        ("quickbooks=xero,window_s=soon", "no number of seconds"),
        ("quickbooks=xero,window_s=0", "no number of seconds"),
        ("quickbooks=xero,other_body=shrug", "use one of: replay, refuse"),
    ],
)
def test_a_choice_that_makes_no_sense_is_told(text: str, says: str) -> None:
    with pytest.raises(UsageError) as refused:
        profiles_of([text], installed_packs())
    assert says in str(refused.value)


def test_a_vendor_has_one_profile() -> None:
    with pytest.raises(UsageError, match="two profiles"):
        profiles_of(["stripe=none", "stripe=ietf"], installed_packs())
