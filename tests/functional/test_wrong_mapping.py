"""A wrong mapping never passes: the run ends with findings that name the invariant and both figures."""

from __future__ import annotations

import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from simharness.core.content import content_folder
from tests.functional.command import simharness

#: The worked case of San Francisco: printers 1,671.62 after discount, taxed 121.19 + 22.98; service 1,900.00, untaxed.
STORY = content_folder("scenarios") / "discounts" / "san_francisco.yaml"
NAME = "income shown net"


def broken(folder: Path, file: str, *changes: tuple[str, str]) -> Path:
    """The shipped mapping with something wrong in one file."""
    mapping = folder / "us-saas"
    shutil.copytree(Path(str(files("simharness"))) / "reference" / "mappings" / "us-saas", mapping)
    text = (mapping / file).read_text()
    for number, (old, _) in enumerate(changes):
        assert old in text, f"{file} no longer says {old!r}"
        text = text.replace(old, f"\0{number}")  # placeholders, so that two things can change places
    for number, (_, new) in enumerate(changes):
        text = text.replace(f"\0{number}", new)
    (mapping / file).write_text(text)
    return mapping


@pytest.mark.parametrize(
    ("file", "changes", "check", "figures"),
    [
        pytest.param(
            "taxes.yaml",
            [("goods: CA San Francisco}", "goods: TX Austin}")],
            "V6",
            # Austin: 6.25 % + 2 % of 1,671.62 = 104.47625 → 104.48 and 33.4324 → 33.43, together 137.91
            ["tax USD 144.17", "tax USD 137.91"],
            id="a tax code swapped",
        ),
        pytest.param(
            "discounts.yaml",
            [("document: true", "document: false")],
            "V6",
            # 8 x 219.95 + 2,000.00 without the 187.98
            ["net USD 3,571.62", "net USD 3,759.60"],
            id="a discount dropped",
        ),
        pytest.param(
            "accounts.yaml",
            [('"4010"', '"4020"'), ('"4020"', '"4010"'), ("Hardware sales}", "Service revenue}"),
             ("Service revenue}", "Hardware sales}")],
            "R2",
            ["USD -1,671.62", "USD -1,900.00"],
            id="two accounts exchanged",
        ),
    ],
)  # fmt: skip
def test_it_exits_1_with_the_invariant_and_the_figures(
    tmp_path: Path, file: str, changes: list[tuple[str, str]], check: str, figures: list[str]
) -> None:
    mapping = broken(tmp_path, file, *changes)
    run = simharness("run", STORY, "-k", NAME, "--mapping", mapping, "--out", tmp_path / "out", cwd=tmp_path)
    assert run.returncode == 1, run.stdout + run.stderr
    sections = run.stdout.split("\n  ")
    told = [part for part in sections if part.strip().startswith(f"{check} ")]
    assert told, run.stdout
    for figure in figures:
        assert figure in run.stdout
    assert f"--mapping {mapping}" in run.stdout


def test_a_wrong_key_is_told_at_its_place_in_the_mapping(tmp_path: Path) -> None:
    mapping = broken(tmp_path, "accounts.yaml", ("exchange_gain: {number:", "exchange_gain: {nummer:"))
    lines = (mapping / "accounts.yaml").read_text().splitlines()
    line = next(at for at, text in enumerate(lines, start=1) if "nummer" in text)
    run = simharness("run", STORY, "-k", NAME, "--mapping", mapping, "--out", tmp_path / "out", cwd=tmp_path)
    assert run.returncode == 2, run.stdout + run.stderr
    told = run.stderr.splitlines()[0]
    assert f"simharness: {mapping}/accounts.yaml:{line}: the connector cannot be started" in told
    assert told.count("accounts.yaml:") == 1
    assert "nummer" in told


def test_the_untouched_copy_of_the_mapping_passes(tmp_path: Path) -> None:
    mapping = broken(tmp_path, "taxes.yaml")
    run = simharness("run", STORY, "-k", NAME, "--mapping", mapping, "--out", tmp_path / "out", cwd=tmp_path)
    assert run.returncode == 0, run.stdout + run.stderr


def test_a_merge_that_the_mapping_does_not_see_is_found(tmp_path: Path) -> None:
    """The 50.00 without a reference go to the customer who is gone, so the survivor owes 570.00 instead of 520.00."""
    mapping = broken(tmp_path, "fields.yaml", ("company:\n", "company:\n  merged: hs_no_such_property\n"))
    story = content_folder("scenarios") / "customers" / "merged.yaml"
    run = simharness("run", story, "--mapping", mapping, "--out", tmp_path / "out", cwd=tmp_path)
    assert run.returncode == 1, run.stdout + run.stderr
    assert "V27" in run.stdout
    assert "is on another customer" in run.stdout
    assert "USD 570.00" in run.stdout
