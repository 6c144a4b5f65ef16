"""Companies of further entities are numbered in the environment, and one that is named by half is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from simharness.reference.errors import ConfigurationError
from simharness.reference.settings import Company, Settings

ENV = {
    "HUBSPOT_BASE_URL": "https://crm.test",
    "HUBSPOT_ACCESS_TOKEN": "crm",
    "QUICKBOOKS_BASE_URL": "https://ledger.test",
    "QUICKBOOKS_REALM_ID": "1",
    "STRIPE_BASE_URL": "https://gateway.test",
    "STRIPE_API_KEY": "gateway",
    "CONNECTOR_MAPPING": "mapping",
}


def test_each_further_entity_names_its_company_and_its_keys(tmp_path: Path) -> None:
    east = {"GUSTO_ENTITY_2": "east", "GUSTO_COMPANY_ID_2": "c2", "GUSTO_ACCESS_TOKEN_2": "t2"}
    north = {"GUSTO_ENTITY_3": "north", "GUSTO_COMPANY_ID_3": "c3", "GUSTO_REFRESH_TOKEN_3": "r3"}
    assert Settings.from_env(ENV | east | north, tmp_path).payers == (
        Company(entity="east", id="c2", access_token="t2"),
        Company(entity="north", id="c3", refresh_token="r3"),
    )
    assert Settings.from_env(ENV, tmp_path).payers == ()


@pytest.mark.parametrize(
    ("said", "missing"),
    [({"GUSTO_ENTITY_2": "east"}, "GUSTO_COMPANY_ID_2"), ({"GUSTO_COMPANY_ID_2": "c2"}, "GUSTO_ENTITY_2")],
)
def test_a_company_that_is_named_by_half_is_refused(tmp_path: Path, said: dict[str, str], missing: str) -> None:
    with pytest.raises(ConfigurationError, match=f"{missing}: is not set"):
        Settings.from_env(ENV | said, tmp_path)
