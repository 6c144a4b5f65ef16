"""Whose a record is comes from a field of it; what names nobody is refused by one entity only."""

from __future__ import annotations

import pytest

from simharness.reference.errors import Rejected
from simharness.reference.seat import ALONE, Seat

WEST, EAST = (Seat(entity=name, group=("west", "east"), owner="west") for name in ("west", "east"))


def test_alone_everything_is_kept_and_nothing_asked() -> None:
    for entity in ("", "main", "elsewhere"):
        assert ALONE.keeps(entity)
        ALONE.check("deal 1", entity)
    assert ALONE.has_gateway


@pytest.mark.parametrize("entity", ["west", "east", "", "north"])
def test_every_record_is_looked_at_by_exactly_one_entity(entity: str) -> None:
    assert WEST.keeps(entity) != EAST.keeps(entity)


def test_the_gateway_is_its_owners() -> None:
    assert (WEST.has_gateway, EAST.has_gateway) == (True, False)


@pytest.mark.parametrize(("entity", "says"), [("", "names no entity"), ("north", "the entity 'north', which keeps no")])
def test_what_names_nobody_is_refused_with_the_names_there_are(entity: str, says: str) -> None:
    with pytest.raises(Rejected, match=f"deal 1 .*{says}.*west, east") as refused:
        WEST.check("deal 1", entity)
    assert refused.value.code == "unknown_entity"


def test_what_is_billed_here_and_given_away_is_for_a_person_to_look_at() -> None:
    EAST.check("deal 1", "east", billed=True)
    with pytest.raises(Rejected, match="is billed by east, and names west now"):
        EAST.check("deal 1", "west", billed=True)
