"""Stripe's dialect: charges, payouts and the movements of the balance, list paging, minor units and unix seconds.

This connector only reads there.
"""

from __future__ import annotations

from collections.abc import Iterator

import httpx

from simharness.reference.vendors.http import Caller, Json, Patience, Request

PAGE = 100


class Stripe:
    """The gateway account."""

    def __init__(self, client: httpx.Client, base_url: str, api_key: str, *, patience: Patience | None = None) -> None:
        self._base = base_url.rstrip("/")
        self._caller = Caller(
            "stripe", client, authorize=lambda: f"Bearer {api_key}", explain=_explain, patience=patience
        )

    def begin(self) -> None:
        """A pass or an act begins: what was refused before is worth asking again."""
        self._caller.begin()

    def charges(self, since_s: int) -> Iterator[Json]:
        """Charges created at or after the unix second, newest first, each with its customer and its movement of the
        balance expanded.
        """
        return self._list("/v1/charges", since_s, "data.customer", "data.balance_transaction")

    def charge(self, charge_id: str) -> Json:
        """One charge as it stands, with the same expanded."""
        return self._get(f"/v1/charges/{charge_id}", [("expand[]", "customer"), ("expand[]", "balance_transaction")])

    def movements(self, since_s: int) -> Iterator[Json]:
        """Balance transactions of every type created at or after the unix second, newest first, each with its source
        expanded.
        """
        return self._list("/v1/balance_transactions", since_s, "data.source")

    def movements_of(self, source_id: str) -> Iterator[Json]:
        """Balance transactions that a charge, refund, dispute or payout caused, as `movements` gives them."""
        return self._pages("/v1/balance_transactions", [("source", source_id)], "data.source")

    def movement(self, movement_id: str) -> Json:
        """One balance transaction as it stands, its source expanded."""
        return self._get(f"/v1/balance_transactions/{movement_id}", [("expand[]", "source")])

    def payout(self, payout_id: str) -> Json:
        """One payout as it stands."""
        return self._get(f"/v1/payouts/{payout_id}", [])

    def _list(self, path: str, since_s: int, *expand: str) -> Iterator[Json]:
        return self._pages(path, [("created[gte]", str(since_s))], *expand)

    def _pages(self, path: str, which: list[tuple[str, str]], *expand: str) -> Iterator[Json]:
        params = [*which, ("limit", str(PAGE)), *(("expand[]", each) for each in expand)]
        after: list[tuple[str, str]] = []
        while True:
            page = self._get(path, params + after)
            yield from page["data"]
            if not page["has_more"] or not page["data"]:
                return
            after = [("starting_after", page["data"][-1]["id"])]

    def _get(self, path: str, params: list[tuple[str, str]]) -> Json:
        return self._caller.json(Request(method="GET", url=self._base + path, params=params))


def _explain(answer: httpx.Response) -> tuple[str, str]:
    try:
        error = answer.json()["error"]
        return str(error.get("code") or error.get("type") or ""), str(error.get("message") or "")
    except (ValueError, KeyError, TypeError, AttributeError):
        return "", answer.reason_phrase
