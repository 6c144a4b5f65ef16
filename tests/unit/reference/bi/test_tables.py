"""The connector's own copy of the curated tables is the published contract."""

from importlib.resources import files


def test_the_copy_is_the_contract() -> None:
    package = files("simharness")
    contract = (package / "bi" / "contract" / "tables.sql").read_text(encoding="utf-8")
    assert (package / "reference" / "bi" / "tables.sql").read_text(encoding="utf-8") == contract
