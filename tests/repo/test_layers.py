"""The rooms import each other as the house is built, and each contract is shown to catch what it forbids."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Sequence
from configparser import ConfigParser
from pathlib import Path

import pytest

from tests.repo import tree

CONFIG = tree.ROOT / ".importlinter"
FAMILIES = ("crm", "payroll", "accounting", "payments", "banking", "operations")
ROOMS_BELOW_PACKS = frozenset({"fakekit", "domain", "core"})


def lint(*search: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter with the project's contracts on the packages that the search path leads to."""
    script = (
        "from importlinter.cli import lint_imports_command as main; main(['--no-cache', '--no-logo', '--config', %r])"
    )
    return subprocess.run(
        [sys.executable, "-c", script % str(CONFIG)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, search)), "COLUMNS": "400", "NO_COLOR": "1"},
        cwd=search[0], capture_output=True, text=True, timeout=120,
    )  # fmt: skip


def contracts() -> dict[str, dict[str, str]]:
    parser = ConfigParser()
    parser.read(CONFIG, encoding="utf-8")
    return {
        name.split(":")[2]: dict(parser[name])
        for name in parser.sections()
        if name.startswith("importlinter:contract:")
    }


def names(setting: str) -> list[str]:
    return [word.strip("()") for word in setting.replace("|", " ").replace(":", " ").split()]


def test_the_house_keeps_its_layers() -> None:
    result = lint(tree.ROOT / "src", tree.ROOT / "fakes")
    assert result.returncode == 0, result.stdout + result.stderr


# --- what the contracts leave to us -----------------------------------------------------------------------------------


def test_contracts_that_list_the_rooms_list_all_of_them() -> None:
    rooms = {f"simharness.{name}" for name in names(contracts()["rooms"]["layers"])}
    packs, stands, foreign = (
        set(names(contracts()[c]["layers"]))
        for c in ("packs-stand-on-fakekit", "reference-stands-alone", "reference-is-foreign")
    )
    below = {f"simharness.{name}" for name in ROOMS_BELOW_PACKS}
    assert packs == rooms - below | {"simharness.reference", "simharness_fakes"}
    assert stands == foreign == rooms | {"simharness.reference", "simharness_fakes"}


def test_every_vendor_belongs_to_one_family_and_is_kept_from_the_others() -> None:
    vendors, engines = (names(line) for line in contracts()["packs"]["layers"].strip().splitlines())
    assert set(engines) == set(FAMILIES)
    placed = []
    for name, contract in contracts().items():
        if name.startswith("family-"):
            above, below = (names(line) for line in contract["layers"].strip().splitlines())
            family = name.removeprefix("family-")
            assert {f"simharness_fakes.{other}" for other in FAMILIES if other != family} == set(above)
            placed += [pack.removeprefix("simharness_fakes.") for pack in below]
    assert sorted(placed) == sorted(vendors)


def imported(text: str) -> set[str]:
    """The full names of all modules that a file imports, wherever in the file."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add("." * node.level + (node.module or ""))
    return found


def foreign(text: str, own: str) -> set[str]:
    """Imports that are neither the standard library nor the room itself."""
    return {
        name
        for name in imported(text)
        if name.split(".")[0] not in sys.stdlib_module_names and name != own and not name.startswith((own + ".", "."))
    }


def test_the_core_needs_the_standard_library_only() -> None:
    found = {
        path: extra
        for path, text in tree.texts("src/simharness/core", suffix=".py")
        if (extra := foreign(text, "simharness.core"))
    }
    assert not found
    assert foreign("import json\nfrom simharness.core.money import Money\nimport msgspec", "simharness.core") == {
        "msgspec"
    }


def test_the_package_itself_imports_none_of_its_rooms() -> None:
    text = (tree.ROOT / "src/simharness/__init__.py").read_text(encoding="utf-8")
    assert not [name for name in imported(text) if name.split(".")[0] not in sys.stdlib_module_names]


# --- each contract catches what it forbids ----------------------------------------------------------------------------


def house(folder: Path, planted: dict[str, str]) -> list[Path]:
    """Both packages with every room and pack that the contracts know, all empty, and some planted modules."""
    rooms = [*names(contracts()["rooms"]["layers"]), "reference"]
    rooms += [f"reference.{name}" for name in names(contracts()["reference-rooms"]["layers"])]
    packs = names(contracts()["packs"]["layers"])
    modules = {f"simharness.{room}": "" for room in rooms} | {f"simharness_fakes.{pack}": "" for pack in packs}
    for name, text in (modules | planted).items():
        package = folder.joinpath(*name.split("."))
        package.mkdir(parents=True, exist_ok=True)
        (package / "__init__.py").write_text(text, encoding="utf-8")
    for root in ("simharness", "simharness_fakes"):
        (folder / root / "__init__.py").touch()
    return [folder]


def broken(folder: Path, planted: dict[str, str]) -> Sequence[str]:
    """The ids of the contracts that do not hold in such a house."""
    result = lint(*house(folder, planted))
    assert result.returncode in (0, 1), result.stdout + result.stderr
    verdicts = {name: contract["name"] for name, contract in contracts().items()}
    assert all(title in result.stdout for title in verdicts.values()), result.stdout + result.stderr
    return [name for name, title in verdicts.items() if f"{title} BROKEN" in result.stdout]


def test_an_empty_house_keeps_every_contract(tmp_path: Path) -> None:
    assert broken(tmp_path, {}) == []


FOR_TYPES = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import simharness.domain"
CHECKS = "simharness.checks.planted"
PLANTED = [
    ("rooms", "simharness.domain.planted", "import simharness.world"),
    ("rooms", "simharness.core.planted", FOR_TYPES),
    ("rooms", "simharness.stories.planted", "def f():\n    import simharness.report"),
    ("rooms", "simharness.cli.planted", "import simharness.bdd"),
    ("rooms", "simharness.pytest_plugin.planted", "from simharness import cli"),
    ("rooms", "simharness.utils", ""),
    ("packs-are-plugins", "simharness.world.planted", "from simharness_fakes import packs"),
    ("packs-stand-on-fakekit", "simharness_fakes.stripe.planted", "import simharness.world"),
    ("packs-stand-on-fakekit", "simharness_fakes.crm.planted", "import simharness.checks"),
    ("packs", "simharness_fakes.hubspot.planted", "import simharness_fakes.stripe"),
    ("packs", "simharness_fakes.crm.planted", "import simharness_fakes.accounting"),
    ("packs", "simharness_fakes.crm.planted", "import simharness_fakes.hubspot"),
    ("packs", "simharness_fakes.netsuite", ""),
    ("family-crm", "simharness_fakes.hubspot.planted", "import simharness_fakes.accounting"),
    ("family-payroll", "simharness_fakes.gusto.planted", "import simharness_fakes.banking"),
    ("family-accounting", "simharness_fakes.quickbooks.planted", "import simharness_fakes.crm"),
    ("family-payments", "simharness_fakes.stripe.planted", "import simharness_fakes.accounting"),
    ("family-banking", "simharness_fakes.plaid.planted", "import simharness_fakes.payments"),
    ("family-operations", "simharness_fakes.alerts.planted", "import simharness_fakes.accounting"),
    ("family-identity", "simharness_fakes.signon.planted", "import simharness_fakes.operations"),
    ("oracle", CHECKS, "import simharness.world"),
    ("oracle", CHECKS, "import simharness.fakekit"),
    ("oracle", CHECKS, "import simharness.connectors"),
    ("oracle", CHECKS, "import simharness_fakes.accounting"),
    ("reference-stands-alone", "simharness.reference.planted", "from simharness.core import money"),
    ("reference-stands-alone", "simharness.reference.planted", "import simharness_fakes.crm"),
    ("reference-is-foreign", "simharness.connectors.planted", "import simharness.reference"),
    ("reference-rooms", "simharness.reference.vendors.planted", "import simharness.reference.selling"),
]  # fmt: skip


@pytest.mark.parametrize(("contract", "module", "text"), PLANTED)
def test_a_planted_breach_breaks_its_contract(contract: str, module: str, text: str, tmp_path: Path) -> None:
    assert contract in broken(tmp_path, {module: text, "simharness.core.money": ""})


def test_every_contract_has_a_planted_breach() -> None:
    assert {contract for contract, _, _ in PLANTED} == set(contracts())


def test_the_checks_may_not_reach_the_world_through_another_room(tmp_path: Path) -> None:
    planted = {"simharness.bi.planted": "import simharness.world", CHECKS: "import simharness.bi.planted"}
    assert "oracle" in broken(tmp_path, planted)
