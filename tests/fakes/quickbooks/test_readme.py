"""The pack's own page tells the truth."""

from __future__ import annotations

from importlib.resources import files

from simharness.fakekit.contract import load
from simharness_fakes.quickbooks import PACK

_README = (files(PACK.package) / "README.md").read_text(encoding="utf-8")


def test_the_page_lists_exactly_the_operations_of_the_contract() -> None:
    declared = {
        f"{operation.method} {operation.template.removeprefix('/v3/company/{realmId}')}"
        for operation in load(PACK.package)
    }
    table = _README.partition("## What it does")[2].partition("A POST without")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ")][1:]
    listed = {name.strip("` ") for row in rows for name in row.split("|")[2].split("·")}
    assert listed == declared


def test_the_page_names_only_options_that_exist() -> None:
    names = {option.name for option in PACK.options}
    for named in ("requestid_other_body", "retry_after"):
        assert f"`{named}`" in _README
        assert named in names
