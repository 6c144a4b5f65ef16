"""`simharness dictionaries` lists those that a feature of a folder can load, and tells one of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from simharness.cli.dictionaries import list_dictionaries
from simharness.core.errors import UsageError
from simharness.stories.dictionaries import names_in
from tests.repo import tree


def test_every_shipped_dictionary_is_listed_where_there_is_no_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    list_dictionaries("", tmp_path)
    printed = capsys.readouterr().out
    assert [n for n in names_in(tree.ROOT / "scenarios" / "dictionaries") if f"{n} " not in printed] == []


def test_a_folder_of_ones_own_comes_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (tree.ROOT / "scenarios/dictionaries/us-saas.yaml").read_text(encoding="utf-8")
    own = tmp_path / "dictionaries" / "ours.yaml"
    own.parent.mkdir()
    own.write_text(text.replace("name: us-saas", "name: ours"), encoding="utf-8")
    list_dictionaries("", tmp_path)
    assert capsys.readouterr().out.startswith("ours  USD  A United States company")


def test_one_is_told_in_full_and_an_unknown_one_gets_the_nearest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    list_dictionaries("us-people", tmp_path)
    assert "\ndepartments\n  D-100 Sales\n" in capsys.readouterr().out
    with pytest.raises(UsageError, match="no dictionary 'us-peeple'") as told:
        list_dictionaries("us-peeple", tmp_path)
    assert told.value.mend == "did you mean 'us-people'?"
