"""A grant is renewed before it dies, also where nobody needed it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import time_machine

from simharness.reference.errors import Refused, Unavailable
from simharness.reference.vendors.http import TryAgain
from simharness.reference.vendors.quickbooks import QuickBooks
from simharness.reference.vendors.tokens import Grant, Tokens

START = datetime(2026, 1, 5, 17, tzinfo=UTC)
MONTH_S = 30 * 86_400
CONFIGURED = Grant(client_id="c", client_secret="s", access_token="a0", refresh_token="r0", origin="r0")


class Memory:
    """What a database remembers, over restarts."""

    def __init__(self) -> None:
        self.grants: dict[str, tuple[str, str, str, int]] = {}
        self.settings: dict[str, str] = {}

    def load_grant(self, vendor: str) -> tuple[str, str, str, int] | None:
        return self.grants.get(vendor)

    def save_grant(self, vendor: str, access: str, refresh: str, origin: str, expires_at: int) -> None:
        self.grants[vendor] = (access, refresh, origin, expires_at)

    def get_setting(self, name: str, default: str = "") -> str:
        return self.settings.get(name, default)

    def set_setting(self, name: str, value: str) -> None:
        self.settings[name] = value


def kept_alive(memory: Memory, *days: int, configured: Grant = CONFIGURED) -> list[int]:
    """The days on which the grant was renewed, where it is looked after on these, each time after a restart."""
    renewed = []
    for day in days:

        def ask(grant: Grant, day: int = day) -> Grant:
            renewed.append(day)
            return replace(grant, access_token=f"a{day}", expires_at=int(datetime.now(UTC).timestamp()) + 3600)

        with time_machine.travel(START + timedelta(days=day), tick=False):
            Tokens("ledger", memory, configured).keep_alive(ask, MONTH_S)
    return renewed


def test_a_grant_that_nobody_needs_is_renewed_once_a_month() -> None:
    assert kept_alive(Memory(), 0, 10, 29, 31, 32, 61, 62, 63, 70) == [31, 62]


def test_the_age_of_a_configured_grant_counts_from_the_first_look() -> None:
    assert kept_alive(Memory(), 40, 69, 71) == [71]


def test_another_grant_that_is_configured_begins_anew() -> None:
    memory = Memory()
    assert kept_alive(memory, 0) == []
    fresh = replace(CONFIGURED, refresh_token="other", origin="other")
    assert kept_alive(memory, 35, 64, 66, configured=fresh) == [66]


class Asked:
    """How often a vendor was asked, which answers with one error until it is well."""

    def __init__(self, error: Exception) -> None:
        self.error: Exception | None = error
        self.count = 0

    def __call__(self, grant: Grant) -> Grant:
        self.count += 1
        if self.error is not None:
            raise self.error
        return replace(grant, access_token="a1")


def test_a_refusal_for_good_is_told_again_and_not_asked_about_for_a_while() -> None:
    tokens, ask = Tokens("ledger", Memory(), CONFIGURED), Asked(Refused("ledger", 400, "invalid_grant", "dead"))
    with time_machine.travel(START, tick=False) as clock:
        for _ in range(3):
            with pytest.raises(Refused, match="invalid_grant"):
                tokens.refresh(ask)
        assert ask.count == 1
        clock.shift(30)
        ask.error = None
        assert tokens.refresh(ask)
        assert ask.count == 2


def test_failures_in_a_row_are_enough_for_a_while_and_one_success_makes_them_good() -> None:
    tokens, ask = Tokens("ledger", Memory(), CONFIGURED), Asked(TryAgain("503"))
    with time_machine.travel(START, tick=False) as clock:
        for _ in range(5):
            with pytest.raises(TryAgain):
                tokens.refresh(ask)
        with pytest.raises(Unavailable, match="just now"):
            tokens.refresh(ask)
        assert ask.count == 5
        clock.shift(30)
        ask.error = None
        assert tokens.refresh(ask)
        ask.error = TryAgain("503")
        with pytest.raises(TryAgain):
            tokens.refresh(ask)


def test_a_ledger_that_is_out_when_its_grant_is_looked_after_stops_nothing() -> None:
    """The grant has rested for a month, and five calls in a row were told nothing just now: the next call tells it."""
    memory, asked = Memory(), []

    def out(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(503)

    with time_machine.travel(START, tick=False) as now:
        client = httpx.Client(transport=httpx.MockTransport(out))
        ledger = QuickBooks(
            client, "http://ledger.test", "http://login.test", "1", Tokens("ledger", memory, CONFIGURED)
        )
        ledger.keep_alive()
        now.shift(timedelta(days=31))
        for _ in range(9):
            ledger.keep_alive()
    assert len(asked) == 5


def test_a_ledger_that_only_quarters_need_keeps_its_grant() -> None:
    """It dies 100 days after its last use. On 8 January it has rested for a week and a day; on 10 April, 92 days after,
    it is renewed again.
    """
    memory, days = Memory(), []
    first = datetime(2026, 1, 1, tzinfo=UTC)
    for day in (0, 8, 8 + 92):
        asked: list[httpx.Request] = []

        def grants(request: httpx.Request, seen: list[httpx.Request] = asked) -> httpx.Response:
            seen.append(request)
            return httpx.Response(200, json={"access_token": "new", "refresh_token": "next", "expires_in": 3600})

        with time_machine.travel(first + timedelta(days=day), tick=False):
            client = httpx.Client(transport=httpx.MockTransport(grants))
            QuickBooks(
                client, "http://ledger.test", "http://login.test", "1", Tokens("ledger", memory, CONFIGURED)
            ).keep_alive()
        days += [day] * len(asked)
    assert days == [8, 100]
