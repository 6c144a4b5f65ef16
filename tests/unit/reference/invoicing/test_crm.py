"""What HubSpot tells is read whole, and read exactly."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from simharness.reference import mapping as package
from simharness.reference.invoicing import crm as module
from simharness.reference.invoicing.crm import MODIFIED, Crm, modified_ms_of
from simharness.reference.mapping import load

US = load(Path(package.__file__).parent.parent / "mappings" / "us-saas")
CEILING = 5


class Portal:
    """A search that never gives more than a few results, as HubSpot's gives no more than 10,000."""

    def __init__(self, *changed: datetime) -> None:
        self.objects = [
            {"id": str(number), "properties": {MODIFIED: each.isoformat()}} for number, each in enumerate(changed, 1)
        ]
        self.searches = 0

    def search(self, kind: str, filters: list[dict[str, Any]], properties: list[str], sort: str) -> list[Any]:
        self.searches += 1
        since_ms = int(filters[0]["value"])
        found = [each for each in self.objects if modified_ms_of(each) >= since_ms]
        return sorted(found, key=modified_ms_of)[:CEILING]


def read(monkeypatch: pytest.MonkeyPatch, portal: Portal) -> list[str]:
    monkeypatch.setattr(module, "SEARCH_CEILING", CEILING)
    crm = Crm(portal, US)  # type: ignore[arg-type]  # only its search is asked
    return [each["id"] for each in crm.changed_won_deals(0)]


START = datetime(2026, 1, 12, tzinfo=UTC)


def test_a_bulk_change_beyond_the_ceiling_of_a_search_is_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    portal = Portal(*(START + timedelta(seconds=n // 2) for n in range(13)))  # two of each second
    assert read(monkeypatch, portal) == [str(n) for n in range(1, 14)]
    assert portal.searches > 2


def test_more_than_the_ceiling_in_one_instant_does_not_read_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(read(monkeypatch, Portal(*[START] * (CEILING + 2)))) == CEILING
